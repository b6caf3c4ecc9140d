import type { ClusterModel } from '../cluster/cluster-profile';
import type { RequestMatchModel } from '../release/split-model';
import type { LoadBalancingModel } from '../traffic/load-balancing';
import type { UpstreamModel } from '../traffic/upstream';

/** What an engine of a door needs to know of what is behind it. */
export interface DoorContext {
  /** The name of the door's objects: that of the deployment, and the key of the door where there are several. */
  readonly name: string;
  readonly namespace?: string;
  /** Services that take the requests, in one order, each with its share; one of them mostly. */
  readonly backends: readonly DoorBackend[];
  /** Versions that get what a request says of itself, in the order of their keys; none without a split by the door. */
  readonly matched?: readonly MatchedBackend[];
  /** Versions that get a copy of what all others get, in the order of their keys. */
  readonly mirrors?: readonly MirrorBackend[];
  /** Labels of the pods behind, for doors that lead to pods: those of the first hop behind the door. */
  readonly selector: { readonly [key: string]: string };
  /** The port of those pods. */
  readonly containerPort: number;
  /** The name of that port in the pods. */
  readonly portName: string;
  /** The path that answers 200 while a pod takes requests. */
  readonly healthPath: string;
  /** Where a user says how the door passes requests on: `apiServer.traffic`. */
  readonly property: string;
  /** How the door passes requests on; `host` and `port` are those of the first backend. */
  readonly upstream: UpstreamModel;
  /** What clients wait for: every byte of an answer has to arrive in this time. Above `upstream.timeouts.request`. */
  readonly requestSeconds: number;
  /** How long a connection may be silent, of the client and to the pods: above `requestSeconds` where nothing streams. */
  readonly silenceSeconds: number;
  /** How long targets go on getting what has begun, after they are taken out. */
  readonly deregistrationSeconds: number;
  readonly cluster: ClusterModel;
}

/** The action of an Application Load Balancer that shares requests out: its rules lead to it as to a Service. */
export const WEIGHTED_ACTION = 'weighted';

/** A Service that takes requests. */
export interface DoorBackend {
  readonly service: string;
  /** Undefined: that of the door. */
  readonly namespace?: string;
  readonly port: number;
  /** The key of its version, where versions share the requests; undefined for those of a GlobalService. */
  readonly key?: string;
  /** Its share; undefined where there is one backend. */
  readonly weight?: number;
  /** Headers that its requests get, whatever the client sends: what is behind the Service tells versions apart by them. */
  readonly setHeaders?: { readonly [name: string]: string };
}

/** A Service that takes the requests that say so of themselves. */
export interface MatchedBackend {
  /** The key of its version: names of further objects end with it. */
  readonly key: string;
  readonly match: RequestMatchModel;
  readonly backend: DoorBackend;
}

/** A Service that takes copies of requests, and answers nobody. */
export interface MirrorBackend {
  readonly key: string;
  readonly backend: DoorBackend;
  readonly percent: number;
}

/** How long cookies of an Application Load Balancer last, where nobody says so. */
export const COOKIE_SECONDS = 86_400;

/**
 * How long an Application Load Balancer keeps a client with a group of targets; undefined: not at all. Without it a
 * client's cookie would be one of a group that its next request does not reach.
 */
export function targetGroupSeconds(loadBalancing: LoadBalancingModel | undefined): number | undefined {
  if (loadBalancing?.kind !== 'hash' || loadBalancing.by.kind !== 'cookie') return undefined;
  return loadBalancing.by.ttlSeconds ?? COOKIE_SECONDS;
}

/** An object of a door, as its engine wants it. */
export interface DoorObject {
  /** Its construct id, beneath that of the door. */
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined: that of the door. */
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  /** Top-level fields beside `metadata`. */
  readonly content: { readonly [field: string]: unknown };
}

/** Objects that lie where the Service does: load balancers and Ingresses lead to no other namespace. */
export function besideBackends({ backends }: DoorContext): { namespace?: string } {
  const { namespace } = backends[0]!;
  return namespace === undefined ? {} : { namespace };
}
