import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Exposure, Gateway, RateLimit, RateUnit, type ScaleToZeroFunctionProps } from '../../lib';
import { makeFunction } from '../functions';

const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
const exposure = Exposure.gateway({ hosts: ['up.example.com'], gateway });
const exposed = (engine: 'keda-http' | 'hpa', props: Partial<ScaleToZeroFunctionProps> = {}) =>
  makeFunction(engine, { exposure, ...props });

describe('a function behind a gateway', () => {
  it('by the HTTP add-on is reached by way of the interceptor, its host kept', () => {
    const { objects, fn } = exposed('keda-http');
    const { spec } = objects.get('HTTPRoute', 'upscaler');
    expect(spec.hostnames).toEqual(['up.example.com']);
    expect(spec.rules).toHaveLength(1);
    expect(spec.rules[0].backendRefs).toEqual([
      {
        group: '',
        kind: 'Service',
        name: 'keda-add-ons-http-interceptor-proxy',
        namespace: 'keda',
        port: 8080,
        weight: 1,
      },
    ]);
    // A URLRewrite would take from the interceptor what it tells functions apart by.
    expect(spec.rules[0]).not.toHaveProperty('filters');
    expect(objects.get('InterceptorRoute', 'upscaler').spec.rules[0].hosts).toContain('up.example.com');
    expect(fn.route?.kind).toBe('HTTPRoute');
  });

  // https://gateway-api.sigs.k8s.io/api-types/referencegrant/: it lies where the Service is.
  it('by the HTTP add-on has a grant where the interceptor is', () => {
    const { objects } = exposed('keda-http');
    const grants = objects.of('ReferenceGrant');
    expect(grants).toHaveLength(1);
    expect(grants[0]!.metadata.namespace).toBe('keda');
    expect(grants[0]!.spec).toEqual({
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'ml' }],
      to: [{ group: '', kind: 'Service', name: 'keda-add-ons-http-interceptor-proxy' }],
    });
    expect(makeFunction('keda-http').objects.of('ReferenceGrant')).toEqual([]);
  });

  it('by the HTTP add-on lets in nobody but the interceptor: the gateway calls that', () => {
    const peers = exposed('keda-http').objects.peers('upscaler');
    expect(JSON.stringify(peers)).not.toContain('gateways');
  });

  it('by the HorizontalPodAutoscaler is reached at its pods', () => {
    const { objects } = exposed('hpa');
    const [rule] = objects.get('HTTPRoute', 'upscaler').spec.rules;
    expect(rule.backendRefs).toEqual([{ group: '', kind: 'Service', name: 'upscaler', port: 3000, weight: 1 }]);
    expect(rule.timeouts).toEqual({ backendRequest: '65s', request: '70s' });
    expect(objects.of('ReferenceGrant')).toEqual([]);
    expect(JSON.stringify(objects.peers('upscaler'))).toContain('gateways');
  });

  it.each([
    [{ coldStart: { timeout: Duration.seconds(100) } }, 165, 175],
    [
      { coldStart: { timeout: Duration.seconds(100) }, apiServer: { traffic: { timeout: Duration.seconds(300) } } },
      405,
      415,
    ],
  ])('waits longer than the interceptor, which waits for the start and for the answer: %#', (props, inner, outer) => {
    const { objects } = exposed('keda-http', props);
    expect(objects.get('InterceptorRoute', 'upscaler').spec.timeouts.request).toBe(`${inner}s`);
    expect(objects.get('HTTPRoute', 'upscaler').spec.rules[0].timeouts).toEqual({
      backendRequest: `${outer - 5}s`,
      request: `${outer}s`,
    });
  });

  it("is behind the cluster's gateway where none is stated", () => {
    const open = Exposure.gateway({ hosts: ['up.example.com'] });
    const { objects } = makeFunction('keda-http', { exposure: open }, { cluster: { gateway } });
    expect(objects.get('HTTPRoute', 'upscaler').spec.parentRefs[0].name).toBe('public');
    for (const engine of ['keda-http', 'hpa'] as const) {
      expect(() => makeFunction(engine, { exposure: open })).toThrow(
        "[ClusterLacks] 'exposure.gateway' must have 'gateway' in the ClusterProfile, got none; state it there, or in Exposure.gateway() (at test/Upscaler)",
      );
    }
  });

  it('fails by Knative, which has an ingress of its own', () => {
    expect(() => makeFunction('knative', { exposure })).toThrow(
      "[NotByEngine] 'exposure' must not be stated for a function by Knative: requests must pass its own ingress, which tells functions apart by their hosts; map a host with a DomainMapping of Knative, or use the KEDA HTTP add-on or the HorizontalPodAutoscaler (at test/Upscaler)",
    );
  });
});

describe('a rate limit of a function', () => {
  const apiServer = { traffic: { rateLimit: RateLimit.total(100, RateUnit.SECOND) } };

  it('needs a door that counts: the interceptor does not', () => {
    expect(() => makeFunction('keda-http', { apiServer })).toThrow(
      "[NotByEngine] 'apiServer.traffic.rateLimit' must not be stated for a function by the KEDA HTTP add-on",
    );
  });
});
