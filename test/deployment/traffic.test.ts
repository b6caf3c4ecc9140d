import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  ClusterProfile,
  Exposure,
  Gateway,
  NetworkPeer,
  type RequestHop,
  type RequestPath,
  ResponseCache,
  Runner,
  RunnerPool,
  RunnerProxy,
  ScaleToZeroFunction,
  Scaling,
  type TimeoutPlan,
  type TrafficPolicy,
} from '../../lib';
import { PROXY_SUPPORT, type ProxyFeature, type ProxyKind } from '../../lib/exposure/proxy-support';
import { chain, pair } from '../bentos';
import type { Body } from '../cluster/client';
import { STATEMENTS } from '../conformance/traffic-support';
import { type Objects, synthesize } from '../tree';

const PATIENCE = 60_000;
const hosts = ['rag.example.com'];
const envoyGateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 3 });
const standard = Gateway.standard({ name: 'edge', namespace: 'edge' });

/** Doors, and who connects to the pods through each, as their own documentation has it. */
const DOORS: { readonly [kind in ProxyKind]?: { readonly make: () => Exposure; readonly peers: readonly Body[] } } = {
  'in-cluster': { make: () => Exposure.inCluster(), peers: [{ podSelector: {} }] },
  'envoy-gateway': {
    make: () => Exposure.gateway({ hosts, gateway: envoyGateway }),
    peers: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'envoy-gateway-system' } },
        podSelector: {
          matchLabels: {
            'gateway.envoyproxy.io/owning-gateway-name': 'public',
            'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
          },
        },
      },
    ],
  },
  'gateway-api': {
    make: () => Exposure.gateway({ hosts, gateway: standard }),
    peers: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } },
        podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } },
      },
    ],
  },
  'network-load-balancer': {
    make: () => Exposure.networkLoadBalancer(),
    peers: [{ ipBlock: { cidr: '10.1.0.0/16' } }],
  },
  'application-load-balancer': {
    make: () => Exposure.applicationLoadBalancer({ hosts, subnetCidrs: ['10.2.0.0/16'] }),
    peers: [{ ipBlock: { cidr: '10.2.0.0/16' } }],
  },
  'ingress-nginx': {
    make: () => Exposure.ingressNginx({ hosts, controllers: 3 }),
    peers: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } },
        podSelector: {
          matchLabels: {
            'app.kubernetes.io/component': 'controller',
            'app.kubernetes.io/name': 'ingress-nginx',
          },
        },
      },
    ],
  },
  'load-balancer': {
    make: () => Exposure.loadBalancer({ sourceCidrs: ['203.0.113.0/24'] }),
    peers: [{ ipBlock: { cidr: '203.0.113.0/24' } }],
  },
  custom: {
    make: () =>
      Exposure.custom({
        bind: (_, { requestTimeout }) => ({
          peers: [NetworkPeer.namespace('own')],
          requestTimeout: Duration.seconds(requestTimeout.toSeconds() + 1),
          connectionIdleTimeout: Duration.seconds(50),
        }),
      }),
    peers: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'own' } } }],
  },
};
type DoorKind = keyof typeof DOORS & ProxyKind;
const KINDS = Object.keys(DOORS) as DoorKind[];

/** Features that are policies, and that all of these can. */
const common = (kinds: readonly ProxyKind[]) =>
  (Object.keys(STATEMENTS) as ProxyFeature[]).filter(
    (feature) =>
      STATEMENTS[feature].policy !== undefined &&
      STATEMENTS[feature].on === undefined &&
      feature !== 'streaming' &&
      kinds.every((kind) => PROXY_SUPPORT[kind].can.includes(feature)),
  );

/** Any of what these can do, stated together; of two of one kind the latter. */
const policy = (kinds: readonly ProxyKind[]): fc.Arbitrary<TrafficPolicy> =>
  fc
    .subarray(common(kinds))
    .map((features) => Object.assign({}, ...features.map((feature) => STATEMENTS[feature].policy)));

const times = fc
  .record({
    timeout: fc.integer({ min: 100, max: 300_000 }),
    more: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
  })
  .map(({ timeout, more }) => ({ timeout: timeout / 1000, more }));

/** A whole answer, at the most. */
const total = ({ timeout, more }: { timeout: number; more?: number }): number =>
  more === undefined ? timeout : Math.ceil(timeout) + more;

const stated = ({ timeout, more }: { timeout: number; more?: number }): TrafficPolicy => ({
  timeout: Duration.millis(timeout * 1000),
  ...(more !== undefined && {
    streaming: {
      maxDuration: Duration.seconds(Math.ceil(timeout) + more),
      ...(more > 0 && { idleTimeout: Duration.seconds(Math.ceil(timeout)) }),
    },
  }),
});

const proxy = fc.constantFrom(undefined, RunnerProxy.sidecar(), RunnerProxy.tier({ replicas: 2 }));

const bySource = STATEMENTS.hashBySource.policy?.loadBalancing;

/** Beside its caller a proxy knows no sources; left alone it is a tier. */
const possible = <T extends { proxy?: RunnerProxy; traffic: TrafficPolicy }>(pool: T): T =>
  pool.traffic.loadBalancing === bySource ? { ...pool, proxy: undefined } : pool;

interface Definition {
  readonly doors: readonly DoorKind[];
  readonly cached: boolean;
  readonly apiServer: TrafficPolicy;
  readonly pools: readonly {
    readonly proxy?: RunnerProxy;
    readonly traffic: TrafficPolicy;
    readonly replicas: number;
  }[];
}

/** A Bento of three services, of which each waits longer than what it calls. */
const definitions: fc.Arbitrary<Definition> = fc
  .subarray(
    KINDS.filter((kind) => kind !== 'in-cluster'),
    { maxLength: 3 },
  )
  .chain((doors) => fc.tuple(fc.constant(doors), fc.boolean()))
  .chain(([doors, cached]) =>
    fc.record({
      doors: fc.constant(doors),
      cached: fc.constant(cached),
      encoder: times,
      ease: fc.tuple(fc.integer({ min: 102, max: 200 }), fc.integer({ min: 102, max: 200 })),
      apiServer: policy(cached ? ['nginx'] : doors.length > 0 ? doors : ['in-cluster']),
      pools: fc.tuple(
        ...[0, 1].map(() =>
          fc.record({ proxy, traffic: policy(['envoy']), replicas: fc.integer({ min: 1, max: 3 }) }).map(possible),
        ),
      ),
    }),
  )
  .map(({ doors, cached, encoder, ease, apiServer, pools }) => {
    const above = (below: { timeout: number; more?: number }, percent: number) => {
      const seconds = Math.ceil((total(below) * percent) / 100 + 0.1);
      return below.more === undefined
        ? { timeout: seconds }
        : { timeout: Math.ceil(below.timeout * 1.1), more: seconds };
    };
    const reranker = above(encoder, ease[0]);
    const root = above(reranker, ease[1]);
    const [first, second] = pools as [Definition['pools'][number], Definition['pools'][number]];
    return {
      doors,
      cached,
      apiServer: { ...apiServer, ...stated(root) },
      pools: [
        { ...first, traffic: { ...first.traffic, ...stated(reranker) } },
        { ...second, traffic: { ...second.traffic, ...stated(encoder) } },
      ],
    };
  });

function deploy({ doors, cached, apiServer, pools }: Definition): { objects: Objects; plan: TimeoutPlan } {
  let plan!: TimeoutPlan;
  const objects = synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.34', loadBalancerCidrs: ['10.1.0.0/16'] }));
    const pool = (index: 0 | 1) => {
      const { proxy: between, traffic, replicas } = pools[index]!;
      return Runner.pool({ proxy: between, traffic, scaling: Scaling.replicas(replicas) });
    };
    const rag = new BentoDeployment(chart, 'Rag', {
      bento: chain(),
      ...(cached && { cache: ResponseCache.of({ paths: ['/predict'] }) }),
      apiServer: { traffic: apiServer, scaling: Scaling.replicas(2) },
      runners: { Reranker: pool(0), Encoder: pool(1) },
      ...(doors.length > 0 && {
        exposure:
          doors.length === 1
            ? DOORS[doors[0]!]!.make()
            : Exposure.several(Object.fromEntries(doors.map((kind) => [kind, DOORS[kind]!.make()]))),
      }),
    });
    plan = rag.timeoutPlan;
  });
  return { objects, plan };
}

const secondsOf = (duration: Duration | undefined) => duration?.toMilliseconds() && duration.toMilliseconds() / 1000;

/** Every time that bounds an answer, from the outside in. */
const bounds = ({ hops }: RequestPath): number[] =>
  hops.flatMap(({ requestTimeout, attemptTimeout }) =>
    [requestTimeout, attemptTimeout].flatMap((time) => secondsOf(time) ?? []),
  );

const KNOW_REQUESTS = ['interceptor', 'cache', 'api-server', 'proxy', 'runner-pool'];

describe('hops of any definition', () => {
  const every = (check: (definition: Definition) => void) =>
    fc.assert(fc.property(definitions, check), { numRuns: 60 });

  it(
    'wait the longer the further out they are, each by a time of its own',
    () => {
      every((definition) => {
        for (const path of deploy(definition).plan.paths) {
          const times = bounds(path);
          expect([...times].sort((a, b) => b - a)).toEqual(times);
          expect(new Set(times).size).toBe(times.length);
          for (const { kind, name, requestTimeout } of path.hops) {
            if (KNOW_REQUESTS.includes(kind)) expect(requestTimeout, name).toBeDefined();
          }
        }
      });
    },
    PATIENCE,
  );

  it(
    'bear silence the longer the further out they are',
    () => {
      every((definition) => {
        for (const { hops } of deploy(definition).plan.paths) {
          const silences = hops.flatMap(({ silenceTimeout }) => secondsOf(silenceTimeout) ?? []);
          // A caller bears the silence of its own answer, whatever those that it calls do.
          const ordered = hops[0]!.kind === 'client' ? silences : silences.slice(1);
          expect([...ordered].sort((a, b) => b - a)).toEqual(ordered);
        }
      });
    },
    PATIENCE,
  );

  it(
    'close idle connections before the hop behind them does',
    () => {
      every((definition) => {
        for (const [outer, inner] of neighbours(deploy(definition).plan)) {
          if (!KNOW_REQUESTS.includes(inner.kind)) continue;
          expect(inner.keepAlive, inner.name).toBeDefined();
          if (outer.idleTimeout === undefined) continue;
          expect(secondsOf(inner.keepAlive)).toBeGreaterThan(secondsOf(outer.idleTimeout)!);
        }
      });
    },
    PATIENCE,
  );

  it(
    'go on until those before them know, and then as long as an answer takes',
    () => {
      every((definition) => {
        for (const [outer, inner] of neighbours(deploy(definition).plan)) {
          if (inner.preStop === undefined) continue;
          expect(secondsOf(inner.preStop)).toBeGreaterThanOrEqual(secondsOf(outer.endpointRemoval) ?? 10);
          if (inner.name.startsWith('Envoy beside')) continue;
          const longest = inner.kind === 'proxy' ? 0 : secondsOf(inner.preStop)!;
          expect(secondsOf(inner.gracePeriod)).toBeGreaterThan(longest + Math.floor(secondsOf(inner.requestTimeout)!));
          if (outer.deregistrationDelay === undefined) continue;
          expect(secondsOf(outer.deregistrationDelay)).toBeLessThanOrEqual(secondsOf(inner.gracePeriod)!);
          expect(secondsOf(outer.deregistrationDelay)).toBeGreaterThanOrEqual(secondsOf(inner.requestTimeout)!);
        }
      });
    },
    PATIENCE,
  );

  it(
    'are what the pods are told',
    () => {
      every((definition) => {
        const { objects, plan } = deploy(definition);
        for (const { kind, name, keepAlive, preStop, gracePeriod } of plan.paths.flatMap(({ hops }) => hops)) {
          if (kind !== 'api-server' && kind !== 'runner-pool') continue;
          const { args, lifecycle } = objects.server(name);
          expect(args.slice(0, 2)).toEqual(['--timeout-keep-alive', String(secondsOf(keepAlive))]);
          expect(lifecycle.preStop.sleep.seconds).toBe(secondsOf(preStop));
          expect(objects.pod(name).terminationGracePeriodSeconds).toBe(secondsOf(gracePeriod));
        }
      });
    },
    PATIENCE,
  );

  it(
    'let in the hop before them, and nobody else',
    () => {
      every((definition) => {
        const { objects } = deploy(definition);
        const inside = { podSelector: {} };
        const expected = [...definition.doors.flatMap((kind) => DOORS[kind]!.peers), inside];
        const pods = (name: string) => ({
          podSelector: { matchLabels: objects.get('Deployment', name).spec.selector.matchLabels },
        });
        expect(sorted(objects.peers(definition.cached ? 'rag-cache' : 'rag'))).toEqual(sorted(expected));
        const ml = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ml' } } };
        if (definition.cached) expect(objects.peers('rag')).toEqual([{ ...ml, ...pods('rag-cache') }]);
        for (const [pool, callers] of [
          ['rag-reranker', ['rag']],
          ['rag-encoder', ['rag', 'rag-reranker']],
        ] as const) {
          const tier = objects.find('Deployment', `${pool}-proxy`) && `${pool}-proxy`;
          expect(sorted(objects.peers(tier ?? pool))).toEqual(sorted(callers.map(pods)));
          if (tier !== undefined) expect(objects.peers(pool)).toEqual([pods(tier)]);
        }
        // Every pod has a policy that says so.
        for (const { metadata } of objects.of('Deployment')) {
          const { spec } = objects.get('NetworkPolicy', metadata.name);
          expect(spec.policyTypes).toContain('Ingress');
          expect(spec.podSelector.matchLabels).toEqual(pods(metadata.name).podSelector.matchLabels);
        }
      });
    },
    PATIENCE,
  );
});

describe('hops of a function', () => {
  it('wait for the start too, and no longer than that', () => {
    let plan!: TimeoutPlan;
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: { version: '0.16' } }));
      plan = new ScaleToZeroFunction(chart, 'Rag', {
        bento: chain(),
        maxReplicas: 2,
        targetConcurrency: 1,
        coldStart: { timeout: Duration.seconds(100), maxPending: 5 },
        exposure: Exposure.gateway({ hosts, gateway: standard }),
      }).timeoutPlan;
    });
    const [front] = plan.paths;
    expect(front!.hops.map(({ kind }) => kind)).toEqual(['client', 'gateway', 'interceptor', 'api-server']);
    // 60 x 1.1 x 1.1 seconds of the API server, 100 of the start, and 5 more at each hop.
    expect(bounds(front!)).toEqual([188, 183, 178, 73]);
  });
});

function neighbours({ paths }: TimeoutPlan): [RequestHop, RequestHop][] {
  return paths.flatMap(({ hops }) =>
    hops.slice(1).map((inner, index): [RequestHop, RequestHop] => [hops[index]!, inner]),
  );
}

function sorted(peers: readonly Body[]): string[] {
  return peers.map((peer) => JSON.stringify(peer, Object.keys(flatten(peer)).sort())).sort();
}

/** All keys at any depth, as a replacer wants them. */
function flatten(value: Body, keys: { [key: string]: true } = {}): { [key: string]: true } {
  for (const [key, child] of Object.entries(value)) {
    keys[key] = true;
    if (typeof child === 'object' && child !== null) flatten(child, keys);
  }
  return keys;
}

describe('the silence of streams', () => {
  const streaming = (timeout: number, maxDuration: number, idle?: number): TrafficPolicy => ({
    timeout: Duration.seconds(timeout),
    streaming: {
      maxDuration: Duration.seconds(maxDuration),
      ...(idle !== undefined && { idleTimeout: Duration.seconds(idle) }),
    },
  });
  const deployed = (apiServer: TrafficPolicy, shared: boolean) =>
    synthesize((chart) => {
      const traffic = streaming(20, 300, 200);
      const Embedder = shared
        ? Runner.shared(new RunnerPool(chart, 'Embedder', { bento: pair(), bentoService: 'Embedder', traffic }))
        : Runner.pool({ traffic });
      new BentoDeployment(chart, 'Rag', { bento: pair(), apiServer: { traffic: apiServer }, runners: { Embedder } });
    });

  it.each([false, true])('of a caller must bear that of what it calls, shared: %s', (shared) => {
    expect(() => deployed(streaming(30, 600), shared)).toThrow(
      "[TimeoutOrder] 'traffic.streaming.idleTimeout' of rag must be at least that of Embedder (200 s), got 30 s; raise the one of rag or lower the one of Embedder",
    );
    expect(() => deployed(streaming(30, 600, 199), shared)).toThrow('[TimeoutOrder]');
    expect(() => deployed(streaming(30, 600, 200), shared)).not.toThrow();
  });

  it('is no matter where the caller collects the answer', () => {
    expect(() => deployed({ timeout: Duration.seconds(400) }, false)).not.toThrow();
  });
});
