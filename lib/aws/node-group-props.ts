import type { GpuNodeOptions, NodeOptions } from '../placement/node-options';
import type { NodeCapacity } from './node-capacity';
import type { ServingCluster } from './serving-cluster';

/** How large a group of nodes is that EKS manages, and what its instances are bought as. */
export interface ManagedNodesOptions {
  /** The cluster that the nodes join. */
  readonly cluster: ServingCluster;

  /** The most nodes there may be: 1 to 450. */
  readonly maxNodes: number;

  /**
   * The fewest nodes there may be: 0 to `maxNodes`.
   *
   * @default 0
   */
  readonly minNodes?: number;

  /**
   * How many there are at first. Later it is whoever scales the group that decides: a cluster autoscaler, or a person.
   *
   * @default - `minNodes`
   */
  readonly desiredNodes?: number;

  /**
   * How the instances are bought.
   *
   * @default - on demand
   */
  readonly capacity?: NodeCapacity;

  /**
   * Ids of the subnets of the nodes: a reservation is of one zone.
   *
   * @default - those of the cluster for nodes
   */
  readonly subnetIds?: string[];
}

/** A group of nodes that EKS manages, without a GPU. */
export interface NodeGroupProps extends NodeOptions, ManagedNodesOptions {}

/** A group of nodes with a GPU that EKS manages. */
export interface GpuNodeGroupProps extends GpuNodeOptions, ManagedNodesOptions {
  /**
   * How many accelerators an instance of these types has: 1 to as many as `maxPerNode` of the GPU says.
   *
   * @default - as the table of instance types says, the fewest of them; where it is silent `maxPerNode` of the GPU bounds what
   * a pod may ask for
   */
  readonly gpusPerNode?: number;
}
