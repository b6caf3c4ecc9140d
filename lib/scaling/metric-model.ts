import { errors } from '../internal/errors';
import type { TriggerAuthenticationModel } from '../refs/trigger-authentication-ref';
import type { MetricType } from './metric-options';
import type { ScheduleModel } from './schedule';

/** What the engines read of a metric. */
export type ScalingMetricModel =
  | { readonly kind: 'resource'; readonly resource: 'cpu' | 'memory'; readonly percent: number }
  | { readonly kind: 'pods'; readonly metric: MetricModel; readonly target: MetricTarget }
  | {
      readonly kind: 'object';
      readonly object: { readonly apiVersion: string; readonly kind: string; readonly name: string };
      readonly metric: MetricModel;
      readonly target: MetricTarget;
    }
  | { readonly kind: 'external'; readonly metric: MetricModel; readonly target: MetricTarget }
  | {
      readonly kind: 'measured';
      readonly measure: MeasureModel;
      /** Whose requests are measured. */
      readonly source: 'self' | 'api-server';
    }
  | {
      readonly kind: 'prometheus';
      readonly query: string;
      readonly threshold: number;
      readonly activationThreshold?: number;
      readonly metricType: MetricType;
    }
  | {
      readonly kind: 'keda';
      readonly scaler: string;
      readonly metadata: readonly (readonly [string, string])[];
      readonly authentication?: TriggerAuthenticationModel;
      readonly metricType: MetricType;
    }
  | { readonly kind: 'schedule'; readonly replicas: number; readonly schedule: ScheduleModel }
  /** Replicas of the API server for each of the pool. */
  | { readonly kind: 'ratio'; readonly apiServers: number };

/** What BentoML, or the exporter beside it, tells of a component. */
export type MeasureModel =
  | { readonly kind: 'concurrency'; readonly perReplica: number }
  | {
      readonly kind: 'request-rate';
      /** One of the two. */
      readonly perReplica?: number;
      readonly total?: number;
      readonly windowSeconds?: number;
    }
  | {
      readonly kind: 'latency';
      readonly targetSeconds: number;
      readonly percentile?: number;
      readonly windowSeconds?: number;
    }
  | { readonly kind: 'queue-length'; readonly perReplica: number; readonly inService?: number }
  | { readonly kind: 'gpu-utilization'; readonly percent: number };

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

/** Throws where two of them look at the same. */
export function requireDistinct(models: readonly ScalingMetricModel[]): void {
  const seen = new Set<string>();
  for (const identity of models.map(metricIdentity)) {
    if (seen.has(identity)) throw errors.duplicateMetric(identity);
    seen.add(identity);
  }
}

/** What tells two metrics apart: the same one twice is a mistake. Several schedules and triggers of a kind are none. */
export function metricIdentity(model: ScalingMetricModel): string {
  switch (model.kind) {
    case 'resource':
      return model.resource;
    case 'measured':
      return `${measureIdentity(model.measure)}${model.source === 'self' ? '' : ' of the API server'}`;
    case 'prometheus':
      return `the query ${model.query}`;
    case 'keda':
      return `the trigger ${model.scaler} ${pairs(model.metadata)}`;
    case 'schedule':
      return `the schedule from ${model.schedule.start} to ${model.schedule.end} ${model.schedule.timeZone}`;
    case 'ratio':
      return 'apiServerReplicas';
    default: {
      const object = model.kind === 'object' ? `${model.object.kind}/${model.object.name} ` : '';
      const labels = pairs(model.metric.labels);
      return `${model.kind} metric ${object}${model.metric.name}${labels === '' ? '' : `{${labels}}`}`;
    }
  }
}

/** As users call it. */
function measureIdentity(measure: MeasureModel): string {
  switch (measure.kind) {
    case 'concurrency':
      return 'concurrency';
    case 'request-rate':
      return measure.total === undefined ? 'requestRate' : 'totalRequestRate';
    case 'latency':
      return measure.percentile === undefined ? 'latency' : `latency (${measure.percentile} %)`;
    case 'queue-length':
      return 'queueLength';
    case 'gpu-utilization':
      return 'gpuUtilization';
  }
}

function pairs(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([key, value]) => `${key}=${value}`).join(',');
}
