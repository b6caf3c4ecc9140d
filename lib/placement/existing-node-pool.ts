import type { INodePool, NodePoolBinding } from './node-pool';
import { nodePoolModel } from './node-pool-model';

/** Nodes that somebody else makes, as pods see them. */
export interface ExistingNodePoolOptions extends NodePoolBinding {}

/**
 * Nodes that somebody else makes: a node group, machines of one's own, nodes whose GPUs are shared out in time or sliced
 * by MIG. Nothing is emitted for them; pods that name the pool fit them.
 *
 * @example
 * ExistingNodePool.of({
 *   name: 'a100-mig',
 *   nodeLabels: { 'nvidia.com/mig.config': 'all-1g.10gb' },
 *   gpus: [Gpu.of({ name: 'a100-1g', resourceName: 'nvidia.com/mig-1g.10gb', maxPerNode: 56 })],
 *   gpusPerNode: 56,
 * });
 */
export class ExistingNodePool implements INodePool {
  /**
   * Nodes by what pods see of them.
   *
   * @throws InvalidText, InvalidLabel, EmptyList, OutOfRange, MixedResources
   */
  public static of(options: ExistingNodePoolOptions): ExistingNodePool {
    return new ExistingNodePool(options);
  }

  private constructor(private readonly binding: NodePoolBinding) {
    nodePoolModel('options', this);
  }

  /** What its nodes are, to pods. */
  public bindPods(): NodePoolBinding {
    return this.binding;
  }
}
