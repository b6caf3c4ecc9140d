import type { Duration } from 'cdk8s';
import { requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';

/** What a taint does to pods that do not tolerate it. */
export enum TaintEffect {
  /** They are not scheduled there. */
  NO_SCHEDULE = 'NoSchedule',
  /** They are scheduled there only if there is no other place. */
  PREFER_NO_SCHEDULE = 'PreferNoSchedule',
  /** They are not scheduled there, and those that run there are evicted. */
  NO_EXECUTE = 'NoExecute',
}

/** Options of `Toleration`. */
export interface TolerationOptions {
  /**
   * The effect that is tolerated.
   *
   * @default - every effect
   */
  readonly effect?: TaintEffect;

  /**
   * How long a pod stays on a node that gets the taint with `NoExecute`; whole seconds.
   *
   * @default - for ever
   */
  readonly evictAfter?: Duration;
}

/**
 * Lets pods onto nodes that are tainted against others. Components with a GPU tolerate the taint of that name without
 * being told.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export class Toleration {
  /**
   * Tolerates a taint of this key, whatever its value.
   *
   * @throws InvalidLabel, OutOfRange
   */
  public static exists(key: string, options: TolerationOptions = {}): Toleration {
    requireLabels('key', { [key]: '' });
    return new Toleration({ key, operator: 'Exists' }, options);
  }

  /**
   * Tolerates a taint of this key and value.
   *
   * @throws InvalidLabel, OutOfRange
   */
  public static withValue(key: string, value: string, options: TolerationOptions = {}): Toleration {
    requireLabels('key', { [key]: value });
    return new Toleration({ key, operator: 'Equal', value }, options);
  }

  /** @internal */
  public readonly _model: TolerationModel;

  private constructor(taint: TolerationModel, { effect, evictAfter }: TolerationOptions) {
    this._model = {
      ...taint,
      ...(effect !== undefined && { effect }),
      ...(evictAfter !== undefined && { tolerationSeconds: requireSeconds('evictAfter', evictAfter, 0) }),
    };
    if (evictAfter !== undefined && effect !== TaintEffect.NO_EXECUTE) {
      throw errors.missingOption('effect', "as TaintEffect.NO_EXECUTE with 'evictAfter'", 'other effects evict nobody');
    }
  }
}

/** What the engines read: as Kubernetes writes it. */
export interface TolerationModel {
  readonly key: string;
  readonly operator: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}
