import type { Gateway } from '../cluster/gateway';
import type { NetworkPeer } from '../traffic/network-peer';
import type { Authentication } from './authentication';
import type { Tls } from './tls';

/** Options of `Exposure.inCluster`. */
export interface InClusterExposureOptions {
  /**
   * Who may call the API server: they and nobody else. Not for a function by the KEDA HTTP add-on or Knative, whose
   * requests all come from the same pods.
   *
   * @default - every pod of the same namespace, and the gateway of the ClusterProfile if there is one
   */
  readonly allowFrom?: NetworkPeer[];
}

/** What doors have that know hosts. */
export interface HostExposureOptions {
  /**
   * Names under which it is reached from outside, as `rag.example.com` or `*.example.com`: at least one, each once; at a
   * Gateway at most 16.
   */
  readonly hosts: string[];

  /**
   * Where the certificate comes from.
   *
   * @default - what the door has for the hosts; none for what is made for this deployment alone
   */
  readonly tls?: Tls;

  /**
   * Whether plain http is answered with a redirect to https.
   *
   * @default - true with `tls`, as far as the door has a listener for plain http
   */
  readonly redirectHttp?: boolean;

  /**
   * Who may send requests.
   *
   * @default - everybody who reaches the door
   */
  readonly authentication?: Authentication;
}

/** Options of `Exposure.gateway`. */
export interface GatewayExposureOptions extends HostExposureOptions {
  /**
   * The Gateway that takes the requests. One that exists must have a listener for the hosts that lets routes of this
   * namespace in.
   *
   * @default - that of the ClusterProfile
   */
  readonly gateway?: Gateway;

  /**
   * A further port of the Bento, as the `extra_ports` of its code, that speaks gRPC: a GRPCRoute leads there, in place of
   * the HTTPRoute.
   *
   * @default - HTTP, at the Bento's own port
   */
  readonly grpcPort?: number;
}

/** What load balancers of AWS have. */
export interface AwsLoadBalancerOptions {
  /**
   * Blocks of addresses of the subnets that the load balancer lies in: from there it connects to pods, and the network
   * policy lets it in. Needed here or in the ClusterProfile.
   *
   * @default - `loadBalancerCidrs` of the ClusterProfile
   */
  readonly subnetCidrs?: string[];

  /**
   * A target group of somebody else, as Terraform, by its name: a TargetGroupBinding keeps the pods of this deployment in
   * it, and nothing else, and no load balancer is made. Its attributes and those of its load balancer are not ours to
   * set: `requirements` of the deployment names those that they need.
   *
   * @default - the AWS Load Balancer Controller makes the load balancer
   */
  readonly targetGroupName?: string;

  /**
   * Whether it is reached from the internet.
   *
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * Who may connect to it, as blocks of addresses.
   *
   * @default - everybody who reaches it
   */
  readonly sourceCidrs?: string[];

  /**
   * Whether each of its nodes reaches the pods of all zones: costs traffic between zones, and keeps replicas equally
   * loaded. An Application Load Balancer always does.
   *
   * @default true
   */
  readonly crossZone?: boolean;
}

/** Options of `Exposure.networkLoadBalancer`. */
export interface NetworkLoadBalancerOptions extends AwsLoadBalancerOptions {
  /**
   * Certificates that end TLS at the load balancer, whose connections are cut after 350 seconds of silence then.
   *
   * @default - plain connections
   */
  readonly tls?: Tls;

  /**
   * Its port: 1 to 65535.
   *
   * @default - 443 with `tls`, else 80
   */
  readonly port?: number;
}

/** Options of `Exposure.applicationLoadBalancer`. */
export interface ApplicationLoadBalancerOptions extends HostExposureOptions, AwsLoadBalancerOptions {
  /**
   * The IngressClass.
   *
   * @default 'alb'
   */
  readonly className?: string;

  /**
   * Ingresses of one group share a load balancer. Where two of them differ in what is the load balancer's, as the scheme
   * and the timeout that follows from their requests, the controller updates none of the group.
   *
   * @default - one of its own
   */
  readonly groupName?: string;
}

/** Options of `Exposure.ingressNginx`. */
export interface IngressNginxOptions extends HostExposureOptions {
  /**
   * The IngressClass.
   *
   * @default 'nginx'
   */
  readonly className?: string;

  /**
   * The namespace of the controller.
   *
   * @default 'ingress-nginx'
   */
  readonly controllerNamespace?: string;

  /**
   * Labels of the controller's pods.
   *
   * @default - those of its Helm chart
   */
  readonly controllerLabels?: { [key: string]: string };

  /**
   * How many controllers run: limits for all of them are divided among these. At least 1.
   *
   * @default - not known: limits are an error
   */
  readonly controllers?: number;
}

/** Options of `Exposure.loadBalancer`. */
export interface LoadBalancerOptions {
  /** Who may connect, as blocks of addresses: at least one, `0.0.0.0/0` for everybody. */
  readonly sourceCidrs: string[];

  /**
   * Its port: 1 to 65535.
   *
   * @default 80
   */
  readonly port?: number;

  /**
   * What makes it, where the cluster has several.
   *
   * @default - the cluster's own
   */
  readonly loadBalancerClass?: string;

  /**
   * Annotations of the Service, as clouds have them.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}
