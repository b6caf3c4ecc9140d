import type { Duration } from 'cdk8s';
import { requireInteger, requireMember, requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';

/** Answers that count as failures of a replica. */
export enum BreakerStatuses {
  /** 502, 503 and 504, and connections that fail: what says that the replica is unwell. */
  GATEWAY_ERRORS = 'gateway-errors',
  /** 500 too: a client whose input makes the model fail takes every replica out, one after the other. */
  SERVER_ERRORS = 'server-errors',
}

/** The most that all proxies together have open to a component. */
export interface ConnectionLimits {
  /**
   * Connections to all its replicas: at least 1.
   *
   * @default - no limit
   */
  readonly maxConnections?: number;

  /**
   * Requests in flight at all its replicas: at least 1.
   *
   * @default - no limit
   */
  readonly maxRequests?: number;
}

/** Options of `CircuitBreaker.consecutiveErrors`. */
export interface ConsecutiveErrorsOptions extends ConnectionLimits {
  /**
   * How many failures in a row open it: 1 to 1,000.
   *
   * @default 5
   */
  readonly failures?: number;

  /**
   * How long a replica that failed gets nothing: whole seconds, 1 second to 1 hour. At a gateway by Envoy Gateway one that
   * fails again when it is back stays out twice as long, then three times, up to 5 minutes: it has no field for that.
   *
   * @default Duration.seconds(60)
   */
  readonly openFor?: Duration;

  /**
   * What counts as a failure.
   *
   * @default BreakerStatuses.GATEWAY_ERRORS
   */
  readonly statuses?: BreakerStatuses;

  /**
   * The share of replicas that may be out at the same time, in percent: 1 to 100. With all of them out, requests are
   * answered 503 at once.
   *
   * @default 100
   */
  readonly maxEjectedPercent?: number;
}

/**
 * Keeps requests from replicas that fail, each by itself, and bounds what reaches all of them. Limits are stated for all
 * proxies together and divided among them: each proxy counts alone.
 *
 * @example
 * CircuitBreaker.consecutiveErrors({ failures: 5, openFor: Duration.seconds(60) });
 */
export class CircuitBreaker {
  /**
   * A replica that fails `failures` times in a row gets nothing for `openFor`, and then is tried again.
   *
   * @throws OutOfRange
   */
  public static consecutiveErrors(options: ConsecutiveErrorsOptions = {}): CircuitBreaker {
    const { failures = 5, openFor, statuses = BreakerStatuses.GATEWAY_ERRORS, maxEjectedPercent = 100 } = options;
    requireInteger('failures', failures, 1, 1000);
    requireMember('statuses', statuses, 'BreakerStatuses', BreakerStatuses);
    requireInteger('maxEjectedPercent', maxEjectedPercent, 1, 100);
    const openSeconds = openFor === undefined ? 60 : requireSeconds('openFor', openFor, 1, 3600);
    return new CircuitBreaker({ ...limits(options), ejection: { failures, openSeconds, statuses, maxEjectedPercent } });
  }

  /**
   * Limits alone: no replica is taken out for its failures.
   *
   * @throws OutOfRange, MissingOption
   */
  public static limits(options: ConnectionLimits): CircuitBreaker {
    if (options.maxConnections === undefined && options.maxRequests === undefined) {
      throw errors.missingOption('maxConnections', 'or `maxRequests`', 'leave the circuit breaker out for no limit');
    }
    return new CircuitBreaker(limits(options));
  }

  private constructor(
    /** @internal */
    public readonly _model: CircuitBreakerModel,
  ) {}
}

function limits({ maxConnections, maxRequests }: ConnectionLimits): CircuitBreakerModel {
  if (maxConnections !== undefined) requireInteger('maxConnections', maxConnections, 1);
  if (maxRequests !== undefined) requireInteger('maxRequests', maxRequests, 1);
  return {
    ...(maxConnections !== undefined && { maxConnections }),
    ...(maxRequests !== undefined && { maxRequests }),
  };
}

/** What the engines read. */
export interface CircuitBreakerModel {
  readonly maxConnections?: number;
  readonly maxRequests?: number;
  readonly ejection?: EjectionModel;
}

/** When a replica is taken out. */
export interface EjectionModel {
  readonly failures: number;
  readonly openSeconds: number;
  readonly statuses: BreakerStatuses;
  readonly maxEjectedPercent: number;
}
