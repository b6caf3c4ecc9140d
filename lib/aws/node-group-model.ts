import { requireDnsLabel, requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';
import { LABELS, requireOwnLabels } from '../internal/labels';
import { requireTags } from '../internal/tags';
import { gpuTaint } from '../placement/gpu-taint';
import { requireInstanceNames } from '../placement/instance-names';
import { instanceType } from '../placement/instance-table';
import { CPU_DISK, GPU_DISK, type NodeDiskModel } from '../placement/node-disk';
import { NodeImage } from '../placement/node-image';
import type { NodePoolBinding } from '../placement/node-pool';
import { Toleration } from '../placement/toleration';
import type { Gpu } from '../sizing/gpu';
import type { NodeGroupModel } from './models';
import { NodeCapacity } from './node-capacity';
import type { GpuNodeGroupProps, NodeGroupProps } from './node-group-props';

/** A quota of EKS. */
const MAX_NODES = 450;

/** Every default filled in, every bound checked. */
export function nodeGroupModel(name: string, props: NodeGroupProps | GpuNodeGroupProps, gpu?: Gpu): NodeGroupModel {
  const { maxNodes, minNodes = 0, labels = {}, taints = [], tags = {}, subnetIds } = props;
  const { desiredNodes = minNodes, capacity = NodeCapacity.onDemand() } = props;
  const disk = props.disk?._model ?? (gpu === undefined ? CPU_DISK : GPU_DISK);
  requireDnsLabel('name', name);
  requireInteger('maxNodes', maxNodes, 1, MAX_NODES);
  requireInteger('minNodes', minNodes, 0, maxNodes);
  requireInteger('desiredNodes', desiredNodes, minNodes, maxNodes);
  requireOwnLabels('labels', labels);
  requireTags('tags', tags);
  const instanceTypes = instanceTypesOf(props, capacity);
  requireDevices(instanceTypes, disk, gpu);
  if (subnetIds?.length === 0) throw errors.emptyList('subnetIds', 'leave it out for those of the cluster');
  return {
    name,
    instanceTypes,
    ...(gpu !== undefined && { gpu }),
    image: props.image ?? NodeImage.al2023(),
    disk,
    capacity: capacity._model,
    labels: { ...labels, [LABELS.nodePool]: name },
    taints: [...(gpu === undefined ? [] : [gpuTaint(gpu.resourceName)]), ...taints],
    minNodes,
    maxNodes,
    desiredNodes,
    tags,
    ...(subnetIds !== undefined && { subnetIds: [...subnetIds] }),
  };
}

function instanceTypesOf(props: NodeGroupProps | GpuNodeGroupProps, { _model: capacity }: NodeCapacity): string[] {
  const { instanceFamilies, instanceTypes, zones } = props;
  if (instanceFamilies !== undefined) {
    throw errors.notByEngine('instanceFamilies', 'managed node groups', 'EKS takes types', 'use `instanceTypes`');
  }
  if (zones !== undefined) {
    throw errors.notByEngine('zones', 'managed node groups', 'EKS takes subnets', 'use `subnetIds`');
  }
  if (instanceTypes === undefined) {
    throw errors.missingOption('instanceTypes', 'for a managed node group', 'name one at least, as g6.2xlarge');
  }
  requireInstanceNames('instanceTypes', 'instanceTypes', instanceTypes, 'name one at least, as m6i.large');
  if (capacity.kind === 'capacity-block' && instanceTypes.length > 1) {
    throw errors.outOfRange('instanceTypes', 'the one of the Capacity Block', instanceTypes);
  }
  return [...instanceTypes];
}

/** Of types that are known: the others are the user's to know. */
function requireDevices(names: readonly string[], disk: NodeDiskModel, gpu: Gpu | undefined): void {
  for (const type of names.map(instanceType)) {
    if (type === undefined) continue;
    if (gpu !== undefined && type.gpuName !== gpu.name) {
      throw errors.outOfRange('instanceTypes', `with the GPU ${gpu.name}`, type.name);
    }
    if (disk.kind === 'instance-store' && type.nvmeGigabytes === 0) {
      throw errors.outOfRange('instanceTypes', 'with disks of their own, as `disk` says', type.name);
    }
  }
}

/** The fewest that a node may have; undefined where nobody knows. */
function gpusPerNodeOf(names: readonly string[], stated: number | undefined): number | undefined {
  const known = names.map((name) => instanceType(name)?.gpus);
  if (stated !== undefined || known.includes(undefined)) return stated;
  return Math.min(...known.map(Number));
}

/** What its nodes are, to pods. */
export function bindingOf(model: NodeGroupModel, props: Partial<GpuNodeGroupProps>): NodePoolBinding {
  const { name, taints, maxNodes } = model;
  const { gpu, runtimeClassName } = props;
  const gpusPerNode = gpu && gpusPerNodeOf(model.instanceTypes, props.gpusPerNode);
  return {
    name,
    nodeLabels: { [LABELS.nodePool]: name },
    tolerations: taints.map(({ key, effect }) => Toleration.exists(key, { effect })),
    ...(gpu !== undefined && { gpus: [gpu] }),
    ...(gpusPerNode !== undefined && { gpusPerNode, maxGpus: gpusPerNode * maxNodes }),
    ...(runtimeClassName !== undefined && { runtimeClassName }),
  };
}
