import { describe, expect, it } from 'vitest';
import { Gateway } from '../../lib/cluster/gateway';

const named = { name: 'public', namespace: 'gateways' };

// https://gateway.envoyproxy.io/docs/tasks/operations/deployment-mode/: proxies run in the controller's namespace and
// carry the name and namespace of the Gateway that owns them.
describe('Gateway.envoyGateway', () => {
  it('knows its proxies', () => {
    const gateway = Gateway.envoyGateway(named);
    expect({ name: gateway.name, namespace: gateway.namespace }).toEqual(named);
    expect(gateway._dataPlane).toEqual({
      namespace: 'envoy-gateway-system',
      podLabels: {
        'gateway.envoyproxy.io/owning-gateway-name': 'public',
        'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
      },
    });
  });

  it('can be told where they run', () => {
    expect(Gateway.envoyGateway({ ...named, dataPlaneNamespace: 'gateways' })._dataPlane.namespace).toBe('gateways');
  });
});

// GEP-1762: infrastructure carries gateway.networking.k8s.io/gateway-name.
describe('Gateway.standard', () => {
  it('finds its proxies by the label of Gateway API', () => {
    expect(Gateway.standard(named)._dataPlane).toEqual({
      namespace: 'gateways',
      podLabels: { 'gateway.networking.k8s.io/gateway-name': 'public' },
    });
  });

  it('can be told where and what they are', () => {
    const dataPlaneLabels = { app: 'istio-ingress' };
    expect(Gateway.standard({ ...named, dataPlaneNamespace: 'istio', dataPlaneLabels })._dataPlane).toEqual({
      namespace: 'istio',
      podLabels: { app: 'istio-ingress' },
    });
  });

  it('fails on what is no label', () => {
    expect(() => Gateway.standard({ ...named, dataPlaneLabels: { a: 'b c' } })).toThrow(
      "[InvalidLabel] 'dataPlaneLabels.a'",
    );
  });
});

describe.each(['envoyGateway', 'standard'] as const)('Gateway.%s', (factory) => {
  it.each(['', 'Public', 'a b', 'a'.repeat(254)])('fails on the name %j', (name) => {
    expect(() => Gateway[factory]({ ...named, name })).toThrow("[InvalidName] 'name' must be a DNS name");
  });

  it.each(['', 'A', 'a.b', 'a'.repeat(64)])('fails on the namespaces %j', (namespace) => {
    expect(() => Gateway[factory]({ ...named, namespace })).toThrow("[InvalidName] 'namespace' must be");
    expect(() => Gateway[factory]({ ...named, dataPlaneNamespace: namespace })).toThrow(
      "[InvalidName] 'dataPlaneNamespace' must be",
    );
  });

  it('fails on a name that is too long for the label of its proxies', () => {
    expect(() => Gateway[factory]({ ...named, name: 'a'.repeat(63) })).not.toThrow();
    expect(() => Gateway[factory]({ ...named, name: 'a'.repeat(64) })).toThrow("[InvalidLabel] 'dataPlaneLabels");
  });
});
