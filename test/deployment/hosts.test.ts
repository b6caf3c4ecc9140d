import { Chart, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { BentoDeployment, ClusterProfile, Exposure, Gateway, ScaleToZeroFunction } from '../../lib';
import { single } from '../bentos';
import { standardErrorOf } from '../tree';

const PUBLIC = Gateway.standard({ name: 'public', namespace: 'gateways' });
const INTERNAL = Gateway.standard({ name: 'internal', namespace: 'gateways' });
const exposure = (host: string, gateway = PUBLIC) => Exposure.gateway({ hosts: [host], gateway });

function synthesize(define: (chart: Chart) => void): void {
  const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: {} }));
  define(chart);
  standardErrorOf(() => Testing.synth(chart));
}
const deploy = (chart: Chart, id: string, door: Exposure) =>
  new BentoDeployment(chart, id, { bento: single(), exposure: door });
const onDemand = (chart: Chart, id: string, door: Exposure) =>
  new ScaleToZeroFunction(chart, id, { bento: single(), maxReplicas: 1, targetConcurrency: 1, exposure: door });

describe('a host of a gateway', () => {
  it('fails to lead to two deployments', () => {
    expect(() =>
      synthesize((chart) => {
        deploy(chart, 'Rag', exposure('rag.example.com'));
        deploy(chart, 'Other', exposure('rag.example.com'));
      }),
    ).toThrow(
      '[TwoOwners] host of rag.example.com must have one owner, got HTTPRoute rag and HTTPRoute other; give each a host of its own',
    );
  });

  it('fails to lead to a deployment and a function', () => {
    expect(() =>
      synthesize((chart) => {
        deploy(chart, 'Rag', exposure('rag.example.com'));
        onDemand(chart, 'Upscaler', exposure('rag.example.com'));
      }),
    ).toThrow('[TwoOwners] host of rag.example.com');
  });

  // The interceptor has one table for all gateways.
  it('fails to lead to two functions, by whatever gateway', () => {
    expect(() =>
      synthesize((chart) => {
        onDemand(chart, 'A', exposure('rag.example.com'));
        onDemand(chart, 'B', exposure('rag.example.com', INTERNAL));
      }),
    ).toThrow('got InterceptorRoute a and InterceptorRoute b');
  });

  it('may lead to another deployment by another gateway', () => {
    synthesize((chart) => {
      deploy(chart, 'Rag', exposure('rag.example.com'));
      deploy(chart, 'Other', exposure('rag.example.com', INTERNAL));
      deploy(chart, 'Third', exposure('third.example.com'));
    });
  });
});
