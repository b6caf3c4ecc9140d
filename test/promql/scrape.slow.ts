import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeriesModel } from '../../lib/component/component-model';
import { podMonitorSpec } from '../../lib/engines/pod-monitor';
import {
  concurrencyQuery,
  gpuUtilizationQuery,
  latencyQuery,
  queueLengthQuery,
  requestRateQuery,
} from '../../lib/engines/promql';
import { requireTool } from '../tools/require-tool';
import { type ScrapeConfig, scrapeConfigs } from './operator';
import { Prometheus } from './prometheus';
import { DCGM, OWN, rag } from './series';

const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures/metrics', `${name}.txt`), 'utf8');
const FIXTURES = { gateway: fixture('gateway'), embedder: fixture('embedder') };
const WINDOW = 10;

/** As the exporter of DCGM writes it: the pods that have the GPUs are labels of its own. */
const DCGM_METRICS = ['a 80', 'b 60', 'canary 10']
  .map((line, index) => {
    const [pod, percent] = line.split(' ');
    return `DCGM_FI_DEV_GPU_UTIL{gpu="${index}",container="bento",namespace="ml",pod="${pod}"} ${percent}\n`;
  })
  .join('');

/** The counters of a fixture after so many times what they say. */
function after(text: string, times: number): string {
  const counter = /^(\w+_(?:total|bucket|sum|count)\{.*\}) (\S+)$/gm;
  return text.replace(counter, (_, name, value) => `${name} ${Number(value) * times}`);
}

/** Serves fixtures at /PATH/NAME; with each scrape of a pod its counters grow by what the fixture says. */
function metricsServer(): Server {
  const scrapes = new Map<string, number>();
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const pod = searchParams.get('pod')!;
    const times = (scrapes.get(pod) ?? 0) + 1;
    scrapes.set(pod, times);
    const fixture = searchParams.get('fixture') as keyof typeof FIXTURES | null;
    const body = pathname === '/dcgm' ? DCGM_METRICS : after(FIXTURES[fixture!], times);
    response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').end(body);
  });
}

interface Pod {
  readonly name: string;
  readonly namespace?: string;
  readonly fixture: keyof typeof FIXTURES;
  readonly labels: Record<string, string>;
  readonly phase?: string;
  readonly portName?: string;
}

const GATEWAY = {
  'app.kubernetes.io/instance': 'rag',
  'app.kubernetes.io/component': 'api-server',
  'cdk8s-bento/track': 'main',
  'pod-template-hash': '5d59d67564',
};
const EMBEDDER = { ...GATEWAY, 'app.kubernetes.io/component': 'runner-embedder' };
const PODS: Pod[] = [
  { name: 'a', fixture: 'gateway', labels: GATEWAY },
  { name: 'b', fixture: 'gateway', labels: GATEWAY },
  { name: 'canary', fixture: 'gateway', labels: { ...GATEWAY, 'cdk8s-bento/track': 'v2' } },
  { name: 'embedder', fixture: 'embedder', labels: EMBEDDER },
  { name: 'scanned', fixture: 'gateway', labels: { ...GATEWAY, 'app.kubernetes.io/component': 'runner-scanned' } },
  { name: 'done', fixture: 'gateway', labels: GATEWAY, phase: 'Succeeded' },
  { name: 'sidecar', fixture: 'gateway', labels: GATEWAY, portName: 'metrics' },
  { name: 'stranger', fixture: 'gateway', labels: { ...GATEWAY, 'app.kubernetes.io/instance': 'other' } },
];
const CONTROL: Pod = { name: 'control', namespace: 'control', fixture: 'gateway', labels: GATEWAY };
const EXPORTER = { pod: 'dcgm-exporter-x7x2p', namespace: 'gpu', __param_pod: 'dcgm' };

/** What the service discovery of Prometheus says of a pod. */
function discovered({
  name,
  namespace = 'ml',
  fixture,
  labels,
  phase = 'Running',
  portName = 'http',
}: Pod): Record<string, string> {
  const meta = (key: string) => key.replace(/[^a-zA-Z0-9_]/g, '_');
  return {
    __param_pod: name,
    __param_fixture: fixture,
    __meta_kubernetes_namespace: namespace,
    __meta_kubernetes_pod_name: name,
    __meta_kubernetes_pod_phase: phase,
    __meta_kubernetes_pod_container_name: 'bento',
    __meta_kubernetes_pod_container_port_name: portName,
    ...Object.fromEntries(
      Object.entries(labels).flatMap(([key, value]) => [
        [`__meta_kubernetes_pod_label_${meta(key)}`, value],
        [`__meta_kubernetes_pod_labelpresent_${meta(key)}`, 'true'],
      ]),
    ),
  };
}

const SPEC = podMonitorSpec({
  instances: ['rag'],
  endpoints: [
    {
      components: ['api-server'],
      path: '/metrics',
      port: 'http',
      routes: ['/similarity', '/sleep', '/fail', '/stream'],
    },
    { components: ['runner-embedder', 'runner-scanned'], path: '/metrics', port: 'http' },
  ],
  intervalSeconds: 1,
});

const canary: SeriesModel = { ...rag, labels: { ...OWN, cdk8s_bento_track: 'v2' } };
const embedder: SeriesModel = { ...rag, labels: { ...OWN, app_kubernetes_io_component: 'runner-embedder' } };

// By hand from the fixtures, whose counters are what each pod gets in a second.
const EXPECTED: [string, string, number][] = [
  ['concurrency of two pods', concurrencyQuery(rag), 3 + 3],
  ['concurrency of the canary', concurrencyQuery(canary), 3],
  ['concurrency of an idle pool', concurrencyQuery(embedder), 0],
  ['queue of two pods', queueLengthQuery(rag, 2), 1 + 1],
  // /fail 1, /similarity 8 and a 400, /sleep 4, two 429 and a 504, /stream 1; no probe and no 404.
  ['request rate of two pods', requestRateQuery(rag, WINDOW), 2 * 18],
  ['request rate of the canary', requestRateQuery(canary, WINDOW), 18],
  ['request rate of a pool', requestRateQuery(embedder, WINDOW), 32],
  [
    'mean latency',
    latencyQuery(rag, WINDOW),
    (0.31242906299985407 + 2.015210273999628 + 0.1824986940000599 + 2.0029498290000447) / (8 + 4 + 1 + 1),
  ],
  ['mean latency of a pool', latencyQuery(embedder, WINDOW), 2.0624259449994042 / 32],
  // 9 of 14 are below 0.5 s, 13 below 1 s: the 75th percentile is 1.5 of 4 on the way.
  ['a percentile of latency', latencyQuery(rag, WINDOW, 75), 0.6875],
  ['GPU utilization', gpuUtilizationQuery(rag, DCGM), 70],
  ['GPU utilization of the canary', gpuUtilizationQuery(canary, DCGM), 10],
];

/** A scrape as the operator configures it where nobody cures the name of its label. */
const withoutOurs = ({ relabel_configs }: ScrapeConfig) => ({
  relabel_configs: relabel_configs.filter(({ action }) => action !== 'labeldrop'),
  metric_relabel_configs: [],
});

describe.skipIf(!requireTool('apt', 'scrape suite'))('a real Prometheus that the operator configured', () => {
  let server: Server;
  let prometheus: Prometheus;
  beforeAll(async () => {
    const configs = await scrapeConfigs({ name: 'rag', namespace: 'ml' }, SPEC);
    server = metricsServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const targets = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
    const at = (...labels: Record<string, string>[]) => ({
      static_configs: labels.map((one) => ({ targets, labels: one })),
    });
    prometheus = await Prometheus.start([
      ...configs.map((config) => ({ ...config, ...at(...PODS.map(discovered)) })),
      { ...configs[0]!, ...withoutOurs(configs[0]!), ...at(discovered(CONTROL)), job_name: 'control' },
      { job_name: 'dcgm', scrape_interval: '1s', metrics_path: '/dcgm', ...at(EXPORTER) },
    ]);
    const scrapes = `min(count_over_time(up{namespace="ml"}[${WINDOW}s]))`;
    await until(async () => ((await prometheus.answer(scrapes)) ?? 0) >= WINDOW);
  });
  afterAll(async () => {
    await prometheus?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  const valuesOf = async (query: string, label: string) =>
    [...new Set((await prometheus.samples(query)).map(({ metric }) => metric[label] ?? ''))].sort();

  test('scrapes the pods of the deployment, and the port that has metrics', async () => {
    expect(await valuesOf('up{namespace="ml"} == 1', 'pod')).toEqual(['a', 'b', 'canary', 'embedder', 'scanned']);
  });

  test('gives the targets the labels that queries ask for', async () => {
    const [sample] = await prometheus.samples('up{pod="a",namespace="ml"}');
    expect(sample!.metric).toMatchObject({
      ...OWN,
      container: 'bento',
      job: 'ml/rag',
      pod_template_hash: '5d59d67564',
    });
  });

  test('keeps the paths that BentoML counts, which the name of the port would hide', async () => {
    const query = (namespace: string) => `bentoml_service_request_in_progress{namespace="${namespace}"}`;
    expect(await valuesOf(query('ml'), 'exported_endpoint')).toEqual(['']);
    expect(await valuesOf(query('control'), 'endpoint')).toEqual(['http']);
    expect(await valuesOf(query('control'), 'exported_endpoint')).toContain('/sleep');
  });

  test('keeps known routes and what has none, where all are known', async () => {
    const gateway = '{app_kubernetes_io_component="api-server",namespace="ml",__name__=~"bentoml_.*"}';
    expect(await valuesOf(gateway, 'endpoint')).toEqual(['', '/fail', '/similarity', '/sleep', '/stream']);
    expect(await valuesOf(gateway, '__name__')).toContain('bentoml_service_last_request_timestamp_seconds');
  });

  test('keeps all but what is not found, where routes are not known', async () => {
    const scanned = 'bentoml_service_request_total{app_kubernetes_io_component="runner-scanned"}';
    const routes = ['/fail', '/livez', '/readyz', '/similarity', '/sleep', '/stream'];
    expect(FIXTURES.gateway).toContain('endpoint="/nope",http_response_code="404"');
    expect(await valuesOf(scanned, 'endpoint')).toEqual(routes);
  });

  test.each(EXPECTED)('answers: %s', async (_, query, expected) => {
    const answer = await prometheus.answer(query);
    // A scrape that comes late moves a rate a little.
    expect(Math.abs(answer! - expected)).toBeLessThanOrEqual(0.03 * expected);
  });

  test('answers nothing once nobody can be scraped', async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await until(async () => (await prometheus.answer('max(up)')) === 0);
    for (const [name, query] of EXPECTED) expect([name, await prometheus.answer(query)]).toEqual([name, undefined]);
  });
});

async function until(reached: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 90_000; Date.now() < end; ) {
    if (await reached()) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error('Prometheus did not get there within 90 s');
}
