import { type ProxyFeature, type ProxyKind, requireSupport } from '../exposure/proxy-support';
import type { TlsModel } from '../exposure/tls';
import { errors } from '../internal/errors';
import { BreakerStatuses, type CircuitBreakerModel, type EjectionModel } from '../traffic/circuit-breaker';
import type { LoadBalancingModel } from '../traffic/load-balancing';
import type { RetriesModel } from '../traffic/retries';
import type { TrafficIntent } from '../traffic/traffic-policy';
import type { UpstreamModel, UpstreamTimeouts } from '../traffic/upstream';
import type { PoolHop, ScalingModel } from './component-model';
import type { ResolvedDoor } from './doors';
import { maxReplicas } from './replica-counts';
import type { Warning } from './warning';

/** What a user may state of a hop, and what the hop must be able to do for it. */
export type Demand = readonly [property: string, feature: ProxyFeature];

const HASH_FEATURES = { header: 'hashByHeader', cookie: 'hashByCookie', source: 'hashBySource' } as const;

/** What is stated, of what may be. */
function demanded(...all: readonly (readonly [stated: boolean, ...demand: Demand])[]): Demand[] {
  return all.flatMap(([stated, property, feature]): Demand[] => (stated ? [[property, feature]] : []));
}

/** Kinds of balancing as features. */
function balancingDemands(balancing: LoadBalancingModel): Demand[] {
  switch (balancing.kind) {
    case 'latency-aware':
      return [['loadBalancing', 'latencyAware']];
    case 'hash':
      return demanded(
        [true, 'loadBalancing', HASH_FEATURES[balancing.by.kind]],
        [balancing.by.kind === 'cookie' && balancing.by.ttlSeconds !== undefined, 'loadBalancing.ttl', 'cookieTtl'],
      );
    default:
      return demanded(
        [true, 'loadBalancing', balancing.kind === 'round-robin' ? 'roundRobin' : 'leastRequest'],
        [balancing.slowStartSeconds !== undefined, 'loadBalancing.slowStart', 'slowStart'],
      );
  }
}

function breakerDemands({ ejection, maxConnections, maxRequests }: CircuitBreakerModel): Demand[] {
  const { statuses, maxEjectedPercent = 100 }: Partial<EjectionModel> = ejection ?? {};
  return demanded(
    [ejection !== undefined, 'circuitBreaker', 'consecutiveErrors'],
    [statuses === BreakerStatuses.SERVER_ERRORS, 'circuitBreaker.statuses', 'serverErrors'],
    [maxEjectedPercent < 100, 'circuitBreaker.maxEjectedPercent', 'maxEjectedPercent'],
    [maxConnections !== undefined, 'circuitBreaker.maxConnections', 'maxConnections'],
    [maxRequests !== undefined, 'circuitBreaker.maxRequests', 'maxRequests'],
  );
}

function retryDemands({ attempts, statuses }: RetriesModel): Demand[] {
  return demanded([attempts > 0, 'retries', 'retries'], [statuses.length > 0, 'retries.statuses', 'retryStatuses']);
}

/** What the proxy must do that has the pods of a component behind it. */
export function upstreamDemands(traffic: TrafficIntent): Demand[] {
  const { loadBalancing, circuitBreaker, retries, maxPending, healthCheck } = traffic;
  return [
    ...demanded([maxPending !== undefined, 'queue', 'queue']),
    ...(retries === undefined ? [] : retryDemands(retries)),
    ...(loadBalancing === undefined ? [] : balancingDemands(loadBalancing)),
    ...(circuitBreaker === undefined ? [] : breakerDemands(circuitBreaker)),
    ...demanded([healthCheck !== undefined, 'healthCheck', 'healthCheck']),
  ];
}

/** What the outermost proxy must do. */
export function rateDemands({ rateLimit }: TrafficIntent): Demand[] {
  if (rateLimit === undefined) return [];
  return [['rateLimit', rateLimit.scope === 'total' ? 'rateLimitTotal' : 'rateLimitPerClient']];
}

const TLS_FEATURES = { secret: 'tlsSecret', acm: 'tlsAcm', listener: 'tlsListener' } as const;
const AUTHENTICATION_FEATURES = { 'bearer-tokens': 'bearerTokens', 'api-keys': 'apiKeys', jwt: 'jwt' } as const;

/** What a door must do beside passing requests on. */
export function doorDemands({ door }: ResolvedDoor): Demand[] {
  const tls = 'tls' in door ? door.tls : undefined;
  const authentication = 'authentication' in door ? door.authentication : undefined;
  const { clientIdHeader } = authentication ?? {};
  return [
    ...(tls === undefined ? [] : demanded([true, 'tls', TLS_FEATURES[tls.kind]])),
    ...demanded(['redirect' in door && door.redirect, 'redirectHttp', 'redirect']),
    ...(authentication === undefined
      ? []
      : demanded([true, 'authentication', AUTHENTICATION_FEATURES[authentication.kind]])),
    ...demanded(
      [clientIdHeader !== undefined, 'authentication.clientIdHeader', 'clientIdHeader'],
      [door.kind === 'gateway' && door.grpcPort !== undefined, 'grpcPort', 'grpc'],
    ),
  ];
}

/** Throws where a proxy cannot end TLS with such a certificate. */
export function requireTlsSupport(property: string, kind: ProxyKind, { kind: certificate }: TlsModel): void {
  requireSupport(property, kind, TLS_FEATURES[certificate]);
}

/** Throws where a proxy cannot do what is demanded. */
export function requireDemands(property: string, kind: ProxyKind, demands: readonly Demand[]): void {
  for (const [name, feature] of demands) requireSupport(`${property}.${name}`, kind, feature);
}

/** What a proxy needs to know of the component behind it. */
export interface UpstreamInput {
  readonly property: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly traffic: TrafficIntent;
  readonly timeouts: UpstreamTimeouts;
  readonly healthPath: string;
  /** How many proxies share the limits; undefined where nobody said. */
  readonly proxies?: number;
  /** Where to say so. */
  readonly proxiesEntry: string;
  /** How to have fewer of them, where that is not where to say so. */
  readonly fewerProxies?: string;
}

/** How long a proxy waits for a connection to a pod. */
export const CONNECT_SECONDS = 5;

/** What may be lost where limits are divided before it is worth a word. */
const MAX_ROUNDING_LOSS = 0.1;

const DEFAULT_BALANCING: LoadBalancingModel = { kind: 'least-request' };
/** What is tried again where nobody says so. */
export const DEFAULT_RETRIES: RetriesModel = { attempts: 2, statuses: [] };

/** How one proxy passes requests on, its share of all limits counted out. */
export function upstreamOf(input: UpstreamInput): UpstreamModel {
  const { name, host, port, traffic, timeouts } = input;
  const { circuitBreaker, maxConcurrency, maxPending, rateLimit, healthCheck } = traffic;
  return {
    name,
    host,
    port,
    timeouts,
    loadBalancing: traffic.loadBalancing ?? DEFAULT_BALANCING,
    retries: traffic.retries ?? DEFAULT_RETRIES,
    ...(circuitBreaker !== undefined && { circuitBreaker: breakerShare(circuitBreaker, input) }),
    ...(maxPending !== undefined && queueShare(maxPending, maxConcurrency, input)),
    ...(rateLimit !== undefined && {
      rateLimit: { ...rateLimit, requests: share('rateLimit', rateLimit.requests, input) },
    }),
    ...(healthCheck !== undefined && { healthCheck: { path: input.healthPath, ...healthCheck } }),
  };
}

function breakerShare(model: CircuitBreakerModel, input: UpstreamInput): CircuitBreakerModel {
  const { maxConnections, maxRequests } = model;
  return {
    ...model,
    ...(maxConnections !== undefined && {
      maxConnections: share('circuitBreaker.maxConnections', maxConnections, input),
    }),
    ...(maxRequests !== undefined && { maxRequests: share('circuitBreaker.maxRequests', maxRequests, input) }),
  };
}

function queueShare(
  maxPending: number,
  maxConcurrency: number | undefined,
  input: UpstreamInput,
): Pick<UpstreamModel, 'maxPending' | 'maxConcurrency'> {
  if (maxConcurrency === undefined) {
    throw errors.missingOption(
      `${input.property}.maxConcurrency`,
      'with a queue',
      'it says from how many requests per replica on others wait',
    );
  }
  return {
    maxPending: share('queue.maxPending', maxPending, input),
    maxConcurrency: share('maxConcurrency', maxConcurrency, input),
  };
}

/** BentoML's clients send none of the headers of the request that they serve. */
export function headerWarnings(property: string, { loadBalancing }: TrafficIntent): Warning[] {
  if (loadBalancing?.kind !== 'hash' || loadBalancing.by.kind !== 'header') return [];
  return [
    {
      id: 'HeaderNotPassedOn',
      text: `'${property}.loadBalancing' goes by the header ${loadBalancing.by.name}, which BentoML's clients do not pass on: calls of other services go anywhere, and only clients of your own that send it keep to a replica`,
    },
  ];
}

/** Limits of all proxies that leave replicas idle which were paid for. */
export function breakerWarnings(property: string, traffic: TrafficIntent, scaling: ScalingModel): Warning[] {
  const { circuitBreaker, maxConcurrency } = traffic;
  const replicas = maxReplicas(scaling);
  if (circuitBreaker === undefined || maxConcurrency === undefined || replicas === undefined) return [];
  const capacity = maxConcurrency * replicas;
  return (['maxConnections', 'maxRequests'] as const).flatMap((name): Warning[] => {
    const limit = circuitBreaker[name];
    if (limit === undefined || limit >= capacity) return [];
    return [
      {
        id: 'BreakerBelowCapacity',
        text: `'${property}.circuitBreaker.${name}' (${limit}) is below what ${replicas} replicas take, ${maxConcurrency} each: requests are refused while some have room; raise it to ${capacity}, or lower the replicas`,
      },
    ];
  });
}

/** Proxies that round their shares down, so that much of what replicas take is never used. */
export function concurrencyWarnings(property: string, traffic: TrafficIntent, proxies: number): Warning[] {
  const { maxConcurrency, maxPending } = traffic;
  if (maxConcurrency === undefined || maxPending === undefined || proxies === 0) return [];
  const each = Math.floor(maxConcurrency / proxies);
  const used = each * proxies;
  if (each === 0 || maxConcurrency - used <= maxConcurrency * MAX_ROUNDING_LOSS) return [];
  return [
    {
      id: 'ConcurrencyRoundedDown',
      text: `'${property}.maxConcurrency' (${maxConcurrency}) is divided among ${proxies} proxies, ${each} for each: replicas get ${used} requests at a time, others wait; state a multiple of ${proxies}, as ${used + proxies}`,
    },
  ];
}

/** Pools that grow while the connections of their callers stay where they are. */
export function directWarnings(property: string, { kind }: PoolHop, scaling: ScalingModel): Warning[] {
  if (kind !== 'direct' || scaling.kind === 'fixed' || scaling.kind === 'unmanaged') return [];
  if (scaling.maxReplicas <= Math.max(1, scaling.minReplicas)) return [];
  return [
    {
      id: 'PoolWithoutProxy',
      text: `'${property}' is none while replicas come and go: callers keep their connections, so that new pods get no load; use RunnerProxy.sidecar(), which needs Kubernetes 1.29, or RunnerProxy.tier(), which needs 1.30`,
    },
  ];
}

/** A proxy's part of a limit that is stated for all of them. */
function share(property: string, limit: number, input: UpstreamInput): number {
  const { property: prefix, proxies, proxiesEntry, fewerProxies = proxiesEntry } = input;
  const stated = `${prefix}.${property}`;
  if (proxies === undefined) throw errors.unknownProxies(stated, proxiesEntry);
  if (limit < proxies) {
    throw errors.belowProxies(stated, limit, proxies, `raise it, or have fewer proxies: ${fewerProxies}`);
  }
  return Math.floor(limit / proxies);
}
