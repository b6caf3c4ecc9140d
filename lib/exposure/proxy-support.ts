import { errors } from '../internal/errors';

/** What passes requests on: doors, and the proxies that the library runs itself. */
export type ProxyKind =
  | 'in-cluster'
  | 'envoy-gateway'
  | 'gateway-api'
  | 'network-load-balancer'
  | 'application-load-balancer'
  | 'ingress-nginx'
  | 'load-balancer'
  | 'custom'
  | 'direct'
  | 'envoy'
  | 'nginx';

/** For messages. */
export const PROXY_NAMES: { readonly [kind in ProxyKind]: string } = {
  'in-cluster': 'Exposure.inCluster()',
  'envoy-gateway': 'Exposure.gateway() with Gateway.envoyGateway()',
  'gateway-api': 'Exposure.gateway() with Gateway.standard()',
  'network-load-balancer': 'Exposure.networkLoadBalancer()',
  'application-load-balancer': 'Exposure.applicationLoadBalancer()',
  'ingress-nginx': 'Exposure.ingressNginx()',
  'load-balancer': 'Exposure.loadBalancer()',
  custom: 'Exposure.custom()',
  direct: 'RunnerProxy.direct()',
  envoy: 'RunnerProxy.sidecar() or tier()',
  nginx: 'the response cache or SplitRouter.nginx()',
};

/** What a proxy may be asked for. */
export type ProxyFeature =
  | 'streaming'
  | 'queue'
  | 'retries'
  | 'retryStatuses'
  | 'roundRobin'
  | 'leastRequest'
  | 'latencyAware'
  | 'hashByHeader'
  | 'hashByCookie'
  | 'cookieTtl'
  | 'hashBySource'
  | 'slowStart'
  | 'consecutiveErrors'
  | 'serverErrors'
  | 'maxEjectedPercent'
  | 'maxConnections'
  | 'maxRequests'
  | 'rateLimitTotal'
  | 'rateLimitPerClient'
  | 'healthCheck'
  | 'tlsSecret'
  | 'tlsAcm'
  | 'tlsListener'
  | 'redirect'
  | 'bearerTokens'
  | 'apiKeys'
  | 'jwt'
  | 'clientIdHeader'
  | 'grpc'
  | 'weights'
  | 'splitByHeader'
  | 'splitByQuery'
  | 'splitByCookie'
  | 'mirror'
  | 'sticky';

/** What a proxy can do, and why not the rest. */
interface ProxySupport {
  readonly can: readonly ProxyFeature[];
  /** Why it cannot do what is not named beneath. */
  readonly why: string;
  readonly because?: { readonly [feature in ProxyFeature]?: string };
}

const NO_LATENCY = 'it knows no balancing by latency';

/** What Envoy does, whoever configures it. */
const OF_ENVOY: readonly ProxyFeature[] = [
  'streaming',
  'queue',
  'retries',
  'retryStatuses',
  'roundRobin',
  'leastRequest',
  'hashByHeader',
  'hashBySource',
  'slowStart',
  'consecutiveErrors',
  'serverErrors',
  'maxEjectedPercent',
  'maxConnections',
  'maxRequests',
  'rateLimitTotal',
  'healthCheck',
];

/** The support table: what is not in it is an error that names what can. */
export const PROXY_SUPPORT: { readonly [kind in ProxyKind]: ProxySupport } = {
  'in-cluster': {
    can: ['streaming'],
    why: 'callers reach the Service themselves, which balances connections and knows no requests',
  },
  'envoy-gateway': {
    can: [
      ...OF_ENVOY,
      'hashByCookie',
      'cookieTtl',
      'rateLimitPerClient',
      'tlsSecret',
      'tlsListener',
      'redirect',
      'bearerTokens',
      'apiKeys',
      'jwt',
      'clientIdHeader',
      'grpc',
      'weights',
      'splitByHeader',
      'splitByQuery',
      'splitByCookie',
      'mirror',
    ],
    why: 'it has no such field',
    because: {
      latencyAware: NO_LATENCY,
      tlsAcm: 'its proxies need the private key, which ACM keeps',
      sticky: 'it leaves weights out where it balances by a hash',
    },
  },
  'gateway-api': {
    can: [
      'streaming',
      'tlsSecret',
      'tlsListener',
      'redirect',
      'grpc',
      'weights',
      'splitByHeader',
      'splitByQuery',
      'mirror',
    ],
    why: 'Gateway API has no field for it that every implementation knows',
    because: {
      tlsAcm: 'its proxies need the private key, which ACM keeps',
      splitByCookie: 'it has patterns of headers alone, which are what each implementation makes of them',
    },
  },
  'network-load-balancer': {
    can: ['streaming', 'healthCheck', 'hashBySource', 'tlsAcm'],
    why: 'it passes on connections, and knows no requests',
    because: {
      tlsSecret: 'its certificates are those of AWS Certificate Manager',
      weights: 'it shares out connections, not requests',
    },
  },
  'application-load-balancer': {
    can: [
      'streaming',
      'roundRobin',
      'leastRequest',
      'hashByCookie',
      'cookieTtl',
      'slowStart',
      'healthCheck',
      'tlsAcm',
      'redirect',
      'jwt',
      'weights',
      'splitByHeader',
      'splitByQuery',
    ],
    why: 'it has no such attribute',
    because: {
      tlsSecret: 'its certificates are those of AWS Certificate Manager',
      splitByCookie: 'it has patterns of the header Cookie alone, which take `xa=b` for `a=b`',
      mirror: 'it sends nobody copies of requests',
      sticky: 'it binds clients by a cookie of its own alone',
    },
  },
  'ingress-nginx': {
    can: [
      'streaming',
      'retries',
      'roundRobin',
      'latencyAware',
      'hashByHeader',
      'hashByCookie',
      'cookieTtl',
      'hashBySource',
      'rateLimitPerClient',
      'tlsSecret',
      'redirect',
      'weights',
      'splitByHeader',
      'splitByCookie',
    ],
    why: 'it has no annotation for it',
    because: {
      mirror: 'it copies all requests, and a slow copy holds its original up',
      sticky: 'its canaries get requests by chance',
      tlsAcm: 'its proxies need the private key, which ACM keeps',
      retryStatuses: 'nginx sends no POST again that a replica has had',
      rateLimitTotal: 'it counts by the address of the client',
    },
  },
  'load-balancer': { can: ['streaming'], why: 'it passes on connections, and knows no requests' },
  custom: { can: ['streaming'], why: 'a door of your own does it itself, if it can' },
  direct: { can: ['streaming'], why: 'connections of callers stay with the pods that were there first' },
  envoy: {
    can: OF_ENVOY,
    why: 'its callers are pods of the deployment',
    because: {
      latencyAware: NO_LATENCY,
      hashByCookie: 'BentoML passes no cookies of its clients on',
      cookieTtl: 'each worker of a caller would keep the cookie, and send all of its requests to one replica',
    },
  },
  nginx: {
    can: [
      'streaming',
      'retries',
      'roundRobin',
      'leastRequest',
      'hashByHeader',
      'hashByCookie',
      'hashBySource',
      'consecutiveErrors',
      'weights',
      'splitByHeader',
      'splitByQuery',
      'splitByCookie',
      'mirror',
      'sticky',
    ],
    why: 'nginx has no such directive',
    because: {
      queue: 'nginx has no queue of its own but for the commercial one',
      latencyAware: 'nginx balances by latency in its commercial version alone',
      slowStart: 'nginx has a slow start in its commercial version alone',
      healthCheck: 'nginx asks for health in its commercial version alone',
      retryStatuses: 'nginx sends no POST again that a replica has had',
      serverErrors: 'nginx counts connections that fail and answers that do not come, no statuses',
      grpc: 'answers of gRPC are no answers of HTTP to it',
    },
  },
};

/** Why a proxy cannot do something; undefined where it can. */
export function refusal(kind: ProxyKind, feature: ProxyFeature): string | undefined {
  const { can, why, because } = PROXY_SUPPORT[kind];
  return can.includes(feature) ? undefined : (because?.[feature] ?? why);
}

/** Doors that a user may choose for what another one cannot do. */
const CHOICES: readonly ProxyKind[] = [
  'envoy-gateway',
  'gateway-api',
  'network-load-balancer',
  'application-load-balancer',
  'ingress-nginx',
];

/** What stands before pools. */
const POOL_CHOICES: readonly ProxyKind[] = ['direct', 'envoy'];

/** Throws where a proxy cannot do what is asked for, and names those that can. */
export function requireSupport(property: string, kind: ProxyKind, feature: ProxyFeature): void {
  const why = refusal(kind, feature);
  if (why === undefined) return;
  throw errors.notByEngine(property, PROXY_NAMES[kind], why, remedyFor(kind, feature));
}

/** What a tier of nginx does for any door. */
const BY_TIER: readonly ProxyFeature[] = ['splitByHeader', 'splitByQuery', 'splitByCookie', 'mirror', 'sticky'];

/** What to do instead. */
export function remedyFor(kind: ProxyKind, feature: ProxyFeature): string {
  if (kind === 'nginx') return 'leave it out, or leave out `cache` and what needs SplitRouter.nginx()';
  const choices = POOL_CHOICES.includes(kind) ? POOL_CHOICES : CHOICES;
  const able = choices.filter((choice) => refusal(choice, feature) === undefined).map((choice) => PROXY_NAMES[choice]);
  if (BY_TIER.includes(feature)) able.push('SplitRouter.nginx()');
  return able.length === 0 ? 'leave it out' : `leave it out, or use ${able.join(' or ')}`;
}
