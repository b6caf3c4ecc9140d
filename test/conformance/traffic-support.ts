import { Duration } from 'cdk8s';
import {
  Authentication,
  BentoDeployment,
  BentoService,
  BreakerStatuses,
  CircuitBreaker,
  ClusterProfile,
  Exposure,
  Gateway,
  GlobalService,
  HealthCheck,
  LoadBalancing,
  NetworkPeer,
  RateLimit,
  RateUnit,
  ResponseCache,
  Retries,
  Runner,
  RunnerProxy,
  SecretRef,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import { resolveDoors } from '../../lib/component/doors';
import { requireSplit } from '../../lib/component/split-rules';
import { doorObjects } from '../../lib/engines/choose-door';
import { type ProxyFeature, type ProxyKind, requireSupport } from '../../lib/exposure/proxy-support';
import type { RequestMatchModel } from '../../lib/release/split-model';
import { pair, SMALL, single } from '../bentos';
import { doorContext } from '../engines/door-context';
import { Objects, synthesize } from '../tree';

/** What a user states to get a feature; `door` are options of exposures with hosts. */
interface Statement {
  readonly title: string;
  readonly policy?: TrafficPolicy;
  readonly door?: { readonly [option: string]: unknown };
  readonly weights?: true;
  /** What tells requests of a version from others, where it is not one that gets copies, or one for each user. */
  readonly split?: RequestMatchModel['kind'] | 'mirror' | 'sticky';
  /** Where an engine wants it said in another way. */
  readonly on?: { readonly [kind in ProxyKind]?: TrafficPolicy };
}

const seconds = (count: number) => Duration.seconds(count);
const breaker = (options: Parameters<typeof CircuitBreaker.consecutiveErrors>[0] = {}): TrafficPolicy => ({
  circuitBreaker: CircuitBreaker.consecutiveErrors({ failures: 5, openFor: seconds(60), ...options }),
});
const balancing = (loadBalancing: LoadBalancing): TrafficPolicy => ({ loadBalancing });
const keys = SecretRef.named('rag-keys');
const secret = { tls: Tls.secret(SecretRef.named('rag-tls')) };

export const STATEMENTS: { readonly [feature in ProxyFeature]: Statement } = {
  streaming: { title: 'streams', policy: { streaming: { maxDuration: seconds(900) } } },
  queue: { title: 'queue', policy: { maxConcurrency: 8, queue: { maxPending: 100 } } },
  retries: {
    title: 'retries of connection failures',
    policy: { retries: Retries.connectionFailures({ attempts: 3 }) },
  },
  retryStatuses: {
    title: 'retries by status',
    policy: { retries: Retries.connectionFailures({ attempts: 3, statuses: [503] }) },
  },
  roundRobin: { title: 'round robin', policy: balancing(LoadBalancing.roundRobin()) },
  leastRequest: { title: 'least request', policy: balancing(LoadBalancing.leastRequest()) },
  latencyAware: { title: 'latency-aware', policy: balancing(LoadBalancing.latencyAware()) },
  hashByHeader: { title: 'hash by header', policy: balancing(LoadBalancing.hashByHeader('x-user')) },
  hashByCookie: {
    title: 'hash by cookie',
    policy: balancing(LoadBalancing.hashByCookie('user', { setByApplication: true })),
  },
  cookieTtl: {
    title: 'hash by a cookie that it sets',
    policy: balancing(LoadBalancing.hashByCookie('user', { ttl: seconds(3600) })),
    on: { 'application-load-balancer': balancing(LoadBalancing.hashByCookie('AWSALB', { ttl: seconds(3600) })) },
  },
  hashBySource: { title: 'hash by client address', policy: balancing(LoadBalancing.hashBySource()) },
  slowStart: {
    title: 'slow start',
    policy: balancing(LoadBalancing.leastRequest({ slowStart: seconds(60) })),
    on: { 'application-load-balancer': balancing(LoadBalancing.roundRobin({ slowStart: seconds(60) })) },
  },
  consecutiveErrors: { title: 'breaker by failures in a row', policy: breaker() },
  serverErrors: {
    title: 'breaker that counts every 5xx',
    policy: breaker({ statuses: BreakerStatuses.SERVER_ERRORS }),
  },
  maxEjectedPercent: { title: 'breaker of some replicas at most', policy: breaker({ maxEjectedPercent: 50 }) },
  maxConnections: {
    title: 'limit of connections',
    policy: { circuitBreaker: CircuitBreaker.limits({ maxConnections: 64 }) },
  },
  maxRequests: {
    title: 'limit of requests in flight',
    policy: { circuitBreaker: CircuitBreaker.limits({ maxRequests: 64 }) },
  },
  rateLimitTotal: { title: 'rate limit', policy: { rateLimit: RateLimit.total(600, RateUnit.MINUTE) } },
  rateLimitPerClient: {
    title: 'rate limit per client',
    policy: { rateLimit: RateLimit.perClient(600, RateUnit.MINUTE) },
  },
  healthCheck: { title: 'health check', policy: { healthCheck: HealthCheck.http({ interval: seconds(15) }) } },
  tlsSecret: { title: 'TLS from a Secret', door: secret },
  tlsAcm: { title: 'TLS from ACM', door: { tls: Tls.acm(['arn:aws:acm:us-east-1:111122223333:certificate/a']) } },
  tlsListener: { title: 'TLS of a listener', door: { tls: Tls.listener('https', { httpListener: 'http' }) } },
  redirect: { title: 'redirect to https', door: { ...secret, redirectHttp: true } },
  bearerTokens: { title: 'bearer tokens', door: { ...secret, authentication: Authentication.bearerTokens(keys) } },
  apiKeys: { title: 'API keys', door: { ...secret, authentication: Authentication.apiKeys(keys) } },
  jwt: {
    title: 'JWT',
    door: {
      ...secret,
      authentication: Authentication.jwt({ issuer: 'https://id.example.com', jwksUrl: 'https://id.example.com/keys' }),
    },
  },
  clientIdHeader: {
    title: 'client id passed on',
    door: { ...secret, authentication: Authentication.apiKeys(keys, { clientIdHeader: 'x-client' }) },
  },
  grpc: { title: 'gRPC', door: { grpcPort: 3001 } },
  weights: { title: 'weights', weights: true },
  splitByHeader: { title: 'versions by header', split: 'header' },
  splitByQuery: { title: 'versions by query', split: 'query' },
  splitByCookie: { title: 'versions by cookie', split: 'cookie' },
  mirror: { title: 'versions that get copies', split: 'mirror' },
  sticky: { title: 'versions by the hash of a key', split: 'sticky' },
};

/** A Bento that speaks gRPC beside HTTP. */
const SPEAKING = single({ services: [BentoService.named('Gateway', { size: SMALL, extraPorts: [3001] })] });

const hosts = ['rag.example.com'];
const acm = Tls.acm(['arn:aws:acm:us-east-1:111122223333:certificate/a']);
const envoyGateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 1 });
const standard = Gateway.standard({ name: 'public', namespace: 'gateways' });

/** Exposures with the options that a feature states. */
const DOORS: { readonly [kind in ProxyKind]?: (options: { readonly [option: string]: unknown }) => Exposure } = {
  'in-cluster': () => Exposure.inCluster(),
  'envoy-gateway': (options) => Exposure.gateway({ hosts, gateway: envoyGateway, ...options }),
  'gateway-api': (options) => Exposure.gateway({ hosts, gateway: standard, ...options }),
  'network-load-balancer': (options) => Exposure.networkLoadBalancer(options),
  // Where a certificate is needed, but none is what is asked for.
  'application-load-balancer': ({ tls, ...options }) =>
    Exposure.applicationLoadBalancer({
      hosts,
      ...(tls !== undefined && { tls: Object.keys(options).length > 0 ? acm : (tls as Tls) }),
      ...options,
    }),
  'ingress-nginx': (options) => Exposure.ingressNginx({ hosts, controllers: 1, ...options }),
  'load-balancer': () => Exposure.loadBalancer({ sourceCidrs: ['203.0.113.0/24'] }),
  custom: () =>
    Exposure.custom({
      bind: () => ({
        peers: [NetworkPeer.namespace('edge')],
        requestTimeout: seconds(3600),
        connectionIdleTimeout: seconds(30),
      }),
    }),
};

/** Options that an exposure does not have: its type says so, in every language. */
const NO_SUCH_OPTION: { readonly [kind in ProxyKind]?: readonly string[] } = {
  'in-cluster': ['tls', 'redirectHttp', 'authentication', 'grpcPort'],
  'network-load-balancer': ['redirectHttp', 'authentication', 'grpcPort'],
  'application-load-balancer': ['grpcPort'],
  'ingress-nginx': ['grpcPort'],
  'load-balancer': ['tls', 'redirectHttp', 'authentication', 'grpcPort'],
  custom: ['tls', 'redirectHttp', 'authentication', 'grpcPort'],
  direct: ['tls', 'redirectHttp', 'authentication', 'grpcPort'],
  envoy: ['tls', 'redirectHttp', 'authentication', 'grpcPort'],
  nginx: ['tls', 'redirectHttp', 'authentication'],
};

/** Whether a user can state it at all. */
export function canBeSaid(kind: ProxyKind, feature: ProxyFeature): boolean {
  const { door = {}, weights, split } = STATEMENTS[feature];
  if (weights || split !== undefined) return kind in DOORS;
  return Object.keys(door).every((option) => !NO_SUCH_OPTION[kind]?.includes(option));
}

/** What a definition makes that states the feature. */
export function stating(kind: ProxyKind, feature: ProxyFeature): Objects {
  const { door = {}, weights, split, on, policy = {} } = STATEMENTS[feature];
  if (split !== undefined) return sharingOut(kind, split);
  const traffic = on?.[kind] ?? policy;
  return synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.34', loadBalancerCidrs: ['10.0.0.0/16'] }));
    if (kind === 'direct' || kind === 'envoy') {
      const proxy = kind === 'direct' ? RunnerProxy.direct() : RunnerProxy.tier({ replicas: 1 });
      new BentoDeployment(chart, 'Rag', {
        bento: pair(),
        // Streams need callers that stream.
        apiServer: traffic.streaming && { traffic: { streaming: { maxDuration: seconds(1800) } } },
        runners: { Embedder: Runner.pool({ proxy, traffic }) },
      });
      return;
    }
    if (kind === 'nginx') {
      const cache = ResponseCache.of({ paths: ['/predict'] });
      const exposure = DOORS['envoy-gateway']!(door);
      // Limits of rates are the door's, whichever that is.
      const front = traffic.rateLimit === undefined ? { exposure } : {};
      new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { traffic }, cache, ...front });
      return;
    }
    const exposure = DOORS[kind]!(door);
    if (weights) {
      const members = ['East', 'West'].map((id) => new BentoDeployment(chart, id, { bento: single() }));
      new GlobalService(chart, 'Rag', { members, weights: { east: 80, west: 20 }, exposure });
      return;
    }
    new BentoDeployment(chart, 'Rag', { bento: SPEAKING, apiServer: { traffic }, exposure });
  });
}

/** What a door makes that shares requests out among two versions. */
function sharingOut(kind: ProxyKind, split: NonNullable<Statement['split']>): Objects {
  if (split === 'sticky') requireSupport('release.stickyBy', kind, 'sticky');
  const backend = { service: 'rag-v2', port: 80, key: 'v2' };
  // The one value that all of them know.
  const match = { kind: split as RequestMatchModel['kind'], name: 'x-v', value: 'always' };
  const context = doorContext(
    split === 'mirror'
      ? { mirrors: [{ key: 'v2', backend, percent: 10 }] }
      : { matched: [{ key: 'v2', match, backend }] },
  );
  const profile = new ClusterProfile({ loadBalancerCidrs: ['10.0.0.0/16'] });
  const [door] = resolveDoors(DOORS[kind]!({})._model, profile);
  requireSplit(door!, context);
  return new Objects(
    doorObjects(door!, context).map(({ apiVersion, kind: of, name, annotations, content }) => ({
      apiVersion,
      kind: of,
      metadata: { name, annotations },
      ...content,
    })),
  );
}
