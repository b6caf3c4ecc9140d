import type { Duration } from 'cdk8s';
import { requireNumber, requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { milliQuantity } from '../internal/quantity';
import { ScalingPolicy, type ScalingPolicyModel } from './scaling-policy';

/** The autoscaler refuses longer windows. */
const MAX_WINDOW_SECONDS = 3600;

/** Which of several policies decides. */
export enum PolicySelect {
  /** The one that moves most. */
  MAX = 'Max',
  /** The one that moves least. */
  MIN = 'Min',
}

/** How BentoCloud words the speed of one direction. */
export enum ScalingSpeed {
  /** Never in this direction. */
  DISABLED = 'disabled',
  /** By 100 % each 15 seconds, after 10 minutes in which nothing spoke against it. */
  STABLE = 'stable',
  /** At once: 100 % or 4 pods, whichever is more, each 15 seconds. */
  FAST = 'fast',
}

/** One direction of a `ScalingBehavior`. */
export interface ScalingRules {
  /**
   * For how long past recommendations count: the autoscaler goes up by the lowest and down by the highest of
   * them. 0 seconds to 1 hour.
   *
   * @default - Kubernetes: none on the way up, 5 minutes on the way down
   */
  readonly stabilizationWindow?: Duration;

  /**
   * Limits on the speed; an empty list is an error.
   *
   * @default - Kubernetes: up, the greater of 100 % and 4 pods in 15 seconds; down, 100 % in 15 seconds
   */
  readonly policies?: ScalingPolicy[];

  /**
   * Which policy decides.
   *
   * @default PolicySelect.MAX
   */
  readonly selectPolicy?: PolicySelect;

  /**
   * How far a metric may be from its target, as a ratio, before anything happens: 0.5 on the way down waits until less
   * than half of the target is used. At least 0, three decimals; needs Kubernetes 1.35.
   *
   * @default - Kubernetes: 0.1
   */
  readonly tolerance?: number;
}

/** Both directions of a `ScalingBehavior`. */
export interface ScalingBehaviorOptions {
  /**
   * How replicas come.
   *
   * @default - Kubernetes' own
   */
  readonly scaleUp?: ScalingRules;

  /**
   * How replicas go.
   *
   * @default - Kubernetes' own
   */
  readonly scaleDown?: ScalingRules;
}

/** Options of `ScalingBehavior.bentoCloud`. */
export interface BentoCloudBehaviorOptions {
  /**
   * How replicas come.
   *
   * @default ScalingSpeed.FAST
   */
  readonly scaleUp?: ScalingSpeed;

  /**
   * How replicas go.
   *
   * @default ScalingSpeed.STABLE
   */
  readonly scaleDown?: ScalingSpeed;
}

/** Options of `ScalingBehavior.oneAtATime`. */
export interface OneAtATimeOptions {
  /** The time between two pods on the way up: whole seconds, 1 second to 30 minutes. */
  readonly scaleUpEvery: Duration;

  /** The time between two pods on the way down, in which nothing must ask for more: 1 second to 30 minutes. */
  readonly scaleDownEvery: Duration;

  /**
   * Goes down only while less than this share of each target is used: above 0, below 1, three decimals; needs
   * Kubernetes 1.35.
   *
   * @default - Kubernetes: below 0.9
   */
  readonly scaleDownBelowRatio?: number;
}

/**
 * How an autoscaler moves between its bounds: how long it hesitates, and how fast it goes.
 *
 * @example
 * ScalingBehavior.of({
 *   scaleUp: { stabilizationWindow: Duration.seconds(60), policies: [ScalingPolicy.percent(100, Duration.minutes(1))] },
 *   scaleDown: { policies: [ScalingPolicy.percent(50, Duration.minutes(1))] },
 * });
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#configurable-scaling-behavior
 */
export class ScalingBehavior {
  /**
   * Every rule that Kubernetes has.
   *
   * @throws OutOfRange, EmptyList
   */
  public static of(options: ScalingBehaviorOptions): ScalingBehavior {
    return new ScalingBehavior({
      scaleUp: options.scaleUp && resolveRules('scaleUp', options.scaleUp),
      scaleDown: options.scaleDown && resolveRules('scaleDown', options.scaleDown),
    });
  }

  /** Replicas only ever grow: what came is kept until someone scales in by hand. */
  public static neverScaleDown(): ScalingBehavior {
    return new ScalingBehavior({ scaleDown: DISABLED });
  }

  /**
   * BentoCloud's words, with the rules that they stand for there.
   *
   * @see https://docs.bentoml.com/en/latest/scale-with-bentocloud/scaling/autoscaling.html
   */
  public static bentoCloud(options: BentoCloudBehaviorOptions = {}): ScalingBehavior {
    return new ScalingBehavior({
      scaleUp: SPEEDS[options.scaleUp ?? ScalingSpeed.FAST],
      scaleDown: SPEEDS[options.scaleDown ?? ScalingSpeed.STABLE],
    });
  }

  /**
   * One pod at a time, with a pause after each.
   *
   * @throws OutOfRange
   */
  public static oneAtATime(options: OneAtATimeOptions): ScalingBehavior {
    const { scaleUpEvery, scaleDownEvery, scaleDownBelowRatio: below } = options;
    if (below !== undefined) {
      requireNumber('scaleDownBelowRatio', below, { above: 0 });
      if (below >= 1) throw errors.outOfRange('scaleDownBelowRatio', 'a number below 1', below);
      milliQuantity('scaleDownBelowRatio', below);
    }
    requireSeconds('scaleUpEvery', scaleUpEvery, 1, 1800);
    return new ScalingBehavior({
      scaleUp: { selectPolicy: PolicySelect.MAX, policies: [ScalingPolicy.pods(1, scaleUpEvery)._model] },
      scaleDown: {
        stabilizationWindowSeconds: requireSeconds('scaleDownEvery', scaleDownEvery, 1, 1800),
        selectPolicy: PolicySelect.MAX,
        policies: [ScalingPolicy.pods(1, scaleDownEvery)._model],
        ...(below !== undefined && { tolerance: Math.round((1 - below) * 1000) / 1000 }),
      },
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: ScalingBehaviorModel,
  ) {}
}

/** What the engines read; a direction that is absent is Kubernetes' own. */
export interface ScalingBehaviorModel {
  readonly scaleUp?: ScalingRulesModel;
  readonly scaleDown?: ScalingRulesModel;
}

/** One direction, resolved. */
export interface ScalingRulesModel {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy: PolicySelect | 'Disabled';
  readonly policies: readonly ScalingPolicyModel[];
  readonly tolerance?: number;
}

const DISABLED: ScalingRulesModel = { selectPolicy: 'Disabled', policies: [] };

const SPEEDS: { [speed in ScalingSpeed]: ScalingRulesModel } = {
  [ScalingSpeed.DISABLED]: DISABLED,
  [ScalingSpeed.STABLE]: {
    stabilizationWindowSeconds: 600,
    selectPolicy: PolicySelect.MAX,
    policies: [{ kind: 'Percent', value: 100, periodSeconds: 15 }],
  },
  [ScalingSpeed.FAST]: {
    stabilizationWindowSeconds: 0,
    selectPolicy: PolicySelect.MAX,
    policies: [
      { kind: 'Percent', value: 100, periodSeconds: 15 },
      { kind: 'Pods', value: 4, periodSeconds: 15 },
    ],
  },
};

function resolveRules(direction: string, rules: ScalingRules): ScalingRulesModel {
  const { stabilizationWindow, policies, tolerance } = rules;
  if (policies?.length === 0)
    throw errors.emptyList(`${direction}.policies`, 'leave it out for the default of Kubernetes');
  if (tolerance !== undefined) {
    requireNumber(`${direction}.tolerance`, tolerance, { min: 0 });
    milliQuantity(`${direction}.tolerance`, tolerance);
  }
  return {
    stabilizationWindowSeconds:
      stabilizationWindow &&
      requireSeconds(`${direction}.stabilizationWindow`, stabilizationWindow, 0, MAX_WINDOW_SECONDS),
    selectPolicy: rules.selectPolicy ?? PolicySelect.MAX,
    policies: (policies ?? []).map((policy) => policy._model),
    tolerance,
  };
}
