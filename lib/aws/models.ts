import type { NodeDiskModel } from '../placement/node-disk';
import type { NodeImage } from '../placement/node-image';
import type { Region } from '../placement/region';
import type { TaintEffect } from '../placement/toleration';
import type { Gpu } from '../sizing/gpu';
import type { NatGateways } from './nat-gateways';

// Public classes hold these: nothing here may mention a type of cdktf, which their users need not have.

/** What comes before something else, as cdktf has it. */
export interface Dependable {
  readonly fqn: string;
}

/** Who may use the API of a cluster. */
export interface ClusterAccessModel {
  readonly principalArn: string;
  readonly policyName: 'AmazonEKSClusterAdminPolicy' | 'AmazonEKSEditPolicy' | 'AmazonEKSViewPolicy';
  /** None: the whole cluster. */
  readonly namespaces: string[];
}

/** The network of a cluster, as the user stated it. */
export type ClusterNetworkModel = CreatedNetworkModel | GivenNetworkModel;

export interface CreatedNetworkModel {
  readonly kind: 'create';
  readonly zones: readonly string[];
  readonly cidr: string;
  readonly natGateways: NatGateways;
}

export interface GivenNetworkModel {
  readonly kind: 'given';
  readonly vpcId: string;
  readonly nodeSubnetIds: string[];
  readonly internalSubnetIds: string[];
  readonly publicSubnetIds: string[];
  readonly loadBalancerCidrs: string[];
}

/** The subnets of a cluster, of which nothing but the blocks of addresses is known before they are there. */
export interface Network {
  readonly vpcId: string;
  readonly nodeSubnetIds: string[];
  readonly internalSubnetIds: string[];
  readonly publicSubnetIds: string[];
}

/** How instances are bought. */
export type NodeCapacityModel =
  | { readonly kind: 'on-demand' | 'spot' }
  | { readonly kind: 'reservation' | 'capacity-block'; readonly id: string };

/** The cluster that a group of nodes joins. */
export interface NodeGroupCluster {
  readonly name: string;
  /** The same, known to Terraform once the cluster is there. */
  readonly clusterName: string;
  readonly region: Region;
  readonly nodeRoleArn: string;
  readonly nodeSubnetIds: readonly string[];
  readonly tags: { readonly [key: string]: string };
  /** What nodes cannot do without: they come after it. */
  readonly before: readonly Dependable[];
}

/** A group of nodes, every default filled in. */
export interface NodeGroupModel {
  readonly name: string;
  readonly instanceTypes: readonly string[];
  readonly gpu?: Gpu;
  readonly image: NodeImage;
  readonly disk: NodeDiskModel;
  readonly capacity: NodeCapacityModel;
  readonly labels: { readonly [key: string]: string };
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: TaintEffect }[];
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly desiredNodes: number;
  readonly tags: { readonly [key: string]: string };
  /** Of `nodeSubnetIds` of the cluster; undefined: all. */
  readonly subnetIds?: readonly string[];
}

/** Where the load balancer of a region lies. */
export type EndpointNetworkModel =
  | {
      readonly kind: 'cluster';
      readonly vpcId: string;
      readonly publicSubnetIds: string[];
      readonly internalSubnetIds: string[];
      readonly nodeSecurityGroupId: string;
    }
  | { readonly kind: 'look-up'; readonly clusterName: string }
  | {
      readonly kind: 'given';
      readonly vpcId: string;
      readonly subnetIds: string[];
      readonly nodeSecurityGroupId: string;
    };

/** How clients find their region. */
export type GlobalEntryModel =
  | { readonly kind: 'accelerator'; readonly clientAffinity: boolean; readonly flowLogBucket?: string }
  | { readonly kind: 'dns' };
