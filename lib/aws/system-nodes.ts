import { Construct } from 'constructs';
import { requireInteger } from '../internal/checks';
import { requireInstanceNames } from '../placement/instance-names';
import { CPU_DISK } from '../placement/node-disk';
import { NodeImage } from '../placement/node-image';
import { TaintEffect } from '../placement/toleration';
import type { Dependable, NodeGroupCluster, NodeGroupModel } from './models';
import { makeNodeGroup } from './node-group-resources';
import type { SystemNodesOptions } from './system-nodes-options';

const DEFAULT_TYPES = ['m6i.large'];
const DEFAULT_NODES = 2;

/** What add-ons must tolerate too where nodes have it. */
export const CRITICAL_ADDONS_ONLY = 'CriticalAddonsOnly';

export function systemNodesModel(options: SystemNodesOptions = {}): NodeGroupModel {
  const { instanceTypes = DEFAULT_TYPES, nodes = DEFAULT_NODES, criticalAddonsOnly = false } = options;
  requireInstanceNames('instanceTypes', 'systemNodes.instanceTypes', instanceTypes, 'name one at least, as m6i.large');
  requireInteger('systemNodes.nodes', nodes, 2, 100);
  return {
    name: 'system',
    instanceTypes: [...instanceTypes],
    image: NodeImage.al2023(),
    disk: CPU_DISK,
    capacity: { kind: 'on-demand' },
    labels: {},
    taints: criticalAddonsOnly ? [{ key: CRITICAL_ADDONS_ONLY, value: 'true', effect: TaintEffect.NO_SCHEDULE }] : [],
    minNodes: nodes,
    // Room for an update, which makes a node before it takes one.
    maxNodes: nodes + 1,
    desiredNodes: nodes,
    tags: {},
  };
}

export function makeSystemNodes(scope: Construct, cluster: NodeGroupCluster, model: NodeGroupModel): Dependable {
  return makeNodeGroup(new Construct(scope, 'system'), cluster, model);
}
