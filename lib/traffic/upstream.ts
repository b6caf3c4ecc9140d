import type { CircuitBreakerModel } from './circuit-breaker';
import type { HealthCheckModel } from './health-check';
import type { LoadBalancingModel } from './load-balancing';
import type { RateLimitModel } from './rate-limit';
import type { RetriesModel } from './retries';

/**
 * How one proxy passes requests on to the pods of one component: every default filled in, and limits its own share of
 * those that the user stated for all proxies together.
 */
export interface UpstreamModel {
  /** In names of clusters and upstreams, and so in metrics: `rag-embedder`. */
  readonly name: string;
  /** The name that resolves to the addresses of all ready pods: that of a headless Service. */
  readonly host: string;
  readonly port: number;
  readonly timeouts: UpstreamTimeouts;
  readonly loadBalancing: LoadBalancingModel;
  readonly retries: RetriesModel;
  readonly circuitBreaker?: CircuitBreakerModel;
  /** Requests that wait for a pod with room; needs `maxConcurrency`. */
  readonly maxPending?: number;
  /** Requests in flight per pod, above which they wait. */
  readonly maxConcurrency?: number;
  readonly rateLimit?: RateLimitModel;
  readonly healthCheck?: HealthCheckModel;
}

/** What a request may take beyond its timeout: so that it is the timeout that ends it, and is counted as one. */
const REQUEST_MARGIN_SECONDS = 1;

/**
 * From the first byte of a request to the last of its answer, slow bodies and WebSockets included: what a proxy that is
 * going has to wait for.
 */
export function longestRequestSeconds({ request }: UpstreamTimeouts): number {
  return request + REQUEST_MARGIN_SECONDS;
}

/** How long a proxy waits, in seconds. */
export interface UpstreamTimeouts {
  /** For a connection to a pod. */
  readonly connect: number;
  /** From the request until the last byte of its answer. */
  readonly request: number;
  /** For the next byte, of request or answer. */
  readonly streamIdle: number;
  /** Until it closes a connection that nobody uses: below the keep-alive of the pod. */
  readonly connectionIdle: number;
}
