import { describe, expect, it } from 'vitest';
import { Gateway } from '../../lib';
import type { DoorContext } from '../../lib/component/door';
import { envoyGatewayPolicies } from '../../lib/engines/envoy-gateway';
import type { GatewayDoor } from '../../lib/exposure/door-model';
import { BreakerStatuses } from '../../lib/traffic/circuit-breaker';
import { RateUnit } from '../../lib/traffic/rate-limit';
import type { UpstreamModel } from '../../lib/traffic/upstream';
import type { Body } from '../cluster/client';
import { doorContext } from './door-context';

const GATEWAY = Gateway.envoyGateway({ name: 'public', namespace: 'gateways' })._model;
const UNLIMITED = 4_294_967_295;

function policies(door: Partial<GatewayDoor> = {}, context: DoorContext = doorContext()) {
  return envoyGatewayPolicies(
    { kind: 'gateway', hosts: ['rag.example.com'], redirect: true, ...door },
    GATEWAY,
    context,
  );
}

const specOf = (kind: string, made: ReturnType<typeof policies>): Body =>
  made.find((object) => object.kind === kind)!.content.spec as Body;
const traffic = (upstream: Partial<UpstreamModel> = {}, door: Partial<GatewayDoor> = {}): Body =>
  specOf('BackendTrafficPolicy', policies(door, doorContext({ upstream })));

describe('policies of Envoy Gateway', () => {
  it('hang on the route alone, and not on its redirect', () => {
    const authentication = { kind: 'api-keys', secret: 'keys', header: 'x-api-key' } as const;
    const made = policies({ authentication });
    expect(made.map(({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name}`)).toEqual([
      'gateway.envoyproxy.io/v1alpha1 BackendTrafficPolicy rag',
      'gateway.envoyproxy.io/v1alpha1 SecurityPolicy rag',
    ]);
    for (const { content } of made) {
      expect((content.spec as Body).targetRefs).toEqual([
        { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'rag' },
      ]);
    }
    const [{ content }] = policies({ grpcPort: 50_051 }) as [Body];
    expect(content.spec.targetRefs[0].kind).toBe('GRPCRoute');
  });

  it('leave nothing to defaults, which are limits of 1024 and an hour for idle connections', () => {
    expect(traffic()).toEqual({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'rag' }],
      circuitBreaker: {
        maxConnections: UNLIMITED,
        maxParallelRequests: UNLIMITED,
        maxParallelRetries: UNLIMITED,
        maxPendingRequests: UNLIMITED,
      },
      loadBalancer: { type: 'LeastRequest' },
      retry: { numRetries: 2, retryOn: { triggers: ['connect-failure', 'refused-stream', 'reset-before-request'] } },
      timeout: {
        http: { connectionIdleTimeout: '60s', requestTimeout: '65s', streamIdleTimeout: '65s' },
        tcp: { connectTimeout: '5s' },
      },
    });
  });
});

// LoadBalancer of BackendTrafficPolicy; slow start for RoundRobin and LeastRequest.
describe('balancing', () => {
  it.each([
    [{ kind: 'round-robin' }, { type: 'RoundRobin' }],
    [{ kind: 'least-request' }, { type: 'LeastRequest' }],
    [
      { kind: 'round-robin', slowStartSeconds: 90 },
      { type: 'RoundRobin', slowStart: { window: '90s' } },
    ],
    [
      { kind: 'least-request', slowStartSeconds: 1 },
      { type: 'LeastRequest', slowStart: { window: '1s' } },
    ],
    [
      { kind: 'hash', by: { kind: 'header', name: 'x-session-id' } },
      { type: 'ConsistentHash', consistentHash: { type: 'Headers', headers: [{ name: 'x-session-id' }] } },
    ],
    [
      { kind: 'hash', by: { kind: 'source' } },
      { type: 'ConsistentHash', consistentHash: { type: 'SourceIP' } },
    ],
    [
      { kind: 'hash', by: { kind: 'cookie', name: 'session' } },
      { type: 'ConsistentHash', consistentHash: { type: 'Cookie', cookie: { name: 'session' } } },
    ],
    [
      { kind: 'hash', by: { kind: 'cookie', name: 'session', ttlSeconds: 3600 } },
      {
        type: 'ConsistentHash',
        consistentHash: { type: 'Cookie', cookie: { name: 'session', ttl: '3600s', attributes: { Path: '/' } } },
      },
    ],
  ] as const)('%j', (loadBalancing, expected) => {
    expect(traffic({ loadBalancing }).loadBalancer).toEqual(expected);
  });
});

describe('retries', () => {
  it('are none where none are wanted', () => {
    expect(traffic({ retries: { attempts: 0, statuses: [] } })).not.toHaveProperty('retry');
  });

  it('are of named statuses beside connections that fail', () => {
    expect(traffic({ retries: { attempts: 3, statuses: [502, 503] } }).retry).toEqual({
      numRetries: 3,
      retryOn: {
        httpStatusCodes: [502, 503],
        triggers: ['connect-failure', 'refused-stream', 'reset-before-request', 'retriable-status-codes'],
      },
    });
  });
});

describe('limits', () => {
  it('are those of each proxy', () => {
    const { circuitBreaker } = traffic({ circuitBreaker: { maxConnections: 100, maxRequests: 50 } });
    expect(circuitBreaker).toMatchObject({
      maxConnections: 100,
      maxParallelRequests: 50,
      maxPendingRequests: UNLIMITED,
    });
  });

  it('queue what no pod has room for: over HTTP/1.1 a connection is a request', () => {
    const { circuitBreaker } = traffic({ maxPending: 20, maxConcurrency: 4 });
    expect(circuitBreaker).toMatchObject({ maxPendingRequests: 20, perEndpoint: { maxConnections: 4 } });
    expect(traffic({ maxConcurrency: 4 }).circuitBreaker).not.toHaveProperty('perEndpoint');
  });

  it.each([
    [RateUnit.SECOND, 'Second'],
    [RateUnit.MINUTE, 'Minute'],
    [RateUnit.HOUR, 'Hour'],
  ])('count requests of a %s', (unit, written) => {
    const { rateLimit } = traffic({ rateLimit: { scope: 'total', requests: 10, unit } });
    expect(rateLimit).toEqual({ local: { rules: [{ limit: { requests: 10, unit: written } }] } });
  });

  it('count requests of each client, of either family', () => {
    const { rateLimit } = traffic({ rateLimit: { scope: 'client', requests: 10, unit: RateUnit.SECOND } });
    const limit = { requests: 10, unit: 'Second' };
    expect(rateLimit.local.rules).toEqual([
      { clientSelectors: [{ sourceCIDR: { type: 'Distinct', value: '0.0.0.0/0' } }], limit },
      { clientSelectors: [{ sourceCIDR: { type: 'Distinct', value: '::/0' } }], limit },
    ]);
  });
});

// PassiveHealthCheck: consecutive5XxErrors is 5 where nothing is said, maxEjectionPercent 10, panicThreshold 50.
describe('a circuit breaker', () => {
  const ejection = { failures: 3, openSeconds: 60, maxEjectedPercent: 100 };

  it('counts what says that a pod is unwell, and nothing else', () => {
    const { healthCheck } = traffic({
      circuitBreaker: { ejection: { ...ejection, statuses: BreakerStatuses.GATEWAY_ERRORS } },
    });
    expect(healthCheck).toEqual({
      panicThreshold: 0,
      passive: {
        baseEjectionTime: '60s',
        consecutive5XxErrors: 2_147_483_647,
        consecutiveGatewayErrors: 3,
        interval: '1s',
        maxEjectionPercent: 100,
        splitExternalLocalOriginErrors: false,
      },
    });
  });

  it('counts every error of a server where that is wanted', () => {
    const { healthCheck } = traffic({
      circuitBreaker: { ejection: { ...ejection, maxEjectedPercent: 30, statuses: BreakerStatuses.SERVER_ERRORS } },
    });
    expect(healthCheck.passive).toEqual({
      baseEjectionTime: '60s',
      consecutive5XxErrors: 3,
      interval: '1s',
      maxEjectionPercent: 30,
      splitExternalLocalOriginErrors: false,
    });
  });

  it('is none where limits alone are stated', () => {
    expect(traffic({ circuitBreaker: { maxConnections: 10 } })).not.toHaveProperty('healthCheck');
  });
});

describe('a health check', () => {
  const healthCheck = { intervalSeconds: 10, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 3 };

  it('asks what the readiness probe asks', () => {
    expect(traffic({ healthCheck }).healthCheck).toEqual({
      active: {
        type: 'HTTP',
        http: {
          expectedStatuses: [200],
          method: 'GET',
          path: '/readyz',
          // The threshold holds for these too, then.
          retriableStatuses: [429, 500, 502, 503, 504],
        },
        interval: '10s',
        timeout: '5s',
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      panicThreshold: 0,
    });
    expect(traffic({ healthCheck: { ...healthCheck, path: '/well' } }).healthCheck.active.http.path).toBe('/well');
  });

  it("asks the Bento's own port where the route speaks gRPC to another", () => {
    expect(traffic({ healthCheck }, { grpcPort: 50_051 }).healthCheck.active.overrides).toEqual({ port: 3000 });
  });
});

// SecurityPolicy: each entry of extractFrom has one source; the key of a Secret is the id of the client.
describe('authentication', () => {
  const security = (authentication: GatewayDoor['authentication']): Body =>
    specOf('SecurityPolicy', policies({ authentication }));

  it('takes bearer tokens and keys from a Secret, and hides them', () => {
    expect(security({ kind: 'bearer-tokens', secret: 'tokens', clientIdHeader: 'x-client-id' }).apiKeyAuth).toEqual({
      credentialRefs: [{ group: '', kind: 'Secret', name: 'tokens' }],
      extractFrom: [{ headers: ['Authorization'] }],
      forwardClientIDHeader: 'x-client-id',
      sanitize: true,
    });
    expect(security({ kind: 'api-keys', secret: 'keys', header: 'x-token' }).apiKeyAuth).toEqual({
      credentialRefs: [{ group: '', kind: 'Secret', name: 'keys' }],
      extractFrom: [{ headers: ['x-token'] }],
      sanitize: true,
    });
  });

  it('takes JSON Web Tokens of an issuer', () => {
    const jwt = { kind: 'jwt', issuer: 'https://auth.example.com', jwksUrl: 'https://auth.example.com/keys' } as const;
    const provider = {
      issuer: 'https://auth.example.com',
      name: 'issuer',
      remoteJWKS: { cacheDuration: '300s', uri: 'https://auth.example.com/keys' },
    };
    expect(security(jwt).jwt).toEqual({ providers: [provider] });
    expect(security({ ...jwt, audiences: ['rag'], clientIdHeader: 'x-client-id' }).jwt).toEqual({
      providers: [{ ...provider, audiences: ['rag'], claimToHeaders: [{ claim: 'sub', header: 'x-client-id' }] }],
    });
  });
});
