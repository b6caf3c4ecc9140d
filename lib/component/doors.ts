import type { ClusterProfile } from '../cluster/cluster-profile';
import type { GatewayModel } from '../cluster/gateway';
import type { DoorModel, ExposureModel } from '../exposure/door-model';
import { PROXY_NAMES, type ProxyKind } from '../exposure/proxy-support';
import { errors } from '../internal/errors';
import type { PeerModel } from '../traffic/network-peer';
import type { AnswerModel } from './answer';
import { HOP_MARGIN_SECONDS, KEEP_ALIVE_STEP_SECONDS } from './hops';

/** One way in, with what the cluster adds to it. */
export interface ResolvedDoor {
  /** What tells it from others in names; undefined for the only one. */
  readonly key?: string;
  readonly kind: ProxyKind;
  readonly door: DoorModel;
  /** Of doors that are routes. */
  readonly gateway?: GatewayModel;
  /** How many proxies there are, each of which counts alone; undefined where nobody said. */
  readonly proxies?: number;
}

/** What a door is called in messages: the property that states it. */
export function doorProperty({ key }: { readonly key?: string }): string {
  return key === undefined ? 'exposure' : `exposure.${key}`;
}

/** The ways in, each with the cluster's part of it. */
export function resolveDoors({ doors }: ExposureModel, profile: ClusterProfile): ResolvedDoor[] {
  return doors.map(({ key, door }) => {
    const property = doorProperty({ key });
    const named = key === undefined ? {} : { key };
    switch (door.kind) {
      case 'gateway': {
        const gateway = door.gateway ?? profile.gateway;
        if (gateway === undefined) {
          throw errors.clusterLacks(`${property}.gateway`, 'gateway', 'state it there, or in Exposure.gateway()');
        }
        const model = gateway._model;
        return { ...named, kind: model.kind, door, gateway: model, ...proxies(model.proxies) };
      }
      case 'network-load-balancer':
      case 'application-load-balancer': {
        const subnetCidrs = door.subnetCidrs.length > 0 ? door.subnetCidrs : profile._model.loadBalancerCidrs;
        if (subnetCidrs.length === 0) {
          throw errors.clusterLacks(
            `${property}.subnetCidrs`,
            'loadBalancerCidrs',
            'state it there, or in the exposure: pods let in nobody else',
          );
        }
        return { ...named, kind: door.kind, door: { ...door, subnetCidrs } };
      }
      case 'ingress-nginx':
        return { ...named, kind: door.kind, door, ...proxies(door.controllers) };
      default:
        return { ...named, kind: door.kind, door };
    }
  });
}

function proxies(count: number | undefined): { proxies?: number } {
  return count === undefined ? {} : { proxies: count };
}

/** How long a door waits, in seconds, and what pods must do for it. */
export interface DoorTimes {
  /** For an answer of the pods, all of it; undefined where the door knows no requests. */
  readonly backendRequest?: number;
  /** What the door gives its clients, retries included; undefined likewise. */
  readonly request?: number;
  /** How long a connection may be silent while an answer is awaited or flows; undefined where that is not ours to say. */
  readonly silence?: number;
  /** After what time it closes idle connections to pods, at the latest; undefined where it has none of its own. */
  readonly idle?: number;
  /** How long it may go on sending requests to a pod that is going. */
  readonly removal: number;
}

/** In a namespace with this label pods are ready only when their load balancer of AWS takes them for healthy. */
export const READINESS_GATE_LABEL = { 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' } as const;

/**
 * What load balancers of AWS have by default, and the longest that they take.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
const NLB_IDLE_SECONDS = 350;
const NLB_MAX_IDLE_SECONDS = 6000;
const ALB_MAX_IDLE_SECONDS = 4000;

/** The idle time of connections that engines have for proxies whose connections to pods are ours to say. */
const UPSTREAM_IDLE_SECONDS = 60;

/** How long endpoints take to reach kube-proxy, gateways and callers. */
const ENDPOINT_REMOVAL_SECONDS = 10;

/** How long load balancers of clouds go on sending after a target is to be taken out. */
const TARGET_REMOVAL_SECONDS = 30;

/**
 * A Network Load Balancer opens connections to a target for two minutes after it is taken out, as its users have measured,
 * though its documentation says that it stops at once; and it is taken out once its endpoint is.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366
 * @see https://github.com/aws/containers-roadmap/issues/470
 */
const NLB_REMOVAL_SECONDS = 120 + ENDPOINT_REMOVAL_SECONDS;

/** The times of a door, derived from the answers of what is behind it. */
export function doorTimes({ door, kind, key }: ResolvedDoor, answer: AnswerModel): DoorTimes {
  const backendRequest = Math.ceil(answer.total) + HOP_MARGIN_SECONDS;
  const request = backendRequest + HOP_MARGIN_SECONDS;
  const silence = Math.ceil(answer.silence) + 2 * HOP_MARGIN_SECONDS;
  const property = doorProperty({ key });
  switch (door.kind) {
    case 'gateway':
      // Of two times Envoy Gateway takes that of one try for all of them. When others close idle connections is not said.
      return kind === 'envoy-gateway'
        ? {
            request,
            silence: answer.streams ? silence : request,
            idle: UPSTREAM_IDLE_SECONDS,
            removal: ENDPOINT_REMOVAL_SECONDS,
          }
        : { backendRequest, request, removal: ENDPOINT_REMOVAL_SECONDS };
    case 'ingress-nginx':
      return { silence, removal: ENDPOINT_REMOVAL_SECONDS };
    case 'application-load-balancer': {
      const idle = Math.max(UPSTREAM_IDLE_SECONDS, silence);
      if (idle > ALB_MAX_IDLE_SECONDS) throw tooSilent(property, kind, idle, ALB_MAX_IDLE_SECONDS);
      return { silence: idle, idle, removal: TARGET_REMOVAL_SECONDS };
    }
    case 'network-load-balancer': {
      const idle = Math.max(NLB_IDLE_SECONDS, silence);
      const longest = door.tls === undefined ? NLB_MAX_IDLE_SECONDS : NLB_IDLE_SECONDS;
      if (idle > longest) throw tooSilent(property, kind, idle, longest);
      return { silence: idle, removal: NLB_REMOVAL_SECONDS };
    }
    case 'load-balancer':
      return { removal: TARGET_REMOVAL_SECONDS };
    default:
      return { removal: ENDPOINT_REMOVAL_SECONDS };
  }
}

/** With the margins, or a silence below the limit would seem to be above it. */
function tooSilent(property: string, kind: ProxyKind, silence: number, longest: number): Error {
  const remedy =
    longest === NLB_IDLE_SECONDS
      ? 'lower the timeout, end TLS elsewhere, or use Exposure.gateway()'
      : 'lower the timeout, or let answers come in pieces with a shorter `streaming.idleTimeout`';
  return errors.tooSilent(property, PROXY_NAMES[kind], silence, longest, remedy);
}

/** How long pods behind these doors keep idle connections: longer than each door, which must be the one to close them. */
export function keepAliveBehind(times: readonly DoorTimes[]): number {
  return Math.max(UPSTREAM_IDLE_SECONDS, ...times.map(({ idle }) => idle ?? 0)) + KEEP_ALIVE_STEP_SECONDS;
}

/** How long pods behind these doors go on as if nothing were. */
export function removalBehind(times: readonly DoorTimes[]): number {
  return Math.max(ENDPOINT_REMOVAL_SECONDS, ...times.map(({ removal }) => removal));
}

/** Who connects to the first hop behind a door. */
export function doorPeers({ door, gateway }: ResolvedDoor): PeerModel[] {
  switch (door.kind) {
    case 'in-cluster':
      return [...door.peers];
    case 'gateway':
      return [gateway!.dataPlane];
    case 'network-load-balancer':
    case 'application-load-balancer':
      return door.subnetCidrs.map((cidr) => ({ cidr }));
    case 'ingress-nginx':
      return [{ namespace: door.controllerNamespace, podLabels: door.controllerLabels }];
    case 'load-balancer':
      return door.sourceCidrs.map((cidr) => ({ cidr }));
    case 'custom':
      return [];
  }
}
