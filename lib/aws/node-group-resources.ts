import type { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group';
import type { Construct } from 'constructs';
import { TaintEffect } from '../placement/toleration';
import { amiTypeOf } from './ami-type';
import { makeLaunchTemplate } from './launch-template';
import type { NodeCapacityModel, NodeGroupCluster, NodeGroupModel } from './models';
import { tagsOf } from './stack';
import { cdktf, tf } from './terraform';

/** As the API of EKS writes what Kubernetes writes otherwise. */
const EFFECTS: { readonly [effect in TaintEffect]: string } = {
  [TaintEffect.NO_SCHEDULE]: 'NO_SCHEDULE',
  [TaintEffect.PREFER_NO_SCHEDULE]: 'PREFER_NO_SCHEDULE',
  [TaintEffect.NO_EXECUTE]: 'NO_EXECUTE',
};

const CAPACITY_TYPES: { readonly [kind in NodeCapacityModel['kind']]: string } = {
  'on-demand': 'ON_DEMAND',
  spot: 'SPOT',
  reservation: 'ON_DEMAND',
  'capacity-block': 'CAPACITY_BLOCK',
};

/** The launch template and the group, as children of `scope`. */
export function makeNodeGroup(scope: Construct, cluster: NodeGroupCluster, model: NodeGroupModel): EksNodeGroup {
  const { name, instanceTypes, gpu, image, disk, capacity, minNodes, maxNodes, desiredNodes } = model;
  const { region } = cluster;
  const tags = { ...cluster.tags, ...model.tags };
  const template = makeLaunchTemplate(scope, 'launch-template', {
    name: `${cluster.name}-${name}`,
    region,
    image,
    disk,
    capacity,
    instanceTypes,
    tags,
  });
  return new tf.EksNodeGroup(scope, 'nodes', {
    region: region.name,
    clusterName: cluster.clusterName,
    nodeGroupName: name,
    nodeRoleArn: cluster.nodeRoleArn,
    subnetIds: [...(model.subnetIds ?? cluster.nodeSubnetIds)],
    amiType: amiTypeOf(image, instanceTypes, gpu),
    capacityType: CAPACITY_TYPES[capacity.kind],
    ...(capacity.kind !== 'capacity-block' && { instanceTypes: [...instanceTypes] }),
    launchTemplate: { id: template.id, version: cdktf().Token.asString(template.latestVersion) },
    labels: model.labels,
    taint: model.taints.map(({ key, value, effect }) => ({ key, value, effect: EFFECTS[effect] })),
    scalingConfig: { minSize: minNodes, maxSize: maxNodes, desiredSize: desiredNodes },
    updateConfig: { maxUnavailable: 1 },
    tags: tagsOf(tags),
    dependsOn: [...cluster.before],
    // Whoever scales the group decides, once it is there.
    lifecycle: { ignoreChanges: ['scaling_config[0].desired_size'] },
  });
}
