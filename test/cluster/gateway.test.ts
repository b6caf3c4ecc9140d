import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Gateway, type GatewayModel, listenersFor } from '../../lib/cluster/gateway';

const named = { name: 'public', namespace: 'gateways' };

// https://gateway.envoyproxy.io/docs/tasks/operations/deployment-mode/: proxies run in the controller's namespace and
// carry the name and namespace of the Gateway that owns them.
describe('Gateway.envoyGateway', () => {
  it('knows its proxies', () => {
    const gateway = Gateway.envoyGateway(named);
    expect({ name: gateway.name, namespace: gateway.namespace }).toEqual(named);
    expect(gateway._model.dataPlane).toEqual({
      namespace: 'envoy-gateway-system',
      podLabels: {
        'gateway.envoyproxy.io/owning-gateway-name': 'public',
        'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
      },
    });
  });

  it('can be told where they run', () => {
    expect(Gateway.envoyGateway({ ...named, dataPlaneNamespace: 'gateways' })._model.dataPlane.namespace).toBe(
      'gateways',
    );
  });
});

describe('Gateway.envoyGateway, of its proxies', () => {
  const made = (options: object) => Gateway.envoyGateway({ ...named, ...options })._model;

  it('knows nothing that nobody said, but for a version', () => {
    const { kind, proxies, listeners, clientIdleSeconds, version } = made({});
    expect({ kind, proxies, listeners, clientIdleSeconds }).toEqual({ kind: 'envoy-gateway' });
    expect(version!.text).toBe('1.9');
  });

  it.each([1, 2, 1000])('takes %d of them', (proxies) => {
    expect(made({ proxies }).proxies).toBe(proxies);
  });

  it.each([0, -1, 1.5, 1001, NaN, Infinity])('fails on %d of them', (proxies) => {
    expect(() => made({ proxies })).toThrow("[OutOfRange] 'proxies' must be a whole number");
  });

  // BackendTrafficPolicy has streamIdleTimeout from Envoy Gateway 1.8 on, which bundles Gateway API 1.5 with its
  // ListenerSet, and finds every client in a Secret: release notes of v1.8.0.
  it.each(['1.8', 'v1.8.0', '1.9.1', '1.10', '2.0'])('takes the version %s', (version) => {
    expect(made({ version }).version!.text).toBe(version);
  });

  it.each(['1.7', '1.7.5', '0.9'])('fails on the version %s', (version) => {
    expect(() => made({ version })).toThrow(`[OutOfRange] 'gateway.version' must be 1.8 or newer, got "${version}"`);
  });

  it.each(['', 'latest', '1'])('fails on the version %j', (version) => {
    expect(() => made({ version })).toThrow("[InvalidText] 'gateway.version' must be a version as '1.8'");
  });
});

// GEP-1762: infrastructure carries gateway.networking.k8s.io/gateway-name.
describe('Gateway.standard', () => {
  it('finds its proxies by the label of Gateway API', () => {
    expect(Gateway.standard(named)._model.dataPlane).toEqual({
      namespace: 'gateways',
      podLabels: { 'gateway.networking.k8s.io/gateway-name': 'public' },
    });
  });

  it('can be told where and what they are', () => {
    const dataPlaneLabels = { app: 'istio-ingress' };
    expect(Gateway.standard({ ...named, dataPlaneNamespace: 'istio', dataPlaneLabels })._model.dataPlane).toEqual({
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

describe.each(['envoyGateway', 'standard'] as const)('listeners of Gateway.%s', (factory) => {
  const made = (options: object) => Gateway[factory]({ ...named, ...options })._model;

  it('are known where they are named', () => {
    expect(made({}).listeners).toBeUndefined();
    expect(made({ httpsListener: 'https' }).listeners).toEqual({ https: [{ name: 'https' }], http: [] });
    expect(made({ httpListener: 'http' }).listeners).toEqual({ https: [], http: [{ name: 'http' }] });
  });

  it.each(['', 'HTTPS', 'a b', '-a', 'a-', 'a..b', 'a'.repeat(254)])('fails on the name %j', (listener) => {
    expect(() => made({ httpsListener: listener })).toThrow(/^\[Invalid(Name|Text)\] 'httpsListener' must be/);
    expect(() => made({ httpListener: listener })).toThrow(/^\[Invalid(Name|Text)\] 'httpListener' must be/);
  });

  it.each([1, 350, 86_400])('keep connections of clients for %d s', (seconds) => {
    expect(made({ clientIdleTimeout: Duration.seconds(seconds) }).clientIdleSeconds).toBe(seconds);
  });

  it.each([0, 0.5, 1.5, 86_401])('fail on %d s', (seconds) => {
    expect(() => made({ clientIdleTimeout: Duration.seconds(seconds) })).toThrow(
      "[OutOfRange] 'clientIdleTimeout' must be a whole number from 1 to 86400",
    );
  });
});

// Hostname of Listener, gateway.networking.k8s.io/v1: routes and listeners meet where their hostnames intersect.
describe('listenersFor', () => {
  const { _model } = Gateway.standard(named);
  const gateway: GatewayModel = {
    ..._model,
    listeners: {
      https: [
        { name: 'any' },
        { name: 'exact', hostname: 'rag.example.com' },
        { name: 'wild', hostname: '*.example.com' },
      ],
      http: [],
    },
  };

  it.each([
    [['rag.example.com'], ['any', 'exact', 'wild']],
    [['chat.example.com'], ['any', 'wild']],
    [['a.b.example.com'], ['any', 'wild']],
    [['*.example.com'], ['any', 'exact', 'wild']],
    [['*.b.example.com'], ['any', 'wild']],
    [['example.com'], ['any']],
    [['myexample.com'], ['any']],
    [
      ['other.test', 'rag.example.com'],
      ['any', 'exact', 'wild'],
    ],
  ])('finds those for %j', (hosts, names) => {
    expect(listenersFor(gateway, 'https', hosts)).toEqual(names);
  });

  it('finds none that is not there, or not known', () => {
    expect(listenersFor(gateway, 'http', ['rag.example.com'])).toEqual([]);
    expect(listenersFor(_model, 'https', ['rag.example.com'])).toEqual([]);
  });
});

describe('a Gateway, as policies and routes use it', () => {
  it.each([Gateway.standard, Gateway.envoyGateway])('has no listener that redirects onto itself: %#', (made) => {
    expect(() => made({ ...named, httpListener: 'web', httpsListener: 'web' })).toThrow(
      '[DuplicateKey] \'httpListener\' must state "web" once, got it twice; requests would be redirected to where they are',
    );
  });

  it('fails on no labels, which all pods of the namespace have', () => {
    expect(() => Gateway.standard({ ...named, dataPlaneLabels: {} })).toThrow(
      "[EmptyList] 'dataPlaneLabels' must not be empty; every pod of the namespace would be let in: name labels of the proxies",
    );
  });

  it('keeps its labels', () => {
    const dataPlaneLabels: { [key: string]: string } = { app: 'proxy' };
    const { dataPlane } = Gateway.standard({ ...named, dataPlaneLabels })._model;
    delete dataPlaneLabels.app;
    expect(dataPlane.podLabels).toEqual({ app: 'proxy' });
  });
});
