import { App, Chart, Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  type ClusterProfileProps,
  Gpu,
  InstanceSize,
  Runner,
  RunnerPool,
  Scaling,
  ScalingMetric,
  Schedule,
  Warnings,
} from '../../lib';
import { chain, IMAGE, pair, SMALL, single } from '../bentos';
import { CLUSTER } from '../functions';
import { synthesize } from '../tree';

const seconds = (count: number) => Duration.seconds(count);
const l4 = InstanceSize.named('gpu.l4.1');
const auto = (...metrics: ScalingMetric[]) => Scaling.auto({ minReplicas: 2, maxReplicas: 4, metrics });
const { concurrency, requestRate, latency, queueLength, gpuUtilization, apiServerReplicas, ofApiServer } =
  ScalingMetric;
const hours = ScalingMetric.schedule(2, Schedule.businessHours({ timeZone: 'UTC' }));
const external = ScalingMetric.external({ metric: 'depth', value: 1 });

interface Definition {
  readonly bento?: Bento;
  readonly size?: InstanceSize;
  readonly cluster?: ClusterProfileProps;
  readonly namespace?: string;
}

function deploy(metrics: ScalingMetric[], definition: Definition = {}) {
  const { bento = single(), size = SMALL, cluster = {} } = definition;
  const namespace = 'namespace' in definition ? definition.namespace : 'ml';
  let chart!: Chart;
  const objects = synthesize(
    (scope) => {
      chart = scope;
      ClusterProfile.set(chart, new ClusterProfile({ ...CLUSTER, ...cluster }));
      new BentoDeployment(chart, 'Rag', { bento, apiServer: { size, scaling: auto(...metrics) } });
    },
    { namespace },
  );
  return { objects, warnings: Warnings.of(chart) };
}
const queries = (metrics: ScalingMetric[], definition?: Definition): string[] =>
  deploy(metrics, definition)
    .objects.get('ScaledObject', 'rag')
    .spec.triggers.map(({ metadata }: { metadata: { query: string } }) => metadata.query);

describe('what a cluster lacks', () => {
  const without = (entry: keyof ClusterProfileProps): Definition => ({
    cluster: { [entry]: undefined, ...(entry === 'keda' && { kedaHttpAddOn: undefined }) },
  });
  const none = "[ClusterLacks] 'apiServer.scaling.metrics (";

  it.each([
    [concurrency(1), 'concurrency'],
    [hours, 'the schedule from 0 8 * * 1-5 to 0 18 * * 1-5 UTC'],
    [ScalingMetric.prometheus({ query: 'up', threshold: 1 }), 'the query up'],
    [gpuUtilization(80), 'gpuUtilization'],
  ])('fails without KEDA, and says what plain Kubernetes has: %#', (metric, name) => {
    expect(() => deploy([metric], without('keda'))).toThrow(
      `${none}${name})' must have 'keda' in the ClusterProfile, got none; state it, or use ScalingMetric.cpu(), pods(), ofObject() or external(), which plain Kubernetes has (at test/Rag)`,
    );
  });

  it.each([
    [concurrency(1), 'concurrency'],
    [ScalingMetric.prometheus({ query: 'up', threshold: 1 }), 'the query up'],
  ])('fails without the address of Prometheus: %#', (metric, name) => {
    const message = `${none}${name})' must have 'prometheus.address' in the ClusterProfile, got none; state it, or use ScalingMetric.cpu(), which needs the metrics-server alone (at test/Rag)`;
    expect(() => deploy([metric], without('prometheus'))).toThrow(message);
    expect(() => deploy([metric], { cluster: { prometheus: { operatorLabels: {} } } })).toThrow(message);
  });

  it('fails without the exporter of DCGM', () => {
    expect(() => deploy([gpuUtilization(80)], { ...without('dcgmExporter'), size: l4 })).toThrow(
      `${none}gpuUtilization)' must have 'dcgmExporter' in the ClusterProfile, got none; state it, or use ScalingMetric.concurrency() (at test/Rag)`,
    );
  });

  it('is nothing to hours and triggers, which need KEDA alone', () => {
    const trigger = ScalingMetric.kedaTrigger({
      kind: 'kubernetes-workload',
      metadata: { podSelector: 'a=b', value: '1' },
    });
    expect(() => deploy([hours, trigger], without('prometheus'))).not.toThrow();
  });
});

describe('one autoscaler', () => {
  it.each([
    [ScalingMetric.pods({ metric: 'm', averageValue: 1 }), 'pods metric m'],
    [external, 'external metric depth'],
    [
      ScalingMetric.ofObject({ apiVersion: 'v1', kind: 'Service', name: 's', metric: 'm', value: 1 }),
      'object metric Service/s m',
    ],
  ])('fails to carry what only Kubernetes has beside what only KEDA has: %#', (own, name) => {
    expect(() => deploy([own, ScalingMetric.cpu(70), concurrency(1)])).toThrow(
      `[MixedMetrics] 'apiServer.scaling.metrics' must not hold ${name} beside concurrency: KEDA makes the autoscaler for the latter and cannot carry the former; state the same number as ScalingMetric.prometheus() or kedaTrigger() (at test/Rag)`,
    );
  });

  it('carries CPU and memory beside either', () => {
    const resources = [ScalingMetric.cpu(70), ScalingMetric.memory(80)];
    expect(deploy([...resources, concurrency(1)]).objects.of('ScaledObject')).toHaveLength(1);
    expect(deploy([...resources, external]).objects.of('HorizontalPodAutoscaler')).toHaveLength(1);
  });

  it('warns of external metrics that KEDA does not know', () => {
    const { warnings } = deploy([external]);
    expect(warnings).toEqual([
      "[ExternalMetricBesideKeda] 'apiServer.scaling.metrics' reads depth from external.metrics.k8s.io, which KEDA serves in this cluster: it knows no metrics of other adapters; use ScalingMetric.prometheus() or kedaTrigger() (at test/Rag/Gateway)",
    ]);
    expect(deploy([external], { cluster: { keda: undefined, kedaHttpAddOn: undefined } }).warnings).toEqual([]);
  });
});

describe('metrics of BentoML', () => {
  const of = (options: object) =>
    Bento.fromImage(IMAGE, { services: [BentoService.named('Gateway', { size: SMALL, ...options })] });

  it('have the names that the Bento gives them', () => {
    expect(queries([concurrency(1)])[0]).toContain('bentoml_service_request_in_progress{');
    expect(queries([concurrency(1)], { bento: of({ metricsNamespace: 'rag' }) })[0]).toContain(
      'rag_request_in_progress{',
    );
  });

  it('leave out the probes, wherever they are', () => {
    const [query] = queries([concurrency(1)], { bento: of({ pathPrefix: '/v1' }) });
    expect(query).toContain('endpoint!~"/v1/healthz|/v1/livez|/v1/readyz"');
  });

  it('fail where the Bento turns them off', () => {
    const model = single()._model.services.Gateway!;
    const bento = single();
    Object.assign(bento._model.services, { Gateway: { ...model, metricsEnabled: false } });
    expect(() => deploy([concurrency(1)], { bento })).toThrow(
      '[NoMetrics] \'apiServer.scaling.metrics\' must not look at requests of "Gateway", whose metrics are off; set metrics.enabled in its code, or state another metric (at test/Rag)',
    );
  });

  it('fail without a namespace, which tells namesakes apart', () => {
    expect(() => deploy([concurrency(1)], { namespace: undefined })).toThrow(
      "[NamespaceNeeded] 'apiServer.scaling.metrics' must know its namespace: concurrency of rag is told from that of namesakes elsewhere by it; state `namespace` on the chart (at test/Rag)",
    );
    expect(() => deploy([hours], { namespace: undefined })).not.toThrow();
  });
});

// A rate needs two samples; with four it survives a scrape that fails.
describe('windows', () => {
  const windowOf = (metric: ScalingMetric, scrapeInterval: number) =>
    Number(
      /\[(\d+)s\]/.exec(
        queries([metric], {
          cluster: { prometheus: { address: 'http://p', scrapeInterval: seconds(scrapeInterval) } },
        })[0]!,
      )![1],
    );

  it.each([
    [5, 60],
    [14, 60],
    [15, 60],
    [16, 64],
    [60, 240],
    [300, 1200],
  ])('over a scrape each %d s are %d s', (scrape, window) => {
    expect(windowOf(requestRate(1), scrape)).toBe(window);
    expect(windowOf(latency(seconds(1)), scrape)).toBe(window);
    expect(windowOf(latency(seconds(1), { percentile: 95 }), scrape)).toBe(window);
  });

  it.each([
    [10, 5, true],
    [59, 30, false],
    [60, 30, true],
    [61, 30, true],
    [120, 61, false],
  ])('of %d s over a scrape each %d s: %s', (window, scrape, fits) => {
    for (const metric of [
      requestRate(1, { window: seconds(window) }),
      latency(seconds(1), { window: seconds(window) }),
    ]) {
      const run = () => windowOf(metric, scrape);
      if (fits) expect(run()).toBe(window);
      else {
        expect(run).toThrow(
          `[OutOfRange] 'apiServer.scaling.metrics.window' must be at least ${2 * scrape} s, twice the scrape interval, got ${window}; state a longer one, or a shorter prometheus.scrapeInterval in the ClusterProfile (at test/Rag)`,
        );
      }
    }
  });
});

// Default buckets of BentoML end at 180 s.
describe('percentiles', () => {
  it.each([179, 180, 181])('of %d s', (target) => {
    const run = () => queries([latency(seconds(target), { percentile: 95 })]);
    if (target < 180) expect(run()).toHaveLength(1);
    else {
      expect(run).toThrow(
        `[OutOfRange] 'apiServer.scaling.metrics (latency (95 %))' must be below 180 s, where the buckets of Gateway end, got ${target}; state buckets in metrics.duration of its code, or use the mean (at test/Rag)`,
      );
    }
    expect(() => queries([latency(seconds(target))])).not.toThrow();
  });
});

describe('queueLength', () => {
  it('counts beyond what the Bento works on at the same time, or what is stated', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [BentoService.named('Gateway', { size: SMALL, targetConcurrency: 8 })],
    });
    expect(queries([queueLength(1)], { bento })[0]).toContain(' - 8, 0)');
    expect(queries([queueLength(1, { inService: 2 })], { bento })[0]).toContain(' - 2, 0)');
  });

  it('fails where nobody states that', () => {
    expect(() => deploy([queueLength(1)])).toThrow(
      "[MissingOption] 'apiServer.scaling.metrics (queueLength).inService' must be given for Gateway, whose code states no traffic.concurrency; state how many requests a replica works on at the same time (at test/Rag)",
    );
  });
});

describe('gpuUtilization', () => {
  it('fails without an NVIDIA GPU', () => {
    const amd = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(1), gpu: Gpu.AMD_MI300X });
    for (const size of [SMALL, amd]) {
      expect(() => deploy([gpuUtilization(80)], { size })).toThrow(
        "[InvalidMetric] 'apiServer.scaling.metrics' must be one that the component has, got gpuUtilization without an NVIDIA GPU (at test/Rag)",
      );
    }
  });

  it('takes slices of one', () => {
    const gpu = Gpu.of({ name: 'slice', resourceName: 'nvidia.com/mig-1g.10gb' });
    const size = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(1), gpu });
    expect(() => deploy([gpuUtilization(80)], { size })).not.toThrow();
  });
});

describe('metrics of the API server', () => {
  const leading = [ofApiServer(concurrency(1)), apiServerReplicas(2)];
  const pools = (runners: { [name: string]: Runner }, bento = pair()) =>
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
      new BentoDeployment(chart, 'Rag', { bento, runners });
    });
  const selectorOf = (objects: ReturnType<typeof pools>, pool: string): string =>
    objects.get('ScaledObject', pool).spec.triggers[0].metadata.podSelector;

  it.each(leading)('fail on the API server itself: %#', (metric) => {
    const name = metric._model.kind === 'ratio' ? 'apiServerReplicas' : 'concurrency of the API server';
    expect(() => deploy([metric])).toThrow(
      `[NoApiServer] 'apiServer.scaling.metrics' must not hold ${name}, for no API server leads to rag alone; state a metric of its own (at test/Rag)`,
    );
  });

  it.each(leading)('fail on a pool that several may call: %#', (metric) => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
    const make = () =>
      new RunnerPool(chart, 'Embedder', { bento: pair(), bentoService: 'Embedder', scaling: auto(metric) });
    expect(make).toThrow(
      /^\[NoApiServer\] 'scaling.metrics' must not hold .*, for no API server leads to embedder alone;/,
    );
  });

  it('fail on a pool of a shared one', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
    const runners = { Encoder: Runner.pool({ scaling: auto(apiServerReplicas(1)) }) };
    expect(() => new RunnerPool(chart, 'Reranker', { bento: chain(), bentoService: 'Reranker', runners })).toThrow(
      "[NoApiServer] 'runners.Encoder.scaling.metrics'",
    );
  });

  it('are those of the API server at the top of a chain, however long', () => {
    const scaling = auto(apiServerReplicas(1));
    const objects = pools({ Reranker: Runner.pool({ scaling }), Encoder: Runner.pool({ scaling }) }, chain());
    for (const pool of ['rag-reranker', 'rag-encoder']) {
      expect(selectorOf(objects, pool)).toContain('app.kubernetes.io/component=api-server');
    }
  });

  it('ask by the metrics of the API server, not by those of the pool', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [
        BentoService.named('Gateway', {
          dependsOn: ['Embedder'],
          size: SMALL,
          metricsNamespace: 'front',
          targetConcurrency: 16,
        }),
        BentoService.named('Embedder', { size: SMALL }),
      ],
    });
    const objects = pools({ Embedder: Runner.pool({ scaling: auto(ofApiServer(queueLength(1))) }) }, bento);
    const { query } = objects.get('ScaledObject', 'rag-embedder').spec.triggers[0].metadata;
    expect(query).toContain('front_request_in_progress{');
    expect(query).toContain(' - 16, 0)');
  });

  it('find the pods of an API server that was taken over', () => {
    const objects = synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
      new BentoDeployment(chart, 'Rag', {
        bento: pair(),
        apiServer: { adopt: { selector: { app: 'old' } } },
        runners: { Embedder: Runner.pool({ scaling: auto(apiServerReplicas(1)) }) },
      });
    });
    expect(selectorOf(objects, 'rag-embedder')).toBe('app=old');
  });
});
