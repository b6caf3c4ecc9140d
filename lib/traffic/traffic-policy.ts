import type { Duration } from 'cdk8s';
import { requireInteger, requireTimeout } from '../internal/checks';

/** How a component treats its requests. */
export interface TrafficPolicy {
  /**
   * Time to the first byte of an answer, after which BentoML answers 504; above 0, fractions of a second are allowed.
   * It reaches BentoML at run time, callers wait 1 % longer, and pods get this long to finish what they have begun when
   * they are stopped; a stream that has begun may go on longer, and is cut then unless `drain.gracefulShutdown` is as
   * long. A caller's must be above 1.01 x that of every service it calls.
   *
   * @default - as the Bento's code says, else 60 seconds and a tenth more for each tier above the last, below those
   * that callers state
   */
  readonly timeout?: Duration;

  /**
   * Requests in flight per replica above which BentoML answers 429: at least 1. With several workers each takes its
   * share, rounded up.
   *
   * @default - as the Bento's code says, else no limit
   */
  readonly maxConcurrency?: number;
}

/** What the user said. */
export interface TrafficIntent {
  readonly timeoutSeconds?: number;
  readonly maxConcurrency?: number;
}

export function trafficIntent(property: string, policy: TrafficPolicy | undefined): TrafficIntent {
  const { timeout, maxConcurrency } = policy ?? {};
  const timeoutSeconds = timeout && requireTimeout(`${property}.timeout`, timeout);
  if (maxConcurrency !== undefined) requireInteger(`${property}.maxConcurrency`, maxConcurrency, 1);
  return {
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
  };
}
