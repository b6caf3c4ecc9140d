import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  CircuitBreaker,
  ClusterProfile,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Runner,
  type RunnerPoolOptions,
  RunnerProxy,
  Scaling,
  ScalingMetric,
} from '../../lib';
import { tierLingerSeconds } from '../../lib/component/pool-hop';
import { pair } from '../bentos';
import { synthesize } from '../tree';

const growing = Scaling.auto({ minReplicas: 2, maxReplicas: 8, metrics: [ScalingMetric.cpu(70)] });

function deploy(pool: RunnerPoolOptions, kubernetesVersion = '1.36', apiReplicas = 4) {
  return synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    new BentoDeployment(chart, 'Rag', {
      bento: pair(),
      apiServer: { scaling: Scaling.replicas(apiReplicas) },
      runners: { Embedder: Runner.pool({ scaling: growing, ...pool }) },
    });
  });
}

type Kind = 'sidecar' | 'tier' | 'direct';

function kindOf(pool: RunnerPoolOptions, version?: string): Kind {
  const objects = deploy(pool, version);
  const beside = objects.pod('rag').initContainers !== undefined;
  const tier = objects.find('Deployment', 'rag-embedder-proxy') !== undefined;
  expect([beside, tier]).not.toEqual([true, true]);
  expect(objects.find('Service', 'rag-embedder-headless') !== undefined).toBe(beside || tier);
  return beside ? 'sidecar' : tier ? 'tier' : 'direct';
}

describe('the proxies before a pool', () => {
  const turns = { loadBalancing: LoadBalancing.roundRobin() };

  it.each<[string, RunnerPoolOptions, string, Kind]>([
    ['whose replicas change', {}, '1.36', 'sidecar'],
    ['whose replicas change', {}, '1.29', 'sidecar'],
    // Its kubelet knows no native sidecars.
    ['whose replicas change', {}, '1.28', 'direct'],
    ['whose replicas stay', { scaling: Scaling.replicas(3) }, '1.36', 'direct'],
    ['whose replicas stay, with a policy', { scaling: Scaling.replicas(3), traffic: turns }, '1.36', 'sidecar'],
    ['that somebody else scales', { scaling: Scaling.unmanaged() }, '1.36', 'sidecar'],
    ['that is told', { proxy: RunnerProxy.tier() }, '1.36', 'tier'],
    ['that is told', { proxy: RunnerProxy.direct() }, '1.36', 'direct'],
    ['that is told', { proxy: RunnerProxy.sidecar(), scaling: Scaling.replicas(3) }, '1.36', 'sidecar'],
    // Beside its caller a proxy sees but one source.
    ['by source', { traffic: { loadBalancing: LoadBalancing.hashBySource() } }, '1.36', 'tier'],
  ])('%s is by default: %#', (_, pool, version, kind) => {
    expect(kindOf(pool, version)).toBe(kind);
  });

  it.each<[string, RunnerPoolOptions, string, string]>([
    [
      'a sidecar on Kubernetes 1.28',
      { proxy: RunnerProxy.sidecar() },
      '1.28',
      "[NeedsKubernetes] 'runners.Embedder.proxy' ",
    ],
    ['a tier on Kubernetes 1.29', { proxy: RunnerProxy.tier() }, '1.29', "[NeedsKubernetes] 'runners.Embedder.proxy' "],
    [
      'a policy without a proxy',
      { proxy: RunnerProxy.direct(), traffic: { circuitBreaker: CircuitBreaker.consecutiveErrors() } },
      '1.36',
      "[NotByEngine] 'runners.Embedder.traffic.circuitBreaker' must not be stated for RunnerProxy.direct()",
    ],
    [
      'a policy where no proxy can be',
      { traffic: turns },
      '1.28',
      "[NeedsKubernetes] 'runners.Embedder.traffic.loadBalancing' must not be used below Kubernetes 1.29",
    ],
    [
      'the source where no tier can be',
      { traffic: { loadBalancing: LoadBalancing.hashBySource() } },
      '1.29',
      "[NeedsKubernetes] 'runners.Embedder.traffic.loadBalancing' must not be used below Kubernetes 1.30",
    ],
    [
      'latency',
      { traffic: { loadBalancing: LoadBalancing.latencyAware() } },
      '1.36',
      "[NotByEngine] 'runners.Embedder.traffic.loadBalancing' must not be stated for RunnerProxy.sidecar() or tier()",
    ],
    [
      'a rate per client',
      { traffic: { rateLimit: RateLimit.perClient(10, RateUnit.SECOND) } },
      '1.36',
      "[NotByEngine] 'runners.Embedder.traffic.rateLimit' ",
    ],
    [
      'the source beside its caller',
      { proxy: RunnerProxy.sidecar(), traffic: { loadBalancing: LoadBalancing.hashBySource() } },
      '1.36',
      "[NotByEngine] 'runners.Embedder.traffic.loadBalancing' must not be stated for RunnerProxy.sidecar(): the source of all requests is its own pod",
    ],
    [
      'a limit below the number of proxies',
      { traffic: { circuitBreaker: CircuitBreaker.limits({ maxRequests: 3 }) } },
      '1.36',
      "[BelowProxies] 'runners.Embedder.traffic.circuitBreaker.maxRequests' must be at least 4",
    ],
  ])('fails on %s', (_, pool, version, message) => {
    expect(() => deploy(pool, version)).toThrow(message);
  });

  it.each([
    // 64 among four replicas of the caller, or two proxies of a tier.
    [RunnerProxy.sidecar(), 'rag', 16],
    [RunnerProxy.tier({ replicas: 2 }), 'rag-embedder-proxy', 32],
    [RunnerProxy.tier({ replicas: 5 }), 'rag-embedder-proxy', 12],
  ])('divides limits among its proxies', (proxy, name, share) => {
    const traffic = { circuitBreaker: CircuitBreaker.limits({ maxRequests: 64 }) };
    const { clusters } = deploy({ proxy, traffic }).envoy(name).static_resources;
    expect(clusters[0].circuit_breakers.thresholds[0].max_requests).toBe(share);
  });

  it('divides them among the proxies of a tier that nobody asked for, too', () => {
    const traffic = {
      loadBalancing: LoadBalancing.hashBySource(),
      circuitBreaker: CircuitBreaker.limits({ maxRequests: 64 }),
    };
    const objects = deploy({ traffic });
    expect(objects.get('Deployment', 'rag-embedder-proxy').spec.replicas).toBe(2);
    const { clusters } = objects.envoy('rag-embedder-proxy').static_resources;
    expect(clusters[0].circuit_breakers.thresholds[0].max_requests).toBe(32);
  });

  it('waits longer than the pool, and less than its callers', () => {
    const objects = deploy({ traffic: { timeout: Duration.seconds(30) } });
    const { listeners } = objects.envoy('rag').static_resources;
    const { route_config } = listeners[0].filter_chains[0].filters[0].typed_config;
    const seconds = Number.parseFloat(route_config.virtual_hosts[0].routes[0].route.timeout);
    expect(seconds).toBeGreaterThan(30);
    // BentoML's client adds a hundredth.
    expect(seconds).toBeLessThan(objects.config('rag', 'Embedder').traffic.timeout * 1.01);
  });

  // For the lifetime of DNS records, two seconds between questions, and five for what lies between.
  it.each([
    [undefined, 37],
    [5, 12],
    [0, 7],
  ])('keeps pods that are going until no proxy knows them: with a lifetime of %s s', (ttl, seconds) => {
    const objects = synthesize((chart) => {
      const profile = ttl === undefined ? {} : { dnsTtl: Duration.seconds(ttl) };
      ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36', ...profile }));
      new BentoDeployment(chart, 'Rag', { bento: pair(), runners: { Embedder: Runner.pool({ scaling: growing }) } });
    });
    expect(objects.server('rag-embedder').lifecycle).toEqual({ preStop: { sleep: { seconds } } });
  });

  it.each([
    // Endpoints, connections, their idleness, and the longest request with a second more.
    [{ firstByte: 60, total: 60, silence: 60, streams: false }, 10 + 10 + 15 + 62],
    [{ firstByte: 2, total: 600, silence: 10, streams: true }, 10 + 10 + 15 + 604],
  ])('lets a tier go on until nothing can be in flight: %j', (answer, seconds) => {
    expect(tierLingerSeconds(10, answer)).toBe(seconds);
  });
});
