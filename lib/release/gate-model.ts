import type { ImageModel } from '../bento/image';
import type { EnvVarModel } from '../refs/env-var';
import type { SizeModel } from '../sizing/instance-size';

/** Answers that a gate counts, each kind by itself. */
export enum ErrorKind {
  /** 5xx but 504: the version fails. */
  ERRORS = 'errors',
  /** 504: BentoML gave up at the timeout of the component. */
  TIMEOUTS = 'timeouts',
  /** 429: a replica has as many requests as `maxConcurrency` lets in. */
  REJECTIONS = 'rejections',
}

/** What happens where a gate has not found a verdict often enough. */
export enum NoData {
  /**
   * The release waits for a human, who resumes or aborts it: nothing goes on by itself. Argo Rollouts does not scale a
   * canary that waits so, neither its old version nor its new one, whatever the autoscaler says.
   */
  PAUSE = 'pause',
  /** The release is aborted: all requests go to the stable version. */
  ABORT = 'abort',
}

/** How often a gate is asked, and how often it may not pass. */
export interface JudgingModel {
  readonly intervalSeconds: number;
  readonly failureLimit: number;
  readonly noData: NoData;
  readonly patience: number;
}

/** What a number must lie within; at least one of the two. */
export interface BoundsModel {
  readonly min?: number;
  readonly max?: number;
}

/** What a gate reads in BentoML's metrics. */
export type GateMeasureModel =
  | { readonly kind: 'latency-relative'; readonly maxRatio: number; readonly percentile?: number }
  | {
      readonly kind: 'error-rate-relative';
      readonly maxRatio: number;
      readonly errorKind: ErrorKind;
      readonly minErrorRate: number;
    }
  | { readonly kind: 'latency'; readonly maxSeconds: number; readonly percentile?: number }
  | { readonly kind: 'error-rate'; readonly maxRate: number; readonly errorKind: ErrorKind }
  /** `maxConcurrency` is that of the component, once it is known. */
  | { readonly kind: 'saturation'; readonly maxRatio: number; readonly maxConcurrency?: number };

/** A gate that reads BentoML's metrics. */
export interface MeasuredGateModel extends JudgingModel {
  readonly kind: 'measured';
  readonly measure: GateMeasureModel;
  /** Undefined until the scrape interval is known. */
  readonly windowSeconds?: number;
  readonly minRequests: number;
  /** Where the buckets of latencies end, once the service is known. */
  readonly lastBucketSeconds?: number;
}

/** A gate by a query of the user. */
export interface PrometheusGateModel extends JudgingModel {
  readonly kind: 'prometheus';
  readonly name: string;
  readonly query: string;
  readonly bounds: BoundsModel;
  readonly initialDelaySeconds: number;
}

/** A gate by the answer of a server. */
export interface WebhookGateModel extends JudgingModel {
  readonly kind: 'webhook';
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly WebhookHeaderModel[];
  /** JSON, as text. */
  readonly body?: string;
  readonly jsonPath: string;
  readonly verdict: WebhookVerdictModel;
  readonly timeoutSeconds: number;
  readonly initialDelaySeconds: number;
}

/** How the answer of a server is read. */
export type WebhookVerdictModel =
  | { readonly kind: 'bounds'; readonly bounds: BoundsModel }
  /** Undefined: whatever is no success is a failure. */
  | { readonly kind: 'values'; readonly success: string; readonly failure?: string };

/** A header of a request, by its value or by a key of a Secret. */
export type WebhookHeaderModel =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: string; readonly key: string };

/** A gate by a Job that ends well, or does not. */
export interface JobGateModel {
  readonly kind: 'job';
  readonly name: string;
  readonly image: ImageModel;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly EnvVarModel[];
  readonly size: SizeModel;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly user: number;
  readonly readOnlyRoot: boolean;
  /** Undefined: the namespace's own, without a token. */
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken: boolean;
  readonly imagePullSecrets: readonly string[];
}

/** An AnalysisTemplate of somebody else. */
export interface TemplateGateModel {
  readonly kind: 'template';
  readonly name: string;
  readonly clusterScope: boolean;
  readonly args: readonly (readonly [string, string])[];
}

/** A gate of which this library makes the metric. */
export type MetricGateModel = MeasuredGateModel | PrometheusGateModel | WebhookGateModel | JobGateModel;

export type GateModel = MetricGateModel | TemplateGateModel;

const KINDS: { readonly [kind in ErrorKind]: string } = {
  [ErrorKind.ERRORS]: 'error-rate',
  [ErrorKind.TIMEOUTS]: 'timeout-rate',
  [ErrorKind.REJECTIONS]: 'rejection-rate',
};

/** The name of a gate's metric, once in a release. */
export function gateName(gate: GateModel): string {
  if (gate.kind !== 'measured') return gate.name;
  const { measure } = gate;
  switch (measure.kind) {
    case 'latency-relative':
      return `${latencyName(measure.percentile)}-relative-to-stable`;
    case 'error-rate-relative':
      return `${KINDS[measure.errorKind]}-relative-to-stable`;
    case 'latency':
      return latencyName(measure.percentile);
    case 'error-rate':
      return KINDS[measure.errorKind];
    case 'saturation':
      return 'saturation';
  }
}

function latencyName(percentile: number | undefined): string {
  return percentile === undefined ? 'latency' : `latency-p${String(percentile).replace('.', '-')}`;
}

/** Whether it compares the new version with the one before: then both must have had requests. */
export function isRelative({ kind }: GateMeasureModel): boolean {
  return kind === 'latency-relative' || kind === 'error-rate-relative';
}
