import type { SeriesModel } from '../component/component-model';
import { metricLabel } from '../internal/labels';
import { type BoundsModel, ErrorKind, type MeasuredGateModel, type PrometheusGateModel } from '../release/gate-model';
import { CANARY_HASH, STABLE_HASH } from '../release/placeholders';
import {
  ASKED_CODES,
  inFlight,
  MEASURED_CODES,
  matcher,
  pods,
  quantile,
  requestRate,
  requestSelector,
  scraped,
} from './promql';

// A gate's query answers one number, or nothing at all where nothing is known: never a number that stands for "unknown",
// and never NaN, which Argo Rollouts takes for anything but a pass only where both conditions are stated.

/** What Argo Rollouts labels pods with, as Prometheus has it. */
const HASH_LABEL = metricLabel('rollouts-pod-template-hash');

const CODES: { readonly [kind in ErrorKind]: readonly string[] } = {
  [ErrorKind.ERRORS]: [matcher('http_response_code', '=~', '5..'), matcher('http_response_code', '!=', '504')],
  [ErrorKind.TIMEOUTS]: [matcher('http_response_code', '=', '504')],
  [ErrorKind.REJECTIONS]: [matcher('http_response_code', '=', '429')],
};

/** The number that a gate compares with its limit: of the new version, or how many times that of the stable one. */
export function gateQuery(gate: MeasuredGateModel, series: SeriesModel): string {
  const { measure } = gate;
  const canary = ofVersion(series, CANARY_HASH);
  const stable = ofVersion(series, STABLE_HASH);
  switch (measure.kind) {
    case 'latency-relative':
      return known(
        `${canaryLatency(gate, canary, measure.percentile)} / ${stableLatency(gate, stable, measure.percentile)}`,
        [...answered(gate, canary), ...answered(gate, stable)],
      );
    case 'latency':
      return known(latency(gate, canary, measure.percentile), answered(gate, canary));
    case 'error-rate-relative': {
      // Without errors of the stable version the ratio would be infinite at the first one of the new.
      const floor = `clamp_min(${errorRate(gate, stable, measure.errorKind)}, ${measure.minErrorRate})`;
      return known(`${errorRate(gate, canary, measure.errorKind)} / ${floor}`, [scraped(canary), scraped(stable)]);
    }
    case 'error-rate':
      return known(errorRate(gate, canary, measure.errorKind), [scraped(canary)]);
    case 'saturation':
      return known(saturation(gate, canary, measure.maxConcurrency!), [
        `${requests(gate, canary)} >= ${gate.minRequests}`,
      ]);
  }
}

/**
 * A query of the user, without the numbers that are no verdict: NaN, and the infinity on the side that has no bound, as of a
 * share of nothing.
 */
export function boundedQuery({ query, bounds }: Pick<PrometheusGateModel, 'query' | 'bounds'>): string {
  // In lines of its own: a query may end with a comment.
  return `(\n${query}\n) ${finite(bounds)}`;
}

function finite({ min, max }: BoundsModel): string {
  if (min === undefined) return '> -Inf';
  return max === undefined ? '< Inf' : '<= Inf';
}

/** Both versions are one track: what tells them apart is the hash that Argo Rollouts gives their pods. */
function ofVersion(series: SeriesModel, hash: string): SeriesModel {
  return { ...series, labels: { ...series.labels, [HASH_LABEL]: hash } };
}

/** `>= 0`: NaN is none of the numbers that a gate reads. */
function known(query: string, conditions: readonly string[]): string {
  return [`(${query}) >= 0`, ...conditions].join(' and ');
}

/** As of a scaler: the first answers of a new pod, until it is scraped, do not count, in which it warms up. */
function latency({ windowSeconds }: MeasuredGateModel, series: SeriesModel, percentile: number | undefined): string {
  const rate = (metric: string) =>
    requestRate(series, `request_duration_seconds_${metric}`, windowSeconds!, MEASURED_CODES);
  if (percentile === undefined) return `sum(${rate('sum')}) / sum(${rate('count')})`;
  return `histogram_quantile(${quantile(percentile)}, sum by (le) (${rate('bucket')}))`;
}

/**
 * Beyond the last bucket a percentile is taken for where that ends, which two versions would have in common however far they
 * are apart: the new one then counts as infinitely slow.
 */
function canaryLatency(gate: MeasuredGateModel, series: SeriesModel, percentile: number | undefined): string {
  const value = latency(gate, series, percentile);
  return percentile === undefined ? `(${value})` : `(${value} < ${gate.lastBucketSeconds!} or ${value} * Inf)`;
}

function stableLatency(gate: MeasuredGateModel, series: SeriesModel, percentile: number | undefined): string {
  const value = latency(gate, series, percentile);
  return percentile === undefined ? `(${value} > 0)` : `(${value} > 0 < ${gate.lastBucketSeconds!})`;
}

/** Enough of the answers whose time is measured, and somebody who still looks. */
function answered({ windowSeconds, minRequests }: MeasuredGateModel, series: SeriesModel): string[] {
  const count = requestSelector(series, 'request_duration_seconds_count', MEASURED_CODES);
  return [`sum(increase(${count}[${windowSeconds!}s])) >= ${minRequests}`, scraped(series)];
}

function errorRate(gate: MeasuredGateModel, series: SeriesModel, kind: ErrorKind): string {
  return `${total(gate, series, ...CODES[kind])} / (${requests(gate, series)} >= ${gate.minRequests})`;
}

function requests(gate: MeasuredGateModel, series: SeriesModel): string {
  return total(gate, series, ASKED_CODES);
}

/**
 * Requests within the window. A pod has a series of a code from its first answer of that kind on, which may be the only one:
 * `increase` sees nothing of what a series begins with, so that a series that was not there in the window before counts whole.
 */
function total({ windowSeconds }: MeasuredGateModel, series: SeriesModel, ...codes: readonly string[]): string {
  const window = `${requestSelector(series, 'request_total', ...codes)}[${windowSeconds!}s]`;
  const before = `last_over_time(${window} offset ${windowSeconds!}s)`;
  return `(sum(increase(${window}) and ${before} or max_over_time(${window}) unless ${before}) or vector(0))`;
}

/** Of the pods that are there: one that has gone would still be in the mean of its window. */
function saturation({ windowSeconds }: MeasuredGateModel, series: SeriesModel, maxConcurrency: number): string {
  const busy = `sum(avg_over_time(${inFlight(series)}[${windowSeconds!}s]) and on (namespace, pod) ${pods(series)})`;
  return `${busy} / (count(${pods(series)}) * ${maxConcurrency})`;
}
