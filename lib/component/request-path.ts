import { CLIENT_TIMEOUT_FACTOR } from '../bento/container-contract';
import type { UpstreamModel } from '../traffic/upstream';
import type { CacheProgram, ComponentModel, IdentityModel, SplitProgram } from './component-model';
import { type DoorTimes, doorPeers, type ResolvedDoor } from './doors';
import { deregistrationSeconds } from './drain';
import { CALLER_IDLE_SECONDS, type Hop, type Path } from './hops';
import { dnsRemovalSeconds, PROXY_KEEP_ALIVE_SECONDS } from './pool-hop';
import { tierDrain, tierIdentity } from './tier';

/** A component as a station of a request. */
export function componentHop({ identity, timeoutSeconds, answer, keepAliveSeconds, drain }: ComponentModel): Hop {
  return {
    kind: identity.role,
    name: identity.name,
    peers: [peerOf(identity)],
    timeoutSeconds: answer.total,
    firstByteSeconds: timeoutSeconds,
    silenceSeconds: answer.silence,
    keepAliveSeconds,
    drain,
  };
}

/** What keeps answers of a component, as a station of a request. */
export function cacheHop(cache: ComponentModel): Hop {
  return tierHop(cache, [(cache.program as CacheProgram).upstream()]);
}

/** What shares requests out among versions, as a station of a request. */
export function splitHop(split: ComponentModel): Hop {
  return tierHop(
    split,
    (split.program as SplitProgram).upstreams().map(({ upstream }) => upstream),
  );
}

function tierHop(tier: ComponentModel, upstreams: readonly UpstreamModel[]): Hop {
  return {
    ...componentHop(tier),
    attemptSeconds: Math.max(...upstreams.map(({ timeouts }) => timeouts.request)),
    idleSeconds: Math.max(...upstreams.map(({ timeouts }) => timeouts.connectionIdle)),
    removalSeconds: dnsRemovalSeconds(tier.cluster),
  };
}

/** A door as a station of a request; doors inside the cluster are none. */
export function doorHop(door: ResolvedDoor, times: DoorTimes, { drain }: ComponentModel): Hop {
  const aws = door.kind === 'network-load-balancer' || door.kind === 'application-load-balancer';
  return {
    kind: /load-balancer/.test(door.kind) ? 'load-balancer' : 'gateway',
    name: door.gateway?.name ?? door.key ?? door.kind,
    peers: doorPeers(door),
    timeoutSeconds: times.request,
    attemptSeconds: times.backendRequest,
    silenceSeconds: times.silence,
    idleSeconds: times.idle,
    removalSeconds: times.removal,
    ...(aws && { deregistrationSeconds: deregistrationSeconds(drain) }),
  };
}

/** A pool, as its callers see it. */
export interface CalledPool {
  readonly bentoService: string;
  /** Undefined for what is deployed elsewhere. */
  readonly model?: ComponentModel;
  /** Its address, where nothing else is known of it. */
  readonly url?: string;
}

/** The ways of a component's own requests: to each service that it calls, through the proxy between. */
export function callPaths(caller: ComponentModel, pools: readonly CalledPool[]): Path[] {
  return Object.entries(caller.wiring?.config ?? {})
    .filter(([, { clientSeconds }]) => clientSeconds !== undefined)
    .map(([bentoService, { timeoutSeconds, firstByteSeconds, silenceSeconds, clientSeconds }]) => {
      const pool = pools.find((candidate) => candidate.bentoService === bentoService);
      const client: Hop = {
        ...componentHop(caller),
        attemptSeconds: clientSeconds! * CLIENT_TIMEOUT_FACTOR,
        idleSeconds: CALLER_IDLE_SECONDS,
      };
      const last: Hop =
        pool?.model === undefined
          ? {
              kind: 'runner-pool',
              name: pool?.url ?? bentoService,
              peers: [],
              timeoutSeconds,
              firstByteSeconds,
              silenceSeconds,
            }
          : componentHop(pool.model);
      return [client, ...between(caller, bentoService, pool?.model), last];
    });
}

/** The proxy beside the caller, or those before the pool. */
function between(caller: ComponentModel, bentoService: string, pool: ComponentModel | undefined): Hop[] {
  const beside = caller.sidecar?.listeners.find((listener) => listener.bentoService === bentoService);
  const tier = pool?.hop?.kind === 'tier' ? pool : undefined;
  const upstream = (beside?.upstream ?? tier?.hop?.upstream)?.();
  if (upstream === undefined) return [];
  const identity = tier === undefined ? caller.identity : tierIdentity(tier.identity);
  return [
    {
      kind: 'proxy',
      name: tier === undefined ? `Envoy beside ${identity.name}` : identity.name,
      peers: [peerOf(identity)],
      timeoutSeconds: upstream.timeouts.request,
      silenceSeconds: upstream.timeouts.streamIdle,
      keepAliveSeconds: PROXY_KEEP_ALIVE_SECONDS,
      idleSeconds: upstream.timeouts.connectionIdle,
      removalSeconds: dnsRemovalSeconds(caller.cluster),
      drain: tier === undefined ? caller.drain : tierDrain(tier),
    },
  ];
}

function peerOf({ selector, namespace }: IdentityModel): Hop['peers'][number] {
  return { podLabels: selector, ...(namespace !== undefined && { namespace }) };
}
