import type { SeriesModel } from '../component/component-model';
import { sortedEntries } from '../internal/names';

/** The labels under which Prometheus keeps the pod that the exporter of DCGM names. */
export interface DcgmModel {
  readonly podLabel: string;
  readonly namespaceLabel: string;
  /** Labels of the cluster, where one Prometheus sees many. */
  readonly labels?: { readonly [label: string]: string };
}

/** A scanner is refused in no time; who gets a 429 is demand that there are too few replicas for. */
export const ASKED_CODES = matcher('http_response_code', '!=', '404');

/** A timeout is the longest answer there is, a 429 takes a millisecond: it would make overload look fast. */
export const MEASURED_CODES = matcher('http_response_code', '=~', '2..|504');

// A query answers 0 only where somebody has looked: KEDA takes an empty answer for an error, and holds.

/**
 * Requests in flight, all replicas together.
 *
 * A pod that does not answer the scrape is left out, not estimated from the others: most such pods still load their
 * model, and each one started would make it seem that there is more to do.
 */
export function concurrencyQuery(series: SeriesModel): string {
  return `sum(${inFlight(series)}) or ${idle(series)}`;
}

/** Requests per second, all replicas together. */
export function requestRateQuery(series: SeriesModel, windowSeconds: number): string {
  return whileScraped(series, `sum(${requestRate(series, 'request_total', windowSeconds, ASKED_CODES)})`);
}

/** Seconds that an answer takes: their mean, or a percentile. */
export function latencyQuery(series: SeriesModel, windowSeconds: number, percentile?: number): string {
  const rate = (metric: string) =>
    requestRate(series, `request_duration_seconds_${metric}`, windowSeconds, MEASURED_CODES);
  if (percentile === undefined) return whileScraped(series, `sum(${rate('sum')}) / (sum(${rate('count')}) > 0)`);
  // Of no request at all it is NaN, which no comparison lets pass.
  return whileScraped(series, `histogram_quantile(${quantile(percentile)}, sum by (le) (${rate('bucket')})) >= 0`);
}

/** Requests in flight beyond `inService`, counted in each pod, for one pod's free places are of no use to another's. */
export function queueLengthQuery(series: SeriesModel, inService: number): string {
  return `sum(clamp_min(sum by (namespace, pod) (${inFlight(series)}) - ${inService}, 0)) or ${idle(series)}`;
}

/**
 * Percent, the mean over the GPUs of the pods that serve.
 *
 * Only these: the HPA multiplies a mean by the number of ready pods. Where there is no series of a GPU nothing is known,
 * so that there is no 0 to fall back to: pods have just started, or the exporter is down.
 */
export function gpuUtilizationQuery(series: SeriesModel, dcgm: DcgmModel): string {
  const { podLabel, namespaceLabel } = dcgm;
  const { namespace } = series.labels;
  const own = selectorLabels({ ...dcgm.labels, ...(namespace !== undefined && { [namespaceLabel]: namespace }) });
  const whole = selector('DCGM_FI_DEV_GPU_UTIL', [own, matcher('GPU_I_ID', '=', '')]);
  // DCGM does not measure the utilization of a slice: exporters leave it out, or say 0.
  const slice = selector('DCGM_FI_PROF_GR_ENGINE_ACTIVE', [own, matcher('GPU_I_ID', '!=', '')]);
  const seen = relabeled(relabeled(pods(series), 'namespace', namespaceLabel), 'pod', podLabel);
  return `avg((${whole} or 100 * ${slice}) and on (${namespaceLabel}, ${podLabel}) ${seen})`;
}

export function inFlight(series: SeriesModel): string {
  return selector(`${series.prefix}_request_in_progress`, [selectorLabels(series.labels), ...noProbes(series)]);
}

export function requestRate(series: SeriesModel, metric: string, windowSeconds: number, codes: string): string {
  return `rate(${requestSelector(series, metric, codes)}[${windowSeconds}s])`;
}

/** Series of requests with some codes, none of them a probe. */
export function requestSelector(series: SeriesModel, metric: string, ...codes: readonly string[]): string {
  return selector(`${series.prefix}_${metric}`, [selectorLabels(series.labels), ...noProbes(series), ...codes]);
}

/** Rates outlive a scrape by their window, and sink while they do: they count only as long as a pod is seen. */
function whileScraped(series: SeriesModel, query: string): string {
  return `${query} and ${scraped(series)} or ${idle(series)}`;
}

/** 0 where pods are seen, of which some have no series before their first request; else nothing. */
function idle(series: SeriesModel): string {
  return `0 * ${scraped(series)}`;
}

/** A number where pods are seen, else nothing. */
export function scraped(series: SeriesModel): string {
  return `sum(${pods(series)})`;
}

/** One for each pod that answers the scrape. */
export function pods({ labels }: SeriesModel): string {
  return `up{${selectorLabels(labels)}} == 1`;
}

/** A probe that hangs is in flight for a minute. */
function noProbes({ probePaths }: SeriesModel): string[] {
  const paths = [...new Set(probePaths)].sort().map(escapeRegex);
  return paths.length === 0 ? [] : [matcher('endpoint', '!~', paths.join('|'))];
}

function selector(metric: string, matchers: readonly string[]): string {
  return `${metric}{${matchers.filter((text) => text !== '').join(',')}}`;
}

function selectorLabels(labels: SeriesModel['labels']): string {
  return sortedEntries(labels)
    .map(([label, value]) => matcher(label, '=', value))
    .join(',');
}

/** JSON and PromQL have the same strings. */
export function matcher(label: string, operator: '=' | '!=' | '=~' | '!~', value: string): string {
  return `${label}${operator}${JSON.stringify(value)}`;
}

/** Text as RE2 reads it, which Prometheus anchors at both ends. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

function relabeled(query: string, from: string, to: string): string {
  return from === to ? query : `label_replace(${query}, "${to}", "$1", "${from}", "(.*)")`;
}

/** Of 99.9 a division would make 0.9990000000000001. */
export function quantile(percentile: number): number {
  return Number((percentile / 100).toPrecision(12));
}
