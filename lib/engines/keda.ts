import type { ClusterModel } from '../cluster/cluster-profile';
import type { PrometheusModel } from '../cluster/prometheus';
import type {
  ComponentModel,
  LeadingApiServer,
  OnDemandModel,
  ScalingModel,
  SeriesModel,
} from '../component/component-model';
import { SERVER_CONTAINER } from '../component/pod-container';
import { canFail } from '../component/resolve-scaling';
import { sortedEntries, sortedMap } from '../internal/names';
import type { MeasureModel, ScalingMetricModel } from '../scaling/metric-model';
import { MetricType } from '../scaling/metric-options';
import type { ScaleTargetModel } from './hpa';
import { hpaBehavior } from './hpa';
import { concurrencyQuery, gpuUtilizationQuery, latencyQuery, queueLengthQuery, requestRateQuery } from './promql';
import { unlessEmpty } from './unless-empty';

/** A ScaledObject of KEDA, as far as it is used. */
export interface ScaledObjectSpec {
  readonly advanced: { readonly horizontalPodAutoscalerConfig: { readonly behavior?: unknown; readonly name: string } };
  readonly cooldownPeriod?: number;
  readonly fallback?: { readonly behavior: string; readonly failureThreshold: number; readonly replicas: number };
  readonly maxReplicaCount: number;
  readonly minReplicaCount: number;
  readonly scaleTargetRef: ScaleTargetModel;
  readonly triggers: readonly Trigger[];
}

/** What KEDA looks at. */
export interface Trigger {
  readonly type: string;
  readonly name?: string;
  readonly metricType?: string;
  readonly metadata: { readonly [key: string]: string };
  readonly authenticationRef?: { readonly kind?: string; readonly name: string };
}

/** How often a metric may fail in a row before the fallback holds. */
const FAILURES = 3;

type Scaled = Extract<ScalingModel, { kind: 'auto' | 'on-demand' }>;

/** The `spec` of a `keda.sh/v1alpha1` ScaledObject. */
export function scaledObjectSpec(target: ScaleTargetModel, model: ComponentModel, name: string): ScaledObjectSpec {
  const scaling = model.scaling as Scaled;
  const triggers = [
    ...(scaling.kind === 'on-demand' ? [requestsTrigger(scaling, model.cluster)] : []),
    ...scaling.metrics.map((metric) => trigger(metric, model)),
  ];
  return {
    // Under the name that a HorizontalPodAutoscaler of our own has: KEDA takes that one over.
    advanced: { horizontalPodAutoscalerConfig: { behavior: hpaBehavior(scaling.behavior), name } },
    // KEDA decides over zero alone: what never sleeps follows the behavior of its autoscaler.
    ...(scaling.kind === 'on-demand' && scaling.minReplicas === 0 && { cooldownPeriod: scaling.idleSeconds }),
    ...fallback(scaling),
    maxReplicaCount: scaling.maxReplicas,
    minReplicaCount: scaling.minReplicas,
    scaleTargetRef: { ...target },
    triggers,
  };
}

/**
 * What runs goes on while nobody knows what is needed. What sleeps wakes: requests may be waiting, and a source that hangs
 * would count as idle without it.
 */
function fallback(scaling: Scaled): Pick<ScaledObjectSpec, 'fallback'> {
  if (scaling.kind === 'auto' && !scaling.metrics.some(canFail)) return {};
  const replicas = scaling.kind === 'auto' ? scaling.fallbackReplicas : Math.max(1, scaling.minReplicas);
  return { fallback: { behavior: 'currentReplicasIfHigher', failureThreshold: FAILURES, replicas } };
}

/** Annotations of a ScaledObject: what it takes over, and whether it is stopped. */
export function scaledObjectAnnotations({ terminated }: ComponentModel): { [key: string]: string } {
  return {
    ...(terminated && { 'autoscaling.keda.sh/paused-replicas': '0' }),
    'scaledobject.keda.sh/transfer-hpa-ownership': 'true',
  };
}

/** The name of the TriggerAuthentication by which components of an owner sign in at Prometheus. */
export function prometheusAuthenticationName(owner: string): string {
  return `${owner}-prometheus`;
}

/** The `spec` of a `keda.sh/v1alpha1` TriggerAuthentication; undefined where none is needed, or one exists. */
export function triggerAuthenticationSpec({ prometheus }: ClusterModel): object | undefined {
  const authentication = prometheus?.authentication;
  switch (authentication?.kind) {
    case 'secrets':
      return {
        secretTargetRef: authentication.parameters.map(([parameter, name, key]) => ({ key, name, parameter })),
      };
    case 'aws':
      return { podIdentity: { provider: 'aws' } };
    default:
      return undefined;
  }
}

/** Whether KEDA asks Prometheus for one of them. */
export function asksPrometheus({ scaling }: ComponentModel): boolean {
  const metrics = scaling.kind === 'auto' || scaling.kind === 'on-demand' ? scaling.metrics : [];
  return metrics.some(({ kind }) => kind === 'measured' || kind === 'prometheus');
}

/** The requests of a function, those that wait included, as the interceptor of the HTTP add-on counts them. */
function requestsTrigger({ functionName }: OnDemandModel, { kedaHttpAddOn }: ClusterModel): Trigger {
  const { scaler, namespace } = kedaHttpAddOn!;
  return {
    type: 'external-push',
    name: 'requests',
    metadata: { interceptorRoute: functionName, scalerAddress: `${scaler.service}.${namespace}:${scaler.port}` },
  };
}

function trigger(metric: ScalingMetricModel, model: ComponentModel): Trigger {
  switch (metric.kind) {
    case 'resource':
      return {
        type: metric.resource,
        metricType: 'Utilization',
        metadata: { containerName: SERVER_CONTAINER, value: String(metric.percent) },
      };
    case 'schedule':
      return {
        type: 'cron',
        metadata: {
          desiredReplicas: String(metric.replicas),
          end: metric.schedule.end,
          start: metric.schedule.start,
          timezone: metric.schedule.timeZone,
        },
      };
    case 'ratio':
      return {
        type: 'kubernetes-workload',
        name: 'api-server-replicas',
        metadata: { podSelector: selectorText(model.apiServer!), value: String(metric.apiServers) },
      };
    case 'keda':
      return {
        type: metric.scaler,
        metricType: metric.metricType,
        metadata: Object.fromEntries(metric.metadata),
        ...(metric.authentication !== undefined && { authenticationRef: authenticationRef(metric.authentication) }),
      };
    case 'prometheus':
      return prometheusTrigger(model, {
        query: metric.query,
        threshold: metric.threshold,
        activationThreshold: metric.activationThreshold,
        metricType: metric.metricType,
      });
    case 'measured':
      return prometheusTrigger(model, {
        name: `${metric.source === 'self' ? '' : 'api-server-'}${measureName(metric.measure)}`,
        ...question(metric.measure, metric.source === 'self' ? model.series : model.apiServer!.series, model.cluster),
      });
    default:
      // Those of Kubernetes alone never meet KEDA: resolveMetrics refuses the mixture.
      throw new Error(`KEDA has no trigger for ${metric.kind}`);
  }
}

/** Once per ScaledObject, as metrics are. */
function measureName(measure: MeasureModel): string {
  if (measure.kind === 'request-rate' && measure.total !== undefined) return 'total-request-rate';
  if (measure.kind === 'latency' && measure.percentile !== undefined) return `latency-p${measure.percentile}`;
  return measure.kind;
}

interface Question {
  readonly name?: string;
  readonly query: string;
  readonly threshold: number;
  readonly activationThreshold?: number;
  readonly metricType: MetricType;
}

/** A total is divided by the replicas, a mean is not. */
function question(measure: MeasureModel, series: SeriesModel, cluster: ClusterModel): Question {
  const perReplica = (query: string, threshold: number): Question => ({
    query,
    threshold,
    metricType: MetricType.AVERAGE_VALUE,
  });
  const asItIs = (query: string, threshold: number): Question => ({ query, threshold, metricType: MetricType.VALUE });
  switch (measure.kind) {
    case 'concurrency':
      return perReplica(concurrencyQuery(series), measure.perReplica);
    case 'request-rate': {
      const query = requestRateQuery(series, measure.windowSeconds!);
      return measure.total === undefined ? perReplica(query, measure.perReplica!) : asItIs(query, measure.total);
    }
    case 'latency':
      return asItIs(latencyQuery(series, measure.windowSeconds!, measure.percentile), measure.targetSeconds);
    case 'queue-length':
      return perReplica(queueLengthQuery(series, measure.inService!), measure.perReplica);
    case 'gpu-utilization': {
      const labels = cluster.prometheus!.queryLabels;
      return asItIs(gpuUtilizationQuery(series, { ...cluster.dcgmExporter!, labels }), measure.percent);
    }
  }
}

function prometheusTrigger({ cluster, owner }: ComponentModel, question: Question): Trigger {
  const prometheus = cluster.prometheus!;
  const { query, threshold, activationThreshold, name, metricType } = question;
  return {
    type: 'prometheus',
    ...(name !== undefined && { name }),
    metricType,
    metadata: sortedMap({
      ...authenticationMetadata(prometheus),
      ...(activationThreshold !== undefined && { activationThreshold: String(activationThreshold) }),
      ...customHeaders(prometheus),
      // No answer is an outage, not idleness: without it KEDA would take it for 0, and scale in.
      ignoreNullValues: 'false',
      query,
      // KEDA adds a path of its own.
      serverAddress: prometheus.address!.replace(/\/+$/, ''),
      threshold: String(threshold),
    }),
    ...prometheusAuthenticationRef(prometheus, owner),
  };
}

function authenticationMetadata({ authentication }: PrometheusModel): { [key: string]: string } {
  if (authentication?.kind === 'secrets') return { authModes: authentication.mode };
  return authentication?.kind === 'aws' ? { awsRegion: authentication.region } : {};
}

function prometheusAuthenticationRef(
  { authentication }: PrometheusModel,
  owner: string,
): Pick<Trigger, 'authenticationRef'> {
  if (authentication === undefined) return {};
  if (authentication.kind === 'reference') return { authenticationRef: authenticationRef(authentication.ref) };
  return { authenticationRef: { name: prometheusAuthenticationName(owner) } };
}

function authenticationRef({ kind, name }: { kind: string; name: string }): NonNullable<Trigger['authenticationRef']> {
  return kind === 'TriggerAuthentication' ? { name } : { kind, name };
}

function customHeaders({ headers }: PrometheusModel): { [key: string]: string } | undefined {
  const list = Object.entries(headers).map(([name, value]) => `${name}=${value}`);
  return unlessEmpty(list) && { customHeaders: list.join(',') };
}

function selectorText({ selector }: LeadingApiServer): string {
  return sortedEntries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
