import { Construct } from 'constructs';
import { requireInteger } from '../internal/checks';
import { located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import type { INodePool, NodePoolBinding } from '../placement/node-pool';
import { bindingOf, nodeGroupModel } from './node-group-model';
import type { GpuNodeGroupProps } from './node-group-props';
import { makeNodeGroup } from './node-group-resources';
import { requireStack } from './stack';

/**
 * Nodes with a GPU in a group that EKS manages: the image that fits accelerator and architecture, and labels and taints
 * as those of a `GpuNodePool`. Where capacity is reserved or stays, it does what Karpenter would only do in between.
 *
 * @example
 * const l4 = new aws.GpuNodeGroup(stack, 'L4', {
 *   cluster, gpu: Gpu.NVIDIA_L4, instanceTypes: ['g6.2xlarge'], gpusPerNode: 1, maxNodes: 4,
 *   capacity: aws.NodeCapacity.reservation('cr-0123456789abcdef0'),
 * });
 * new RunnerPool(chart, 'Embedder', {
 *   bento, bentoService: 'Embedder', nodePool: l4,
 *   size: InstanceSize.named('gpu.l4.1'), scaling: Scaling.replicas(2),
 * });
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html
 */
export class GpuNodeGroup extends Construct implements INodePool {
  /** The name of the group: its nodes have it in the label `cdk8s-bento/node-pool`. */
  public readonly name: string;

  readonly #binding: NodePoolBinding;

  /**
   * @throws MissingPackage, NoStack, InvalidName, InvalidText, OutOfRange, EmptyList, MissingOption, NotByEngine,
   * InvalidLabel, ReservedLabel, DuplicateKey
   */
  public constructor(scope: Construct, id: string, props: GpuNodeGroupProps) {
    super(scope, id);
    this.name = props.name ?? dnsLabel(id);
    this.#binding = located(this.node.path, () => {
      requireStack(this);
      const { gpu, gpusPerNode } = props;
      if (gpusPerNode !== undefined) requireInteger('gpusPerNode', gpusPerNode, 1, gpu.maxPerNode);
      const model = nodeGroupModel(this.name, props, gpu);
      makeNodeGroup(this, props.cluster._nodeGroups, model);
      return bindingOf(model, props);
    });
  }

  /** What its nodes are, to pods. */
  public bindPods(): NodePoolBinding {
    return this.#binding;
  }
}
