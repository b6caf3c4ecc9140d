import type { Gpu } from '../sizing/gpu';
import type { NodeDisk } from './node-disk';
import type { NodeImage } from './node-image';
import type { Taint } from './taint';

/** What nodes of a pool on AWS are. */
export interface NodeOptions {
  /**
   * The name of the pool: its nodes have it in the label `cdk8s-bento/node-pool`. A DNS label.
   *
   * @default - the construct id as a DNS label
   */
  readonly name?: string;

  /**
   * Families of instance types, as `g6`.
   *
   * @default - as `instanceTypes` says, else as the kind of pool says
   */
  readonly instanceFamilies?: string[];

  /**
   * Instance types, as `g6.2xlarge`: instead of `instanceFamilies`.
   *
   * @default - all of the families
   */
  readonly instanceTypes?: string[];

  /**
   * Zones of availability, as `us-east-1a`.
   *
   * @default - those of the subnets
   */
  readonly zones?: string[];

  /**
   * The disk of a node.
   *
   * @default - EBS: 200 GiB that reads 500 MiB in a second with a GPU, 50 GiB without
   */
  readonly disk?: NodeDisk;

  /**
   * The machine image.
   *
   * @default - the latest of AL2023
   */
  readonly image?: NodeImage;

  /**
   * More labels of nodes.
   *
   * @default - the name of the pool
   */
  readonly labels?: { [key: string]: string };

  /**
   * More taints of nodes. Pods of components that name the pool tolerate them.
   *
   * @default - that of the GPU, for nodes with one
   */
  readonly taints?: Taint[];

  /**
   * Tags of instances and disks.
   *
   * @default - none
   */
  readonly tags?: { [key: string]: string };
}

/** What nodes with a GPU are. */
export interface GpuNodeOptions extends NodeOptions {
  /** The accelerator of the nodes. */
  readonly gpu: Gpu;

  /**
   * The runtime class of pods with a GPU, by name.
   *
   * @default - that of the node: images of AWS for EKS need none
   */
  readonly runtimeClassName?: string;
}
