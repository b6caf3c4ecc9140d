import { requireInteger, requireNumber, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';
import { sortedEntries } from '../internal/names';
import { milliQuantity } from '../internal/quantity';

/** Options of {@link ScalingMetric.pods}. */
export interface PodsMetricOptions {
  /** The name of the metric in custom.metrics.k8s.io. */
  readonly metric: string;

  /** The average per replica that the autoscaler aims at: above 0, three decimals. */
  readonly averageValue: number;

  /**
   * Labels of the metric.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

/** Options of {@link ScalingMetric.ofObject}. */
export interface ObjectMetricOptions {
  /** The API version of the object that the metric describes: `networking.k8s.io/v1`. */
  readonly apiVersion: string;

  /** Its kind: `Ingress`. */
  readonly kind: string;

  /** Its name, in the component's namespace. */
  readonly name: string;

  /** The name of the metric in custom.metrics.k8s.io. */
  readonly metric: string;

  /**
   * The value that the autoscaler aims at, whatever the number of replicas: above 0, three decimals.
   *
   * @default - `averageValue` is given
   */
  readonly value?: number;

  /**
   * The value divided by the replicas that the autoscaler aims at: above 0, three decimals.
   *
   * @default - `value` is given
   */
  readonly averageValue?: number;

  /**
   * Labels of the metric.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

/** Options of {@link ScalingMetric.external}. */
export interface ExternalMetricOptions {
  /** The name of the metric in external.metrics.k8s.io. */
  readonly metric: string;

  /**
   * The value that the autoscaler aims at, whatever the number of replicas: above 0, three decimals.
   *
   * @default - `averageValue` is given
   */
  readonly value?: number;

  /**
   * The value divided by the replicas that the autoscaler aims at: above 0, three decimals.
   *
   * @default - `value` is given
   */
  readonly averageValue?: number;

  /**
   * Labels of the metric.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

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

  private constructor(
    /** @internal */
    public readonly _model: ScalingMetricModel,
  ) {}
}

/** What the engines read. */
export type ScalingMetricModel =
  | { readonly kind: 'resource'; readonly resource: 'cpu' | 'memory'; readonly percent: number }
  | { readonly kind: 'pods'; readonly metric: MetricModel; readonly target: MetricTarget }
  | {
      readonly kind: 'object';
      readonly object: { readonly apiVersion: string; readonly kind: string; readonly name: string };
      readonly metric: MetricModel;
      readonly target: MetricTarget;
    }
  | { readonly kind: 'external'; readonly metric: MetricModel; readonly target: MetricTarget };

/** A metric by name and labels. */
export interface MetricModel {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
}

/** Quantities as Kubernetes writes them; one of the two. */
export interface MetricTarget {
  readonly value?: string;
  readonly averageValue?: string;
}

/** What tells two metrics apart: the same one twice is a mistake. */
export function metricIdentity(model: ScalingMetricModel): string {
  if (model.kind === 'resource') return model.resource;
  const object = model.kind === 'object' ? `${model.object.kind}/${model.object.name} ` : '';
  const labels = model.metric.labels.map(([key, value]) => `${key}=${value}`).join(',');
  return `${model.kind} metric ${object}${model.metric.name}${labels === '' ? '' : `{${labels}}`}`;
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
