import type { Duration } from 'cdk8s';
import { requireInteger, requireMadeBy, requireMember, requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { isZero, ReplicaShare, type ReplicaShareModel } from './replica-share';

const DAY_SECONDS = 86_400;
const MAX_REVISIONS = 100;

/** How replicas are replaced: BentoCloud's strategies under its names, and thirds. */
export enum RollingPreset {
  /** A quarter may be added (rounded up) while a quarter is missing (rounded down). */
  ROLLING_UPDATE = 'RollingUpdate',
  /** All old replicas end before a new one starts: nobody serves for the whole start of the new ones. */
  RECREATE = 'Recreate',
  /** One more at a time, none missing: the default of the library. */
  RAMPED_SLOW_ROLLOUT = 'RampedSlowRollout',
  /**
   * None added while a fifth is missing (rounded down, at least one): needs no spare GPU, and at least 2 replicas.
   */
  BEST_EFFORT_CONTROLLED_ROLLOUT = 'BestEffortControlledRollout',
  /**
   * In place, at most a third at a time (rounded down). With fewer than 3 replicas one more at a time and none missing.
   * Where an autoscaler owns the replicas, 34 percent may be missing, which is a third rounded down for 3 to 49 replicas
   * and at most one in 150 more beyond; and one is added where there may be fewer than 3.
   */
  THIRDS = 'Thirds',
}

/** How the replicas of a component are replaced when its pods change. */
export interface RollingOptions {
  /**
   * Both bounds at once.
   *
   * @default - `maxSurge` and `maxUnavailable`
   * @see https://docs.bentoml.com/en/latest/scale-with-bentocloud/deployment/configure-deployments.html
   */
  readonly preset?: RollingPreset;

  /**
   * How many replicas there may be beyond those that there are to be, each with its GPU. At most 100 percent, rounded up.
   *
   * @default - 1 replica
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge
   */
  readonly maxSurge?: ReplicaShare;

  /**
   * How many of the replicas that there are to be may be missing. At most 100 percent, rounded down; Kubernetes makes it 1
   * where that and `maxSurge` are 0. One replica must be left, of the fewest that there may be.
   *
   * @default - none
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable
   */
  readonly maxUnavailable?: ReplicaShare;

  /**
   * How long a new replica must have been ready before it counts, and the next one is replaced. Whole seconds, up to a
   * day.
   *
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;

  /**
   * How long a roll-out may be without a step forward until Kubernetes reports that it has failed. It stays where it is:
   * nothing is rolled back. Whole seconds, up to 7 days, above `minReady` and above `startup.timeout`.
   *
   * @default - `startup.timeout`, 15 minutes for a node and the image, 30 minutes for a download, and `minReady`
   */
  readonly progressDeadline?: Duration;

  /**
   * How many earlier revisions `kubectl rollout undo` can go back to, 0 to 100.
   *
   * @default 5
   */
  readonly revisionHistory?: number;
}

/** What the user said, in numbers. */
export interface RollingIntent {
  readonly strategy?: StrategyIntent;
  readonly minReadySeconds?: number;
  readonly progressDeadlineSeconds?: number;
  readonly revisionHistory?: number;
}

/** A preset waits for the replicas, of which it depends what it means. */
export type StrategyIntent = { readonly kind: 'preset'; readonly preset: RollingPreset } | RollingBounds;

/** How far the number of replicas may be off while they are replaced. */
export interface RollingBounds {
  readonly kind: 'rolling';
  readonly maxSurge: ReplicaShareModel;
  readonly maxUnavailable: ReplicaShareModel;
}

/** How replicas are replaced. */
export type RolloutStrategy = { readonly kind: 'recreate' } | RollingBounds;

/** How the replicas of a component are replaced, with every default filled in. */
export interface RollingModel {
  readonly strategy: RolloutStrategy;
  readonly minReadySeconds: number;
  readonly revisionHistory: number;
}

const ONE: ReplicaShareModel = { kind: 'replicas', replicas: 1 };
const NONE: ReplicaShareModel = { kind: 'replicas', replicas: 0 };

/** One more at a time, and none missing: right for one replica and for many. */
export const ONE_MORE: RollingBounds = { kind: 'rolling', maxSurge: ONE, maxUnavailable: NONE };

/** What holds where nobody says anything. */
export const DEFAULT_ROLLING: RollingModel = { strategy: ONE_MORE, minReadySeconds: 0, revisionHistory: 5 };

/** Reads what the user said of `property`. */
export function rollingIntent(property: string, options: RollingOptions): RollingIntent {
  const { minReady, progressDeadline, revisionHistory } = options;
  if (revisionHistory !== undefined) requireInteger(`${property}.revisionHistory`, revisionHistory, 0, MAX_REVISIONS);
  return {
    strategy: strategyIntent(property, options),
    minReadySeconds: minReady && requireSeconds(`${property}.minReady`, minReady, 0, DAY_SECONDS),
    progressDeadlineSeconds:
      progressDeadline && requireSeconds(`${property}.progressDeadline`, progressDeadline, 1, 7 * DAY_SECONDS),
    revisionHistory,
  };
}

function strategyIntent(property: string, options: RollingOptions): StrategyIntent | undefined {
  const { preset, maxSurge, maxUnavailable } = options;
  const stated = (['maxSurge', 'maxUnavailable'] as const).find((key) => options[key] !== undefined);
  if (preset !== undefined) {
    requireMember(`${property}.preset`, preset, 'RollingPreset', RollingPreset);
    if (stated !== undefined) {
      throw errors.conflictingOptions(
        `${property}.preset`,
        `${property}.${stated}`,
        'a preset states both bounds: keep it, or state `maxSurge` and `maxUnavailable` alone',
      );
    }
    return { kind: 'preset', preset };
  }
  if (stated === undefined) return undefined;
  for (const key of ['maxSurge', 'maxUnavailable'] as const) {
    if (options[key] !== undefined) requireMadeBy(`${property}.${key}`, options[key], ReplicaShare);
  }
  const bounds: RollingBounds = {
    kind: 'rolling',
    maxSurge: maxSurge?._model ?? ONE,
    maxUnavailable: maxUnavailable?._model ?? NONE,
  };
  if (isZero(bounds.maxSurge) && isZero(bounds.maxUnavailable)) {
    throw errors.outOfRange(
      `${property}.maxUnavailable`,
      `above 0 where '${property}.maxSurge' is 0`,
      0,
      'no replica could be replaced: state one of them, as ReplicaShare.replicas(1)',
    );
  }
  return bounds;
}

/** Replicas beyond `replicas` while they are replaced, as Kubernetes resolves it. */
export function surgeOf(strategy: RolloutStrategy, replicas: number): number {
  return strategy.kind === 'recreate' ? 0 : resolveShare(strategy.maxSurge, replicas, Math.ceil);
}

/**
 * Replicas that may be missing of `replicas` while they are replaced, as Kubernetes resolves it: 1 where both bounds come
 * out as 0 (`ResolveFenceposts`), and never more than there are (`MaxUnavailable`).
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/deployment/util/deployment_util.go
 */
export function unavailableOf(strategy: RolloutStrategy, replicas: number): number {
  if (strategy.kind === 'recreate') return replicas;
  const missing = resolveShare(strategy.maxUnavailable, replicas, Math.floor);
  return Math.min(replicas, missing === 0 && surgeOf(strategy, replicas) === 0 ? 1 : missing);
}

function resolveShare(share: ReplicaShareModel, replicas: number, round: (value: number) => number): number {
  return share.kind === 'replicas' ? share.replicas : round((share.percent * replicas) / 100);
}
