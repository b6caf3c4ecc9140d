import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ErrorKind, Gate } from '../../lib';
import { boundedQuery, gateQuery } from '../../lib/engines/gate-queries';
import { measuredGate, SERIES } from '../gates';

// What these queries find stands in test/promql/gates.slow.ts; here is how they are written.
const OWN =
  'app_kubernetes_io_component="api-server",app_kubernetes_io_instance="rag",cdk8s_bento_track="main",namespace="ml"';
const canary = `${OWN},rollouts_pod_template_hash="{{args.canary-hash}}"`;
const stable = `${OWN},rollouts_pod_template_hash="{{args.stable-hash}}"`;
const noProbes = 'endpoint!~"/healthz|/livez|/readyz"';
const measured = 'http_response_code=~"2..|504"';
const query = (gate: Gate) => gateQuery(measuredGate(gate), SERIES);

const rate = (what: string, own: string, window = 120) =>
  `rate(bentoml_service_request_duration_seconds_${what}{${own},${noProbes},${measured}}[${window}s])`;
const enough = (own: string) =>
  `sum(increase(bentoml_service_request_duration_seconds_count{${own},${noProbes},${measured}}[120s])) >= 50`;
const seen = (own: string) => `sum(up{${own}} == 1)`;
const total = (own: string, codes: string) => {
  const series = `bentoml_service_request_total{${own},${noProbes},${codes}}[120s]`;
  const before = `last_over_time(${series} offset 120s)`;
  return `(sum(increase(${series}) and ${before} or max_over_time(${series}) unless ${before}) or vector(0))`;
};
const requests = (own: string) => `(${total(own, 'http_response_code!="404"')} >= 50)`;

describe('latency', () => {
  const mean = (own: string) => `sum(${rate('sum', own)}) / sum(${rate('count', own)})`;

  it('relative to stable is the quotient of the means of both versions, where both have had enough requests', () => {
    expect(query(Gate.latencyRelativeToStable())).toBe(
      `((${mean(canary)}) / (${mean(stable)} > 0)) >= 0` +
        ` and ${enough(canary)} and ${seen(canary)} and ${enough(stable)} and ${seen(stable)}`,
    );
  });

  it('is that of the canary', () => {
    expect(query(Gate.latency({ max: Duration.seconds(1) }))).toBe(
      `(${mean(canary)}) >= 0 and ${enough(canary)} and ${seen(canary)}`,
    );
  });

  it('is that of a percentile', () => {
    const quantile = (own: string) => `histogram_quantile(0.999, sum by (le) (${rate('bucket', own)}))`;
    expect(query(Gate.latency({ max: Duration.seconds(1), percentile: 99.9 }))).toContain(`(${quantile(canary)}) >= 0`);
    expect(query(Gate.latencyRelativeToStable({ percentile: 99.9 }))).toContain(
      `((${quantile(canary)} < 180 or ${quantile(canary)} * Inf) / (${quantile(stable)} > 0 < 180)) >= 0`,
    );
  });

  it('ends where the buckets of the service do', () => {
    const gate = measuredGate(Gate.latencyRelativeToStable({ percentile: 99 }), { service: { lastBucketSeconds: 30 } });
    expect(gateQuery(gate, SERIES)).toContain('> 0 < 30))');
  });

  it('is that of the window', () => {
    const gate = Gate.latency({ max: Duration.seconds(1), window: Duration.seconds(300), minRequests: 7 });
    expect(query(gate)).toContain(rate('sum', canary, 300));
    expect(query(gate)).toContain('[300s])) >= 7 and');
  });
});

describe('error rate', () => {
  const CODES: [ErrorKind, string][] = [
    [ErrorKind.ERRORS, 'http_response_code=~"5..",http_response_code!="504"'],
    [ErrorKind.TIMEOUTS, 'http_response_code="504"'],
    [ErrorKind.REJECTIONS, 'http_response_code="429"'],
  ];

  it.each(CODES)('of %s is a share of all requests', (errorKind, codes) => {
    expect(query(Gate.errorRate({ maxRate: 0.1, errorKind }))).toBe(
      `(${total(canary, codes)} / ${requests(canary)}) >= 0 and ${seen(canary)}`,
    );
  });

  it.each(CODES)('of %s relative to stable has a floor', (errorKind, codes) => {
    const share = (own: string) => `${total(own, codes)} / ${requests(own)}`;
    expect(query(Gate.errorRateRelativeToStable({ errorKind, minErrorRate: 0.0000001 }))).toBe(
      `(${share(canary)} / clamp_min(${share(stable)}, 1e-7)) >= 0 and ${seen(canary)} and ${seen(stable)}`,
    );
  });
});

describe('saturation', () => {
  it('is what the pods that are there have in flight, of what they take', () => {
    const inFlight = `bentoml_service_request_in_progress{${canary},${noProbes}}`;
    const pods = `up{${canary}} == 1`;
    expect(query(Gate.saturation({ maxRatio: 0.8 }))).toBe(
      `(sum(avg_over_time(${inFlight}[120s]) and on (namespace, pod) ${pods}) / (count(${pods}) * 64)) >= 0` +
        ` and ${total(canary, 'http_response_code!="404"')} >= 50`,
    );
  });
});

describe('series', () => {
  it('have the names of a service with a metrics namespace and a path prefix', () => {
    const series = { ...SERIES, prefix: 'reranker', probePaths: ['/v1.2/livez'] };
    const text = gateQuery(measuredGate(Gate.errorRateRelativeToStable()), series);
    expect(text).toContain('reranker_request_total{');
    expect(text).toContain('endpoint!~"/v1\\\\.2/livez"');
    expect(text).not.toContain('bentoml_service');
  });

  it('are left as they are', () => {
    const before = JSON.stringify(SERIES);
    query(Gate.latencyRelativeToStable());
    expect(JSON.stringify(SERIES)).toBe(before);
  });
});

describe('a query of the user', () => {
  it.each<[{ min?: number; max?: number }, string]>([
    [{ max: 1 }, '> -Inf'],
    [{ min: 1 }, '< Inf'],
    [{ min: 0, max: 1 }, '<= Inf'],
  ])('with %j loses the numbers that are none', (bounds, filter) => {
    expect(boundedQuery({ query: 'up # all', bounds })).toBe(`(\nup # all\n) ${filter}`);
  });
});
