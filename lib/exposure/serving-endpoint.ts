import type { Duration } from 'cdk8s';

/** The kind of load balancer that a target group belongs to. */
export enum LoadBalancerKind {
  /** A Network Load Balancer: connections, with TLS or without. */
  NETWORK = 'network',
  /** An Application Load Balancer: HTTP requests. */
  APPLICATION = 'application',
}

/**
 * Where a deployment takes requests from a target group that Terraform owns: names and numbers that are known when
 * manifests are written, which both sides share.
 */
export class ServingEndpoint {
  /** @internal */
  public static _of(fields: ServingEndpointFields): ServingEndpoint {
    return new ServingEndpoint(fields);
  }

  /** The name of the deployment. */
  public readonly name: string;
  /** The name of the cluster. */
  public readonly clusterName: string;
  /** The name of the region; undefined where the profile states none. */
  public readonly region?: string;
  /** The name of the target group, unique in its region. */
  public readonly targetGroupName: string;
  /** The kind of load balancer before it. */
  public readonly loadBalancer: LoadBalancerKind;
  /** The port of the pods: targets are their addresses. */
  public readonly containerPort: number;
  /** The path that answers 200 while a pod takes requests. */
  public readonly healthPath: string;
  /** How long a target that goes still gets what has begun. */
  public readonly deregistrationDelay: Duration;
  /** The longest silence of an answer: the load balancer must wait longer. */
  public readonly idleTimeout: Duration;

  private constructor(fields: ServingEndpointFields) {
    this.name = fields.name;
    this.clusterName = fields.clusterName;
    this.region = fields.region;
    this.targetGroupName = fields.targetGroupName;
    this.loadBalancer = fields.loadBalancer;
    this.containerPort = fields.containerPort;
    this.healthPath = fields.healthPath;
    this.deregistrationDelay = fields.deregistrationDelay;
    this.idleTimeout = fields.idleTimeout;
  }
}

/** What an endpoint is made of. */
export interface ServingEndpointFields {
  readonly name: string;
  readonly clusterName: string;
  readonly region?: string;
  readonly targetGroupName: string;
  readonly loadBalancer: LoadBalancerKind;
  readonly containerPort: number;
  readonly healthPath: string;
  readonly deregistrationDelay: Duration;
  readonly idleTimeout: Duration;
}
