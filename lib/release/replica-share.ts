import { requireInteger } from '../internal/checks';

/**
 * So many replicas of a component, as a number or as a part of them.
 *
 * @example
 * ReplicaShare.percent(25);
 */
export class ReplicaShare {
  /**
   * This many, however many there are.
   *
   * @param replicas at least 0
   * @throws OutOfRange
   */
  public static replicas(replicas: number): ReplicaShare {
    requireInteger('replicas', replicas, 0);
    return new ReplicaShare({ kind: 'replicas', replicas });
  }

  /**
   * A part of the replicas that there are to be. Kubernetes rounds up what may be added, and down what may be missing.
   *
   * @param percent a whole number from 0 to 100
   * @throws OutOfRange
   */
  public static percent(percent: number): ReplicaShare {
    requireInteger('percent', percent, 0, 100);
    return new ReplicaShare({ kind: 'percent', percent });
  }

  /** @internal */
  public readonly _model: ReplicaShareModel;

  private constructor(model: ReplicaShareModel) {
    this._model = model;
  }
}

/** What the engines read. */
export type ReplicaShareModel =
  | { readonly kind: 'replicas'; readonly replicas: number }
  | { readonly kind: 'percent'; readonly percent: number };

/** No replica at all: Kubernetes takes it for one of the two bounds only. */
export function isZero(share: ReplicaShareModel): boolean {
  return share.kind === 'replicas' ? share.replicas === 0 : share.percent === 0;
}
