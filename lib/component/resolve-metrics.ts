import type { BentoServiceModel } from '../bento/bento-model';
import type { ClusterModel } from '../cluster/cluster-profile';
import type { PrometheusModel } from '../cluster/prometheus';
import { errors } from '../internal/errors';
import { type MeasureModel, metricIdentity, type ScalingMetricModel } from '../scaling/metric-model';
import type { SizeModel } from '../sizing/instance-size';
import type { IdentityModel, LeadingApiServer } from './component-model';
import type { Warning } from './warning';

/** Where BentoML's own buckets of latencies end. */
export const LAST_BUCKET_SECONDS = 180;

const SHORTEST_WINDOW_SECONDS = 60;

/** What decides whether a metric can be had. */
export interface MetricContext {
  /** The property that holds the metrics. */
  readonly property: string;
  readonly identity: IdentityModel;
  readonly service: BentoServiceModel;
  readonly size: SizeModel;
  readonly cluster: ClusterModel;
  readonly apiServer?: LeadingApiServer & {
    readonly service: BentoServiceModel;
    /** Whether it may be at zero. */
    readonly sleeps: boolean;
  };
  readonly warnings: Warning[];
}

/** Whether Kubernetes alone cannot carry it. */
export function needsKeda({ kind }: ScalingMetricModel): boolean {
  return !['resource', 'pods', 'object', 'external'].includes(kind);
}

/** Fills in what depends on the cluster and the Bento, and refuses what neither has. */
export function resolveMetrics(metrics: readonly ScalingMetricModel[], context: MetricContext): ScalingMetricModel[] {
  const { property, cluster } = context;
  const ofKeda = metrics.find(needsKeda);
  if (ofKeda !== undefined) {
    if (cluster.keda === undefined) {
      throw errors.clusterLacks(
        `${property} (${metricIdentity(ofKeda)})`,
        'keda',
        'state it, or use ScalingMetric.cpu(), pods(), ofObject() or external(), which plain Kubernetes has',
      );
    }
    const own = metrics.find(({ kind }) => ['pods', 'object', 'external'].includes(kind));
    if (own !== undefined) throw errors.mixedMetrics(property, metricIdentity(own), metricIdentity(ofKeda));
  }
  return metrics.map((metric) => resolveMetric(metric, context));
}

function resolveMetric(metric: ScalingMetricModel, context: MetricContext): ScalingMetricModel {
  const { property, size, cluster, warnings } = context;
  switch (metric.kind) {
    case 'resource': {
      const requested = metric.resource === 'cpu' ? size.cpuCores : size.memoryBytes;
      if (requested === undefined) throw errors.metricWithoutRequest(property, metric.resource);
      if (size.gpu !== undefined && metric.resource === 'cpu') {
        warnings.push({
          id: 'CpuMetricOnGpu',
          text: `'${property.replace(/\.metrics$/, '')}' scales a GPU component on CPU, which says little about its load`,
        });
      }
      return metric;
    }
    case 'external':
      if (cluster.keda !== undefined) {
        warnings.push({
          id: 'ExternalMetricBesideKeda',
          text: `'${property}' reads ${metric.metric.name} from external.metrics.k8s.io, which KEDA serves in this cluster: it knows no metrics of other adapters; use ScalingMetric.prometheus() or kedaTrigger()`,
        });
      }
      return metric;
    case 'prometheus':
      requirePrometheus(metric, context);
      return metric;
    case 'ratio':
      requireApiServer(metric, context);
      return metric;
    case 'measured':
      return { ...metric, measure: resolveMeasure(metric, context) };
    default:
      return metric;
  }
}

function resolveMeasure(
  metric: Extract<ScalingMetricModel, { kind: 'measured' }>,
  context: MetricContext,
): MeasureModel {
  const { property, identity, size, cluster } = context;
  const { measure } = metric;
  const prometheus = requirePrometheus(metric, context);
  const { service, name } = sourceOf(metric, context);
  const what = metricIdentity(metric);
  if (!service.metricsEnabled) {
    throw errors.noMetrics(property, service.name, 'set metrics.enabled in its code, or state another metric');
  }
  if (identity.namespace === undefined) {
    throw errors.namespaceNeeded(property, `${what} of ${name} is told from that of namesakes elsewhere by it`);
  }
  switch (measure.kind) {
    case 'request-rate':
      return {
        ...measure,
        windowSeconds: rateWindow(property, measure.windowSeconds, prometheus, SHORTEST_WINDOW_SECONDS),
      };
    case 'latency': {
      const last = service.lastBucketSeconds ?? LAST_BUCKET_SECONDS;
      if (measure.percentile !== undefined && measure.targetSeconds >= last) {
        throw errors.outOfRange(
          `${property} (${what})`,
          `below ${last} s, where the buckets of ${service.name} end`,
          measure.targetSeconds,
          'state buckets in metrics.duration of its code, or use the mean',
        );
      }
      return {
        ...measure,
        windowSeconds: rateWindow(property, measure.windowSeconds, prometheus, SHORTEST_WINDOW_SECONDS),
      };
    }
    case 'queue-length': {
      const inService = measure.inService ?? service.targetConcurrency;
      if (inService === undefined) {
        throw errors.missingOption(
          `${property} (${what}).inService`,
          `for ${service.name}, whose code states no traffic.concurrency`,
          'state how many requests a replica works on at the same time',
        );
      }
      return { ...measure, inService };
    }
    case 'gpu-utilization':
      if (cluster.dcgmExporter === undefined) {
        throw errors.clusterLacks(
          `${property} (${what})`,
          'dcgmExporter',
          'state it, or use ScalingMetric.concurrency()',
        );
      }
      if (size.gpu === undefined || !size.gpu.resourceName.startsWith('nvidia.com/')) {
        throw errors.invalidMetric(property, 'one that the component has', `${what} without an NVIDIA GPU`);
      }
      return measure;
    default:
      return measure;
  }
}

function sourceOf(
  metric: Extract<ScalingMetricModel, { kind: 'measured' }>,
  context: MetricContext,
): { service: BentoServiceModel; name: string } {
  if (metric.source === 'self') return { service: context.service, name: context.identity.name };
  return requireApiServer(metric, context);
}

function requireApiServer(
  metric: ScalingMetricModel,
  { property, identity, apiServer }: MetricContext,
): NonNullable<MetricContext['apiServer']> {
  const what = metricIdentity(metric);
  if (apiServer === undefined) throw errors.noApiServer(property, what, identity.name);
  if (metric.kind === 'measured' && apiServer.sleeps) {
    const remedy = 'state Scaling.withFunction(), or ScalingMetric.apiServerReplicas()';
    throw errors.metricVanishesAtZero(property, what, remedy);
  }
  return apiServer;
}

function requirePrometheus(metric: ScalingMetricModel, { property, cluster }: MetricContext): PrometheusModel {
  if (cluster.prometheus?.address === undefined) {
    throw errors.clusterLacks(
      `${property} (${metricIdentity(metric)})`,
      'prometheus.address',
      'state it, or use ScalingMetric.cpu(), which needs the metrics-server alone',
    );
  }
  return cluster.prometheus;
}

/** A rate needs two samples; with four it survives a scrape that fails. */
export function rateWindow(
  property: string,
  stated: number | undefined,
  { scrapeSeconds }: PrometheusModel,
  shortest: number,
): number {
  if (stated !== undefined && stated < 2 * scrapeSeconds) {
    throw errors.outOfRange(
      `${property}.window`,
      `at least ${2 * scrapeSeconds} s, twice the scrape interval`,
      stated,
      'state a longer one, or a shorter prometheus.scrapeInterval in the ClusterProfile',
    );
  }
  return stated ?? Math.max(shortest, 4 * scrapeSeconds);
}
