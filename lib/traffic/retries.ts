import { requireInteger, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';

/** Options of `Retries.connectionFailures`. */
export interface RetriesOptions {
  /**
   * How often a request is tried again: 1 to 10.
   *
   * @default 2
   */
  readonly attempts?: number;

  /**
   * Answers that are tried again, too: 500, 502 or 503, each once. The replica has done the work already then, or a part of it.
   *
   * @default - none
   */
  readonly statuses?: number[];
}

/** A replica that is overloaded gets no better by more requests, and one that timed out may still be at work. */
const RETRIABLE = [500, 502, 503];

/**
 * Requests that a proxy sends again, to another replica where there is one.
 *
 * @example
 * Retries.connectionFailures({ attempts: 3 });
 */
export class Retries {
  /** Every failure reaches the caller. */
  public static never(): Retries {
    return new Retries({ attempts: 0, statuses: [] });
  }

  /**
   * Requests that no replica has taken: a connection that failed, or was reset before the request was sent. Never a 429,
   * nor an inference that timed out.
   *
   * @throws OutOfRange, DuplicateKey
   */
  public static connectionFailures(options: RetriesOptions = {}): Retries {
    const { attempts = 2, statuses = [] } = options;
    requireInteger('attempts', attempts, 1, 10);
    for (const status of statuses) {
      if (!RETRIABLE.includes(status)) {
        throw errors.outOfRange(
          'statuses',
          `some of ${RETRIABLE.join(', ')}`,
          status,
          'a 429 or a timeout that is tried again only adds load',
        );
      }
    }
    requireUnique('statuses', statuses.map(String));
    return new Retries({ attempts, statuses: [...statuses].sort() });
  }

  private constructor(
    /** @internal */
    public readonly _model: RetriesModel,
  ) {}
}

/** What the engines read; no attempts: nothing is tried again. */
export interface RetriesModel {
  readonly attempts: number;
  readonly statuses: readonly number[];
}
