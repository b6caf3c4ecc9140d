import type { Size } from 'cdk8s';
import type { Gpu } from '../sizing/gpu';
import type { Toleration } from './toleration';

/** What nodes of a pool are, to pods. */
export interface NodePoolBinding {
  /** What messages call the pool. */
  readonly name: string;

  /** Labels of its nodes: pods that name the pool run nowhere else. At least one. */
  readonly nodeLabels: { [key: string]: string };

  /**
   * Taints of its nodes that pods must tolerate.
   *
   * @default - none but that of the GPU, for pods with one
   */
  readonly tolerations?: Toleration[];

  /**
   * Accelerators of its nodes, any of which a pod may get: they share one extended resource. Pods that ask for one of
   * another name are an error.
   *
   * @default - none: pods with a GPU are an error
   */
  readonly gpus?: Gpu[];

  /**
   * The most accelerators that a pod can get on one node.
   *
   * @default - as many as `maxPerNode` of the GPU says
   */
  readonly gpusPerNode?: number;

  /**
   * The most CPU cores that a pod can get on one node, what the system and daemons need taken off.
   *
   * @default - not known: whether a pod fits is not checked
   */
  readonly cpuCoresPerNode?: number;

  /**
   * The most memory that a pod can get on one node, what the system and daemons need taken off.
   *
   * @default - not known: whether a pod fits is not checked
   */
  readonly memoryPerNode?: Size;

  /**
   * The most accelerators that pods can get on all of its nodes together.
   *
   * @default - not known
   */
  readonly maxGpus?: number;

  /**
   * The runtime class of pods with a GPU, by name.
   *
   * @default - that of the node
   */
  readonly runtimeClassName?: string;

  /**
   * Labels of nodes over which replicas are spread as far as there is room.
   *
   * @default - zones and hosts
   */
  readonly spreadOver?: string[];
}

/**
 * Nodes that pods of components run on. The library's own pools are such; implement it for any others.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
 */
export interface INodePool {
  /** What its nodes are, to pods; asked at construction, the same answer each time. */
  bindPods(): NodePoolBinding;
}
