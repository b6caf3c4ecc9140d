import type { ClusterModel } from '../cluster/cluster-profile';
import { sortedMap } from '../internal/names';
import type { AnswerModel } from './answer';
import { answerThroughCache } from './cache-times';
import type { ComponentModel, PoolHop } from './component-model';
import { doorTimes, keepAliveBehind, type ResolvedDoor, removalBehind } from './doors';
import { laterDrain } from './drain';
import { KEEP_ALIVE_STEP_SECONDS } from './hops';
import { dnsRemovalSeconds, poolKeepAliveSeconds } from './pool-hop';
import { answerThroughSplit } from './split-times';
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

/** What the doors, or the tiers between, ask of the pods of a root. */
export function entrance(input: VersionInput, answer: AnswerModel): Entrance {
  const { function: held, cache, profile } = input;
  if (held !== undefined && held.engine !== 'hpa') {
    return { keepAliveSeconds: HOLDER_IDLE_SECONDS + KEEP_ALIVE_STEP_SECONDS, removalSeconds: removalBehind([]) };
  }
  if (cache === undefined) return outerEntrance(input, answer);
  return behindTier(outerEntrance(input, answerThroughCache(answer)).keepAliveSeconds, profile._model);
}

/** What the doors, or the tier that shares requests out, ask of what is behind them and answers so. */
export function outerEntrance({ doors, behindSplit, profile }: VersionInput, answer: AnswerModel): Entrance {
  const direct = entranceBehind(doors, answer);
  if (behindSplit === undefined) return direct;
  // The same before requests pass the tier, and after: pods need not be replaced when they do.
  const behind = behindTier(entranceBehind(doors, answerThroughSplit([answer])).keepAliveSeconds, profile._model);
  return {
    keepAliveSeconds: Math.max(direct.keepAliveSeconds, behind.keepAliveSeconds),
    removalSeconds: Math.max(direct.removalSeconds, behind.removalSeconds),
  };
}

/** The same, where nothing stands between. */
export function entranceBehind(doors: readonly ResolvedDoor[], answer: AnswerModel): Entrance {
  const times = doors.map((door) => doorTimes(door, answer));
  return { keepAliveSeconds: keepAliveBehind(times), removalSeconds: removalBehind(times) };
}

/** What a tier of nginx, which keeps connections of those before it for so long, asks of the pods behind it. */
function behindTier(keepAliveSeconds: number, cluster: ClusterModel): Entrance {
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

/** What takes requests of the same doors holds for the longest answer among them. */
export function widenTogether(models: readonly ComponentModel[], input: VersionInput): void {
  const entrance = outerEntrance(input, longestAnswer(models));
  for (const model of models) widen(model, entrance, {});
}

/** The longest times of all of them. */
export function longestAnswer(models: readonly Pick<ComponentModel, 'answer'>[]): AnswerModel {
  const longest = (of: (answer: AnswerModel) => number): number => Math.max(...models.map(({ answer }) => of(answer)));
  return {
    firstByte: longest(({ firstByte }) => firstByte),
    total: longest(({ total }) => total),
    silence: longest(({ silence }) => silence),
    streams: models.some(({ answer }) => answer.streams),
  };
}

/** What callers of a pool ask of its pods. */
export function behindHop(hop: PoolHop, cluster: ClusterModel): Entrance {
  return {
    keepAliveSeconds: poolKeepAliveSeconds(hop),
    removalSeconds: hop.kind === 'direct' ? removalBehind([]) : dnsRemovalSeconds(cluster),
  };
}
