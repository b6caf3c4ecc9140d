import type { ClusterModel } from '../cluster/cluster-profile';
import { requireSupport } from '../exposure/proxy-support';
import { requireDnsLabel } from '../internal/checks';
import { errors } from '../internal/errors';
import type { ScalingIntent } from '../scaling/scaling';
import { RunnerProxy, type RunnerProxyModel } from '../traffic/runner-proxy';
import type { TrafficIntent } from '../traffic/traffic-policy';
import { longestRequestSeconds, type UpstreamModel, type UpstreamTimeouts } from '../traffic/upstream';
import type { AnswerModel } from './answer';
import type { IdentityModel, PoolHop, SidecarModel } from './component-model';
import { CALLER_IDLE_SECONDS, KEEP_ALIVE_STEP_SECONDS } from './hops';
import {
  CONNECT_SECONDS,
  type Demand,
  rateDemands,
  requireDemands,
  upstreamDemands,
  upstreamOf,
} from './resolve-traffic';

/** How often a proxy asks the DNS of the cluster for the pods behind a name, whatever their lifetime there. */
export const DNS_REFRESH_SECONDS = 2;

/** How long a proxy of a tier lets callers keep a connection: they spread over its pods anew that often. */
export const CALLER_CONNECTION_SECONDS = 10;

/** Where proxies answer probes, and tell their numbers. Meshes have the ports from 15000 on. */
export const PROXY_STATUS_PORT = 13_000;

/** The first port of a proxy beside a component, at which it finds a pool. */
export const FIRST_LISTENER_PORT = 13_001;

/** All ports of a pod that the proxy beside a component takes. */
export function proxyPorts({ listeners }: SidecarModel): number[] {
  return [PROXY_STATUS_PORT, ...listeners.map(({ port }) => port)];
}

/** How long a proxy between tiers keeps idle connections of its callers. */
export const PROXY_KEEP_ALIVE_SECONDS = CALLER_IDLE_SECONDS + KEEP_ALIVE_STEP_SECONDS;

/** After what time a proxy between tiers closes idle connections to pods. */
const PROXY_IDLE_SECONDS = PROXY_KEEP_ALIVE_SECONDS + KEEP_ALIVE_STEP_SECONDS;

/** Between 1, which is the pool's own time, and 1.01, which its callers wait at least. */
const PROXY_FACTOR = 1.005;

/** What decides over the hop to a pool. */
export interface PoolHopInput {
  /** What stands before the user's properties in messages: `runners.Embedder.`. */
  readonly prefix: string;
  readonly identity: IdentityModel;
  readonly cluster: ClusterModel;
  readonly proxy?: RunnerProxyModel;
  readonly traffic: TrafficIntent;
  readonly scaling?: ScalingIntent;
  readonly answer: AnswerModel;
  readonly readyPath: string;
  readonly port: number;
  /** Whether there is never more than one replica. */
  readonly single: boolean;
  /** Whether pods of its callers can have a proxy beside them. */
  readonly sidecars: boolean;
}

/** The hop to a pool: a proxy where its replicas change or a policy asks for one, unless the user says otherwise. */
export function poolHop(input: PoolHopInput): PoolHop {
  const { prefix, traffic } = input;
  const demands = [...upstreamDemands(traffic), ...rateDemands(traffic)];
  const proxy = input.proxy ?? defaultProxy(input, demands.length > 0);
  const callers: PoolHop['callers'] = [];
  if (proxy.kind === 'direct') {
    const [first] = demands;
    if (first !== undefined) requireProxy(input, first);
    return { kind: 'direct', callers };
  }
  requireDemands(`${prefix}traffic`, 'envoy', demands);
  requireCarrier(input, proxy.kind);
  const replicas = proxy.kind === 'tier' ? proxy.replicas : undefined;
  // What is wrong whoever calls is an error of the pool, not of its first caller, nor of the synthesis.
  poolUpstream(input, replicas ?? 1);
  return {
    kind: proxy.kind,
    callers,
    ...(proxy.size !== undefined && { size: proxy.size }),
    ...(replicas !== undefined && { replicas }),
    upstream: () => poolUpstream(input, replicas ?? totalProxies(callers)),
  };
}

/** How one of so many proxies passes requests on. */
function poolUpstream(input: PoolHopInput, proxies: number | undefined): UpstreamModel {
  return upstreamOf({
    property: `${input.prefix}traffic`,
    name: input.identity.name,
    host: headlessHost(input.identity, input.cluster),
    port: input.port,
    traffic: input.traffic,
    timeouts: proxyTimeouts(input.answer),
    healthPath: input.readyPath,
    proxies,
    proxiesEntry: '`scaling` of its callers, or use RunnerProxy.tier()',
    fewerProxies: input.proxy?.kind === 'tier' ? 'lower `replicas` of RunnerProxy.tier()' : 'use RunnerProxy.tier()',
  });
}

/** Throws where the cluster can have no such proxy, or its Services no such names. */
function requireCarrier(
  { prefix, cluster, sidecars, identity, scaling, traffic }: PoolHopInput,
  kind: 'sidecar' | 'tier',
): void {
  // Names of Services are shorter than those of Deployments.
  requireDnsLabel('name', headlessName(identity));
  if (kind === 'tier') {
    if (scaling?.kind === 'with-function') {
      throw sleeperBehindTier(prefix);
    }
    requireDnsLabel('name', tierName(identity));
    cluster.kubernetes.require(`${prefix}proxy`, 'preStopSleep', 'use RunnerProxy.sidecar()');
    return;
  }
  cluster.kubernetes.require(`${prefix}proxy`, 'nativeSidecars', 'use RunnerProxy.direct()');
  if (!sidecars) {
    throw errors.notByEngine(
      `${prefix}proxy`,
      'a pool of a function by Knative',
      'it hides the field that makes a sidecar of an init container',
      'use RunnerProxy.tier()',
    );
  }
  if (hashesSource(traffic)) {
    throw errors.notByEngine(
      `${prefix}traffic.loadBalancing`,
      'RunnerProxy.sidecar()',
      'the source of all requests is its own pod, and so all callers would go to one replica',
      'use RunnerProxy.tier(), or LoadBalancing.hashByHeader()',
    );
  }
}

/** Nobody would wake it: its callers wait for pods that let proxies in alone. */
export function sleeperBehindTier(prefix: string): Error {
  return errors.conflictingOptions(
    `${prefix}proxy`,
    `${prefix}scaling`,
    'callers of a pool that sleeps wait for its own pods: use RunnerProxy.sidecar()',
  );
}

/** Throws where a policy needs a proxy: the user wants none, or the cluster can have none. */
function requireProxy({ prefix, proxy, cluster, sidecars, traffic }: PoolHopInput, [property, feature]: Demand): void {
  if (proxy === undefined) {
    const missing = sidecars && !hashesSource(traffic) ? 'nativeSidecars' : 'preStopSleep';
    cluster.kubernetes.require(
      `${prefix}traffic.${property}`,
      missing,
      'leave it out: callers reach the pool directly',
    );
  }
  requireSupport(`${prefix}traffic.${property}`, 'direct', feature);
}

/** How many proxies there are together; undefined where somebody else decides. */
export function totalProxies(counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce<number | undefined>(
    (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
    0,
  );
}

function defaultProxy(
  { cluster, scaling, single, sidecars, traffic }: PoolHopInput,
  demanded: boolean,
): RunnerProxyModel {
  const changes = !single && scaling?.kind !== 'fixed';
  if (!changes && !demanded) return RunnerProxy.direct()._model;
  if (sidecars && cluster.kubernetes.has('nativeSidecars') && !hashesSource(traffic)) {
    return RunnerProxy.sidecar()._model;
  }
  const tier = demanded && cluster.kubernetes.has('preStopSleep');
  return (tier ? RunnerProxy.tier() : RunnerProxy.direct())._model;
}

/** Beside its caller a proxy sees one source, which is the same everywhere. */
function hashesSource({ loadBalancing }: TrafficIntent): boolean {
  return loadBalancing?.kind === 'hash' && loadBalancing.by.kind === 'source';
}

function proxyTimeouts(answer: AnswerModel): UpstreamTimeouts {
  const request = thousandths(answer.total * PROXY_FACTOR);
  return {
    connect: Math.min(CONNECT_SECONDS, request),
    request,
    streamIdle: answer.streams ? thousandths(answer.silence * PROXY_FACTOR) : request,
    connectionIdle: PROXY_IDLE_SECONDS,
  };
}

function thousandths(seconds: number): number {
  return Math.ceil(seconds * 1000) / 1000;
}

/** The name of the Service that resolves to pods, not to itself. */
export function headlessName({ headlessOf }: IdentityModel): string {
  return `${headlessOf}-headless`;
}

/** The name of what stands before all callers of a pool. */
export function tierName({ name }: IdentityModel): string {
  return `${name}-proxy`;
}

/** The whole name where the namespace is known: pods of other namespaces ask for it, too. */
export function headlessHost(identity: IdentityModel, { clusterDomain }: ClusterModel): string {
  const name = headlessName(identity);
  return identity.namespace === undefined ? name : `${name}.${identity.namespace}.svc.${clusterDomain}`;
}

/** How long a pool keeps idle connections: longer than whoever calls it. */
export function poolKeepAliveSeconds({ kind }: PoolHop): number {
  return (kind === 'direct' ? CALLER_IDLE_SECONDS : PROXY_IDLE_SECONDS) + KEEP_ALIVE_STEP_SECONDS;
}

/**
 * How long a pod of a tier goes on. Told to end, Envoy ends at once, whatever is in flight; so it is told when nothing can
 * be: once no new connection comes, the kept ones have had their time, callers have let go of those that were idle then,
 * and the last request has been answered.
 */
export function tierLingerSeconds(endpointRemovalSeconds: number, answer: AnswerModel): number {
  const connections = CALLER_CONNECTION_SECONDS + CALLER_IDLE_SECONDS;
  return endpointRemovalSeconds + connections + Math.ceil(longestRequestSeconds(proxyTimeouts(answer)));
}

/** What a proxy adds to the time of DNS until it stops sending to a pod that is going. */
const DNS_MARGIN_SECONDS = 5;

/** How long a pod behind a proxy goes on as if nothing were: until its address has left every cache of DNS. */
export function dnsRemovalSeconds({ dnsTtlSeconds }: ClusterModel): number {
  return dnsTtlSeconds + DNS_REFRESH_SECONDS + DNS_MARGIN_SECONDS;
}
