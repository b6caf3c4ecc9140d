import { describe, expect, it } from 'vitest';
import {
  BreakerStatuses,
  CircuitBreaker,
  ClusterProfile,
  HealthCheck,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Retries,
  RunnerProxy,
  Scaling,
  type TrafficPolicy,
} from '../../lib';
import { answerOf } from '../../lib/component/answer';
import { MAIN_VERSION } from '../../lib/component/component-model';
import { dnsRemovalSeconds, type PoolHopInput, poolHop, poolKeepAliveSeconds } from '../../lib/component/pool-hop';
import { trafficIntent } from '../../lib/traffic/traffic-policy';

const identity = (name = 'rag-embedder', namespace?: string): PoolHopInput['identity'] => ({
  role: 'runner-pool',
  version: MAIN_VERSION,
  namespace,
  name,
  workloadName: name,
  serviceName: name,
  scalerName: name,
  disruptionBudgetName: name,
  networkPolicyName: name,
  headlessOf: name,
  configName: name,
  selector: {},
  labels: {},
  podLabels: {},
});
const auto = Scaling.auto({ maxReplicas: 4 })._model;
const fixed = Scaling.replicas(3)._model;

const input = (kubernetesVersion: string, options: Partial<PoolHopInput> = {}): PoolHopInput => ({
  prefix: 'runners.Embedder.',
  identity: identity(),
  cluster: new ClusterProfile({ kubernetesVersion })._model,
  traffic: {},
  answer: answerOf('traffic', 60, undefined),
  readyPath: '/readyz',
  port: 3000,
  single: false,
  sidecars: true,
  ...options,
});
const policy = (traffic: TrafficPolicy) => trafficIntent('runners.Embedder.traffic', traffic);
const queue = policy({ queue: { maxPending: 100 }, maxConcurrency: 10 });

describe('the hop to a pool, where nobody says how', () => {
  it.each<[string, Partial<PoolHopInput>, string]>([
    // Replicas that come and go, as an autoscaler of anyone makes them.
    ['1.36', { scaling: auto }, 'sidecar'],
    ['1.29', { scaling: auto }, 'sidecar'],
    ['1.28', { scaling: auto }, 'direct'],
    ['1.36', {}, 'sidecar'],
    ['1.36', { scaling: Scaling.unmanaged()._model }, 'sidecar'],
    ['1.36', { scaling: Scaling.withFunction({ maxReplicas: 3 })._model }, 'sidecar'],
    // Those that stay.
    ['1.36', { scaling: fixed }, 'direct'],
    ['1.36', { single: true }, 'direct'],
    ['1.36', { single: true, scaling: fixed }, 'direct'],
    // A policy needs a proxy, whatever the replicas do.
    ['1.36', { scaling: fixed, traffic: queue }, 'sidecar'],
    ['1.36', { single: true, traffic: queue }, 'sidecar'],
    // What every hop does by itself needs none.
    ['1.36', { scaling: fixed, traffic: policy({ retries: Retries.never(), maxConcurrency: 4 }) }, 'direct'],
    // Knative hides the field that makes a sidecar.
    ['1.36', { scaling: auto, sidecars: false }, 'direct'],
    ['1.30', { scaling: auto, sidecars: false, traffic: queue }, 'tier'],
  ])('of Kubernetes %s is chosen: %#', (version, options, kind) => {
    expect(poolHop(input(version, options)).kind).toBe(kind);
  });

  it.each([
    ['1.28', true, "[NeedsKubernetes] 'runners.Embedder.traffic.queue' must not be used below Kubernetes 1.29;"],
    ['1.29', false, "[NeedsKubernetes] 'runners.Embedder.traffic.queue' must not be used below Kubernetes 1.30;"],
  ])('fails on %s where a policy needs a proxy and none can be', (version, sidecars, message) => {
    expect(() => poolHop(input(version, { sidecars, traffic: queue }))).toThrow(message);
  });
});

describe('the hop to a pool, where the user says how', () => {
  it.each([
    [RunnerProxy.direct(), fixed, 'direct'],
    [RunnerProxy.direct(), auto, 'direct'],
    [RunnerProxy.sidecar(), fixed, 'sidecar'],
    [RunnerProxy.tier(), auto, 'tier'],
  ])('is as stated: %#', (proxy, scaling, kind) => {
    expect(poolHop(input('1.36', { proxy: proxy._model, scaling })).kind).toBe(kind);
  });

  it('has no engine where it is direct', () => {
    expect(poolHop(input('1.36', { proxy: RunnerProxy.direct()._model }))).toStrictEqual({
      kind: 'direct',
      callers: [],
    });
  });

  it('fails where the cluster has no sidecars', () => {
    expect(() => poolHop(input('1.28', { proxy: RunnerProxy.sidecar()._model }))).toThrow(
      "[NeedsKubernetes] 'runners.Embedder.proxy' must not be used below Kubernetes 1.29; the cluster profile states 1.28; use RunnerProxy.direct()",
    );
  });

  it('fails where the kubelet cannot wait for a tier', () => {
    expect(() => poolHop(input('1.29', { proxy: RunnerProxy.tier()._model }))).toThrow(
      "[NeedsKubernetes] 'runners.Embedder.proxy' must not be used below Kubernetes 1.30; the cluster profile states 1.29; use RunnerProxy.sidecar()",
    );
  });

  it('fails as a tier before a pool that sleeps, for whose pods its callers wait', () => {
    const scaling = Scaling.withFunction({ maxReplicas: 3 })._model;
    expect(() => poolHop(input('1.36', { proxy: RunnerProxy.tier()._model, scaling }))).toThrow(
      "[ConflictingOptions] 'runners.Embedder.proxy' must not be given together with 'runners.Embedder.scaling'; callers of a pool that sleeps wait for its own pods: use RunnerProxy.sidecar()",
    );
    expect(() => poolHop(input('1.36', { proxy: RunnerProxy.sidecar()._model, scaling }))).not.toThrow();
  });

  it('fails beside a function by Knative', () => {
    expect(() => poolHop(input('1.36', { proxy: RunnerProxy.sidecar()._model, sidecars: false }))).toThrow(
      "[NotByEngine] 'runners.Embedder.proxy' must not be stated for a pool of a function by Knative: it hides the field that makes a sidecar of an init container; use RunnerProxy.tier()",
    );
  });

  it.each([
    ['sidecar', RunnerProxy.sidecar(), 'rag-embedder-headless', '-headless'],
    ['tier', RunnerProxy.tier(), 'rag-embedder-proxy', '-headless'],
  ])('fails where a Service of a %s would have too long a name', (_, proxy, __, suffix) => {
    const fits = 'a'.repeat(63 - suffix.length);
    const hop = (name: string) => poolHop(input('1.36', { proxy: proxy._model, identity: identity(name) }));
    expect(() => hop(fits)).not.toThrow();
    expect(() => hop(`${fits}a`)).toThrow(`[InvalidName] 'name' must be a DNS label of at most 63`);
  });
});

describe('RunnerProxy.direct()', () => {
  it.each<[string, TrafficPolicy]>([
    ['queue', { queue: { maxPending: 1 }, maxConcurrency: 1 }],
    ['retries', { retries: Retries.connectionFailures() }],
    ['loadBalancing', { loadBalancing: LoadBalancing.roundRobin() }],
    ['loadBalancing', { loadBalancing: LoadBalancing.leastRequest() }],
    ['loadBalancing', { loadBalancing: LoadBalancing.hashByHeader('x-a') }],
    ['loadBalancing', { loadBalancing: LoadBalancing.hashBySource() }],
    ['circuitBreaker', { circuitBreaker: CircuitBreaker.consecutiveErrors() }],
    ['circuitBreaker.maxConnections', { circuitBreaker: CircuitBreaker.limits({ maxConnections: 9 }) }],
    ['circuitBreaker.maxRequests', { circuitBreaker: CircuitBreaker.limits({ maxRequests: 9 }) }],
    ['healthCheck', { healthCheck: HealthCheck.http() }],
  ])('cannot do %s, and says who can', (property, traffic) => {
    expect(() => poolHop(input('1.36', { proxy: RunnerProxy.direct()._model, traffic: policy(traffic) }))).toThrow(
      `[NotByEngine] 'runners.Embedder.traffic.${property}' must not be stated for RunnerProxy.direct(): connections of ` +
        'callers stay with the pods that were there first; leave it out, or use RunnerProxy.sidecar() or tier()',
    );
  });

  it.each<[string, TrafficPolicy]>([
    ['rateLimit', { rateLimit: RateLimit.total(1, RateUnit.SECOND) }],
    ['loadBalancing', { loadBalancing: LoadBalancing.latencyAware() }],
  ])('cannot do %s', (property, traffic) => {
    expect(() => poolHop(input('1.36', { proxy: RunnerProxy.direct()._model, traffic: policy(traffic) }))).toThrow(
      `[NotByEngine] 'runners.Embedder.traffic.${property}' must not be stated for RunnerProxy.direct()`,
    );
  });

  it.each<TrafficPolicy>([{ retries: Retries.never() }, { maxConcurrency: 4 }, {}])('can do without: %j', (traffic) => {
    const hop = poolHop(input('1.36', { proxy: RunnerProxy.direct()._model, traffic: policy(traffic) }));
    expect(hop.kind).toBe('direct');
  });
});

describe('a proxy before a pool', () => {
  const upstream = (options: Partial<PoolHopInput> = {}, callers: (number | undefined)[] = [1]) => {
    const hop = poolHop(input('1.36', { proxy: RunnerProxy.sidecar()._model, ...options }));
    hop.callers.push(...callers);
    return hop.upstream!();
  };

  it.each<[string, TrafficPolicy]>([
    ['loadBalancing', { loadBalancing: LoadBalancing.latencyAware() }],
    ['rateLimit', { rateLimit: RateLimit.perClient(1, RateUnit.SECOND) }],
  ])('cannot do %s', (property, traffic) => {
    expect(() => upstream({ traffic: policy(traffic) })).toThrow(
      `[NotByEngine] 'runners.Embedder.traffic.${property}' must not be stated for RunnerProxy.sidecar() or tier()`,
    );
  });

  it('has every default filled in', () => {
    expect(upstream()).toStrictEqual({
      name: 'rag-embedder',
      host: 'rag-embedder-headless',
      port: 3000,
      // Above the 60 s of the pool, below the 60.6 s that its callers wait at least.
      timeouts: { connect: 5, request: 60.3, streamIdle: 60.3, connectionIdle: 45 },
      loadBalancing: { kind: 'least-request' },
      retries: { attempts: 2, statuses: [] },
    });
  });

  it('asks for the whole name where the namespace is known, for callers of others do too', () => {
    expect(upstream({ identity: identity('rag-embedder', 'ml') }).host).toBe(
      'rag-embedder-headless.ml.svc.cluster.local',
    );
    const cluster = new ClusterProfile({ kubernetesVersion: '1.36', clusterDomain: 'k8s.example.com' })._model;
    expect(upstream({ identity: identity('rag-embedder', 'ml'), cluster }).host).toBe(
      'rag-embedder-headless.ml.svc.k8s.example.com',
    );
  });

  it('waits for streams, and for their pauses apart', () => {
    const answer = answerOf('traffic', 60, { maxDurationSeconds: 900, idleSeconds: 120 });
    expect(upstream({ answer }).timeouts).toStrictEqual({
      connect: 5,
      request: 904.5,
      streamIdle: 120.6,
      connectionIdle: 45,
    });
  });

  it('waits no longer for a connection than for an answer', () => {
    expect(upstream({ answer: answerOf('traffic', 1, undefined) }).timeouts).toMatchObject({
      connect: 1.005,
      request: 1.005,
    });
  });

  it('asks for health where the readiness probe asks, unless it is told where', () => {
    const at = (healthCheck: HealthCheck) =>
      upstream({ readyPath: '/v1/readyz', traffic: policy({ healthCheck }) }).healthCheck!.path;
    expect(at(HealthCheck.http())).toBe('/v1/readyz');
    expect(at(HealthCheck.http({ path: '/up' }))).toBe('/up');
  });

  it('has its share of every limit, of which each proxy counts its own', () => {
    const traffic = policy({
      queue: { maxPending: 100 },
      maxConcurrency: 10,
      rateLimit: RateLimit.total(600, RateUnit.MINUTE),
      circuitBreaker: CircuitBreaker.consecutiveErrors({
        statuses: BreakerStatuses.SERVER_ERRORS,
        maxConnections: 64,
        maxRequests: 65,
      }),
    });
    expect(upstream({ traffic }, [2, 1])).toMatchObject({
      maxPending: 33,
      maxConcurrency: 3,
      rateLimit: { scope: 'total', requests: 200, unit: 'minute' },
      circuitBreaker: { maxConnections: 21, maxRequests: 21, ejection: { failures: 5 } },
    });
  });

  it('counts the proxies of a tier, whoever calls', () => {
    const proxy = RunnerProxy.tier({ replicas: 4 })._model;
    expect(upstream({ proxy, traffic: queue }, [undefined]).maxPending).toBe(25);
  });

  it('are two where a policy needs them and no pod of a caller can have one', () => {
    const hop = poolHop(input('1.30', { sidecars: false, traffic: queue }));
    expect(hop).toMatchObject({ kind: 'tier', replicas: 2 });
    expect(hop.upstream!().maxPending).toBe(50);
  });

  it('fails where nobody says how many callers there are', () => {
    expect(() => upstream({ traffic: queue }, [2, undefined])).toThrow(
      "[UnknownProxies] 'runners.Embedder.traffic.queue.maxPending' must not be given while nobody says how many proxies share it; each counts alone: state `scaling` of its callers, or use RunnerProxy.tier()",
    );
  });
});

describe('how long pods of a pool stay', () => {
  it.each([
    ['direct', 30],
    ['sidecar', 60],
    ['tier', 60],
  ] as const)('with idle connections, behind %s: %d s', (kind, seconds) => {
    expect(poolKeepAliveSeconds({ kind, callers: [] })).toBe(seconds);
  });

  it('for requests, until their address has left every cache of DNS', () => {
    expect(dnsRemovalSeconds(new ClusterProfile()._model)).toBeGreaterThan(30);
  });
});
