import { Construct } from 'constructs';
import { requireInteger, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { NodeImage } from '../placement/node-image';
import { TaintEffect } from '../placement/toleration';
import type { Dependable, NodeGroupCluster, NodeGroupModel } from './models';
import { makeNodeGroup } from './node-group-resources';
import type { SystemNodesOptions } from './system-nodes-options';

const DEFAULT_TYPES = ['m6i.large'];
const DEFAULT_NODES = 2;
const DISK = { kind: 'ebs', gibibytes: 50, throughputMibps: 125, iops: 3000 } as const;

/** What add-ons must tolerate too where nodes have it. */
export const CRITICAL_ADDONS_ONLY = 'CriticalAddonsOnly';

export function systemNodesModel(options: SystemNodesOptions = {}): NodeGroupModel {
  const { instanceTypes = DEFAULT_TYPES, nodes = DEFAULT_NODES, criticalAddonsOnly = false } = options;
  requireInstanceTypes('systemNodes.instanceTypes', instanceTypes);
  requireInteger('systemNodes.nodes', nodes, 2, 100);
  return {
    name: 'system',
    instanceTypes: [...instanceTypes],
    image: NodeImage.al2023(),
    disk: DISK,
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

/** Throws unless these are instance types of EC2, each once. */
export function requireInstanceTypes(property: string, instanceTypes: readonly string[]): void {
  if (instanceTypes.length === 0) throw errors.emptyList(property, 'name one at least, as m6i.large');
  for (const type of instanceTypes) {
    if (typeof type !== 'string' || !/^[a-z][-a-z0-9]*\.[a-z0-9][-a-z0-9]*$/.test(type)) {
      throw errors.invalidText(property, 'instance types, as g6.2xlarge', type);
    }
  }
  requireUnique(property, instanceTypes);
}
