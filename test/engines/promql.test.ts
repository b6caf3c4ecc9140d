import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { SeriesModel } from '../../lib/component/component-model';
import {
  concurrencyQuery,
  escapeRegex,
  gpuUtilizationQuery,
  latencyQuery,
  queueLengthQuery,
  requestRateQuery,
} from '../../lib/engines/promql';

const series: SeriesModel = {
  labels: { namespace: 'ml', cdk8s_bento_track: 'main', app_kubernetes_io_instance: 'rag' },
  prefix: 'bentoml_service',
  probePaths: ['/readyz', '/livez'],
};
const OWN = 'app_kubernetes_io_instance="rag",cdk8s_bento_track="main",namespace="ml"';
const UP = `sum(up{${OWN}} == 1)`;

// What these give on series is for Prometheus to say: test/promql.
describe('the query of', () => {
  test('concurrency', () => {
    expect(concurrencyQuery(series)).toBe(
      `sum(bentoml_service_request_in_progress{${OWN},endpoint!~"/livez|/readyz"}) or 0 * ${UP}`,
    );
  });

  test('the rate of requests', () => {
    const selector = `bentoml_service_request_total{${OWN},endpoint!~"/livez|/readyz",http_response_code!="404"}`;
    expect(requestRateQuery(series, 120)).toBe(`sum(rate(${selector}[120s])) and ${UP} or 0 * ${UP}`);
  });

  const duration = (metric: string) =>
    `rate(bentoml_service_request_duration_seconds_${metric}` +
    `{${OWN},endpoint!~"/livez|/readyz",http_response_code=~"2..|504"}[60s])`;

  test('mean latency', () => {
    expect(latencyQuery(series, 60)).toBe(
      `sum(${duration('sum')}) / (sum(${duration('count')}) > 0) and ${UP} or 0 * ${UP}`,
    );
  });

  it.each([
    [50, '0.5'],
    [95, '0.95'],
    [99.9, '0.999'],
    [55.1, '0.551'],
  ])('the %f th percentile of latency', (percentile, quantile) => {
    expect(latencyQuery(series, 60, percentile)).toBe(
      `histogram_quantile(${quantile}, sum by (le) (${duration('bucket')})) >= 0 and ${UP} or 0 * ${UP}`,
    );
  });

  test('the length of the queue', () => {
    const pods = `sum by (namespace, pod) (bentoml_service_request_in_progress{${OWN},endpoint!~"/livez|/readyz"})`;
    expect(queueLengthQuery(series, 4)).toBe(`sum(clamp_min(${pods} - 4, 0)) or 0 * ${UP}`);
  });

  test('GPU utilization, with the labels of the exporter itself', () => {
    expect(gpuUtilizationQuery(series, { podLabel: 'pod', namespaceLabel: 'namespace' })).toBe(
      'avg((DCGM_FI_DEV_GPU_UTIL{namespace="ml",GPU_I_ID=""}' +
        ' or 100 * DCGM_FI_PROF_GR_ENGINE_ACTIVE{namespace="ml",GPU_I_ID!=""})' +
        ` and on (namespace, pod) up{${OWN}} == 1)`,
    );
  });

  test('GPU utilization, with the labels that Prometheus renames, in one of many clusters', () => {
    const dcgm = { podLabel: 'exported_pod', namespaceLabel: 'exported_namespace', labels: { cluster: 'eu' } };
    const namespaces = `label_replace(up{${OWN}} == 1, "exported_namespace", "$1", "namespace", "(.*)")`;
    expect(gpuUtilizationQuery(series, dcgm)).toBe(
      'avg((DCGM_FI_DEV_GPU_UTIL{cluster="eu",exported_namespace="ml",GPU_I_ID=""}' +
        ' or 100 * DCGM_FI_PROF_GR_ENGINE_ACTIVE{cluster="eu",exported_namespace="ml",GPU_I_ID!=""})' +
        ' and on (exported_namespace, exported_pod)' +
        ` label_replace(${namespaces}, "exported_pod", "$1", "pod", "(.*)"))`,
    );
  });
});

describe('a query', () => {
  it('has the metrics namespace and the path prefix of its service', () => {
    expect(concurrencyQuery({ ...series, prefix: 'reranker', probePaths: ['/v1.2/livez'] })).toContain(
      `sum(reranker_request_in_progress{${OWN},endpoint!~"/v1\\\\.2/livez"})`,
    );
  });

  it('leaves out nothing where there are no probes', () => {
    expect(concurrencyQuery({ ...series, probePaths: [] })).not.toContain('endpoint');
  });

  it('escapes what is in a label', () => {
    expect(concurrencyQuery({ ...series, labels: { cluster: 'a"b\\c\nd' } })).toContain('up{cluster="a\\"b\\\\c\\nd"}');
  });

  it('takes paths as text, not as patterns', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        expect(new RegExp(`^(?:${escapeRegex(path)})$`).test(path)).toBe(true);
      }),
    );
  });

  it('is the same whatever the order of keys and paths', () => {
    const all = (model: SeriesModel) => [
      concurrencyQuery(model),
      requestRateQuery(model, 60),
      latencyQuery(model, 60, 95),
      queueLengthQuery(model, 1),
      gpuUtilizationQuery(model, { podLabel: 'p', namespaceLabel: 'n', labels: model.labels }),
    ];
    const map = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.string());
    fc.assert(
      fc.property(map, fc.array(fc.string()), (labels, probePaths) => {
        const reversed = Object.fromEntries(Object.entries(labels).reverse());
        expect(all({ labels: reversed, prefix: 'x', probePaths: [...probePaths, ...probePaths].reverse() })).toEqual(
          all({ labels, prefix: 'x', probePaths }),
        );
      }),
    );
  });
});
