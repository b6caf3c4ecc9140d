import type { KubernetesVersion } from '../cluster/kubernetes-version';
import { errors } from '../internal/errors';
import type { Scaling } from '../scaling/scaling';
import { PolicySelect, type ScalingBehaviorModel } from '../scaling/scaling-behavior';
import type { ScalingMetricModel } from '../scaling/scaling-metric';
import type { SizeModel } from '../sizing/instance-size';
import type { ScalingModel } from './component-model';
import type { Warning } from './warning';

const DEFAULT_MIN_REPLICAS = 2;
const DEFAULT_MAX_REPLICAS = 10;
const DEFAULT_METRICS: readonly ScalingMetricModel[] = [{ kind: 'resource', resource: 'cpu', percent: 70 }];

/** What a GPU node takes to arrive: faster asks for pods that only wait. */
const NODE_ARRIVAL_SECONDS = 180;

const GPU_BEHAVIOR: ScalingBehaviorModel = {
  scaleUp: {
    selectPolicy: PolicySelect.MAX,
    policies: [
      { kind: 'Percent', value: 100, periodSeconds: NODE_ARRIVAL_SECONDS },
      { kind: 'Pods', value: 1, periodSeconds: NODE_ARRIVAL_SECONDS },
    ],
  },
  scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: PolicySelect.MAX, policies: [] },
};

/** What decides over defaults of scaling. */
export interface ScalingContext {
  readonly property: string;
  readonly bentoService: string;
  readonly size: SizeModel;
  readonly hasTasks: boolean;
  readonly terminated: boolean;
  readonly kubernetes: KubernetesVersion;
  readonly warnings: Warning[];
}

/** Fills in every default, and refuses what cannot work. */
export function resolveScaling(scaling: Scaling | undefined, context: ScalingContext): ScalingModel {
  const { property, size, hasTasks } = context;
  const intent = scaling?._model;
  if (hasTasks) {
    const one = intent?.kind === 'fixed' ? intent.replicas === 1 : intent === undefined;
    if (!one) throw errors.taskReplicas(context.bentoService, property);
    warnSingle(context);
    return { kind: 'fixed', replicas: 1 };
  }
  if (intent === undefined && size.gpu !== undefined) throw errors.missingScaling(property, gpuText(size.gpu));
  if (intent !== undefined && intent.kind !== 'auto') {
    if (intent.kind === 'fixed' && intent.replicas === 1) warnSingle(context);
    return intent;
  }
  return resolveAuto(intent ?? { kind: 'auto', maxReplicas: DEFAULT_MAX_REPLICAS }, context);
}

function resolveAuto(intent: Extract<Scaling['_model'], { kind: 'auto' }>, context: ScalingContext): ScalingModel {
  const { property, size, kubernetes, warnings } = context;
  const gpu = size.gpu !== undefined;
  if (intent.metrics === undefined && gpu) throw errors.missingMetrics(`${property}.metrics`);
  const metrics = intent.metrics ?? DEFAULT_METRICS;
  for (const metric of metrics) {
    if (metric.kind !== 'resource') continue;
    const requested = metric.resource === 'cpu' ? size.cpuCores : size.memoryBytes;
    if (requested === undefined) throw errors.metricWithoutRequest(`${property}.metrics`, metric.resource);
    if (gpu && metric.resource === 'cpu') {
      warnings.push({
        id: 'CpuMetricOnGpu',
        text: `'${property}' scales a GPU component on CPU, which says little about its load`,
      });
    }
  }
  const { behavior = gpu ? GPU_BEHAVIOR : undefined } = intent;
  for (const direction of ['scaleUp', 'scaleDown'] as const) {
    if (behavior?.[direction]?.tolerance !== undefined) {
      kubernetes.require(`${property}.behavior.${direction}.tolerance`, 'hpaTolerance', 'leave it out for 0.1');
    }
  }
  const minReplicas = intent.minReplicas ?? Math.min(intent.maxReplicas, gpu ? 1 : DEFAULT_MIN_REPLICAS);
  if (minReplicas === 1) warnSingle(context);
  return { kind: 'auto', minReplicas, maxReplicas: intent.maxReplicas, metrics, behavior };
}

function warnSingle({ property, terminated, warnings }: ScalingContext): void {
  if (terminated) return;
  warnings.push({
    id: 'SingleReplica',
    text: `'${property}' lets it run with one replica: the loss or drain of its node is an outage for the time of a start; state 2, or acknowledge it`,
  });
}

function gpuText(gpu: NonNullable<SizeModel['gpu']>): string {
  return gpu.count === 1 ? `one ${gpu.name}` : `${gpu.count} ${gpu.name}`;
}
