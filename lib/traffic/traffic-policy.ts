import type { Duration } from 'cdk8s';
import { requireInteger, requireMadeBy, requireSeconds, requireTimeout } from '../internal/checks';
import { errors } from '../internal/errors';
import { CircuitBreaker, type CircuitBreakerModel } from './circuit-breaker';
import { HealthCheck, type HealthCheckModel } from './health-check';
import { LoadBalancing, type LoadBalancingModel } from './load-balancing';
import { RateLimit, type RateLimitModel } from './rate-limit';
import { Retries, type RetriesModel } from './retries';

/** Answers that come in pieces. */
export interface StreamingOptions {
  /** The longest that an answer may go on, from its request: whole seconds, at least the timeout, at most a day. */
  readonly maxDuration: Duration;

  /**
   * The longest silence, before the first piece and between two: whole seconds, at least the timeout.
   *
   * @default - the timeout
   */
  readonly idleTimeout?: Duration;
}

/** What happens to requests that find no replica with room. */
export interface QueueOptions {
  /**
   * How many may wait, at all proxies together: at least 1. More are answered 503. Needs `maxConcurrency`, above which they
   * wait, and a door that can: see the support table.
   */
  readonly maxPending: number;

  /**
   * How long each may wait. No door of an online service can bound it apart from the request's own timeout, and of a
   * function it is `coldStart.timeout`.
   *
   * @default - what the request's timeout leaves
   */
  readonly maxWait?: Duration;
}

/** How the proxy before replicas passes requests on. What it cannot do is an error that names what can. */
export interface UpstreamPolicy {
  /**
   * Requests that are sent again, while the proxy still has their bodies; none by a door that cannot.
   *
   * @default Retries.connectionFailures()
   */
  readonly retries?: Retries;

  /**
   * Which replica gets a request. Where nothing is said, by turns at ingress-nginx, which does not count requests in flight,
   * and as it comes by doors that balance connections.
   *
   * @default LoadBalancing.leastRequest()
   */
  readonly loadBalancing?: LoadBalancing;

  /**
   * Keeps requests from replicas that fail.
   *
   * @default - none; before pools, a replica that takes no connection gets nothing for 2 seconds
   */
  readonly circuitBreaker?: CircuitBreaker;

  /**
   * How many requests are let through.
   *
   * @default - all
   */
  readonly rateLimit?: RateLimit;

  /**
   * What the proxy asks of replicas itself.
   *
   * @default - the kubelet's probes alone
   */
  readonly healthCheck?: HealthCheck;
}

/**
 * How a component treats its requests. `timeout` and `maxConcurrency` reach BentoML; the rest is done by the proxy before
 * it: the door of an API server, and the proxy between an API server and a runner pool. What that one cannot do is an
 * error that names what can.
 */
export interface TrafficPolicy extends UpstreamPolicy {
  /**
   * Time to the first byte of an answer, after which BentoML answers 504; above 0, fractions of a second are allowed.
   * It reaches BentoML at run time, every hop before it waits longer, and pods get this long to finish what they have begun
   * when they are stopped. A caller's must be above 1.01 x that of every service it calls.
   *
   * @default - as the Bento's code says, else 60 seconds and a tenth more for each tier above the last, below those
   * that callers state
   */
  readonly timeout?: Duration;

  /**
   * For answers that come in pieces, which may go on longer than `timeout`.
   *
   * @default - answers end within `timeout`
   */
  readonly streaming?: StreamingOptions;

  /**
   * Requests in flight per replica above which BentoML answers 429: at least 1. With several workers each takes its
   * share, rounded up.
   *
   * @default - as the Bento's code says, else no limit
   */
  readonly maxConcurrency?: number;

  /**
   * Requests that wait instead of getting a 429.
   *
   * @default - none wait
   */
  readonly queue?: QueueOptions;
}

/** What the user said. */
export interface TrafficIntent {
  readonly timeoutSeconds?: number;
  readonly streaming?: StreamingModel;
  readonly maxConcurrency?: number;
  readonly maxPending?: number;
  readonly retries?: RetriesModel;
  readonly loadBalancing?: LoadBalancingModel;
  readonly circuitBreaker?: CircuitBreakerModel;
  readonly rateLimit?: RateLimitModel;
  readonly healthCheck?: HealthCheckModel;
}

/** Answers that come in pieces. */
export interface StreamingModel {
  readonly maxDurationSeconds: number;
  readonly idleSeconds?: number;
}

const DAY_SECONDS = 86_400;

/** Who makes the parts of a policy. */
const MAKERS = {
  retries: Retries,
  loadBalancing: LoadBalancing,
  circuitBreaker: CircuitBreaker,
  rateLimit: RateLimit,
  healthCheck: HealthCheck,
} as const;

export function trafficIntent(property: string, policy: TrafficPolicy | undefined): TrafficIntent {
  const { timeout, maxConcurrency, queue } = policy ?? {};
  for (const [part, maker] of Object.entries(MAKERS)) {
    const value = policy?.[part as keyof typeof MAKERS];
    if (value !== undefined) requireMadeBy(`${property}.${part}`, value, maker);
  }
  const timeoutSeconds = timeout && requireTimeout(`${property}.timeout`, timeout);
  if (maxConcurrency !== undefined) requireInteger(`${property}.maxConcurrency`, maxConcurrency, 1);
  return {
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(policy?.streaming !== undefined && { streaming: streaming(`${property}.streaming`, policy.streaming) }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(queue !== undefined && { maxPending: maxPending(`${property}.queue`, queue) }),
    ...(policy?.retries !== undefined && { retries: policy.retries._model }),
    ...(policy?.loadBalancing !== undefined && { loadBalancing: policy.loadBalancing._model }),
    ...(policy?.circuitBreaker !== undefined && { circuitBreaker: policy.circuitBreaker._model }),
    ...(policy?.rateLimit !== undefined && { rateLimit: policy.rateLimit._model }),
    ...(policy?.healthCheck !== undefined && { healthCheck: policy.healthCheck._model }),
  };
}

function streaming(property: string, { maxDuration, idleTimeout }: StreamingOptions): StreamingModel {
  const maxDurationSeconds = requireSeconds(`${property}.maxDuration`, maxDuration, 1, DAY_SECONDS);
  const idleSeconds = idleTimeout && requireSeconds(`${property}.idleTimeout`, idleTimeout, 1, maxDurationSeconds);
  return { maxDurationSeconds, ...(idleSeconds !== undefined && { idleSeconds }) };
}

function maxPending(property: string, { maxPending: pending, maxWait }: QueueOptions): number {
  requireInteger(`${property}.maxPending`, pending, 1);
  if (maxWait !== undefined) {
    throw errors.notByEngine(
      `${property}.maxWait`,
      'an online service',
      'no proxy bounds how long a request waits apart from its timeout',
      'leave it out and lower `timeout`, or use a ScaleToZeroFunction with coldStart.timeout',
    );
  }
  return pending;
}
