import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Authentication,
  BreakerStatuses,
  CircuitBreaker,
  ClusterProfile,
  Exposure,
  Gateway,
  HealthCheck,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Retries,
  SecretRef,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import type { PoolHop } from '../../lib/component/component-model';
import { resolveDoors } from '../../lib/component/doors';
import {
  concurrencyWarnings,
  directWarnings,
  doorDemands,
  rateDemands,
  requireDemands,
  requireTlsSupport,
  type UpstreamInput,
  upstreamDemands,
  upstreamOf,
} from '../../lib/component/resolve-traffic';
import { trafficIntent } from '../../lib/traffic/traffic-policy';

const intent = (policy: TrafficPolicy) => trafficIntent('apiServer.traffic', policy);
const { consecutiveErrors } = CircuitBreaker;

describe('upstreamDemands', () => {
  it.each<[TrafficPolicy, [string, string][]]>([
    [{}, []],
    [{ maxConcurrency: 4 }, []],
    [{ queue: { maxPending: 1 } }, [['queue', 'queue']]],
    [{ retries: Retries.never() }, []],
    [{ retries: Retries.connectionFailures() }, [['retries', 'retries']]],
    [
      { retries: Retries.connectionFailures({ statuses: [503] }) },
      [
        ['retries', 'retries'],
        ['retries.statuses', 'retryStatuses'],
      ],
    ],
    [{ loadBalancing: LoadBalancing.roundRobin() }, [['loadBalancing', 'roundRobin']]],
    [{ loadBalancing: LoadBalancing.leastRequest() }, [['loadBalancing', 'leastRequest']]],
    [
      { loadBalancing: LoadBalancing.leastRequest({ slowStart: { toSeconds: () => 5 } as never }) },
      [
        ['loadBalancing', 'leastRequest'],
        ['loadBalancing.slowStart', 'slowStart'],
      ],
    ],
    [{ loadBalancing: LoadBalancing.latencyAware() }, [['loadBalancing', 'latencyAware']]],
    [{ loadBalancing: LoadBalancing.hashByHeader('a') }, [['loadBalancing', 'hashByHeader']]],
    [
      { loadBalancing: LoadBalancing.hashByCookie('a', { setByApplication: true }) },
      [['loadBalancing', 'hashByCookie']],
    ],
    [
      { loadBalancing: LoadBalancing.hashByCookie('a', { ttl: { toSeconds: () => 5 } as never }) },
      [
        ['loadBalancing', 'hashByCookie'],
        ['loadBalancing.ttl', 'cookieTtl'],
      ],
    ],
    [{ loadBalancing: LoadBalancing.hashBySource() }, [['loadBalancing', 'hashBySource']]],
    [{ circuitBreaker: consecutiveErrors() }, [['circuitBreaker', 'consecutiveErrors']]],
    [
      { circuitBreaker: consecutiveErrors({ statuses: BreakerStatuses.SERVER_ERRORS, maxEjectedPercent: 99 }) },
      [
        ['circuitBreaker', 'consecutiveErrors'],
        ['circuitBreaker.statuses', 'serverErrors'],
        ['circuitBreaker.maxEjectedPercent', 'maxEjectedPercent'],
      ],
    ],
    [
      { circuitBreaker: CircuitBreaker.limits({ maxConnections: 1, maxRequests: 1 }) },
      [
        ['circuitBreaker.maxConnections', 'maxConnections'],
        ['circuitBreaker.maxRequests', 'maxRequests'],
      ],
    ],
    [{ healthCheck: HealthCheck.http() }, [['healthCheck', 'healthCheck']]],
    // What the outermost proxy does is no demand on others.
    [{ rateLimit: RateLimit.total(1, RateUnit.HOUR) }, []],
  ])('of %# are what was stated', (policy, demands) => {
    expect(upstreamDemands(intent(policy))).toEqual(demands);
  });
});

describe('rateDemands', () => {
  it.each<[TrafficPolicy, [string, string][]]>([
    [{}, []],
    [{ rateLimit: RateLimit.total(1, RateUnit.HOUR) }, [['rateLimit', 'rateLimitTotal']]],
    [{ rateLimit: RateLimit.perClient(1, RateUnit.HOUR) }, [['rateLimit', 'rateLimitPerClient']]],
  ])('of %# are those of the limit', (policy, demands) => {
    expect(rateDemands(intent(policy))).toEqual(demands);
  });
});

describe('doorDemands', () => {
  const hosts = ['rag.example.com'];
  const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways' });
  const keys = SecretRef.named('keys');
  const demands = (exposure: Exposure) =>
    doorDemands(resolveDoors(exposure._model, new ClusterProfile({ loadBalancerCidrs: ['10.0.0.0/16'] }))[0]!);
  const acm = Tls.acm(['arn:aws:acm:eu-west-1:111122223333:certificate/a']);

  it.each<[Exposure, [string, string][]]>([
    [Exposure.inCluster(), []],
    [Exposure.loadBalancer({ sourceCidrs: ['0.0.0.0/0'] }), []],
    [Exposure.networkLoadBalancer({ tls: acm }), [['tls', 'tlsAcm']]],
    [
      Exposure.applicationLoadBalancer({ hosts, tls: acm }),
      [
        ['tls', 'tlsAcm'],
        ['redirectHttp', 'redirect'],
      ],
    ],
    [Exposure.applicationLoadBalancer({ hosts, tls: acm, redirectHttp: false }), [['tls', 'tlsAcm']]],
    [
      Exposure.ingressNginx({ hosts, tls: Tls.secret(SecretRef.named('a')), redirectHttp: false }),
      [['tls', 'tlsSecret']],
    ],
    [
      Exposure.gateway({ hosts, gateway, tls: Tls.listener('https'), authentication: Authentication.apiKeys(keys) }),
      [
        ['tls', 'tlsListener'],
        ['redirectHttp', 'redirect'],
        ['authentication', 'apiKeys'],
      ],
    ],
    [
      Exposure.gateway({
        hosts,
        gateway,
        authentication: Authentication.bearerTokens(keys, { clientIdHeader: 'x-client' }),
      }),
      [
        ['authentication', 'bearerTokens'],
        ['authentication.clientIdHeader', 'clientIdHeader'],
      ],
    ],
    [
      Exposure.gateway({
        hosts,
        gateway,
        grpcPort: 50_051,
        authentication: Authentication.jwt({ issuer: 'a', jwksUrl: 'https://a' }),
      }),
      [
        ['authentication', 'jwt'],
        ['grpcPort', 'grpc'],
      ],
    ],
  ])('of %# are what was stated', (exposure, expected) => {
    expect(demands(exposure)).toEqual(expected);
  });
});

describe('requireDemands', () => {
  it('fails with the property, and names who can', () => {
    expect(() => requireDemands('apiServer.traffic', 'in-cluster', [['queue', 'queue']])).toThrow(
      "[NotByEngine] 'apiServer.traffic.queue' must not be stated for Exposure.inCluster(): callers reach the Service " +
        'themselves, which balances connections and knows no requests; leave it out, or use Exposure.gateway() with ' +
        'Gateway.envoyGateway()',
    );
    expect(() => requireDemands('apiServer.traffic', 'envoy-gateway', [['queue', 'queue']])).not.toThrow();
  });

  it('knows what certificates a door takes', () => {
    const secret = { kind: 'secret', secret: 'a' } as const;
    expect(() => requireTlsSupport('tls', 'envoy-gateway', secret)).not.toThrow();
    expect(() => requireTlsSupport('tls', 'network-load-balancer', secret)).toThrow(
      "[NotByEngine] 'tls' must not be stated for Exposure.networkLoadBalancer(): its certificates are those of AWS",
    );
  });
});

describe('upstreamOf', () => {
  const timeouts = { connect: 5, request: 65, streamIdle: 65, connectionIdle: 60 };
  const of = (policy: TrafficPolicy, options: Partial<UpstreamInput> = {}) =>
    upstreamOf({
      property: 'apiServer.traffic',
      name: 'rag',
      host: 'rag-headless',
      port: 3000,
      traffic: intent(policy),
      timeouts,
      healthPath: '/readyz',
      proxies: 3,
      proxiesEntry: '`proxies` of the Gateway',
      ...options,
    });

  it('fills in what nobody said, and needs no count of proxies for it', () => {
    expect(of({}, { proxies: undefined })).toStrictEqual({
      name: 'rag',
      host: 'rag-headless',
      port: 3000,
      timeouts,
      loadBalancing: { kind: 'least-request' },
      retries: { attempts: 2, statuses: [] },
    });
  });

  it('says nothing of concurrency without a queue: BentoML counts it itself', () => {
    expect(of({ maxConcurrency: 4 }, { proxies: undefined })).not.toHaveProperty('maxConcurrency');
  });

  it('fails on a queue that nobody says where to begin', () => {
    expect(() => of({ queue: { maxPending: 9 } })).toThrow(
      "[MissingOption] 'apiServer.traffic.maxConcurrency' must be given with a queue; it says from how many requests per replica on others wait",
    );
  });

  const limited: [string, (limit: number) => TrafficPolicy][] = [
    ['queue.maxPending', (maxPending) => ({ queue: { maxPending }, maxConcurrency: 1000 })],
    ['maxConcurrency', (maxConcurrency) => ({ queue: { maxPending: 1000 }, maxConcurrency })],
    ['circuitBreaker.maxConnections', (maxConnections) => ({ circuitBreaker: consecutiveErrors({ maxConnections }) })],
    ['circuitBreaker.maxRequests', (maxRequests) => ({ circuitBreaker: CircuitBreaker.limits({ maxRequests }) })],
    ['rateLimit', (requests) => ({ rateLimit: RateLimit.perClient(requests, RateUnit.SECOND) })],
  ];

  // Of a queue both are divided, the places first.
  it.each(limited.filter(([property]) => property !== 'maxConcurrency'))(
    'fails on %s where nobody says how many proxies there are, and says where to',
    (property, policy) => {
      expect(() => of(policy(100), { proxies: undefined })).toThrow(
        `[UnknownProxies] 'apiServer.traffic.${property}' must not be given while nobody says how many proxies share it; ` +
          'each counts alone: state `proxies` of the Gateway',
      );
    },
  );

  it.each(limited)('fails on %s below one for each proxy', (property, policy) => {
    expect(() => of(policy(2))).toThrow(
      `[BelowProxies] 'apiServer.traffic.${property}' must be at least 3, one for each proxy, got 2; raise it, or have ` +
        'fewer proxies: `proxies` of the Gateway',
    );
    expect(() => of(policy(3))).not.toThrow();
  });

  it('never lets all proxies together go above what is stated, nor much below', () => {
    const count = fc.integer({ min: 1, max: 2000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), count, count, (proxies, pending, requests) => {
        const policy = {
          queue: { maxPending: pending + proxies },
          maxConcurrency: proxies,
          circuitBreaker: CircuitBreaker.limits({ maxRequests: requests + proxies }),
        };
        const { maxPending, maxConcurrency, circuitBreaker } = of(policy, { proxies });
        expect(maxConcurrency).toBe(1);
        for (const [share, limit] of [
          [maxPending!, pending + proxies],
          [circuitBreaker!.maxRequests!, requests + proxies],
        ] as const) {
          expect(share).toBeGreaterThanOrEqual(1);
          expect(share * proxies).toBeLessThanOrEqual(limit);
          expect((share + 1) * proxies).toBeGreaterThan(limit);
        }
      }),
    );
  });

  it('divides no number of failures: each proxy sees its own', () => {
    const { circuitBreaker } = of({ circuitBreaker: consecutiveErrors({ failures: 5 }) }, { proxies: undefined });
    expect(circuitBreaker!.ejection!.failures).toBe(5);
  });
});

describe('concurrencyWarnings', () => {
  const of = (maxConcurrency: number, proxies: number, queue: object = { maxPending: 100 }) =>
    concurrencyWarnings('apiServer.traffic', intent({ maxConcurrency, queue } as TrafficPolicy), proxies);

  it('tells what is lost', () => {
    expect(of(3, 2)).toEqual([
      {
        id: 'ConcurrencyRoundedDown',
        text: "'apiServer.traffic.maxConcurrency' (3) is divided among 2 proxies, 1 for each: replicas get 2 requests at a time, others wait; state a multiple of 2, as 4",
      },
    ]);
  });

  it.each([
    [20, 3, 0],
    [19, 3, 0],
    [19, 9, 0],
    [17, 9, 1],
    [4, 2, 0],
    [3, 1, 0],
    // An error of its own.
    [1, 2, 0],
    // Nobody calls yet.
    [3, 0, 0],
  ])('of %d for %d proxies are %d', (maxConcurrency, proxies, count) => {
    expect(of(maxConcurrency, proxies)).toHaveLength(count);
  });

  it('are none without a queue, which alone is divided', () => {
    expect(concurrencyWarnings('traffic', { maxConcurrency: 3 }, 2)).toEqual([]);
  });
});

describe('directWarnings', () => {
  const auto = (minReplicas: number, maxReplicas: number) =>
    ({ kind: 'auto', minReplicas, maxReplicas, metrics: [], fallbackReplicas: 1 }) as const;
  const direct: PoolHop = { kind: 'direct', callers: [] };

  it('tell of a pool that grows', () => {
    expect(directWarnings('runners.Embedder.proxy', direct, auto(1, 4))).toEqual([
      {
        id: 'PoolWithoutProxy',
        text: "'runners.Embedder.proxy' is none while replicas come and go: callers keep their connections, so that new pods get no load; use RunnerProxy.sidecar(), which needs Kubernetes 1.29, or RunnerProxy.tier(), which needs 1.30",
      },
    ]);
  });

  it('are none where replicas stay, or a proxy stands before them', () => {
    expect(directWarnings('proxy', direct, auto(4, 4))).toEqual([]);
    expect(directWarnings('proxy', direct, auto(0, 1))).toEqual([]);
    expect(directWarnings('proxy', direct, { kind: 'fixed', replicas: 4 })).toEqual([]);
    expect(directWarnings('proxy', direct, { kind: 'unmanaged' })).toEqual([]);
    expect(directWarnings('proxy', { kind: 'sidecar', callers: [] }, auto(1, 4))).toEqual([]);
  });
});
