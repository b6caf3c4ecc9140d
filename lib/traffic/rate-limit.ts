import { requireInteger, requireMember } from '../internal/checks';

/** The time in which requests are counted. */
export enum RateUnit {
  /** A second. */
  SECOND = 'second',
  /** A minute. */
  MINUTE = 'minute',
  /** An hour. */
  HOUR = 'hour',
}

/**
 * How many requests a door lets through; more are answered 429.
 *
 * @example
 * RateLimit.total(600, RateUnit.MINUTE);
 */
export class RateLimit {
  /**
   * Requests of all clients together, divided among the proxies of the door, of which each counts alone.
   *
   * @param requests at least 1
   * @throws OutOfRange
   */
  public static total(requests: number, per: RateUnit): RateLimit {
    return new RateLimit('total', requests, per);
  }

  /**
   * Requests of each address of a client, divided likewise.
   *
   * @param requests at least 1
   * @throws OutOfRange
   */
  public static perClient(requests: number, per: RateUnit): RateLimit {
    return new RateLimit('client', requests, per);
  }

  /** @internal */
  public readonly _model: RateLimitModel;

  private constructor(scope: RateLimitModel['scope'], requests: number, unit: RateUnit) {
    requireInteger('requests', requests, 1);
    requireMember('per', unit, 'RateUnit', RateUnit);
    this._model = { scope, requests, unit };
  }
}

/** What the engines read. */
export interface RateLimitModel {
  readonly scope: 'total' | 'client';
  readonly requests: number;
  readonly unit: RateUnit;
}
