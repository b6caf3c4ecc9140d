import type { Gateway } from '../cluster/gateway';
import type { PeerModel } from '../traffic/network-peer';
import type { AuthenticationModel } from './authentication';
import type { IExposure } from './custom-exposure';
import type { TlsModel } from './tls';

/** One way in, as the user said it. */
export type DoorModel =
  | InClusterDoor
  | GatewayDoor
  | NetworkLoadBalancerDoor
  | ApplicationLoadBalancerDoor
  | IngressNginxDoor
  | LoadBalancerDoor
  | CustomDoor;

/** Nothing beside the Service. */
export interface InClusterDoor {
  readonly kind: 'in-cluster';
  readonly peers: readonly PeerModel[];
  /** Whether they are all there may be: the proxies of the profile's gateway are callers otherwise. */
  readonly restricted: boolean;
}

/** Routes of Gateway API. */
export interface GatewayDoor {
  readonly kind: 'gateway';
  readonly hosts: readonly string[];
  /** Undefined: that of the ClusterProfile. */
  readonly gateway?: Gateway;
  readonly tls?: TlsModel;
  /** Whether plain http is answered with a redirect to https. */
  readonly redirect: boolean;
  /** Whether the user asks for the redirect, who gets it then or an error. */
  readonly redirectStated?: boolean;
  readonly authentication?: AuthenticationModel;
  /** A further port of the Bento that speaks gRPC: the route leads there, and is a GRPCRoute. */
  readonly grpcPort?: number;
}

/** What all load balancers of AWS have. */
export interface AwsLoadBalancer {
  readonly scheme: 'internal' | 'internet-facing';
  /** Blocks of the subnets that it lies in: from there it connects to pods. */
  readonly subnetCidrs: readonly string[];
  /** Certificates of AWS Certificate Manager; undefined for plain connections. */
  readonly tls?: TlsModel;
  /** The load balancer and its target group are somebody else's, under this name; nothing else is emitted then. */
  readonly targetGroupName?: string;
  /** Who may connect to it, as blocks of addresses; undefined: anybody who reaches it. */
  readonly sourceCidrs?: readonly string[];
  readonly crossZone: boolean;
}

/** A Network Load Balancer: connections, not requests. */
export interface NetworkLoadBalancerDoor extends AwsLoadBalancer {
  readonly kind: 'network-load-balancer';
  readonly port: number;
}

/** An Application Load Balancer, by an Ingress. */
export interface ApplicationLoadBalancerDoor extends AwsLoadBalancer {
  readonly kind: 'application-load-balancer';
  readonly hosts: readonly string[];
  readonly className: string;
  readonly redirect: boolean;
  /** Ingresses of one group share a load balancer. */
  readonly groupName?: string;
  readonly authentication?: AuthenticationModel;
}

/** An Ingress of ingress-nginx. */
export interface IngressNginxDoor {
  readonly kind: 'ingress-nginx';
  readonly hosts: readonly string[];
  readonly className: string;
  readonly controllerNamespace: string;
  readonly controllerLabels: { readonly [key: string]: string };
  /** How many controllers run, among which limits are divided; undefined where nobody said. */
  readonly controllers?: number;
  readonly tls?: TlsModel;
  readonly redirect: boolean;
  readonly authentication?: AuthenticationModel;
}

/** A Service of type LoadBalancer. */
export interface LoadBalancerDoor {
  readonly kind: 'load-balancer';
  readonly port: number;
  readonly sourceCidrs: readonly string[];
  readonly loadBalancerClass?: string;
  readonly annotations: { readonly [key: string]: string };
}

/** The user's own. */
export interface CustomDoor {
  readonly kind: 'custom';
  readonly exposure: IExposure;
}

/** All ways in; the key tells them apart in names, the only one has none. */
export interface ExposureModel {
  readonly doors: readonly { readonly key?: string; readonly door: DoorModel }[];
}
