import fc from 'fast-check';
import type { EnvoyModel } from '../../lib/engines/envoy';
import { BreakerStatuses, type EjectionModel } from '../../lib/traffic/circuit-breaker';
import type { HashKeyModel, LoadBalancingModel } from '../../lib/traffic/load-balancing';
import { RateUnit } from '../../lib/traffic/rate-limit';
import type { UpstreamModel } from '../../lib/traffic/upstream';

export const HOST = 'embedder-pods.lab.svc.cluster.local';

export const UPSTREAM: UpstreamModel = {
  name: 'rag-embedder',
  host: HOST,
  port: 3000,
  timeouts: { connect: 1, request: 20, streamIdle: 20, connectionIdle: 60 },
  loadBalancing: { kind: 'least-request' },
  retries: { attempts: 2, statuses: [] },
};

export const MEMORY = 256 * 2 ** 20;

/** A proxy beside the caller of one pool. */
export function envoyModel(upstream: Partial<UpstreamModel> = {}, model: Partial<EnvoyModel> = {}): EnvoyModel {
  return {
    listeners: [{ port: 13_001, upstream: { ...UPSTREAM, ...upstream }, readyPath: '/readyz' }],
    loopback: true,
    keepAliveSeconds: 30,
    memoryBytes: MEMORY,
    statusPort: 13_000,
    ...model,
  };
}

const seconds = fc.integer({ min: 1, max: 86_400_000 }).map((thousandths) => thousandths / 1000);
const count = fc.integer({ min: 1, max: 2 ** 40 });
const slowStart = fc.option(
  fc.integer({ min: 1, max: 3600 }).map((slowStartSeconds) => ({ slowStartSeconds })),
  { nil: {} },
);
const hashKey: fc.Arbitrary<HashKeyModel> = fc.oneof(
  fc.constantFrom('x-session', 'Authorization').map((name) => ({ kind: 'header' as const, name })),
  fc.constant({ kind: 'source' as const }),
);
const balancing: fc.Arbitrary<LoadBalancingModel> = fc.oneof(
  fc.tuple(fc.constantFrom('round-robin' as const, 'least-request' as const), slowStart).map(([kind, slow]) => ({
    kind,
    ...slow,
  })),
  hashKey.map((by) => ({ kind: 'hash' as const, by })),
);
const ejection: fc.Arbitrary<EjectionModel> = fc.record({
  failures: fc.integer({ min: 1, max: 1000 }),
  openSeconds: fc.integer({ min: 1, max: 3600 }),
  statuses: fc.constantFrom(...Object.values(BreakerStatuses)),
  maxEjectedPercent: fc.integer({ min: 1, max: 100 }),
});
const queue = fc.record({ maxPending: count, maxConcurrency: count });

/** Every way in which a pool may be called. */
export const upstreams: fc.Arbitrary<UpstreamModel> = fc
  .record(
    {
      name: fc.constantFrom('rag-embedder', 'a', 'rag-7', 'off'),
      host: fc.constantFrom(HOST, 'rag-embedder-headless'),
      port: fc.constantFrom(1, 3000, 65_535),
      timeouts: fc.record({ connect: seconds, request: seconds, streamIdle: seconds, connectionIdle: seconds }),
      loadBalancing: balancing,
      retries: fc.record({
        attempts: fc.integer({ min: 0, max: 10 }),
        statuses: fc.uniqueArray(fc.constantFrom(500, 502, 503)),
      }),
      circuitBreaker: fc.record({ ejection, maxConnections: count, maxRequests: count }, { requiredKeys: [] }),
      queue,
      rateLimit: fc.record({
        scope: fc.constant('total' as const),
        requests: count,
        unit: fc.constantFrom(...Object.values(RateUnit)),
      }),
      healthCheck: fc.record({
        path: fc.constantFrom('/readyz', '/v1/readyz'),
        intervalSeconds: fc.integer({ min: 1, max: 300 }),
        timeoutSeconds: fc.constant(1),
        healthyThreshold: fc.integer({ min: 1, max: 10 }),
        unhealthyThreshold: fc.integer({ min: 1, max: 10 }),
      }),
    },
    { requiredKeys: ['name', 'host', 'port', 'timeouts', 'loadBalancing', 'retries'] },
  )
  .map(({ queue: waits, ...upstream }) => ({ ...upstream, ...waits }));

/** Proxies beside callers and tiers, with some pools behind each. */
export const envoyModels: fc.Arbitrary<EnvoyModel> = fc
  .record({
    upstreams: fc.uniqueArray(upstreams, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
    loopback: fc.boolean(),
    keepAliveSeconds: fc.constant(30),
    memoryBytes: fc.integer({ min: 32 * 2 ** 20, max: 2 ** 34 }),
    statusPort: fc.constant(13_000),
  })
  .map(({ upstreams: all, ...model }) => ({
    ...model,
    listeners: all.map((upstream, index) => ({ port: 13_001 + index, upstream, readyPath: '/readyz' })),
  }));
