import type { Duration } from 'cdk8s';
import type { TriggerAuthenticationRef } from '../refs/trigger-authentication-ref';

/** Options of `ScalingMetric.pods`. */
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

/** Options of `ScalingMetric.external`. */
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

/** Options of `ScalingMetric.ofObject`. */
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

/** Options of metrics that count requests over a time. */
export interface RateMetricOptions {
  /**
   * The time over which requests are counted: whole seconds, at least twice the scrape interval, at most 1 hour. Longer
   * is calmer and later.
   *
   * @default - four times the scrape interval, at least 1 minute
   */
  readonly window?: Duration;
}

/** Options of `ScalingMetric.latency`. */
export interface LatencyMetricOptions extends RateMetricOptions {
  /**
   * The percentile that counts: above 0, below 100, as 95 or 99.9. It is as fine as the buckets of BentoML's histogram
   * are, which end at 180 seconds unless the Bento's code states others.
   *
   * @default - the mean
   */
  readonly percentile?: number;
}

/** Options of `ScalingMetric.queueLength`. */
export interface QueueLengthMetricOptions {
  /**
   * Requests that a replica works on at the same time: what it has beyond them is waiting. At least 1.
   *
   * @default - `traffic.concurrency` of the Bento's code; it must be given where there is none
   */
  readonly inService?: number;
}

/** What a metric is compared with. */
export enum MetricType {
  /** Its value divided by the replicas: for totals, as a queue or a rate. */
  AVERAGE_VALUE = 'AverageValue',
  /** Its value as it is, whatever the number of replicas: for means and percentages. */
  VALUE = 'Value',
}

/** Options of `ScalingMetric.prometheus`. */
export interface PrometheusMetricOptions {
  /**
   * PromQL that gives one number. An empty answer is an error and holds the replicas: let it be 0 where nothing happens,
   * as `sum(rate(x[2m])) or 0 * sum(up{...} == 1)`, which tells idle from a scrape that is down.
   */
  readonly query: string;

  /** What the autoscaler aims at: above 0, three decimals. */
  readonly threshold: number;

  /**
   * What the value must exceed to wake what is at zero: at least 0. No effect on what never sleeps.
   *
   * @default 0
   */
  readonly activationThreshold?: number;

  /**
   * What the value is compared with.
   *
   * @default MetricType.AVERAGE_VALUE
   */
  readonly metricType?: MetricType;
}

/** Options of `ScalingMetric.kedaTrigger`. */
export interface KedaTriggerOptions {
  /** The kind of scaler, as KEDA calls it: `aws-sqs-queue`. */
  readonly kind: string;

  /** Its settings, all of them text, as KEDA documents them. */
  readonly metadata: { [key: string]: string };

  /**
   * How KEDA signs in at the source.
   *
   * @default - as `metadata` says
   */
  readonly authentication?: TriggerAuthenticationRef;

  /**
   * What the value is compared with.
   *
   * @default MetricType.AVERAGE_VALUE
   */
  readonly metricType?: MetricType;
}
