import type { BentoServiceModel } from '../bento/bento-model';
import type { ClusterModel } from '../cluster/cluster-profile';
import { requireInteger, requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { metricIdentity, requireDistinct, type ScalingMetricModel } from '../scaling/metric-model';
import type { ScalingBehaviorModel } from '../scaling/scaling-behavior';
import type { RequestTarget } from './component-model';
import type { FunctionEngineModel, FunctionModel } from './function-model';
import type { FunctionScalingOptions } from './function-options';
import { ENGINE_NAMES } from './resolve-scaling';

const DEFAULT_IDLE_SECONDS = 300;

/** The first version of the add-on that bounds what waits. */
const BOUNDED_ADD_ON = '0.16';

/** What an engine can do for a function; what it cannot is an error that names those that can. */
export interface FunctionSupport {
  readonly holdsAtColdStart: boolean;
  readonly holdsAtOverload: boolean;
  readonly sleepingPools: boolean;
  readonly bothTargets: boolean;
  readonly behavior: boolean;
  readonly placeholder: boolean;
  readonly metrics: readonly ScalingMetricModel['kind'][];
  readonly maxIdleSeconds: number;
  /** Parts of releases, beside Release.rolling() without options, which all have. */
  readonly releases: readonly FunctionRelease[];
}

/** What a release may ask of the engine of a function. */
export type FunctionRelease = 'rollingOptions' | 'recreate' | 'weights' | 'matches';

/** The support table. */
export const FUNCTION_SUPPORT: { readonly [engine in FunctionEngineModel]: FunctionSupport } = {
  'keda-http': {
    holdsAtColdStart: true,
    holdsAtOverload: false,
    sleepingPools: true,
    bothTargets: true,
    behavior: true,
    placeholder: true,
    metrics: ['schedule', 'prometheus', 'keda', 'resource'],
    maxIdleSeconds: 86_400,
    releases: ['rollingOptions', 'recreate', 'weights', 'matches'],
  },
  knative: {
    holdsAtColdStart: true,
    holdsAtOverload: true,
    sleepingPools: false,
    bothTargets: false,
    behavior: false,
    placeholder: false,
    metrics: [],
    maxIdleSeconds: 3600,
    releases: ['weights'],
  },
  hpa: {
    holdsAtColdStart: false,
    holdsAtOverload: false,
    sleepingPools: false,
    bothTargets: false,
    behavior: true,
    placeholder: false,
    metrics: ['external', 'object', 'resource'],
    maxIdleSeconds: 3600,
    releases: ['rollingOptions', 'recreate'],
  },
};

/** What a function has to know beside its options. */
export interface FunctionContext {
  readonly name: string;
  readonly namespace?: string;
  readonly entry: BentoServiceModel;
  readonly cluster: ClusterModel;
}

/** The function with every default filled in that does not depend on its components, and its engine asked. */
export function resolveFunctionOptions(options: FunctionScalingOptions, context: FunctionContext): FunctionModel {
  const { maxReplicas, minReplicas = 0 } = options;
  requireInteger('maxReplicas', maxReplicas, 1);
  requireInteger('minReplicas', minReplicas, 0);
  if (minReplicas > maxReplicas) throw errors.minOverMax(minReplicas, maxReplicas);
  const engine = chooseEngine(options, minReplicas, context);
  return {
    name: context.name,
    engine,
    minReplicas,
    maxReplicas,
    target: target(options, engine, context),
    idleSeconds: idleSeconds(options, engine),
    metrics: metrics(options, engine),
    behavior: behavior(options, engine),
    hold: hold(options, engine, context),
  };
}

function chooseEngine(
  { engine }: FunctionScalingOptions,
  minReplicas: number,
  { cluster, namespace }: FunctionContext,
): FunctionEngineModel {
  const kind = engine?._kind ?? (cluster.kedaHttpAddOn !== undefined ? 'keda-http' : 'knative');
  if (engine === undefined && kind === 'knative' && cluster.knative === undefined) throw errors.noFunctionEngine();
  const needs = { 'keda-http': cluster.kedaHttpAddOn, knative: cluster.knative, hpa: cluster.kubernetes }[kind];
  if (needs === undefined) {
    const entry = kind === 'keda-http' ? 'kedaHttpAddOn' : 'knative';
    throw errors.clusterLacks('engine', entry, 'state it, or leave `engine` out for what the cluster has');
  }
  if (kind === 'hpa' && minReplicas === 0) {
    cluster.kubernetes.require('minReplicas', 'hpaScaleToZero', 'state 1, or use the KEDA HTTP add-on or Knative');
  }
  if (kind !== 'hpa' && namespace === undefined) {
    const door = kind === 'knative' ? "Knative's ingress" : 'the interceptor';
    throw errors.namespaceNeeded('engine', `${door} tells functions apart by names that hold it`);
  }
  return kind;
}

function target(
  options: FunctionScalingOptions,
  engine: FunctionEngineModel,
  { entry }: FunctionContext,
): RequestTarget {
  const { targetConcurrency, targetRequestRate } = options;
  if (targetConcurrency !== undefined) requireInteger('targetConcurrency', targetConcurrency, 1);
  if (targetRequestRate !== undefined) requireInteger('targetRequestRate', targetRequestRate, 1);
  if (engine === 'hpa') {
    const stated = targetConcurrency === undefined ? 'targetRequestRate' : 'targetConcurrency';
    if (targetConcurrency !== undefined || targetRequestRate !== undefined) {
      throw notBy(stated, engine, 'it counts no requests', 'state `metrics`, or use the KEDA HTTP add-on or Knative');
    }
    return {};
  }
  if (targetConcurrency !== undefined && targetRequestRate !== undefined && !FUNCTION_SUPPORT[engine].bothTargets) {
    throw notBy(
      'targetRequestRate',
      engine,
      'it follows one target',
      'state one of the two, or use the KEDA HTTP add-on',
    );
  }
  if (targetRequestRate !== undefined) {
    return {
      requestRate: targetRequestRate,
      ...(targetConcurrency !== undefined && { concurrency: targetConcurrency }),
    };
  }
  const concurrency = targetConcurrency ?? entry.targetConcurrency;
  if (concurrency === undefined) {
    throw errors.missingOption(
      'targetConcurrency',
      `for ${entry.name}, whose code states no traffic.concurrency`,
      'state how many requests a replica should have at the same time, or `targetRequestRate`',
    );
  }
  return { concurrency };
}

function idleSeconds({ idleTimeout }: FunctionScalingOptions, engine: FunctionEngineModel): number {
  if (idleTimeout === undefined) return DEFAULT_IDLE_SECONDS;
  const longest = Math.max(...Object.values(FUNCTION_SUPPORT).map(({ maxIdleSeconds }) => maxIdleSeconds));
  const seconds = requireSeconds('idleTimeout', idleTimeout, 10, longest);
  const { maxIdleSeconds } = FUNCTION_SUPPORT[engine];
  if (seconds > maxIdleSeconds) {
    throw errors.outOfRange(
      'idleTimeout',
      `at most ${maxIdleSeconds} s for a function by ${ENGINE_NAMES[engine]}`,
      seconds,
      enginesWhere((support) => support.maxIdleSeconds >= seconds),
    );
  }
  return seconds;
}

function metrics({ metrics: stated }: FunctionScalingOptions, engine: FunctionEngineModel): ScalingMetricModel[] {
  const models = (stated ?? []).map(({ _model }) => _model);
  requireDistinct(models);
  const known = FUNCTION_SUPPORT[engine].metrics;
  for (const model of models) {
    const what = metricIdentity(model);
    if (['measured', 'ratio', 'pods'].includes(model.kind)) {
      throw errors.metricVanishesAtZero(
        'metrics',
        what,
        'leave it out: requests wake a function; or state `prometheus` about what stays',
      );
    }
    if (!known.includes(model.kind)) {
      const engines = enginesWhere(({ metrics: kinds }) => kinds.includes(model.kind));
      throw notBy(
        `metrics (${what})`,
        engine,
        known.length === 0 ? 'it follows requests alone' : 'it cannot carry it',
        engines,
      );
    }
  }
  if (engine === 'hpa' && !models.some(({ kind }) => kind === 'external' || kind === 'object')) {
    throw errors.missingOption(
      'metrics',
      'for a function by the HorizontalPodAutoscaler, which wakes it by them',
      'state ScalingMetric.external() or ofObject(), about something that is there without it',
    );
  }
  return models;
}

function behavior(options: FunctionScalingOptions, engine: FunctionEngineModel): ScalingBehaviorModel | undefined {
  const stated = options.behavior?._model;
  if (stated !== undefined && !FUNCTION_SUPPORT[engine].behavior) {
    throw notBy(
      'behavior',
      engine,
      'it has rules of its own',
      enginesWhere((support) => support.behavior),
    );
  }
  if (engine === 'hpa' && stated?.scaleDown !== undefined && options.idleTimeout !== undefined) {
    throw errors.conflictingOptions(
      'idleTimeout',
      'behavior.scaleDown',
      'for the HorizontalPodAutoscaler they are one',
    );
  }
  return stated;
}

function hold(
  { coldStart = {} }: FunctionScalingOptions,
  engine: FunctionEngineModel,
  { cluster }: FunctionContext,
): FunctionModel['hold'] {
  const { timeout, maxPending, overflow } = coldStart;
  const stated = (['timeout', 'maxPending', 'overflow'] as const).find((key) => coldStart[key] !== undefined);
  if (stated !== undefined && !FUNCTION_SUPPORT[engine].holdsAtColdStart) {
    throw notBy(
      `coldStart.${stated}`,
      engine,
      'nothing holds requests while nothing runs',
      enginesWhere((support) => support.holdsAtColdStart),
    );
  }
  const timeoutSeconds = timeout && requireSeconds('coldStart.timeout', timeout, 1, 3600);
  if (maxPending !== undefined) {
    requireInteger('coldStart.maxPending', maxPending, 1);
    if (engine === 'knative') {
      throw notBy(
        'coldStart.maxPending',
        engine,
        'its activator holds 10,000 requests of a function, which is fixed',
        'leave it out, or use the KEDA HTTP add-on 0.16',
      );
    }
    const { version } = cluster.kedaHttpAddOn!;
    if (!version.isAtLeast(BOUNDED_ADD_ON)) {
      throw errors.needsVersion(
        'coldStart.maxPending',
        'the KEDA HTTP add-on',
        BOUNDED_ADD_ON,
        version.text,
        'leave it out, or use FunctionEngine.knative(), which holds at most 10,000 requests',
      );
    }
  }
  const model = overflow?._model ?? { kind: 'reject' as const };
  if (model.kind !== 'reject' && !FUNCTION_SUPPORT[engine].placeholder) {
    throw notBy(
      'coldStart.overflow',
      engine,
      'it answers 503',
      enginesWhere((support) => support.placeholder),
    );
  }
  return { timeoutSeconds, maxPending, overflow: model };
}

/** What an engine cannot do. */
export function notBy(property: string, engine: FunctionEngineModel, why: string, remedy: string): Error {
  return errors.notByEngine(property, `a function by ${ENGINE_NAMES[engine]}`, why, remedy);
}

/** Engines that can, as a remedy. */
export function enginesWhere(can: (support: FunctionSupport) => boolean): string {
  const names = (Object.keys(FUNCTION_SUPPORT) as FunctionEngineModel[])
    .filter((engine) => can(FUNCTION_SUPPORT[engine]))
    .map((engine) => ENGINE_NAMES[engine]);
  return names.length === 0 ? 'no engine can' : `use ${names.join(' or ')}`;
}
