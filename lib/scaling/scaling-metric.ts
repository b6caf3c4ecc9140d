import type { Duration } from 'cdk8s';
import { requireInteger, requireNumber, requireSeconds, requireText, requireTimeout } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';
import { sortedEntries } from '../internal/names';
import { milliQuantity } from '../internal/quantity';
import { requireTrigger } from './keda-scalers';
import {
  type MeasureModel,
  type MetricModel,
  type MetricTarget,
  metricIdentity,
  type ScalingMetricModel,
} from './metric-model';
import {
  type ExternalMetricOptions,
  type KedaTriggerOptions,
  type LatencyMetricOptions,
  MetricType,
  type ObjectMetricOptions,
  type PodsMetricOptions,
  type PrometheusMetricOptions,
  type QueueLengthMetricOptions,
  type RateMetricOptions,
} from './metric-options';
import type { Schedule } from './schedule';

/**
 * What an autoscaler looks at, and what it aims at. Of several metrics the one that asks for most replicas decides.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#algorithm-details
 */
export class ScalingMetric {
  /**
   * CPU of the serving container, in percent of its request; sidecars do not count. Says little about a GPU server.
   *
   * @param targetPercent at least 1; above 100 where replicas may use more than they request
   * @throws OutOfRange
   */
  public static cpu(targetPercent: number): ScalingMetric {
    requireInteger('targetPercent', targetPercent, 1);
    return new ScalingMetric({ kind: 'resource', resource: 'cpu', percent: targetPercent });
  }

  /**
   * Memory of the serving container, in percent of its request, which is its limit too. A model server rarely gives
   * memory back: what came up for memory seldom comes down.
   *
   * @param targetPercent 1 to 100
   * @throws OutOfRange
   */
  public static memory(targetPercent: number): ScalingMetric {
    requireInteger('targetPercent', targetPercent, 1, 100);
    return new ScalingMetric({ kind: 'resource', resource: 'memory', percent: targetPercent });
  }

  /**
   * A metric of each pod from an adapter for custom metrics.
   *
   * @throws InvalidText, OutOfRange, InvalidLabel
   */
  public static pods(options: PodsMetricOptions): ScalingMetric {
    return new ScalingMetric({
      kind: 'pods',
      metric: metric(options.metric, options.labels),
      target: target({ averageValue: options.averageValue }),
    });
  }

  /**
   * A metric of another object from an adapter for custom metrics.
   *
   * @throws InvalidText, OutOfRange, InvalidLabel, MissingOption, ConflictingOptions
   */
  public static ofObject(options: ObjectMetricOptions): ScalingMetric {
    requireText('apiVersion', options.apiVersion);
    requireText('kind', options.kind);
    requireText('name', options.name);
    return new ScalingMetric({
      kind: 'object',
      object: { apiVersion: options.apiVersion, kind: options.kind, name: options.name },
      metric: metric(options.metric, options.labels),
      target: target(options),
    });
  }

  /**
   * A metric from outside of the cluster, from an adapter for external metrics.
   *
   * @throws InvalidText, OutOfRange, InvalidLabel, MissingOption, ConflictingOptions
   */
  public static external(options: ExternalMetricOptions): ScalingMetric {
    return new ScalingMetric({
      kind: 'external',
      metric: metric(options.metric, options.labels),
      target: target(options),
    });
  }

  /**
   * Requests that a replica has in flight, of the kind that BentoML counts. The usual measure of a model server: it
   * grows with load and with slowness alike.
   *
   * @param perReplica requests per replica to aim at: above 0, three decimals
   * @throws OutOfRange
   */
  public static concurrency(perReplica: number): ScalingMetric {
    return measured({ kind: 'concurrency', perReplica: requireTarget('perReplica', perReplica) });
  }

  /**
   * Requests per second, refused ones included, those to paths that do not exist left out.
   *
   * @param perReplica requests per second and replica to aim at: above 0, three decimals
   * @throws OutOfRange
   */
  public static requestRate(perReplica: number, options: RateMetricOptions = {}): ScalingMetric {
    return measured({
      kind: 'request-rate',
      perReplica: requireTarget('perReplica', perReplica),
      windowSeconds: windowSeconds(options),
    });
  }

  /**
   * Requests per second of all replicas together: beyond the target replicas are added for as long as the load stays
   * there, however many there are. For rules that are written so; `requestRate` finds the number that is needed.
   *
   * @param total requests per second to aim at: above 0, three decimals
   * @throws OutOfRange
   */
  public static totalRequestRate(total: number, options: RateMetricOptions = {}): ScalingMetric {
    return measured({
      kind: 'request-rate',
      total: requireTarget('total', total),
      windowSeconds: windowSeconds(options),
    });
  }

  /**
   * The time that answers take: of requests that succeed or time out, so that quick refusals do not hide an overload.
   * The mean, or a percentile.
   *
   * @param target above 0, at most 1 day
   * @throws OutOfRange
   */
  public static latency(target: Duration, options: LatencyMetricOptions = {}): ScalingMetric {
    const { percentile } = options;
    if (percentile !== undefined) {
      requireNumber('percentile', percentile, { above: 0 });
      if (percentile >= 100) throw errors.outOfRange('percentile', 'a number below 100', percentile);
    }
    const targetSeconds = requireTimeout('target', target);
    milliQuantity('target', targetSeconds);
    return measured({ kind: 'latency', targetSeconds, percentile, windowSeconds: windowSeconds(options) });
  }

  /**
   * Requests that wait in a replica: those in flight beyond what it works on at the same time.
   *
   * @param perReplica waiting requests per replica to aim at: above 0, three decimals
   * @throws OutOfRange
   */
  public static queueLength(perReplica: number, options: QueueLengthMetricOptions = {}): ScalingMetric {
    const { inService } = options;
    if (inService !== undefined) requireInteger('inService', inService, 1);
    return measured({ kind: 'queue-length', perReplica: requireTarget('perReplica', perReplica), inService });
  }

  /**
   * How busy the GPUs of the component are, on average. A GPU is busy while any kernel runs: full long before it cannot
   * take more, so `concurrency` is the better measure where there is one.
   *
   * @param targetPercent 1 to 100
   * @throws OutOfRange
   */
  public static gpuUtilization(targetPercent: number): ScalingMetric {
    requireInteger('targetPercent', targetPercent, 1, 100);
    return measured({ kind: 'gpu-utilization', percent: targetPercent });
  }

  /**
   * A query of your own, to the Prometheus of the cluster.
   *
   * @throws InvalidText, OutOfRange
   * @see https://keda.sh/docs/latest/scalers/prometheus/
   */
  public static prometheus(options: PrometheusMetricOptions): ScalingMetric {
    const { query, threshold, activationThreshold, metricType = MetricType.AVERAGE_VALUE } = options;
    requireText('query', query);
    if (activationThreshold !== undefined) {
      requireNumber('activationThreshold', activationThreshold, { min: 0 });
      milliQuantity('activationThreshold', activationThreshold);
    }
    return new ScalingMetric({
      kind: 'prometheus',
      query: query.trim(),
      threshold: requireTarget('threshold', threshold),
      activationThreshold,
      metricType,
    });
  }

  /**
   * Any scaler that KEDA has, by its own settings.
   *
   * @throws InvalidText, UnknownScaler, UnknownTriggerKey, MissingTriggerKey
   * @see https://keda.sh/docs/latest/scalers/
   */
  public static kedaTrigger(options: KedaTriggerOptions): ScalingMetric {
    const { kind, metadata, authentication, metricType = MetricType.AVERAGE_VALUE } = options;
    requireTrigger('metadata', kind, metadata, authentication !== undefined);
    return new ScalingMetric({
      kind: 'keda',
      scaler: kind,
      metadata: sortedEntries(metadata),
      authentication: authentication?._model,
      metricType,
    });
  }

  /**
   * At least so many replicas at certain hours.
   *
   * @param replicas at least 1
   * @throws OutOfRange
   */
  public static schedule(replicas: number, schedule: Schedule): ScalingMetric {
    requireInteger('replicas', replicas, 1);
    return new ScalingMetric({ kind: 'schedule', replicas, schedule: schedule._model });
  }

  /**
   * For a runner pool: a metric of the API server that leads to it, so that both move at the same time. The target is
   * still that of a replica of the pool.
   *
   * @param metric one that BentoML itself measures: concurrency, request rate, latency or queue length
   * @throws InvalidMetric
   */
  public static ofApiServer(metric: ScalingMetric): ScalingMetric {
    const model = metric._model;
    if (model.kind !== 'measured' || model.measure.kind === 'gpu-utilization' || model.source !== 'self') {
      throw errors.invalidMetric('metric', 'concurrency, requestRate, latency or queueLength', metricIdentity(model));
    }
    return new ScalingMetric({ ...model, source: 'api-server' });
  }

  /**
   * For a runner pool: one replica for each so many of the API server that leads to it.
   *
   * @param apiServers replicas of the API server for each of the pool: above 0, three decimals; 0.5 gives two each
   * @throws OutOfRange
   */
  public static apiServerReplicas(apiServers: number): ScalingMetric {
    return new ScalingMetric({ kind: 'ratio', apiServers: requireTarget('apiServers', apiServers) });
  }

  /** @internal */
  public static _of(model: ScalingMetricModel): ScalingMetric {
    return new ScalingMetric(model);
  }

  private constructor(
    /** @internal */
    public readonly _model: ScalingMetricModel,
  ) {}
}

function measured(measure: MeasureModel): ScalingMetric {
  return ScalingMetric._of({ kind: 'measured', measure, source: 'self' });
}

/** A target as the autoscaler can carry it. */
function requireTarget(property: string, value: number): number {
  requireNumber(property, value, { above: 0 });
  milliQuantity(property, value);
  return value;
}

function windowSeconds({ window }: RateMetricOptions): number | undefined {
  return window && requireSeconds('window', window, 10, 3600);
}

function metric(name: string, labels: { [key: string]: string } | undefined): MetricModel {
  requireText('metric', name);
  // Part of a URL to the metrics API.
  if (/[\s/%]|^\.\.?$/.test(name)) {
    throw errors.invalidText('metric', "a name without blanks, '/' and '%', and not '.' or '..'", name);
  }
  requireLabels('labels', labels ?? {});
  return { name, labels: sortedEntries(labels) };
}

function target({ value, averageValue }: { value?: number; averageValue?: number }): MetricTarget {
  if (value === undefined && averageValue === undefined) {
    throw errors.missingOption('value', 'for this metric', 'state `value` for the whole or `averageValue` per replica');
  }
  if (value !== undefined && averageValue !== undefined) {
    throw errors.conflictingOptions('value', 'averageValue', 'state the one that the autoscaler should aim at');
  }
  const [property, number] = value !== undefined ? ['value', value] : ['averageValue', averageValue!];
  requireNumber(property, number, { above: 0 });
  return { [property]: milliQuantity(property, number) };
}
