import { Duration } from 'cdk8s';
import fc from 'fast-check';
import {
  BreakerStatuses,
  CircuitBreaker,
  HealthCheck,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Retries,
  type TrafficPolicy,
} from '../../lib';

/** What somebody asks of a door of Envoy Gateway, in numbers. */
export interface Asked {
  readonly timeout: number;
  readonly stream?: { readonly max: number; readonly silence: number };
  readonly queue?: { readonly concurrency: number; readonly pending: number };
  readonly attempts: number;
  readonly statuses: readonly number[];
  readonly balancing: 'round-robin' | 'least-request' | 'header' | 'cookie' | 'source';
  readonly slowStart?: number;
  readonly breaker?: {
    readonly failures: number;
    readonly open: number;
    readonly all: boolean;
    readonly percent: number;
  };
  readonly limits?: { readonly connections: number; readonly requests: number };
  readonly rate?: { readonly requests: number; readonly unit: RateUnit; readonly perClient: boolean };
  readonly health?: { readonly interval: number; readonly healthy: number; readonly unhealthy: number };
}

const whole = (min: number, max: number) => fc.integer({ min, max });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Anything that a door of Envoy Gateway can do, its limits at least one for each of `proxies`. */
export const asked = (proxies: number): fc.Arbitrary<Asked> =>
  fc
    .record({
      timeout: whole(1, 7200),
      beyond: maybe(fc.tuple(whole(0, 3600), whole(0, 3600))),
      queue: maybe(fc.record({ concurrency: whole(proxies, 100), pending: whole(proxies, 1000) })),
      attempts: whole(0, 10),
      statuses: fc.subarray([500, 502, 503]),
      balancing: fc.constantFrom('round-robin', 'least-request', 'header', 'cookie', 'source'),
      slowStart: maybe(whole(1, 3600)),
      breaker: maybe(
        fc.record({ failures: whole(1, 1000), open: whole(1, 3600), all: fc.boolean(), percent: whole(1, 100) }),
      ),
      limits: maybe(fc.record({ connections: whole(proxies, 100_000), requests: whole(proxies, 100_000) })),
      rate: maybe(
        fc.record({
          requests: whole(proxies, 100_000),
          unit: fc.constantFrom(RateUnit.SECOND, RateUnit.MINUTE, RateUnit.HOUR),
          perClient: fc.boolean(),
        }),
      ),
      health: maybe(fc.record({ interval: whole(1, 300), healthy: whole(1, 10), unhealthy: whole(1, 10) })),
    })
    .map(({ beyond, ...rest }) => ({
      ...rest,
      balancing: rest.balancing as Asked['balancing'],
      ...(beyond !== undefined && {
        stream: { max: rest.timeout + beyond[0] + beyond[1], silence: rest.timeout + beyond[0] },
      }),
    }));

const seconds = (amount: number) => Duration.seconds(amount);

export function policyOf(wish: Asked): TrafficPolicy {
  const { stream, queue, breaker, limits, rate, health } = wish;
  const most = { maxConnections: limits?.connections, maxRequests: limits?.requests };
  return {
    timeout: seconds(wish.timeout),
    streaming: stream && { maxDuration: seconds(stream.max), idleTimeout: seconds(stream.silence) },
    maxConcurrency: queue?.concurrency,
    queue: queue && { maxPending: queue.pending },
    retries:
      wish.attempts === 0
        ? Retries.never()
        : Retries.connectionFailures({ attempts: wish.attempts, statuses: [...wish.statuses] }),
    loadBalancing: balancingOf(wish),
    circuitBreaker: breaker
      ? CircuitBreaker.consecutiveErrors({
          failures: breaker.failures,
          openFor: seconds(breaker.open),
          statuses: breaker.all ? BreakerStatuses.SERVER_ERRORS : BreakerStatuses.GATEWAY_ERRORS,
          maxEjectedPercent: breaker.percent,
          ...most,
        })
      : limits && CircuitBreaker.limits(most),
    rateLimit:
      rate &&
      (rate.perClient ? RateLimit.perClient(rate.requests, rate.unit) : RateLimit.total(rate.requests, rate.unit)),
    healthCheck:
      health &&
      HealthCheck.http({
        interval: seconds(health.interval),
        healthyThreshold: health.healthy,
        unhealthyThreshold: health.unhealthy,
      }),
  };
}

function balancingOf({ balancing, slowStart }: Asked): LoadBalancing {
  const options = { slowStart: slowStart === undefined ? undefined : seconds(slowStart) };
  switch (balancing) {
    case 'round-robin':
      return LoadBalancing.roundRobin(options);
    case 'least-request':
      return LoadBalancing.leastRequest(options);
    case 'header':
      return LoadBalancing.hashByHeader('x-session-id');
    case 'cookie':
      return LoadBalancing.hashByCookie('session', { ttl: seconds(600) });
    case 'source':
      return LoadBalancing.hashBySource();
  }
}
