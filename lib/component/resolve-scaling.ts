import { errors } from '../internal/errors';
import type { ScalingMetricModel } from '../scaling/metric-model';
import type { Scaling } from '../scaling/scaling';
import { PolicySelect, type ScalingBehaviorModel, type ScalingRulesModel } from '../scaling/scaling-behavior';
import type { SizeModel } from '../sizing/instance-size';
import type { ScalingModel } from './component-model';
import type { FunctionModel } from './function-model';
import { type MetricContext, needsKeda, resolveMetrics } from './resolve-metrics';

const DEFAULT_MIN_REPLICAS = 2;
const DEFAULT_MAX_REPLICAS = 10;
const CPU: ScalingMetricModel = { kind: 'resource', resource: 'cpu', percent: 70 };

/** What a GPU node takes to arrive: faster asks for pods that only wait. */
export const NODE_ARRIVAL_SECONDS = 180;

/** Up no faster than nodes come, as far as the API can say it. */
function gpuBehavior(nodeSeconds: number): ScalingBehaviorModel {
  const periodSeconds = Math.min(1800, Math.max(15, nodeSeconds));
  return {
    scaleUp: {
      selectPolicy: PolicySelect.MAX,
      policies: [
        { kind: 'Percent', value: 100, periodSeconds },
        { kind: 'Pods', value: 1, periodSeconds },
      ],
    },
    scaleDown: { stabilizationWindowSeconds: 300, selectPolicy: PolicySelect.MAX, policies: [] },
  };
}

/** How much longer than its function a pool stays: a request that comes late finds it still there. */
const POOL_IDLE_MARGIN_SECONDS = 60;

/** What decides over defaults of scaling. */
export interface ScalingContext extends Omit<MetricContext, 'property'> {
  /** The property that holds the scaling. */
  readonly property: string;
  readonly terminated: boolean;
  /** The function that it is of; undefined in an online service. */
  readonly function?: FunctionModel;
  /** Whether it takes the function's requests itself. */
  readonly isRoot: boolean;
  /** What a node takes to arrive. */
  readonly nodeSeconds: number;
}

type AutoIntent = Extract<Scaling['_model'], { kind: 'auto' }>;

/** Fills in every default, and refuses what cannot work. */
export function resolveScaling(scaling: Scaling | undefined, context: ScalingContext): ScalingModel {
  const { property, size, service } = context;
  const intent = scaling?._model;
  if (context.function !== undefined && context.isRoot) return resolveFunction(context.function, context);
  if (intent?.kind === 'with-function' && context.function === undefined) throw errors.noFunction(property);
  if (service.hasTasks) {
    const one = intent?.kind === 'fixed' ? intent.replicas === 1 : intent === undefined;
    if (!one) throw errors.taskReplicas(service.name, property);
    warnSingle(context);
    return { kind: 'fixed', replicas: 1 };
  }
  if (intent?.kind === 'with-function') return resolveWithFunction(intent, context);
  if (intent === undefined && size.gpu !== undefined) {
    const sleeps = context.function?.engine === 'keda-http';
    throw errors.missingScaling(
      property,
      gpuText(size.gpu),
      sleeps ? 'Scaling.withFunction({ maxReplicas })' : undefined,
    );
  }
  if (intent === undefined && context.function?.engine === 'keda-http') {
    return resolveWithFunction({ kind: 'with-function', maxReplicas: context.function.maxReplicas }, context);
  }
  if (intent !== undefined && intent.kind !== 'auto') {
    if (intent.kind === 'fixed' && intent.replicas === 1) warnSingle(context);
    return intent;
  }
  return resolveAuto(intent ?? { kind: 'auto', maxReplicas: DEFAULT_MAX_REPLICAS }, context);
}

function resolveAuto(intent: AutoIntent, context: ScalingContext): ScalingModel {
  const gpu = context.size.gpu !== undefined;
  const property = `${context.property}.metrics`;
  const metrics = resolveMetrics(intent.metrics ?? defaultMetrics(context, property), { ...context, property });
  requireScheduled(metrics, intent.maxReplicas, property);
  const behavior = resolveBehavior(intent.behavior, context);
  const minReplicas = intent.minReplicas ?? Math.min(intent.maxReplicas, gpu ? 1 : DEFAULT_MIN_REPLICAS);
  if (minReplicas === 1) warnSingle(context);
  requireUsefulFallback(intent, metrics, context);
  return {
    kind: 'auto',
    minReplicas,
    maxReplicas: intent.maxReplicas,
    metrics,
    behavior,
    fallbackReplicas: intent.fallbackReplicas ?? minReplicas,
  };
}

/** What the Bento's author aims at, where the cluster can measure it. */
function defaultMetrics({ service, cluster, size, identity }: ScalingContext, property: string): ScalingMetricModel[] {
  const { targetConcurrency } = service;
  const measurable =
    cluster.keda !== undefined &&
    cluster.prometheus?.address !== undefined &&
    service.metricsEnabled &&
    identity.namespace !== undefined;
  if (targetConcurrency !== undefined && measurable) {
    return [{ kind: 'measured', measure: { kind: 'concurrency', perReplica: targetConcurrency }, source: 'self' }];
  }
  if (size.gpu !== undefined) throw errors.missingMetrics(property);
  return [CPU];
}

function resolveBehavior(
  stated: ScalingBehaviorModel | undefined,
  context: ScalingContext,
): ScalingBehaviorModel | undefined {
  const { size, cluster, nodeSeconds, warnings } = context;
  const property = context.function !== undefined && context.isRoot ? 'behavior' : `${context.property}.behavior`;
  if (stated !== undefined && size.gpu !== undefined && period(stated.scaleUp) < nodeSeconds) {
    warnings.push({
      id: 'ScaleUpFasterThanNodes',
      text: `'${property}' adds replicas each ${period(stated.scaleUp)} s, and a node with a GPU takes ${nodeSeconds} s to arrive: more is asked for than is needed; state longer periods, or what a node takes in startup.nodeStart`,
    });
  }
  const behavior = stated ?? (size.gpu === undefined ? undefined : gpuBehavior(nodeSeconds));
  for (const direction of ['scaleUp', 'scaleDown'] as const) {
    if (behavior?.[direction]?.tolerance !== undefined) {
      cluster.kubernetes.require(`${property}.${direction}.tolerance`, 'hpaTolerance', 'leave it out for 0.1');
    }
  }
  return behavior;
}

/** What a schedule asks for in vain would show only at its hour. */
function requireScheduled(metrics: readonly ScalingMetricModel[], maxReplicas: number, property: string): void {
  for (const metric of metrics) {
    if (metric.kind !== 'schedule' || metric.replicas <= maxReplicas) continue;
    throw errors.outOfRange(`${property} (schedule)`, `at most maxReplicas (${maxReplicas})`, metric.replicas);
  }
}

/** How soon replicas may come again; Kubernetes' own rule is 15 seconds. */
function period(rules: ScalingRulesModel | undefined): number {
  if (rules?.selectPolicy === 'Disabled') return Number.POSITIVE_INFINITY;
  if (rules === undefined || rules.policies.length === 0) return 15;
  return Math.min(...rules.policies.map(({ periodSeconds }) => periodSeconds));
}

function requireUsefulFallback(
  { fallbackReplicas }: AutoIntent,
  metrics: readonly ScalingMetricModel[],
  { property }: ScalingContext,
): void {
  if (fallbackReplicas === undefined || metrics.some(canFail)) return;
  throw errors.invalidMetric(
    `${property}.fallbackReplicas`,
    'stated with a metric of KEDA that can fail',
    'none',
    "leave it out: Kubernetes' own autoscaler keeps what runs while a metric cannot be read",
  );
}

/** Whether KEDA asks someone for it who may be down. */
export function canFail(metric: ScalingMetricModel): boolean {
  return needsKeda(metric) && metric.kind !== 'schedule' && metric.kind !== 'ratio';
}

function resolveFunction(model: FunctionModel, context: ScalingContext): ScalingModel {
  if (context.service.hasTasks) throw errors.taskFunction(context.service.name);
  requireScheduled(model.metrics, model.maxReplicas, 'metrics');
  const metrics = resolveMetrics(model.metrics, { ...context, property: 'metrics' });
  const behavior = resolveBehavior(model.behavior, context);
  const { minReplicas, maxReplicas } = model;
  if (model.engine === 'hpa') {
    const idle = { stabilizationWindowSeconds: model.idleSeconds, selectPolicy: PolicySelect.MAX, policies: [] };
    return {
      kind: 'auto',
      minReplicas,
      maxReplicas,
      metrics,
      behavior: { ...behavior, scaleDown: model.behavior?.scaleDown ?? idle },
      fallbackReplicas: Math.max(1, minReplicas),
    };
  }
  return {
    kind: 'on-demand',
    engine: model.engine,
    functionName: model.name,
    minReplicas,
    maxReplicas,
    target: model.target,
    idleSeconds: model.idleSeconds,
    metrics,
    behavior,
  };
}

function resolveWithFunction(
  intent: Extract<Scaling['_model'], { kind: 'with-function' }>,
  context: ScalingContext,
): ScalingModel {
  const { property } = context;
  const model = context.function!;
  if (model.engine !== 'keda-http') {
    throw errors.notByEngine(
      property,
      `a function by ${ENGINE_NAMES[model.engine]}`,
      model.engine === 'knative'
        ? 'what wakes a pool would be reached by everyone, and a pool unpickles what it is sent'
        : 'nothing holds a request until the pool is there',
      'use FunctionEngine.kedaHttp(), or state Scaling.replicas() or auto(), which never sleep',
    );
  }
  return {
    kind: 'on-demand',
    engine: 'keda-http',
    functionName: model.name,
    minReplicas: Math.min(model.minReplicas, intent.maxReplicas),
    maxReplicas: intent.maxReplicas,
    target: model.target,
    idleSeconds: model.idleSeconds + POOL_IDLE_MARGIN_SECONDS,
    // What wakes the function wakes its pools.
    metrics: model.metrics.filter(({ kind }) => kind !== 'resource'),
    behavior: resolveBehavior(intent.behavior, context),
  };
}

/** As users call them. */
export const ENGINE_NAMES = {
  'keda-http': 'the KEDA HTTP add-on',
  knative: 'Knative',
  hpa: 'the HorizontalPodAutoscaler',
} as const;

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
