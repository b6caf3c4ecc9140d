import { Size } from 'cdk8s';
import { requireBytes, requireDnsName, requireInteger, requireNumber, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';
import { sortedMap } from '../internal/names';
import { Gpu } from '../sizing/gpu';
import type { INodePool, NodePoolBinding } from './node-pool';
import { type TaintEffect, Toleration, type TolerationModel } from './toleration';

/** What pods can get on a node; undefined where that is not known. */
export interface NodeShape {
  /** What messages call it: the type of the instance. */
  readonly name?: string;
  readonly cpuCores?: number;
  readonly memoryBytes?: number;
  readonly gpus?: number;
}

/** The pool of a component, as models and checks see it. */
export interface NodePoolModel {
  readonly name: string;
  /** The path of its construct, and its cluster; undefined for pools that are not of the tree. */
  readonly place?: { readonly path: string; readonly cluster: string };
  readonly nodeLabels: { readonly [key: string]: string };
  readonly tolerations: readonly TolerationModel[];
  readonly gpus: readonly { readonly name: string; readonly resourceName: string }[];
  /** What its nodes are like; none where nothing is known. */
  readonly shapes: readonly NodeShape[];
  readonly maxGpus?: number;
  readonly maxCpuCores?: number;
  readonly runtimeClassName?: string;
  readonly spreadOver?: readonly string[];
}

/** Pools of the library know more of themselves than they must say. */
export interface KnownNodePool {
  readonly _nodePool: NodePoolModel;
}

/** What a pool says of itself; throws where that makes no sense. */
export function nodePoolModel(property: string, pool: INodePool): NodePoolModel {
  requireNodePool(property, pool);
  const known = (pool as Partial<KnownNodePool>)._nodePool;
  return known ?? boundPool(property, pool.bindPods());
}

/** Throws unless it can say what its nodes are: plain JavaScript and Python hand over anything. */
export function requireNodePool(property: string, pool: INodePool): void {
  if (typeof (pool as Partial<INodePool> | null)?.bindPods === 'function') return;
  throw errors.outOfRange(
    property,
    'an INodePool',
    typeof pool,
    'state a GpuNodePool, a NodePool or an ExistingNodePool',
  );
}

function boundPool(property: string, binding: NodePoolBinding): NodePoolModel {
  const { name, gpus = [], gpusPerNode, cpuCoresPerNode, memoryPerNode, maxGpus, spreadOver } = binding;
  requireText(`${property}.name`, name, 253);
  requireLabels(`${property}.nodeLabels`, binding.nodeLabels);
  if (Object.keys(binding.nodeLabels).length === 0) {
    throw errors.emptyList(`${property}.nodeLabels`, 'pods would run on any node');
  }
  if (gpusPerNode !== undefined) requireInteger(`${property}.gpusPerNode`, gpusPerNode, 1);
  if (maxGpus !== undefined) requireInteger(`${property}.maxGpus`, maxGpus, 0);
  if (cpuCoresPerNode !== undefined) requireNumber(`${property}.cpuCoresPerNode`, cpuCoresPerNode, { above: 0 });
  const memoryBytes = memoryPerNode && requireBytes(`${property}.memoryPerNode`, memoryPerNode);
  const { runtimeClassName } = binding;
  if (runtimeClassName !== undefined) requireDnsName(`${property}.runtimeClassName`, runtimeClassName);
  for (const key of spreadOver ?? []) requireLabels(`${property}.spreadOver`, { [key]: '' });
  const other = gpus.find(({ resourceName }) => resourceName !== gpus[0]!.resourceName);
  if (other !== undefined) throw errors.mixedResources(`${property}.gpus`, gpus[0]!.resourceName, other.resourceName);
  const shape: NodeShape = {
    ...(cpuCoresPerNode !== undefined && { cpuCores: cpuCoresPerNode }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(gpusPerNode !== undefined && { gpus: gpusPerNode }),
  };
  return {
    name,
    nodeLabels: sortedMap(binding.nodeLabels),
    tolerations: (binding.tolerations ?? []).map(({ _model }) => _model),
    gpus: gpus.map(({ name: gpu, resourceName }) => ({ name: gpu, resourceName })),
    shapes: Object.keys(shape).length === 0 ? [] : [shape],
    ...(maxGpus !== undefined && { maxGpus }),
    ...(runtimeClassName !== undefined && { runtimeClassName }),
    ...(spreadOver !== undefined && { spreadOver: [...spreadOver] }),
  };
}

/** What a pool of the library says of itself to others. */
export function bindingOf(model: NodePoolModel): NodePoolBinding {
  const { gpus, shapes, maxGpus, spreadOver } = model;
  const most = (key: 'cpuCores' | 'memoryBytes' | 'gpus') => Math.max(...shapes.map((shape) => shape[key] ?? 0));
  return {
    name: model.name,
    nodeLabels: { ...model.nodeLabels },
    tolerations: model.tolerations.map(({ key, effect }) => Toleration.exists(key, { effect: effect as TaintEffect })),
    ...(gpus.length > 0 && { gpus: gpus.map((gpu) => Gpu.of(gpu)) }),
    ...(gpus.length > 0 && shapes.length > 0 && { gpusPerNode: most('gpus') }),
    ...(shapes.length > 0 && {
      cpuCoresPerNode: most('cpuCores'),
      memoryPerNode: Size.kibibytes(Math.floor(most('memoryBytes') / 1024)),
    }),
    ...(maxGpus !== undefined && { maxGpus }),
    ...(model.runtimeClassName !== undefined && { runtimeClassName: model.runtimeClassName }),
    ...(spreadOver !== undefined && { spreadOver: [...spreadOver] }),
  };
}
