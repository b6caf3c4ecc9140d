import type { ScalingMetricModel } from '../scaling/metric-model';
import type { ScalingBehaviorModel } from '../scaling/scaling-behavior';
import type { HoldModel, RequestTarget } from './component-model';

/** A function as the user said it, with every default that depends on nothing else filled in. */
export interface FunctionModel {
  readonly name: string;
  readonly engine: FunctionEngineModel;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly target: RequestTarget;
  readonly idleSeconds: number;
  readonly metrics: readonly ScalingMetricModel[];
  readonly behavior?: ScalingBehaviorModel;
  /** The wait is computed where none is stated. */
  readonly hold: Omit<HoldModel, 'timeoutSeconds'> & { readonly timeoutSeconds?: number };
}

/** What carries a function. */
export type FunctionEngineModel = 'keda-http' | 'knative' | 'hpa';
