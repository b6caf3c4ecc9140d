import { App, Chart, type ChartProps, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  type Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  Exposure,
  Gateway,
  InstanceSize,
  PodContainer,
  Runner,
  RunnerPool,
  type RunnerPoolOptions,
  RunnerProxy,
  RunState,
  ScaleToZeroFunction,
  Scaling,
  ScalingMetric,
  Warnings,
} from '../../lib';
import type { ComponentModel } from '../../lib/component/component-model';
import { chain, pair } from '../bentos';
import { standardErrorOf } from '../tree';

const QUEUE = { queue: { maxPending: 100 }, maxConcurrency: 20 };
const queued = (options: RunnerPoolOptions = {}) => Runner.pool({ traffic: QUEUE, ...options });
const fixed = (replicas: number) => ({ scaling: Scaling.replicas(replicas) });

const chartOf = (app = new App(), id = 'test', props: ChartProps = { namespace: 'ml' }) => new Chart(app, id, props);

function deploy(props: BentoDeploymentProps, chart = chartOf(), id = 'Rag'): BentoDeployment {
  let deployment!: BentoDeployment;
  standardErrorOf(() => {
    deployment = new BentoDeployment(chart, id, props);
  });
  return deployment;
}

const pool = (chart: Chart, options: RunnerPoolOptions = {}) =>
  new RunnerPool(chart, 'Embedder', { bento: pair(), bentoService: 'Embedder', ...options });

/** The dependencies of a component, as BentoML gets them. */
const addresses = ({ wiring }: ComponentModel) =>
  Object.fromEntries(wiring!.dependencies.map(({ name, url }) => [name, url]));
const listeners = ({ sidecar }: ComponentModel) =>
  Object.fromEntries((sidecar?.listeners ?? []).map(({ bentoService, port }) => [bentoService, port]));
/** Pools by the address that a proxy asks DNS for. */
const hosts = ({ sidecar }: ComponentModel) => (sidecar?.listeners ?? []).map(({ upstream }) => upstream().host);

describe('where a component finds what it calls', () => {
  it('is a proxy beside it, at a port for each pool, in the order of their names', () => {
    const { apiServer, runnerPools } = deploy({ bento: chain() });
    const { Encoder, Reranker } = listeners(apiServer._component);
    expect(Reranker).toBe(Encoder! + 1);
    expect(addresses(apiServer._component)).toEqual({
      Encoder: `http://127.0.0.1:${Encoder}`,
      Reranker: `http://127.0.0.1:${Reranker}`,
    });
    expect(hosts(apiServer._component)).toEqual([
      'rag-encoder-headless.ml.svc.cluster.local',
      'rag-reranker-headless.ml.svc.cluster.local',
    ]);
    const [reranker, encoder] = ['Reranker', 'Encoder'].map(
      (name) => runnerPools.find(({ bentoService }) => bentoService === name)!._component,
    );
    expect(addresses(reranker!)).toEqual({ Encoder: `http://127.0.0.1:${Encoder}` });
    expect(encoder!.sidecar).toBeUndefined();
  });

  it('is the Service of a pool whose replicas stay', () => {
    const runners = { Embedder: Runner.pool({ ...fixed(2), servicePort: 8080 }) };
    const { apiServer } = deploy({ bento: pair(), runners });
    expect(apiServer._component.sidecar).toBeUndefined();
    expect(addresses(apiServer._component)).toEqual({ Embedder: 'http://rag-embedder:8080' });
  });

  it('is the proxies before a pool, at the port of their own', () => {
    const runners = { Embedder: Runner.pool({ proxy: RunnerProxy.tier(), servicePort: 8080 }) };
    const { apiServer } = deploy({ bento: pair(), runners });
    expect(apiServer._component.sidecar).toBeUndefined();
    expect(addresses(apiServer._component)).toEqual({ Embedder: 'http://rag-embedder-proxy:3000' });
  });

  it('is the address that is stated', () => {
    const runners = { Embedder: Runner.url('https://embed.example.com/v1') };
    const { apiServer } = deploy({ bento: pair(), runners });
    expect(apiServer._component.sidecar).toBeUndefined();
    expect(addresses(apiServer._component)).toEqual({ Embedder: 'https://embed.example.com/v1' });
  });

  it('is each in its own way', () => {
    const runners = { Encoder: Runner.pool(fixed(2)) };
    const { apiServer } = deploy({ bento: chain(), runners });
    expect(Object.keys(listeners(apiServer._component))).toEqual(['Reranker']);
    expect(addresses(apiServer._component)).toEqual({
      Encoder: 'http://rag-encoder:3000',
      Reranker: `http://127.0.0.1:${listeners(apiServer._component).Reranker}`,
    });
  });

  it.each([
    [RunnerProxy.sidecar(), /^http:\/\/127\.0\.0\.1:\d+$/],
    [RunnerProxy.direct(), /^http:\/\/embedder\.ml:3000$/],
    [RunnerProxy.tier(), /^http:\/\/embedder-proxy\.ml:3000$/],
  ])('of a shared pool is as the pool says: %#', (proxy, url) => {
    const chart = chartOf();
    const { apiServer } = deploy(
      { bento: pair(), runners: { Embedder: Runner.shared(pool(chart, { proxy })) } },
      chart,
    );
    expect(addresses(apiServer._component).Embedder).toMatch(url);
  });

  it('of a shared pool of another namespace has the whole name', () => {
    const app = new App();
    const shared = pool(chartOf(app, 'models', { namespace: 'models' }));
    const { apiServer } = deploy({ bento: pair(), runners: { Embedder: Runner.shared(shared) } }, chartOf(app));
    expect(hosts(apiServer._component)).toEqual(['embedder-headless.models.svc.cluster.local']);
  });

  it('of a pool that is deployed elsewhere is its address', () => {
    const shared = RunnerPool.fromAttributes({ bentoService: 'Embedder', url: 'http://embedder.models:3000' });
    const { apiServer } = deploy({ bento: pair(), runners: { Embedder: Runner.shared(shared) } });
    expect(apiServer._component.sidecar).toBeUndefined();
    expect(addresses(apiServer._component)).toEqual({ Embedder: 'http://embedder.models:3000' });
  });

  it('of a function by Knative is never beside it', () => {
    const chart = chartOf();
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36', knative: {} }));
    const shared = pool(chart);
    const app = new ScaleToZeroFunction(chart, 'Rag', {
      bento: pair(),
      maxReplicas: 3,
      targetConcurrency: 1,
      runners: { Embedder: Runner.shared(shared) },
    });
    expect(app.apiServer._component.sidecar).toBeUndefined();
    expect(addresses(app.apiServer._component)).toEqual({ Embedder: shared.url });
  });
});

describe('proxies beside callers', () => {
  const maxPending = (deployment: BentoDeployment) =>
    deployment.apiServer._component.sidecar!.listeners[0]!.upstream().maxPending;

  it.each([
    [fixed(4), 25],
    [{ scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 5 }) }, 20],
    // 2 to 10 where nothing is said.
    [{}, 10],
  ])('share limits by the most replicas that callers have: %#', (apiServer, share) => {
    expect(maxPending(deploy({ bento: pair(), apiServer, runners: { Embedder: queued() } }))).toBe(share);
  });

  it('are counted in every component that calls, whichever comes first', () => {
    const runners = { Reranker: Runner.pool(fixed(2)), Encoder: queued() };
    const { apiServer, runnerPools } = deploy({ bento: chain(), apiServer: fixed(3), runners });
    const callers = [apiServer, ...runnerPools].flatMap(({ _component }) => _component.sidecar?.listeners ?? []);
    expect(callers.map(({ upstream }) => upstream().maxPending)).toEqual([20, 20]);
  });

  it('are counted in every deployment that shares the pool', () => {
    const chart = chartOf();
    const shared = pool(chart, { traffic: QUEUE });
    const runners = { Embedder: Runner.shared(shared) };
    const first = deploy({ bento: pair(), apiServer: fixed(2), runners }, chart, 'First');
    expect(maxPending(first)).toBe(50);
    const second = deploy({ bento: pair(), apiServer: fixed(3), runners }, chart, 'Second');
    expect([maxPending(first), maxPending(second)]).toEqual([20, 20]);
  });

  it('fail at the deployment with which there are too many', () => {
    const chart = chartOf();
    const shared = pool(chart, { traffic: { ...QUEUE, maxConcurrency: 4 } });
    const runners = { Embedder: Runner.shared(shared) };
    deploy({ bento: pair(), apiServer: fixed(4), runners }, chart, 'First');
    expect(() => deploy({ bento: pair(), apiServer: fixed(1), runners }, chart, 'Second')).toThrow(
      "[BelowProxies] 'traffic.maxConcurrency' must be at least 5, one for each proxy, got 4; raise it, or have fewer " +
        'proxies: use RunnerProxy.tier() (at test/Second)',
    );
  });

  it('fail where a caller has as many replicas as somebody else likes', () => {
    const props = { bento: pair(), apiServer: { scaling: Scaling.unmanaged() }, runners: { Embedder: queued() } };
    expect(() => deploy(props)).toThrow(
      "[UnknownProxies] 'runners.Embedder.traffic.queue.maxPending' must not be given while nobody says how many proxies share it; each counts alone: state `scaling` of its callers, or use RunnerProxy.tier() (at test/Rag)",
    );
    const tier = { Embedder: queued({ proxy: RunnerProxy.tier() }) };
    expect(() => deploy({ ...props, runners: tier })).not.toThrow();
  });

  it('fail where a tier has more proxies than a limit has places', () => {
    const runners = { Embedder: queued({ proxy: RunnerProxy.tier({ replicas: 21 }) }) };
    expect(() => deploy({ bento: pair(), runners })).toThrow(
      "[BelowProxies] 'runners.Embedder.traffic.maxConcurrency' must be at least 21, one for each proxy, got 20; raise it, or have fewer proxies: lower `replicas` of RunnerProxy.tier()",
    );
  });

  it('fail on a queue without maxConcurrency, whoever calls', () => {
    const traffic = { queue: { maxPending: 5 } };
    const message = "[MissingOption] 'runners.Embedder.traffic.maxConcurrency' must be given with a queue";
    for (const proxy of [RunnerProxy.sidecar(), RunnerProxy.tier()]) {
      expect(() => deploy({ bento: pair(), runners: { Embedder: Runner.pool({ traffic, proxy }) } })).toThrow(message);
    }
    for (const proxy of [RunnerProxy.sidecar(), RunnerProxy.tier()]) {
      expect(() => pool(chartOf(), { traffic, proxy })).toThrow(
        "[MissingOption] 'traffic.maxConcurrency' must be given",
      );
    }
  });

  it('count for nothing while they are terminated with their callers', () => {
    const props = { bento: pair(), apiServer: fixed(4), runners: { Embedder: queued() }, state: RunState.TERMINATED };
    expect(() => deploy(props)).not.toThrow();
  });
});

describe('the size of a proxy beside a component', () => {
  const small = InstanceSize.of({ cpuCores: 0.1, memory: Size.mebibytes(64) });
  const large = InstanceSize.of({ cpuCores: 1, memory: Size.mebibytes(512) });
  const sized = (size?: InstanceSize) => Runner.pool({ proxy: RunnerProxy.sidecar({ size }) });
  const sizeOf = (runners: { [name: string]: Runner }) =>
    deploy({ bento: chain(), runners }).apiServer._component.sidecar!.size;

  it('is that of the engine where nobody states one', () => {
    expect(sizeOf({})).toBeUndefined();
  });

  it('is the one that is stated, once or twice', () => {
    expect(sizeOf({ Encoder: sized(small) })).toEqual(small._model);
    expect(sizeOf({ Encoder: sized(small), Reranker: sized(small) })).toEqual(small._model);
  });

  it('fails where two pools state different ones, for one proxy leads to both', () => {
    expect(() => sizeOf({ Encoder: sized(small), Reranker: sized(large) })).toThrow(
      "[ConflictingOptions] 'runners.Reranker.proxy.size' must not be given together with 'runners.Encoder.proxy.size'; one proxy leads to both: state the same size",
    );
  });
});

describe('the pod of a proxy beside a component', () => {
  /** Of which the entry service has a further port. */
  const bento = (port: number) => {
    const model = pair()._model;
    const { Gateway, Embedder } = model.services;
    return {
      ...pair(),
      _model: { ...model, services: { Gateway: { ...Gateway!, extraPorts: [port] }, Embedder } },
    } as Bento;
  };
  const { apiServer } = deploy({ bento: pair() });
  const listener = listeners(apiServer._component).Embedder!;
  const container = (name: string, ports?: number[]) =>
    PodContainer.of(name, 'registry.example.com/tool:v1', { ports });

  it.each([listener, listener - 1])('fails where a sidecar has its port %d', (port) => {
    expect(() => deploy({ bento: pair(), apiServer: { sidecars: [container('tool', [port])] } })).toThrow(
      `[DuplicateKey] 'apiServer.sidecars' must state "${port}" once, got it twice; containers of a pod share its ports`,
    );
    const direct = { Embedder: Runner.pool({ proxy: RunnerProxy.direct() }) };
    expect(() =>
      deploy({ bento: pair(), apiServer: { sidecars: [container('tool', [port])] }, runners: direct }),
    ).not.toThrow();
  });

  it('fails where the Bento listens there', () => {
    expect(() => deploy({ bento: bento(listener) })).toThrow(
      `[DuplicateKey] 'extra_ports of Gateway' must state "${listener}" once, got it twice; the proxy to its dependencies listens there`,
    );
    expect(() => deploy({ bento: bento(listener + 1) })).not.toThrow();
  });

  it.each(['sidecars', 'initContainers'])('fails where one of %s has its name', (key) => {
    const options = { [key]: [container('envoy')] };
    expect(() => deploy({ bento: pair(), apiServer: options })).toThrow(
      `[ReservedName] 'apiServer.${key}' must not be "envoy", which the library uses itself`,
    );
    expect(() => deploy({ bento: pair(), runners: { Embedder: Runner.pool(options) } })).not.toThrow();
  });
});

describe('warnings of proxies', () => {
  const warned = (pool: RunnerPoolOptions, kubernetesVersion = '1.36', more: Partial<BentoDeploymentProps> = {}) => {
    const chart = chartOf();
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    deploy({ bento: pair(), apiServer: fixed(2), runners: { Embedder: Runner.pool(pool) }, ...more }, chart);
    return Warnings.of(chart).flatMap(
      (text) => /PoolWithoutProxy|ConcurrencyRoundedDown/.exec(JSON.stringify(text))?.[0] ?? [],
    );
  };
  const grows = { scaling: Scaling.auto({ minReplicas: 1, maxReplicas: 4, metrics: [ScalingMetric.cpu(70)] }) };
  const queue = (maxConcurrency: number): RunnerPoolOptions => ({
    scaling: Scaling.replicas(2),
    traffic: { queue: { maxPending: 100 }, maxConcurrency },
  });

  it.each<[RunnerPoolOptions, string, string[]]>([
    [grows, '1.36', []],
    [grows, '1.28', ['PoolWithoutProxy']],
    [{ ...grows, proxy: RunnerProxy.direct() }, '1.36', ['PoolWithoutProxy']],
    [{ scaling: Scaling.replicas(4) }, '1.28', []],
    [queue(3), '1.36', ['ConcurrencyRoundedDown']],
    [queue(4), '1.36', []],
    [{ ...queue(4), proxy: RunnerProxy.tier({ replicas: 3 }) }, '1.36', ['ConcurrencyRoundedDown']],
    [{ ...queue(4), proxy: RunnerProxy.tier({ replicas: 4 }) }, '1.36', []],
  ])('%#', (pool, version, ids) => {
    expect(warned(pool, version)).toEqual(ids);
  });

  it('tell of doors, too', () => {
    const apiServer = { ...fixed(2), traffic: { queue: { maxPending: 100 }, maxConcurrency: 3 } };
    const behind = (proxies: number) =>
      warned(grows, '1.36', {
        apiServer,
        exposure: Exposure.gateway({
          hosts: ['rag.example.com'],
          gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies }),
        }),
      });
    expect(behind(2)).toEqual(['ConcurrencyRoundedDown']);
    expect(behind(3)).toEqual([]);
  });
});
