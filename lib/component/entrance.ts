import type { ClusterModel } from '../cluster/cluster-profile';
import { sortedMap } from '../internal/names';
import type { AnswerModel } from './answer';
import { answerThroughCache } from './cache-times';
import type { ComponentModel, PoolHop } from './component-model';
import { doorTimes, keepAliveBehind, type ResolvedDoor, removalBehind } from './doors';
import { laterDrain } from './drain';
import { KEEP_ALIVE_STEP_SECONDS } from './hops';
import { dnsRemovalSeconds, poolKeepAliveSeconds } from './pool-hop';
import type { VersionInput } from './version-input';

/** What the hop before a component asks of its pods, in seconds. */
export interface Entrance {
  /** How long they keep idle connections. */
  readonly keepAliveSeconds: number;
  /** How long they go on as if nothing were, before they end. */
  readonly removalSeconds: number;
}

/** The interceptor of the HTTP add-on, and the activator of Knative, keep idle connections that long, as Go does. */
export const HOLDER_IDLE_SECONDS = 90;

/** What the doors, or the cache between, ask of the pods of a root. */
export function entrance({ doors, function: held, cache, profile }: VersionInput, answer: AnswerModel): Entrance {
  if (held !== undefined && held.engine !== 'hpa') {
    return { keepAliveSeconds: HOLDER_IDLE_SECONDS + KEEP_ALIVE_STEP_SECONDS, removalSeconds: removalBehind([]) };
  }
  if (cache === undefined) return entranceBehind(doors, answer);
  return behindCache(entranceBehind(doors, answerThroughCache(answer)).keepAliveSeconds, profile._model);
}

/** The same, where nothing stands between. */
export function entranceBehind(doors: readonly ResolvedDoor[], answer: AnswerModel): Entrance {
  const times = doors.map((door) => doorTimes(door, answer));
  return { keepAliveSeconds: keepAliveBehind(times), removalSeconds: removalBehind(times) };
}

/** What a cache, which keeps connections of the doors for so long, asks of the pods behind it. */
function behindCache(keepAliveSeconds: number, cluster: ClusterModel): Entrance {
  return {
    keepAliveSeconds: keepAliveSeconds + 2 * KEEP_ALIVE_STEP_SECONDS,
    removalSeconds: dnsRemovalSeconds(cluster),
  };
}

/** Lets a further door lead to a component whose objects are not rendered yet, by pods with these labels too. */
export function widen(
  model: ComponentModel,
  { keepAliveSeconds, removalSeconds }: Entrance,
  podLabels: { readonly [key: string]: string },
): void {
  const { identity } = model;
  Object.assign(model, {
    keepAliveSeconds: Math.max(model.keepAliveSeconds, keepAliveSeconds),
    drain: laterDrain(model.drain, removalSeconds),
    identity: { ...identity, podLabels: sortedMap({ ...identity.podLabels, ...podLabels }) },
  } satisfies Partial<ComponentModel>);
}

/** What callers of a pool ask of its pods. */
export function behindHop(hop: PoolHop, cluster: ClusterModel): Entrance {
  return {
    keepAliveSeconds: poolKeepAliveSeconds(hop),
    removalSeconds: hop.kind === 'direct' ? removalBehind([]) : dnsRemovalSeconds(cluster),
  };
}
