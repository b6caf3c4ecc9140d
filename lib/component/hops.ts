import { sortedEntries } from '../internal/names';
import type { PeerModel } from '../traffic/network-peer';
import { outlasts } from '../traffic/timeouts';
import type { DrainModel } from './component-model';

/** What a hop waits beyond the one behind it, so that the answer of that one arrives. */
export const HOP_MARGIN_SECONDS = 5;

/** How much longer than its client a server keeps idle connections: it must not close what is about to be used. */
export const KEEP_ALIVE_STEP_SECONDS = 15;

/** aiohttp, with which BentoML calls its dependencies, closes idle connections after this. */
export const CALLER_IDLE_SECONDS = 15;

/** One station of a request. */
export interface Hop {
  readonly kind:
    | 'client'
    | 'load-balancer'
    | 'gateway'
    | 'interceptor'
    | 'activator'
    | 'prometheus'
    | 'split'
    | 'cache'
    | 'api-server'
    | 'proxy'
    | 'runner-pool';
  /** For messages. */
  readonly name: string;
  /** From where it connects to the next hop. */
  readonly peers: readonly PeerModel[];
  /** How long it gives those before it for a whole answer; undefined where that is not ours to say, as all that follow. */
  readonly timeoutSeconds?: number;
  /** The same until the first byte of the answer, where that is bounded by itself. */
  readonly firstByteSeconds?: number;
  /** How long it waits for the next hop, once; undefined where that is the same. */
  readonly attemptSeconds?: number;
  /** How long a connection may be silent while an answer is awaited. */
  readonly silenceSeconds?: number;
  /** How long it keeps idle connections of those before it. */
  readonly keepAliveSeconds?: number;
  /** After what time it closes idle connections to the next hop. */
  readonly idleSeconds?: number;
  /** How its pods end. */
  readonly drain?: DrainModel;
  /** How long it goes on sending to a pod of the next hop that is going. */
  readonly removalSeconds?: number;
  /** How long it lets requests end at what it has taken out. */
  readonly deregistrationSeconds?: number;
}

/** The way of a request, outermost hop first. */
export type Path = readonly Hop[];

/** Who connects to the last hop of each path: what a network policy lets in. */
export function peersOf(paths: readonly Path[]): PeerModel[] {
  const seen = new Map<string, PeerModel>();
  for (const path of paths) {
    for (const peer of path.at(-2)?.peers ?? []) seen.set(peerKey(peer), peer);
  }
  return [...seen.values()];
}

function peerKey({ namespace, podLabels, cidr }: PeerModel): string {
  return JSON.stringify([namespace, podLabels && sortedEntries(podLabels), cidr]);
}

/** Neighbours of which the outer one gives up before the inner one. */
export interface TimeoutInversion {
  readonly outer: Hop;
  readonly inner: Hop;
  /** Which of their times. */
  readonly property: 'timeout' | 'streaming.maxDuration' | 'streaming.idleTimeout';
  readonly outerSeconds: number;
  readonly innerSeconds: number;
}

function streams({ timeoutSeconds, firstByteSeconds }: Hop): boolean {
  return timeoutSeconds !== undefined && firstByteSeconds !== undefined && timeoutSeconds > firstByteSeconds;
}

/** Neighbours on a path of which the outer one gives up before the inner one, with what each has. */
export function timeoutInversions(path: Path): TimeoutInversion[] {
  return path.slice(1).flatMap((inner, index) => {
    const outer = path[index]!;
    const pairs = [
      ['timeout', outer.firstByteSeconds, inner.firstByteSeconds],
      [
        streams(outer) || streams(inner) ? 'streaming.maxDuration' : 'timeout',
        outer.timeoutSeconds,
        inner.timeoutSeconds,
      ],
    ] as const;
    const first = pairs.find(([, own, other]) => own !== undefined && other !== undefined && !outlasts(own, other));
    if (first === undefined) return silenceInversions(outer, inner);
    const [property, outerSeconds, innerSeconds] = first;
    return [{ outer, inner, property, outerSeconds: outerSeconds!, innerSeconds: innerSeconds! }];
  });
}

/** Who passes pieces on is silent while what it calls is; who collects them is bounded by its whole answer. */
function silenceInversions(outer: Hop, inner: Hop): TimeoutInversion[] {
  const { silenceSeconds: outerSeconds } = outer;
  const { silenceSeconds: innerSeconds } = inner;
  if (outerSeconds === undefined || innerSeconds === undefined || outerSeconds >= innerSeconds) return [];
  if (!streams(outer) || !streams(inner)) return [];
  return [{ outer, inner, property: 'streaming.idleTimeout', outerSeconds, innerSeconds }];
}
