import { errors } from '../internal/errors';
import type { ReplicaShareModel } from '../release/replica-share';
import {
  DEFAULT_ROLLING,
  ONE_MORE,
  type RollingBounds,
  type RollingIntent,
  type RollingModel,
  type RollingOptions,
  RollingPreset,
  type RolloutStrategy,
  rollingIntent,
  type StrategyIntent,
  unavailableOf,
} from '../release/rolling';
import type { ScalingModel } from './component-model';
import { fewestReplicas } from './replica-counts';
import type { Warning } from './warning';

/** Below it a third of the replicas is none, or leaves none. */
const FEWEST_THIRDS = 3;

/** `floor(n x 34 %)` is `floor(n / 3)` for n from 3 to 49; 33 % of 6 would be 1. */
const THIRD_PERCENT = 34;

/** What holds for all components of a deployment that state nothing themselves. */
export interface DeploymentRolling {
  /** The property that says it. */
  readonly property: string;
  readonly intent: RollingIntent;
}

/** What decides over how a component is rolled out. */
export interface RollingContext {
  /** The property of the component that says it. */
  readonly property: string;
  readonly bentoService: string;
  readonly scaling: ScalingModel;
  /** Whether two of its pods must never serve side by side. */
  readonly exclusive: boolean;
  readonly startupSeconds: number;
  /** What a replica takes at the most until it is ready: its start, and what comes before. */
  readonly readySeconds: number;
  readonly warnings: Warning[];
}

/** How the replicas of a component are replaced, and after how long without a step that has failed. */
export interface ResolvedRolling {
  readonly rolling: RollingModel;
  readonly progressDeadlineSeconds: number;
}

/** Fills in every default, and refuses what would leave nobody serving. */
export function resolveRolling(
  own: RollingOptions | undefined,
  ofDeployment: DeploymentRolling | undefined,
  context: RollingContext,
): ResolvedRolling {
  const { property } = context;
  const stated: DeploymentRolling = { property, intent: rollingIntent(property, own ?? {}) };
  const from = (key: keyof RollingIntent): DeploymentRolling =>
    stated.intent[key] === undefined && ofDeployment !== undefined ? ofDeployment : stated;
  const minReadySeconds = from('minReadySeconds').intent.minReadySeconds ?? DEFAULT_ROLLING.minReadySeconds;
  return {
    rolling: {
      strategy: resolveStrategy(from('strategy'), context),
      minReadySeconds,
      revisionHistory: from('revisionHistory').intent.revisionHistory ?? DEFAULT_ROLLING.revisionHistory,
    },
    progressDeadlineSeconds: resolveDeadline(from('progressDeadlineSeconds'), minReadySeconds, context),
  };
}

/** That a replica gets ready is a step forward, and that it counts another: the longer of the two must fit. */
function resolveDeadline(
  { property, intent }: DeploymentRolling,
  minReadySeconds: number,
  { startupSeconds, readySeconds }: RollingContext,
): number {
  const seconds = intent.progressDeadlineSeconds;
  if (seconds === undefined) return readySeconds + minReadySeconds;
  const least = Math.max(startupSeconds, minReadySeconds);
  if (seconds > least) return seconds;
  const what = startupSeconds >= minReadySeconds ? 'what a replica may take to start' : '`minReady`';
  throw errors.outOfRange(
    `${property}.progressDeadline`,
    `above ${least} s, ${what}`,
    seconds,
    'a good roll-out would be reported as failed: raise it, or leave it out',
  );
}

function resolveStrategy({ property, intent }: DeploymentRolling, context: RollingContext): RolloutStrategy {
  const stated = intent.strategy;
  if (context.exclusive) {
    // A default of the deployment is for those of its components that can have it.
    const recreates = stated === undefined || (stated.kind === 'preset' && stated.preset === RollingPreset.RECREATE);
    if (!recreates && property === context.property) throw errors.taskRolling(property, context.bentoService);
    return { kind: 'recreate' };
  }
  if (stated === undefined) return DEFAULT_ROLLING.strategy;
  const strategy = stated.kind === 'preset' ? presetStrategy(stated.preset, context.scaling) : stated;
  if (strategy.kind === 'rolling') requireServing(strategy, property, stated, context);
  return strategy;
}

function presetStrategy(preset: RollingPreset, scaling: ScalingModel): RolloutStrategy {
  switch (preset) {
    case RollingPreset.ROLLING_UPDATE:
      return bounds(percent(25), percent(25));
    case RollingPreset.RECREATE:
      return { kind: 'recreate' };
    case RollingPreset.RAMPED_SLOW_ROLLOUT:
      return ONE_MORE;
    case RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT:
      return bestEffort();
    case RollingPreset.THIRDS:
      return thirds(scaling);
  }
}

/** None added while a fifth is missing, at least one. */
export function bestEffort(): RollingBounds {
  return bounds(replicas(0), percent(20));
}

function thirds(scaling: ScalingModel): RolloutStrategy {
  if (scaling.kind === 'fixed') {
    if (scaling.replicas < FEWEST_THIRDS) return ONE_MORE;
    return bounds(replicas(0), replicas(Math.floor(scaling.replicas / 3)));
  }
  // Of one or two replicas 34 percent are none: one more takes their place.
  return bounds(replicas((fewestReplicas(scaling) ?? 1) < FEWEST_THIRDS ? 1 : 0), percent(THIRD_PERCENT));
}

/** What is missing grows no faster than the replicas: where one is left of the fewest, one is left of any. */
function requireServing(
  strategy: RollingBounds,
  property: string,
  stated: StrategyIntent,
  { scaling, bentoService, warnings }: RollingContext,
): void {
  const fewest = fewestReplicas(scaling);
  const name = stated.kind === 'preset' ? `${property}.preset` : `${property}.maxUnavailable`;
  if (fewest !== undefined) {
    if (unavailableOf(strategy, fewest) < fewest) return;
    throw errors.rolloutOutage(name, bentoService, fewest, leastServing(strategy));
  }
  if (unavailableOf(strategy, 1) === 0) return;
  warnings.push({
    id: 'UnmanagedRollout',
    text: `'${name}' may leave ${bentoService} without a replica for the whole start of a new one where its scaler has just one: its minimum must be above what may be missing`,
  });
}

/** With how many replicas one is left; undefined where all may be missing. */
function leastServing(strategy: RollingBounds): number | undefined {
  const { maxUnavailable } = strategy;
  const least = maxUnavailable.kind === 'replicas' ? maxUnavailable.replicas + 1 : 2;
  return unavailableOf(strategy, least) < least ? least : undefined;
}

function bounds(maxSurge: ReplicaShareModel, maxUnavailable: ReplicaShareModel): RollingBounds {
  return { kind: 'rolling', maxSurge, maxUnavailable };
}

function replicas(count: number): ReplicaShareModel {
  return { kind: 'replicas', replicas: count };
}

function percent(share: number): ReplicaShareModel {
  return { kind: 'percent', percent: share };
}
