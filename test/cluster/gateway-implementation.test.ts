import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  type EnvoyGatewayImplementationOptions,
  GatewayImplementation,
  implementedGateway,
} from '../../lib/cluster/gateway-implementation';

const model = (options?: EnvoyGatewayImplementationOptions) => GatewayImplementation.envoyGateway(options)._model;
const SAME = { from: 'Same' } as const;
const LISTENERS = { https: [], http: [{ name: 'http-0', hostname: 'rag.example.com' }] };

describe('GatewayImplementation.envoyGateway', () => {
  it('bounds what clients do, and leaves the number of proxies to its GatewayClass', () => {
    expect(model()).toEqual({
      kind: 'envoy-gateway',
      known: {},
      clients: { requestReceivedSeconds: 300, idleSeconds: 3600, streamIdleSeconds: 3600 },
    });
  });

  it('takes all of it', () => {
    expect(
      model({
        proxies: 3,
        drainTimeout: Duration.minutes(10),
        requestReceivedTimeout: Duration.seconds(30),
        clientIdleTimeout: Duration.minutes(5),
        streamIdleTimeout: Duration.minutes(2),
        maxClientConnections: 5000,
        dataPlaneNamespace: 'edge',
        version: '1.8',
      }),
    ).toEqual({
      kind: 'envoy-gateway',
      known: { dataPlaneNamespace: 'edge', version: '1.8', proxies: 3 },
      clients: { requestReceivedSeconds: 30, idleSeconds: 300, streamIdleSeconds: 120, maxConnections: 5000 },
      proxies: { replicas: 3, drainSeconds: 600 },
    });
  });

  it('drains for five minutes where its proxies are ours', () => {
    expect(model({ proxies: 1 })).toMatchObject({ proxies: { replicas: 1, drainSeconds: 300 } });
  });

  it.each(['requestReceivedTimeout', 'clientIdleTimeout', 'streamIdleTimeout'] as const)('bounds %s', (option) => {
    for (const seconds of [1, 86_400]) expect(() => model({ [option]: Duration.seconds(seconds) })).not.toThrow();
    for (const seconds of [0, 1.5, 86_401]) {
      expect(() => model({ [option]: Duration.seconds(seconds) })).toThrow(
        `[OutOfRange] '${option}' must be a whole number from 1 to 86400`,
      );
    }
  });

  it('bounds drainTimeout', () => {
    const drain = (seconds: number) => () => model({ proxies: 2, drainTimeout: Duration.seconds(seconds) });
    for (const seconds of [60, 86_400]) expect(drain(seconds)).not.toThrow();
    for (const seconds of [59, 60.5, 86_401]) {
      expect(drain(seconds)).toThrow("[OutOfRange] 'drainTimeout' must be a whole number from 60 to 86400");
    }
  });

  it('fails on a drain of proxies that are not ours', () => {
    expect(() => model({ drainTimeout: Duration.minutes(5) })).toThrow(
      "[MissingOption] 'proxies' must be given with 'drainTimeout'; state how many proxies run",
    );
  });

  it.each([0, -1, 1.5, 1001, NaN])('fails on %d proxies', (proxies) => {
    expect(() => model({ proxies })).toThrow("[OutOfRange] 'proxies' must be a whole number");
  });

  it.each([0, 0.5, 2 ** 31])('fails on %d connections', (maxClientConnections) => {
    expect(() => model({ maxClientConnections })).toThrow("[OutOfRange] 'maxClientConnections' must be a whole number");
  });
});

describe('the value of a Gateway that is made', () => {
  it('knows its listeners, its proxies and how long they keep clients', () => {
    const made = model({ proxies: 3, clientIdleTimeout: Duration.minutes(5), dataPlaneNamespace: 'edge' });
    const { name, namespace, _model } = implementedGateway(made, 'edge', 'ml', LISTENERS, SAME);
    expect([name, namespace]).toEqual(['edge', 'ml']);
    expect(_model).toMatchObject({
      kind: 'envoy-gateway',
      proxies: 3,
      clientIdleSeconds: 300,
      listeners: LISTENERS,
      routeNamespaces: SAME,
      drainSeconds: 300,
      dataPlane: { namespace: 'edge' },
    });
  });

  it('is one of Gateway API for any other implementation', () => {
    const standard = GatewayImplementation.standard({ dataPlaneNamespace: 'istio', dataPlaneLabels: { app: 'edge' } });
    expect(implementedGateway(standard._model, 'edge', 'ml', LISTENERS, SAME)._model).toEqual({
      name: 'edge',
      namespace: 'ml',
      kind: 'gateway-api',
      listeners: LISTENERS,
      routeNamespaces: SAME,
      dataPlane: { namespace: 'istio', podLabels: { app: 'edge' } },
    });
    const plain = implementedGateway(GatewayImplementation.standard()._model, 'edge', 'ml', LISTENERS, SAME);
    expect(plain._model.dataPlane).toEqual({
      namespace: 'ml',
      podLabels: { 'gateway.networking.k8s.io/gateway-name': 'edge' },
    });
  });
});

describe('GatewayImplementation.standard', () => {
  it('fails on no labels, which all pods of the namespace have', () => {
    expect(() => GatewayImplementation.standard({ dataPlaneLabels: {} })).toThrow("[EmptyList] 'dataPlaneLabels'");
  });
});
