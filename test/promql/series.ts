import type { SeriesModel } from '../../lib/component/component-model';

/** Seconds between two samples. */
export const STEP = 15;

/** A series and its samples in promtool's notation: `0+30x40` begins at 0 and grows by 30 forty times. */
export interface Series {
  readonly metric: string;
  readonly labels: Labels;
  readonly values: string;
}

export type Labels = Readonly<Record<string, string>>;

export const series = (metric: string, labels: Labels, values: string): Series => ({ metric, labels, values });

export function notation({ metric, labels }: Series): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${metric}{${pairs.join(',')}}`;
}

export const OWN = {
  namespace: 'ml',
  app_kubernetes_io_instance: 'rag',
  app_kubernetes_io_component: 'api-server',
  cdk8s_bento_track: 'main',
};
export const rag: SeriesModel = {
  labels: OWN,
  prefix: 'bentoml_service',
  probePaths: ['/livez', '/readyz', '/healthz'],
};
export const DCGM = { podLabel: 'exported_pod', namespaceLabel: 'exported_namespace' };
export const HONORED = { podLabel: 'pod', namespaceLabel: 'namespace' };
export const WINDOW = 120;

/** Ten minutes of samples, and the time of the last. */
export const STEPS = 40;
export const END = STEPS * STEP;
export const steady = (value: number) => `${value}x${STEPS}`;
export const growing = (perStep: number) => `0+${perStep}x${STEPS}`;
export const perSecond = (rate: number) => growing(rate * STEP);

// Series as in test/fixtures/metrics, with the labels that a PodMonitor gives.
const SERVICE = { runner_name: 'Gateway', service_name: 'text-search', service_version: 'v1' };
export interface Place {
  readonly labels?: Labels;
  readonly prefix?: string;
}
const of = (pod: string, { labels = OWN }: Place = {}) => ({ ...labels, pod, container: 'bento', job: 'ml/rag' });
export const up = (pod: string, values: string | number = 1, place?: Place) =>
  series('up', of(pod, place), typeof values === 'number' ? steady(values) : values);
export const inFlight = (pod: string, endpoint: string, values: string | number, place: Place = {}) =>
  series(
    `${place.prefix ?? 'bentoml_service'}_request_in_progress`,
    { ...of(pod, place), ...SERVICE, endpoint },
    typeof values === 'number' ? steady(values) : values,
  );
export const requests = (pod: string, endpoint: string, code: string, values: string, place: Place = {}) =>
  series(
    `${place.prefix ?? 'bentoml_service'}_request_total`,
    { ...of(pod, place), ...SERVICE, endpoint, http_response_code: code },
    values,
  );
/** Requests with the seconds that they took, and how many were faster than each limit. */
export const durations = (
  pod: string,
  endpoint: string,
  code: string,
  { count, sum, le = {} }: { count: string; sum: string; le?: Record<string, string> },
  place: Place = {},
): Series[] => {
  const metric = `${place.prefix ?? 'bentoml_service'}_request_duration_seconds`;
  const labels = { ...of(pod, place), ...SERVICE, endpoint, http_response_code: code };
  const buckets = Object.entries(le).map(([limit, values]) =>
    series(`${metric}_bucket`, { ...labels, le: limit }, values),
  );
  return [series(`${metric}_sum`, labels, sum), series(`${metric}_count`, labels, count), ...buckets];
};
export const gpu = (pod: string, uuid: string, percent: number, namespace = 'ml', more: Labels = {}) =>
  series(
    'DCGM_FI_DEV_GPU_UTIL',
    {
      UUID: uuid,
      gpu: '0',
      pod: 'dcgm-1',
      namespace: 'gpu',
      exported_pod: pod,
      exported_namespace: namespace,
      ...more,
    },
    steady(percent),
  );
