import { App, Chart, Duration, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  type NetworkPeer,
  Runner,
  RunnerPool,
  RunState,
  Tracing,
  Warnings,
} from '../../lib';
import { chain, IMAGE, pair, SMALL, single } from '../bentos';
import { Objects, synthesize, synthesizeApp } from '../tree';

const labels = (instance: string, component: string) => ({
  'app.kubernetes.io/instance': instance,
  'app.kubernetes.io/component': component,
  'cdk8s-bento/track': 'main',
});

const embedderPool = (chart: Chart, options: { state?: RunState; timeout?: Duration } = {}) =>
  new RunnerPool(chart, 'Embedder', {
    bento: pair(),
    bentoService: 'Embedder',
    state: options.state,
    traffic: options.timeout && { timeout: options.timeout },
  });

describe('a shared pool', () => {
  it('is called by its Service, and lets in both deployments that call it, and nobody else', () => {
    const objects = synthesize((chart) => {
      const pool = embedderPool(chart);
      for (const id of ['Shop', 'Support']) {
        new BentoDeployment(chart, id, { bento: pair(), runners: { Embedder: Runner.shared(pool) } });
      }
    });
    expect(objects.calls('shop')).toBe('Embedder=http://embedder-headless.ml.svc.cluster.local:3000');
    expect(objects.peers('embedder')).toEqual([
      { podSelector: { matchLabels: labels('shop', 'api-server') } },
      { podSelector: { matchLabels: labels('support', 'api-server') } },
    ]);
    expect(objects.of('Deployment').map(({ metadata }) => metadata.name)).toEqual(['embedder', 'shop', 'support']);
  });

  it('of another namespace is reached by its full name, and lets in pods of the namespace of its caller', () => {
    const objects = synthesizeApp((app) => {
      const pool = embedderPool(new Chart(app, 'models', { namespace: 'models' }));
      const shop = new Chart(app, 'shop', { namespace: 'shop' });
      new BentoDeployment(shop, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(pool) } });
    });
    expect(objects.calls('shop')).toBe('Embedder=http://embedder-headless.models.svc.cluster.local:3000');
    expect(objects.peers('embedder')).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
        podSelector: { matchLabels: labels('shop', 'api-server') },
      },
    ]);
  });

  it('of another chart of the same namespace needs no namespace in its policy', () => {
    const objects = synthesizeApp((app) => {
      const pool = embedderPool(new Chart(app, 'models', { namespace: 'ml' }));
      const shop = new Chart(app, 'shop', { namespace: 'ml' });
      new BentoDeployment(shop, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(pool) } });
    });
    expect(objects.peers('embedder')).toEqual([{ podSelector: { matchLabels: labels('shop', 'api-server') } }]);
  });

  it('lets in a pool that calls it, owned or alone', () => {
    const objects = synthesize((chart) => {
      const encoder = new RunnerPool(chart, 'Encoder', { bento: chain(), bentoService: 'Encoder' });
      const runners = { Encoder: Runner.shared(encoder) };
      new RunnerPool(chart, 'Reranker', { bento: chain(), bentoService: 'Reranker', runners });
      new BentoDeployment(chart, 'Search', { bento: chain(), runners });
    });
    expect(objects.calls('reranker')).toBe('Encoder=http://encoder-headless.ml.svc.cluster.local:3000');
    expect(objects.peers('encoder')).toEqual([
      { podSelector: { matchLabels: labels('reranker', 'runner') } },
      { podSelector: { matchLabels: labels('search', 'api-server') } },
      { podSelector: { matchLabels: labels('search', 'runner-reranker') } },
    ]);
  });

  it('owns its timeout, which callers take over', () => {
    const objects = synthesize((chart) => {
      const pool = embedderPool(chart, { timeout: Duration.seconds(100) });
      new BentoDeployment(chart, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(pool) } });
    });
    expect(objects.config('shop', 'Embedder').traffic.timeout).toBe(100 + 2);
    // 110 s: a tenth more than the pool, above the 1.01 that BentoML waits.
    expect(objects.config('shop', 'Gateway').traffic.timeout).toBeGreaterThan(101);
  });

  it('can be an owned pool of another deployment', () => {
    const objects = synthesize((chart) => {
      const shop = new BentoDeployment(chart, 'Shop', { bento: pair() });
      const runners = { Embedder: Runner.shared(shop.runnerPool('Embedder')) };
      new BentoDeployment(chart, 'Support', { bento: pair(), runners });
    });
    expect(objects.calls('support')).toBe('Embedder=http://shop-embedder-headless.ml.svc.cluster.local:3000');
    expect(objects.peers('shop-embedder')).toEqual([
      { podSelector: { matchLabels: labels('shop', 'api-server') } },
      { podSelector: { matchLabels: labels('support', 'api-server') } },
    ]);
  });

  it('is among the few where egress is restricted', () => {
    const objects = synthesizeApp((app) => {
      const models = embedderPool(new Chart(app, 'models', { namespace: 'models' }));
      const shop = new Chart(app, 'shop', { namespace: 'shop' });
      const runners = { Embedder: Runner.shared(models) };
      new BentoDeployment(shop, 'Shop', { bento: pair(), runners, apiServer: { allowTo: [] } });
    });
    const dns = {
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    };
    expect(objects.get('NetworkPolicy', 'shop').spec.egress).toEqual([
      dns,
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'models' } },
            podSelector: { matchLabels: labels('embedder', 'runner') },
          },
        ],
      },
    ]);
  });

  it('of another image is a warning that names both', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const pool = embedderPool(chart);
    const other = Bento.fromImage('registry.example.com/support:v2', {
      services: [BentoService.named('Chat', { dependsOn: ['Embedder'], size: SMALL }), BentoService.named('Embedder')],
    });
    new BentoDeployment(chart, 'Support', { bento: other, runners: { Embedder: Runner.shared(pool) } });
    expect(Warnings.of(chart)).toEqual([
      expect.stringMatching(
        /^\[SharedPoolOfOtherBento\] .*embedder, which runs registry.example.com\/rag:v1, with registry.example.com\/support:v2.* \(at test\/Support\)$/,
      ),
    ]);
  });

  it('of the same image is none', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    new BentoDeployment(chart, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(embedderPool(chart)) } });
    expect(Warnings.of(chart)).toEqual([]);
  });

  it('fails in another cluster', () => {
    const app = new App();
    const [us, eu] = ['us', 'eu'].map((name) => {
      const chart = new Chart(app, name, { namespace: 'ml' });
      ClusterProfile.set(chart, new ClusterProfile({ name }));
      return chart;
    });
    const pool = embedderPool(us!);
    expect(
      () => new BentoDeployment(eu!, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(pool) } }),
    ).toThrow("[ClusterMismatch] 'runners.Embedder' must be a pool of the same cluster (eu), got one of us");
  });

  it('fails for a pool that stands alone and calls one of another cluster', () => {
    const app = new App();
    const us = new Chart(app, 'us', { namespace: 'ml' });
    ClusterProfile.set(us, new ClusterProfile({ name: 'us' }));
    const encoder = new RunnerPool(us, 'Encoder', { bento: chain(), bentoService: 'Encoder' });
    const runners = { Encoder: Runner.shared(encoder) };
    const eu = new Chart(app, 'eu', { namespace: 'ml' });
    expect(() => new RunnerPool(eu, 'Reranker', { bento: chain(), bentoService: 'Reranker', runners })).toThrow(
      "[ClusterMismatch] 'runners.Encoder'",
    );
  });

  it.each([
    ['models', undefined],
    [undefined, 'shop'],
  ])('fails where one of two namespaces is not known: %s, %s', (models, shop) => {
    const app = new App();
    const pool = embedderPool(new Chart(app, 'a', { namespace: models }));
    const chart = new Chart(app, 'b', { namespace: shop });
    expect(
      () => new BentoDeployment(chart, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(pool) } }),
    ).toThrow("[NamespaceUnknown] 'runners.Embedder' must be a pool whose namespace is known");
  });

  it('fails where it serves another service', () => {
    expect(() =>
      synthesize((chart) => {
        const reranker = new RunnerPool(chart, 'Reranker', { bento: chain(), bentoService: 'Reranker' });
        new BentoDeployment(chart, 'Search', { bento: chain(), runners: { Encoder: Runner.shared(reranker) } });
      }),
    ).toThrow('[PoolMismatch] \'runners.Encoder\' must be a pool of the service "Encoder", got one of "Reranker"');
  });

  it('fails where it is terminated under a caller that runs', () => {
    expect(() =>
      synthesize((chart) => {
        const pool = embedderPool(chart, { state: RunState.TERMINATED });
        new BentoDeployment(chart, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(pool) } });
      }),
    ).toThrow("[TerminatedWithCallers] 'state' must not be TERMINATED for embedder while shop call it");
  });

  it('may be terminated with its last caller', () => {
    const objects = synthesize((chart) => {
      const pool = embedderPool(chart, { state: RunState.TERMINATED });
      const runners = { Embedder: Runner.shared(pool) };
      new BentoDeployment(chart, 'Shop', { bento: pair(), runners, state: RunState.TERMINATED });
    });
    expect(objects.of('Deployment').map(({ spec }) => spec.replicas)).toEqual([0, 0]);
  });
});

describe('an imported pool', () => {
  const imported = (timeout?: Duration) =>
    RunnerPool.fromAttributes({ bentoService: 'Embedder', url: 'http://embedder.models:3000', timeout });

  it.each([
    [undefined, 60],
    [Duration.seconds(90), 90],
  ])('is called by its address, for as long as stated: %s', (timeout, seconds) => {
    const objects = synthesize((chart) => {
      new BentoDeployment(chart, 'Shop', { bento: pair(), runners: { Embedder: Runner.shared(imported(timeout)) } });
    });
    expect(objects.calls('shop')).toBe('Embedder=http://embedder.models:3000');
    expect(objects.config('shop', 'Embedder')).toEqual({
      runner_connection: { max_age: 1_000_000_000, max_requests: 1_000_000_000 },
      traffic: { timeout: seconds + 2 },
    });
    expect(objects.of('Deployment')).toHaveLength(1);
  });

  it.each([
    ['url', { url: 'http://a:3000/?q=1' }, 'InvalidUrl'],
    ['url', { url: 'embedder:3000' }, 'InvalidUrl'],
    ['timeout', { timeout: Duration.seconds(0) }, 'OutOfRange'],
    ['bentoService', { bentoService: '' }, 'InvalidText'],
    ['bentoService', { bentoService: 'a b' }, 'InvalidName'],
  ])('fails on a bad %s', (property, attributes, code) => {
    const sound = { bentoService: 'Embedder', url: 'http://embedder:3000' };
    expect(() => RunnerPool.fromAttributes({ ...sound, ...attributes })).toThrow(`[${code}] '${property}'`);
  });
});

describe('a pool that stands alone', () => {
  it('owns the pools that it depends on, under names of its own', () => {
    const objects = synthesize((chart) => {
      new RunnerPool(chart, 'Reranker', { bento: chain(), bentoService: 'Reranker' });
    });
    expect(objects.of('Deployment').map(({ metadata }) => metadata.name)).toEqual(['reranker', 'reranker-encoder']);
    expect(objects.calls('reranker')).toBe('Encoder=http://reranker-encoder-headless.ml.svc.cluster.local:3000');
    expect(objects.peers('reranker-encoder')).toEqual([{ podSelector: { matchLabels: labels('reranker', 'runner') } }]);
    expect(objects.get('NetworkPolicy', 'reranker').spec.ingress ?? []).toEqual([]);
  });

  it.each(['workload', 'service', 'scaler', 'files', 'runners'])('may depend on a service called %s', (name) => {
    const bento = Bento.fromImage(IMAGE, {
      services: [
        BentoService.named('Ranker', { dependsOn: [name], size: SMALL }),
        BentoService.named(name, { size: SMALL }),
      ],
    });
    const objects = synthesize((chart) => {
      new RunnerPool(chart, 'Ranker', { bento, bentoService: 'Ranker', files: { '/etc/a': 'a' } });
      new BentoDeployment(chart, 'Whole', { bento, files: { '/etc/a': 'a' } });
    });
    expect(objects.get('Deployment', `ranker-${name}`)).toBeDefined();
    expect(objects.get('Deployment', `whole-${name}`)).toBeDefined();
  });

  it('may run the entry service of a Bento', () => {
    const objects = synthesize((chart) => {
      new RunnerPool(chart, 'Gateway', { bento: single(), bentoService: 'Gateway' });
    });
    expect(objects.env('gateway').BENTOML_SERVE_SERVICE_NAME).toBe('Gateway');
  });

  it('lets in who registers, and says so in its url, timeout and name', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const pool = embedderPool(chart, { timeout: Duration.millis(1500) });
    pool.registerCaller({ name: 'batch', podLabels: { app: 'batch' } });
    pool.registerCaller({ name: 'night', podLabels: { app: 'night' }, namespace: 'jobs' });
    expect(pool.url).toBe('http://embedder.ml:3000');
    expect(pool.timeout.toMilliseconds()).toBe(1500);
    expect(pool.name).toBe('embedder');
    expect(pool.bentoService).toBe('Embedder');
    expect(new Objects(Testing.synth(chart)).peers('embedder')).toEqual([
      { podSelector: { matchLabels: { app: 'batch' } } },
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'jobs' } },
        podSelector: { matchLabels: { app: 'night' } },
      },
    ]);
  });

  it.each([
    ['labels', { podLabels: { app: 'not good' } }, 'InvalidLabel'],
    ['a namespace', { namespace: 'No' }, 'InvalidName'],
  ])('fails on a caller with bad %s', (_, bad, code) => {
    const pool = embedderPool(new Chart(new App(), 'test'));
    expect(() => pool.registerCaller({ name: 'batch', podLabels: { app: 'batch' }, ...bad })).toThrow(`[${code}]`);
  });

  it('fails on a service that its Bento lacks', () => {
    expect(() =>
      synthesize((chart) => {
        new RunnerPool(chart, 'Embedder', { bento: pair(), bentoService: 'embedder' });
      }),
    ).toThrow(
      '[UnknownService] \'bentoService\' must name a dependency of the Bento, got "embedder"; known are Gateway',
    );
  });
});

describe('restricted egress', () => {
  const warningsOf = (runners: { [service: string]: Runner }, allowTo?: NetworkPeer[]) => {
    const chart = Testing.chart();
    new BentoDeployment(chart, 'Rag', { bento: pair(), runners, apiServer: { allowTo } });
    return Warnings.of(chart);
  };
  const elsewhere = { Embedder: Runner.url('http://embedder.example.com:3000') };
  const imported = {
    Embedder: Runner.shared(
      RunnerPool.fromAttributes({ bentoService: 'Embedder', url: 'http://embedder.models:3000' }),
    ),
  };

  it.each([elsewhere, imported])('is a warning where the pods of a dependency are not known: %#', (runners) => {
    expect(warningsOf(runners, [])).toEqual([expect.stringContaining('[EgressToUnknownPods]')]);
  });

  it('is a warning where spans could not leave', () => {
    const chart = Testing.chart();
    const tracing = Tracing.otlp({ endpoint: 'http://otel-collector.monitoring:4317' });
    new BentoDeployment(chart, 'Rag', { bento: single(), tracing, apiServer: { allowTo: [] } });
    expect(Warnings.of(chart)).toEqual([expect.stringContaining('the pods of http://otel-collector.monitoring:4317')]);
  });

  it('is none where they are, or where nothing is restricted', () => {
    expect(warningsOf({}, [])).toEqual([]);
    expect(warningsOf(elsewhere)).toEqual([]);
  });
});
