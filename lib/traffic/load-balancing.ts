import type { Duration } from 'cdk8s';
import { requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireCookieName, requireOwnHeaderName } from './http-names';

/** Options of balancing that can spare new replicas. */
export interface LoadBalancingOptions {
  /**
   * How long a new replica gets less than its share, growing, as its caches warm up: whole seconds, 1 second to 1 hour.
   *
   * @default - it gets its share at once
   */
  readonly slowStart?: Duration;
}

/** Options of `LoadBalancing.hashByCookie`. */
export interface CookieHashOptions {
  /**
   * How long the cookie lives that the proxy hands to clients without one: whole seconds, 1 second to 1 year. Needed
   * unless the application sets the cookie.
   *
   * @default - the proxy hands out none
   */
  readonly ttl?: Duration;

  /**
   * Whether the application sets the cookie: the proxy hands out none then.
   *
   * @default - it does not, and `ttl` is needed
   */
  readonly setByApplication?: boolean;
}

/**
 * Which replica of a component gets a request. What the door of a component cannot do is an error that names one that can.
 *
 * @example
 * LoadBalancing.leastRequest({ slowStart: Duration.seconds(60) });
 */
export class LoadBalancing {
  /**
   * One after the other.
   *
   * @throws OutOfRange
   */
  public static roundRobin(options: LoadBalancingOptions = {}): LoadBalancing {
    return new LoadBalancing({ kind: 'round-robin', ...slowStart(options) });
  }

  /**
   * The one with the fewest requests in flight, of two taken at random where a proxy is Envoy: best where requests take
   * different times.
   *
   * @throws OutOfRange
   */
  public static leastRequest(options: LoadBalancingOptions = {}): LoadBalancing {
    return new LoadBalancing({ kind: 'least-request', ...slowStart(options) });
  }

  /** The one that answered fastest of late; ingress-nginx alone can, by `ewma`. */
  public static latencyAware(): LoadBalancing {
    return new LoadBalancing({ kind: 'latency-aware' });
  }

  /**
   * The same one for the same value of a header, as far as replicas stay; requests without the header go anywhere.
   *
   * @param name as `x-session-id`
   * @throws InvalidName
   */
  public static hashByHeader(name: string): LoadBalancing {
    requireOwnHeaderName('name', name);
    return new LoadBalancing({ kind: 'hash', by: { kind: 'header', name } });
  }

  /**
   * The same one for the same value of a cookie, as far as replicas stay; requests without the cookie go anywhere.
   *
   * @throws InvalidName, OutOfRange, MissingOption, ConflictingOptions
   */
  public static hashByCookie(name: string, options: CookieHashOptions = {}): LoadBalancing {
    requireCookieName('name', name);
    const { ttl, setByApplication = false } = options;
    if (ttl === undefined && !setByApplication) {
      throw errors.missingOption('ttl', 'for the cookie that the proxy hands out', NOBODY_SETS);
    }
    if (ttl !== undefined && setByApplication) {
      throw errors.conflictingOptions('ttl', 'setByApplication', 'the proxy would put its own in place of the first');
    }
    const ttlSeconds = ttl && requireSeconds('ttl', ttl, 1, 31_536_000);
    return new LoadBalancing({
      kind: 'hash',
      by: { kind: 'cookie', name, ...(ttlSeconds !== undefined && { ttlSeconds }) },
    });
  }

  /**
   * The same one for the same address of the client, as the proxy sees it. Before a runner pool clients are its callers, which
   * RunnerProxy.tier() alone can tell from each other.
   */
  public static hashBySource(): LoadBalancing {
    return new LoadBalancing({ kind: 'hash', by: { kind: 'source' } });
  }

  private constructor(
    /** @internal */
    public readonly _model: LoadBalancingModel,
  ) {}
}

const NOBODY_SETS = 'a cookie that nobody sets sends requests anywhere: or state setByApplication';

function slowStart({ slowStart }: LoadBalancingOptions): { slowStartSeconds?: number } {
  return slowStart === undefined ? {} : { slowStartSeconds: requireSeconds('slowStart', slowStart, 1, 3600) };
}

/** What the engines read. */
export type LoadBalancingModel =
  | { readonly kind: 'round-robin' | 'least-request'; readonly slowStartSeconds?: number }
  | { readonly kind: 'latency-aware' }
  | { readonly kind: 'hash'; readonly by: HashKeyModel };

/** What is the same for requests that go to the same replica. */
export type HashKeyModel =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly ttlSeconds?: number }
  | { readonly kind: 'source' };
