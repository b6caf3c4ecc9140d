import { requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import type { Region } from '../placement/region';
import type { EndpointNetworkModel } from './models';
import type { ServingCluster } from './serving-cluster';

/** Options of `EndpointNetwork.given`. */
export interface GivenEndpointNetworkOptions {
  /** The id of the VPC that the pods are in: an internet gateway must be attached to it. */
  readonly vpcId: string;

  /**
   * Ids of subnets for the load balancer, in two zones at least: public ones, but private ones for an Application Load
   * Balancer behind an accelerator.
   */
  readonly subnetIds: string[];

  /** The security group of the nodes, to which alone the load balancer connects. */
  readonly nodeSecurityGroupId: string;
}

/** Where the load balancer of a region lies. */
export class EndpointNetwork {
  /**
   * Beside a cluster of the same program. One of another stack is asked for in its state, so both need a backend that is
   * reached from everywhere.
   */
  public static ofCluster(cluster: ServingCluster): EndpointNetwork {
    const { region, vpcId, publicSubnetIds, internalSubnetIds, securityGroupId: nodeSecurityGroupId } = cluster;
    const model = { kind: 'cluster', vpcId, publicSubnetIds, internalSubnetIds, nodeSecurityGroupId } as const;
    return new EndpointNetwork(region.name, model);
  }

  /**
   * In subnets that are known.
   *
   * @throws OutOfRange, InvalidText
   */
  public static given(region: Region, options: GivenEndpointNetworkOptions): EndpointNetwork {
    const { vpcId, subnetIds, nodeSecurityGroupId } = options;
    if (subnetIds.length < 2) {
      throw errors.outOfRange(
        'subnetIds',
        'at least 2, of different zones',
        subnetIds.length,
        'name those of two zones',
      );
    }
    for (const [property, value] of Object.entries({ vpcId, nodeSecurityGroupId })) {
      if (typeof value !== 'string' || value === '') requireText(property, value);
    }
    return new EndpointNetwork(region.name, { kind: 'given', vpcId, subnetIds: [...subnetIds], nodeSecurityGroupId });
  }

  /**
   * Beside a cluster of EKS that is there when Terraform plans: its VPC and security group, and the subnets with the tag
   * `kubernetes.io/role/elb`, or `kubernetes.io/role/internal-elb` for a load balancer that the internet does not reach.
   *
   * @param clusterName its name in EKS
   * @throws InvalidText
   */
  public static lookUp(region: Region, clusterName: string): EndpointNetwork {
    requireText('clusterName', clusterName, 100);
    return new EndpointNetwork(region.name, { kind: 'look-up', clusterName });
  }

  private constructor(
    /** The region that it is of. */
    public readonly regionName: string,
    /** @internal */
    public readonly _model: EndpointNetworkModel,
  ) {}
}
