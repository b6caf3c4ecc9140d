import { sortedEntries } from '../internal/names';
import type { PeerModel } from '../traffic/network-peer';
import { outlasts } from '../traffic/timeouts';

/** How long load balancers and gateways keep an idle connection to a server, at the most that is common. */
const DOOR_IDLE_SECONDS = 60;

/** aiohttp, with which BentoML calls its dependencies, closes idle connections after this. */
const CALLER_IDLE_SECONDS = 15;

/** A server must not close what its client is about to use. */
const KEEP_ALIVE_MARGIN_SECONDS = 15;

/** One station of a request. */
export interface Hop {
  readonly kind: 'client' | 'gateway' | 'interceptor' | 'activator' | 'prometheus' | 'api-server' | 'runner-pool';
  /** For messages. */
  readonly name: string;
  /** From where it connects to the next hop. */
  readonly peers: readonly PeerModel[];
  /** How long it waits for the next hop; undefined where that is not ours to say. */
  readonly timeoutSeconds?: number;
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

/** How long a server keeps idle connections: longer than the client that sits before it. */
export function keepAliveSeconds(role: 'api-server' | 'runner-pool'): number {
  return (role === 'api-server' ? DOOR_IDLE_SECONDS : CALLER_IDLE_SECONDS) + KEEP_ALIVE_MARGIN_SECONDS;
}

/** Neighbours on a path of which the outer one gives up before the inner one. */
export function timeoutInversions(path: Path): { outer: Hop; inner: Hop }[] {
  return path.slice(1).flatMap((inner, index) => {
    const outer = path[index]!;
    const known = outer.timeoutSeconds !== undefined && inner.timeoutSeconds !== undefined;
    return known && !outlasts(outer.timeoutSeconds!, inner.timeoutSeconds!) ? [{ outer, inner }] : [];
  });
}
