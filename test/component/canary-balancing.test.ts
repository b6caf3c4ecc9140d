import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { BentoDeployment, CanaryStep, ClusterProfile, Exposure, Gateway, LoadBalancing, Release } from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const HOSTS = { hosts: ['rag.example.com'] };
const cookie = LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1) });

const define = (exposure: Exposure, loadBalancing: LoadBalancing, release: Release) =>
  synthesize((chart) => {
    const profile = new ClusterProfile({
      kubernetesVersion: '1.33',
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
      loadBalancerCidrs: ['10.0.0.0/16'],
      argoRollouts: { gatewayApiPlugin: {} },
    });
    ClusterProfile.set(chart, profile);
    new BentoDeployment(chart, 'Rag', {
      bento: single(),
      exposure,
      apiServer: { traffic: { loadBalancing } },
      release,
    });
  });

const CANARY = Release.canary({ steps: [CanaryStep.weight(10)] });

describe('weights of a canary', () => {
  it.each([
    [
      Exposure.gateway(HOSTS),
      LoadBalancing.hashByHeader('x-user'),
      'it leaves weights out where it balances by a hash',
    ],
    [
      Exposure.applicationLoadBalancer(HOSTS),
      LoadBalancing.hashByCookie('session', { setByApplication: true }),
      'a client with the cookie of its load balancing stays',
    ],
    [Exposure.ingressNginx(HOSTS), cookie, 'a client with the cookie of its load balancing stays'],
  ])('are refused where what chooses a replica keeps a door from them', (exposure, loadBalancing, why) => {
    expect(() => define(exposure, loadBalancing, CANARY)).toThrow(
      /^\[NotByEngine\] 'apiServer\.traffic\.loadBalancing' must not be stated for Release\.canary\(\) by .*; leave it out, or use Release\.blueGreen\(\)/,
    );
    expect(() => define(exposure, loadBalancing, CANARY)).toThrow(why);
    // The remedy helps.
    expect(define(exposure, loadBalancing, Release.blueGreen()).of('Rollout')).toHaveLength(1);
  });
});
