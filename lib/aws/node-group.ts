import { Construct } from 'constructs';
import { located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import type { INodePool, NodePoolBinding } from '../placement/node-pool';
import { bindingOf, nodeGroupModel } from './node-group-model';
import type { NodeGroupProps } from './node-group-props';
import { makeNodeGroup } from './node-group-resources';
import { requireStack } from './stack';

/**
 * Nodes without a GPU in a group that EKS manages: components that name it run there and nowhere else.
 *
 * @example
 * const apiServers = new aws.NodeGroup(stack, 'ApiServers', {
 *   cluster, instanceTypes: ['c7i.xlarge'], minNodes: 3, maxNodes: 12,
 * });
 * new BentoDeployment(chart, 'Rag', { bento, apiServer: { nodePool: apiServers } });
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
 */
export class NodeGroup extends Construct implements INodePool {
  /** The name of the group: its nodes have it in the label `cdk8s-bento/node-pool`. */
  public readonly name: string;

  readonly #binding: NodePoolBinding;

  /**
   * @throws MissingPackage, NoStack, InvalidName, InvalidText, OutOfRange, EmptyList, MissingOption, NotByEngine,
   * InvalidLabel, ReservedLabel, DuplicateKey
   */
  public constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    this.name = props.name ?? dnsLabel(id);
    this.#binding = located(this.node.path, () => {
      requireStack(this);
      const model = nodeGroupModel(this.name, props);
      makeNodeGroup(this, props.cluster._nodeGroups, model);
      return bindingOf(model, {});
    });
  }

  /** What its nodes are, to pods. */
  public bindPods(): NodePoolBinding {
    return this.#binding;
  }
}
