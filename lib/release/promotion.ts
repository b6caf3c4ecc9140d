import type { Duration } from 'cdk8s';
import { requireSeconds } from '../internal/checks';

const DAY_SECONDS = 86_400;

/** When requests go to a new version that is ready. */
export class Promotion {
  /** At once. */
  public static automatic(): Promotion {
    return new Promotion({ kind: 'automatic', afterSeconds: 0 });
  }

  /**
   * After a while, in which it can be tried under the preview's Service; a human may promote it earlier.
   *
   * @param delay whole seconds, 1 second to 24 hours
   * @throws OutOfRange
   */
  public static automaticAfter(delay: Duration): Promotion {
    return new Promotion({ kind: 'automatic', afterSeconds: requireSeconds('delay', delay, 1, DAY_SECONDS) });
  }

  /** When a human says so: `kubectl argo rollouts promote`. Until then both versions run, which a warning says. */
  public static manual(): Promotion {
    return new Promotion({ kind: 'manual' });
  }

  private constructor(
    /** @internal */
    public readonly _model: PromotionModel,
  ) {}
}

/** When a new version is promoted. */
export type PromotionModel =
  | { readonly kind: 'automatic'; readonly afterSeconds: number }
  | { readonly kind: 'manual' };
