import type { Duration } from 'cdk8s';
import type { EnvVar } from '../refs/env-var';
import type { SecretRef } from '../refs/secret-ref';
import type { ServiceAccountRef } from '../refs/service-account-ref';
import type { InstanceSize } from '../sizing/instance-size';
import type { ErrorKind, NoData } from './gate-model';
import type { WebhookHeader } from './webhook-header';

/** How often a gate is asked, and how often it may not pass. */
export interface GateOptions {
  /**
   * The time between two measurements: whole seconds, 10 seconds to 1 hour.
   *
   * @default Duration.seconds(60)
   */
  readonly interval?: Duration;

  /**
   * How many measurements of a step may fail, all of them together, not in a row: one more aborts the release. 0 to 100. A
   * short burst fails each measurement whose window it lies in.
   *
   * @default 2
   */
  readonly failureLimit?: number;

  /**
   * What happens where a measurement has found no verdict more often than `patience` allows: nobody knows then whether the
   * version is good, so it never goes on by itself. A Prometheus or a server that does not answer for as long aborts the
   * release in either case, for Argo Rollouts knows no other end of an error.
   *
   * @default NoData.ABORT
   */
  readonly noData?: NoData;

  /**
   * How many measurements may find no verdict: with `NoData.PAUSE` those of a step together, with `NoData.ABORT` as long
   * as so many take, without any other between. 0 to 1,000.
   *
   * @default 5
   */
  readonly patience?: number;
}

/** Options of gates that read BentoML's metrics. They look at answers of the pods: one that crashes gives none. */
export interface MeasuredGateOptions extends GateOptions {
  /**
   * The time over which requests are counted; the first measurement comes after it. Whole seconds, at least twice the scrape
   * interval, 10 seconds to 1 hour.
   *
   * @default - four times the scrape interval, at least 2 minutes
   */
  readonly window?: Duration;

  /**
   * How many requests a version must have had in the window: with fewer there is no verdict. Of a gate relative to the
   * stable version both must. 1 to 1,000,000.
   *
   * @default 50
   */
  readonly minRequests?: number;
}

/** Options of `Gate.latencyRelativeToStable`. */
export interface RelativeLatencyGateOptions extends MeasuredGateOptions {
  /**
   * How many times as long as those of the stable version answers may take: above 0, at most 1,000.
   *
   * @default 1.1
   */
  readonly maxRatio?: number;

  /**
   * The percentile that is compared: above 0, below 100, as 95 or 99.9. It is as fine as the buckets of BentoML's histogram
   * are; a new version beyond the last of them fails, and a stable version beyond it gives no verdict.
   *
   * @default - the mean
   */
  readonly percentile?: number;
}

/** Options of `Gate.errorRateRelativeToStable`. */
export interface RelativeErrorRateGateOptions extends MeasuredGateOptions {
  /**
   * How many times the error rate of the stable version the new one may have: above 0, at most 1,000.
   *
   * @default 1.5
   */
  readonly maxRatio?: number;

  /**
   * What counts as an error.
   *
   * @default ErrorKind.ERRORS
   */
  readonly errorKind?: ErrorKind;

  /**
   * What a stable version with fewer errors is taken to have, or the first error of the new one would be infinitely more:
   * a share of all requests, above 0, below 1.
   *
   * @default 0.001
   */
  readonly minErrorRate?: number;
}

/** Options of `Gate.latency`. */
export interface LatencyGateOptions extends MeasuredGateOptions {
  /** How long an answer may take: above 0, at most 1 day; below the last bucket of the service where a percentile is stated. */
  readonly max: Duration;

  /**
   * The percentile that counts: above 0, below 100, as 95 or 99.9. It is as fine as the buckets of BentoML's histogram are.
   *
   * @default - the mean
   */
  readonly percentile?: number;
}

/** Options of `Gate.errorRate`. */
export interface ErrorRateGateOptions extends MeasuredGateOptions {
  /** The share of all requests that may be answered by an error: at least 0, below 1. */
  readonly maxRate: number;

  /**
   * What counts as an error.
   *
   * @default ErrorKind.ERRORS
   */
  readonly errorKind?: ErrorKind;
}

/** Options of `Gate.saturation`. */
export interface SaturationGateOptions extends MeasuredGateOptions {
  /** The share of `maxConcurrency` that a pod may have in flight on average: above 0, below 1. */
  readonly maxRatio: number;
}

/** Options of gates whose first measurement is not bound to a window. */
export interface DelayedGateOptions extends GateOptions {
  /**
   * How long the first measurement waits: whole seconds, up to 1 hour. State the window of a query that has one.
   *
   * @default - the interval
   */
  readonly initialDelay?: Duration;
}

/** Options of `Gate.prometheusQuery`. */
export interface PrometheusGateOptions extends DelayedGateOptions {
  /** The name of the metric in the analysis, once in a release: a DNS label. */
  readonly name: string;

  /**
   * A query whose answer is a vector of one number. `{{args.canary-hash}}` and `{{args.stable-hash}}` stand for the hash of
   * the pods of the new version and of the one before, which their series have as `rollouts_pod_template_hash`. An empty
   * answer, several numbers and NaN are no verdict; a scalar is an error, which `vector()` cures.
   */
  readonly query: string;

  /**
   * The smallest number that passes; smaller ones fail.
   *
   * @default - `max` is given
   */
  readonly min?: number;

  /**
   * The greatest number that passes; greater ones fail.
   *
   * @default - `min` is given
   */
  readonly max?: number;
}

/** How a webhook is asked. */
export enum WebhookMethod {
  /** Without a body. */
  GET = 'GET',
  /** With a body. */
  POST = 'POST',
  /** With a body. */
  PUT = 'PUT',
}

/** Options of `Gate.webhook`. */
export interface WebhookGateOptions extends DelayedGateOptions {
  /** The name of the metric in the analysis, once in a release: a DNS label. */
  readonly name: string;

  /** An http address. It may hold `{{args.stable-hash}}` and `{{args.canary-hash}}`. */
  readonly url: string;

  /**
   * Where the verdict stands in the answer, which must be JSON: `{$.status}`. A place that is not there is an error.
   *
   * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
   */
  readonly jsonPath: string;

  /**
   * What stands there when the version passes, as text: `approved`, `true`.
   *
   * @default - `min` or `max` is given
   */
  readonly successValue?: string;

  /**
   * What stands there when it fails: then anything else but `successValue` is no verdict, as while somebody still decides.
   *
   * @default - whatever is not `successValue` is a failure
   */
  readonly failureValue?: string;

  /**
   * The smallest number that passes.
   *
   * @default - none
   */
  readonly min?: number;

  /**
   * The greatest number that passes.
   *
   * @default - none
   */
  readonly max?: number;

  /**
   * How it is asked.
   *
   * @default - POST with a body, else GET
   */
  readonly method?: WebhookMethod;

  /**
   * The body of the request: JSON, as text. It may hold `{{args.stable-hash}}` and `{{args.canary-hash}}`.
   *
   * @default - none
   */
  readonly body?: string;

  /**
   * Headers of the request.
   *
   * @default - none
   */
  readonly headers?: WebhookHeader[];

  /**
   * How long an answer may take: whole seconds, 1 second to 5 minutes. None at all is an error.
   *
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration;
}

/** Options of `Gate.job`. */
export interface JobGateOptions {
  /** The name of the metric in the analysis, once in a release: a DNS label of at most 24 characters. */
  readonly name: string;

  /** The image, as nodes pull it. */
  readonly image: string;

  /**
   * What is run instead of the image's entrypoint. Each may hold `{{args.stable-hash}}` and `{{args.canary-hash}}`.
   *
   * @default - the image's entrypoint
   */
  readonly command?: string[];

  /**
   * Arguments. Each may hold `{{args.stable-hash}}` and `{{args.canary-hash}}`.
   *
   * @default - those of the image
   */
  readonly args?: string[];

  /**
   * Environment variables.
   *
   * @default - none
   */
  readonly env?: EnvVar[];

  /**
   * What it needs.
   *
   * @default - 100m CPU and 128 MiB
   */
  readonly size?: InstanceSize;

  /**
   * How long it may take in all, pulling the image and all retries included; then it fails. Whole seconds, 10 seconds to 24
   * hours.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;

  /**
   * How often a pod that fails is tried again: 0 to 10.
   *
   * @default 0
   */
  readonly retries?: number;

  /**
   * The user of the container: at least 1.
   *
   * @default 1034
   */
  readonly runAsUser?: number;

  /**
   * Whether the container may write to `/tmp` only.
   *
   * @default true
   */
  readonly readOnlyRootFilesystem?: boolean;

  /**
   * Whom the pod runs as; the service account must exist.
   *
   * @default - the namespace's own
   */
  readonly serviceAccount?: ServiceAccountRef;

  /**
   * Whether the pod gets the token of its service account.
   *
   * @default false
   */
  readonly automountServiceAccountToken?: boolean;

  /**
   * Secrets with the credentials of the image registry.
   *
   * @default - those of the service account
   */
  readonly imagePullSecrets?: SecretRef[];
}

/** Options of `Gate.template`. */
export interface TemplateGateOptions {
  /**
   * Whether it is a ClusterAnalysisTemplate.
   *
   * @default false
   */
  readonly clusterScope?: boolean;

  /**
   * Values of its arguments. `stable-hash` and `canary-hash` are given besides, where it has them.
   *
   * @default - it has none, or defaults for all of them
   */
  readonly args?: { [name: string]: string };
}
