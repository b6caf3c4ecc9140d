import { requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireDistinct, type ScalingMetricModel } from './metric-model';
import type { ScalingBehavior, ScalingBehaviorModel } from './scaling-behavior';
import type { ScalingMetric } from './scaling-metric';

/** Options of `Scaling.auto`. */
export interface AutoScalingOptions {
  /** The most replicas: at least 1, at least `minReplicas`. With a GPU this is what the component can cost. */
  readonly maxReplicas: number;

  /**
   * The fewest replicas: at least 1, for an online service is never without.
   *
   * @default - 2, or 1 for components with a GPU, and never more than `maxReplicas`
   */
  readonly minReplicas?: number;

  /**
   * What the autoscaler looks at; the one that asks for most decides.
   *
   * @default - `traffic.concurrency` of the Bento's code, where the ClusterProfile has KEDA and Prometheus; else CPU at
   * 70 percent of the request; components with a GPU must state theirs
   */
  readonly metrics?: ScalingMetric[];

  /**
   * How the autoscaler moves.
   *
   * @default - Kubernetes' own; with a GPU, up by at most 100 % or one pod in 3 minutes, the time a node takes, or what
   * `startup.nodeStart` says
   */
  readonly behavior?: ScalingBehavior;

  /**
   * The fewest replicas while a metric of KEDA cannot be read: more that run already are kept. At least 1, at most
   * `maxReplicas`.
   *
   * @default - `minReplicas`
   */
  readonly fallbackReplicas?: number;
}

/** Options of `Scaling.withFunction`. */
export interface WithFunctionScalingOptions {
  /** The most replicas: at least 1. With a GPU this is what the pool can cost. */
  readonly maxReplicas: number;

  /**
   * How the autoscaler moves.
   *
   * @default - Kubernetes' own; with a GPU, up by at most 100 % or one pod in 3 minutes, the time a node takes, or what
   * `startup.nodeStart` says
   */
  readonly behavior?: ScalingBehavior;
}

/**
 * How many replicas a component has, and who decides.
 *
 * @example
 * Scaling.auto({ minReplicas: 3, maxReplicas: 20, metrics: [ScalingMetric.cpu(70), ScalingMetric.memory(80)] });
 */
export class Scaling {
  /**
   * Always this many.
   *
   * @param replicas at least 1
   * @throws OutOfRange, ZeroReplicas
   */
  public static replicas(replicas: number): Scaling {
    requireReplicas('replicas', replicas);
    return new Scaling({ kind: 'fixed', replicas });
  }

  /**
   * As many as the load needs, and a workload without `replicas`: a HorizontalPodAutoscaler (`autoscaling/v2`) where all
   * metrics are Kubernetes' own, else a ScaledObject of KEDA, which makes the HorizontalPodAutoscaler itself.
   *
   * @throws OutOfRange, ZeroReplicas, MinOverMax, EmptyList, DuplicateMetric
   */
  public static auto(options: AutoScalingOptions): Scaling {
    const { minReplicas, maxReplicas, metrics, fallbackReplicas } = options;
    requireReplicas('maxReplicas', maxReplicas);
    if (minReplicas !== undefined) {
      requireReplicas('minReplicas', minReplicas);
      if (minReplicas > maxReplicas) throw errors.minOverMax(minReplicas, maxReplicas);
    }
    if (metrics?.length === 0) throw errors.emptyList('metrics', 'leave it out for CPU at 70 percent');
    const models = metrics?.map((metric) => metric._model);
    requireDistinct(models ?? []);
    if (fallbackReplicas !== undefined) requireInteger('fallbackReplicas', fallbackReplicas, 1, maxReplicas);
    return new Scaling({
      kind: 'auto',
      minReplicas,
      maxReplicas,
      metrics: models,
      behavior: options.behavior?._model,
      fallbackReplicas,
    });
  }

  /**
   * For a runner pool of a `ScaleToZeroFunction`: it sleeps and wakes with the function, at the same time, and grows by
   * the function's requests.
   *
   * @throws OutOfRange
   */
  public static withFunction(options: WithFunctionScalingOptions): Scaling {
    requireInteger('maxReplicas', options.maxReplicas, 1);
    return new Scaling({
      kind: 'with-function',
      maxReplicas: options.maxReplicas,
      behavior: options.behavior?._model,
    });
  }

  /** Someone else's scaler decides: the workload has no `replicas`, and no autoscaler is made. */
  public static unmanaged(): Scaling {
    return new Scaling({ kind: 'unmanaged' });
  }

  private constructor(
    /** @internal */
    public readonly _model: ScalingIntent,
  ) {}
}

/** What the user said; defaults depend on the component and come later. */
export type ScalingIntent =
  | { readonly kind: 'fixed'; readonly replicas: number }
  | { readonly kind: 'unmanaged' }
  | {
      readonly kind: 'auto';
      readonly minReplicas?: number;
      readonly maxReplicas: number;
      readonly metrics?: readonly ScalingMetricModel[];
      readonly behavior?: ScalingBehaviorModel;
      readonly fallbackReplicas?: number;
    }
  | { readonly kind: 'with-function'; readonly maxReplicas: number; readonly behavior?: ScalingBehaviorModel };

function requireReplicas(property: string, value: number): void {
  if (value === 0) throw errors.zeroReplicas(property);
  // What an int32 of the API holds.
  requireInteger(property, value, 1, 2 ** 31 - 1);
}
