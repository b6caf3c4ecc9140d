import { requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';
import type { NodeRequirementModel } from '../placement/affinity';
import type { CapacityOptions } from '../placement/capacity';
import { requireInstanceNames } from '../placement/instance-names';
import {
  devicesOf,
  type InstanceType,
  instanceFamily,
  instanceType,
  instanceTypes,
  isGpuName,
} from '../placement/instance-table';
import type { NodeOptions } from '../placement/node-options';
import type { Gpu } from '../sizing/gpu';

/** Which instance types nodes may be, as the user said it for a pool or a rung of it. */
export interface InstanceIntent {
  /** What stands before the user's properties in messages: `capacity[1].`, or nothing. */
  readonly prefix: string;
  /** The same of zones, which a rung may have from its pool beside instance types of its own. */
  readonly zonesPrefix: string;
  readonly gpu?: Gpu;
  readonly instanceFamilies?: readonly string[];
  readonly instanceTypes?: readonly string[];
  readonly zones?: readonly string[];
  /** Whether only those with disks of their own will do. */
  readonly instanceStore: boolean;
  /** Of pools without GPUs. */
  readonly cpuCores?: { readonly min?: number; readonly max?: number };
}

/** The same as Karpenter asks for it. */
export interface InstanceChoice {
  readonly requirements: readonly NodeRequirementModel[];
  /** Those that match, with as many GPUs as pods can ask for; undefined where the library does not know all of them. */
  readonly types?: readonly InstanceType[];
}

/** A rung has what it does not say itself from its pool; another GPU means other instance types. */
export function instanceIntent(
  pool: NodeOptions & { readonly gpu?: Gpu },
  rung: CapacityOptions,
  prefix: string,
): Omit<InstanceIntent, 'cpuCores'> {
  const own = rung.gpu !== undefined || rung.instanceFamilies !== undefined || rung.instanceTypes !== undefined;
  const source = own ? rung : pool;
  const from = own ? prefix : '';
  const gpu = rung.gpu ?? pool.gpu;
  const zones = rung.zones ?? pool.zones;
  return {
    prefix: from,
    zonesPrefix: rung.zones === undefined ? '' : prefix,
    ...(gpu !== undefined && { gpu }),
    ...(source.instanceFamilies !== undefined && { instanceFamilies: source.instanceFamilies }),
    ...(source.instanceTypes !== undefined && { instanceTypes: source.instanceTypes }),
    ...(zones !== undefined && { zones }),
    instanceStore: pool.disk?._model.kind === 'instance-store',
  };
}

/** What Karpenter must ask of instance types, and what they are. */
export function chooseInstances(intent: InstanceIntent): InstanceChoice {
  requireLists(intent);
  const named = namedInstances(intent);
  const types = named.types && withinBounds(named.types, intent);
  if (types?.length === 0) {
    throw errors.noInstanceTypes(`${intent.prefix}${named.property}`, `none ${describe(intent)}`);
  }
  return {
    requirements: [
      ...named.requirements,
      ...boundRequirements(intent),
      // What is not known has the architecture that it has.
      ...(types === undefined ? [] : [requirement('kubernetes.io/arch', archsOf(types))]),
      ...(intent.zones === undefined
        ? []
        : [{ key: 'topology.kubernetes.io/zone', operator: 'In' as const, values: [...intent.zones] }]),
    ],
    ...(types !== undefined && { types: types.map((type) => countedFor(intent.gpu, type)) }),
  };
}

function archsOf(types: readonly InstanceType[]): string[] {
  return [...new Set(types.map(({ arch }) => arch))].sort();
}

function countedFor(gpu: Gpu | undefined, type: InstanceType): InstanceType {
  return gpu === undefined ? type : { ...type, gpus: devicesOf(type, gpu.resourceName) };
}

/** Instance types by what the user named: types, families, the GPU, or nothing. */
function namedInstances(intent: InstanceIntent): InstanceChoice & { readonly property: string } {
  const { gpu, prefix } = intent;
  if (intent.instanceTypes !== undefined) {
    const types = known(`${prefix}instanceTypes`, intent.instanceTypes, gpu, (name) => single(instanceType(name)));
    const requirements = [requirement('node.kubernetes.io/instance-type', intent.instanceTypes)];
    return { requirements, property: 'instanceTypes', ...(types && { types }) };
  }
  if (intent.instanceFamilies !== undefined) {
    const types = known(`${prefix}instanceFamilies`, intent.instanceFamilies, gpu, instanceFamily);
    const requirements = [requirement('karpenter.k8s.aws/instance-family', intent.instanceFamilies)];
    return { requirements, property: 'instanceFamilies', ...(types && { types }) };
  }
  if (gpu === undefined) {
    const requirements: NodeRequirementModel[] = [
      requirement('karpenter.k8s.aws/instance-category', ['c', 'm', 'r']),
      { key: 'karpenter.k8s.aws/instance-generation', operator: 'Gt', values: ['4'] },
    ];
    // Of later generations there are types of ARM, too; images are commonly of one architecture.
    const types = instanceTypes(
      ({ family, arch, gpus }) => gpus === 0 && arch === 'amd64' && /^[cmr][5-9]/.test(family),
    );
    return { requirements, types, property: 'instanceFamilies' };
  }
  const types = instanceTypes((type) => type.gpuName === gpu.name && devicesOf(type, gpu.resourceName) > 0);
  if (types.length === 0) throw errors.noInstanceTypes(`${prefix}gpu`, `"${gpu.name}" as ${gpu.resourceName}`);
  return { requirements: gpuRequirements(gpu.name, types[0]!.resourceName!), types, property: 'gpu' };
}

/** A100 of two sizes have one name; all others are told by theirs. */
const GPU_LABELS: { readonly [gpuName: string]: { readonly name: string; readonly mebibytes?: string } } = {
  a100: { name: 'a100', mebibytes: '40960' },
  'a100-80gb': { name: 'a100', mebibytes: '81920' },
  'rtx-pro-6000': { name: 'rtx-pro-server-6000' },
};

function gpuRequirements(gpuName: string, resourceName: string): NodeRequirementModel[] {
  if (/^(aws\.amazon\.com|habana\.ai)\//.test(resourceName)) {
    return [requirement('karpenter.k8s.aws/instance-accelerator-name', [gpuName])];
  }
  const { name, mebibytes } = GPU_LABELS[gpuName] ?? { name: gpuName };
  return [
    requirement('karpenter.k8s.aws/instance-gpu-name', [name]),
    // Types with a part of a GPU, as g6f, go by its name and have none for pods: no limit would count them.
    bound('karpenter.k8s.aws/instance-gpu-count', 'Gt', 0),
    ...(mebibytes === undefined ? [] : [requirement('karpenter.k8s.aws/instance-gpu-memory', [mebibytes])]),
  ];
}

function boundRequirements({ cpuCores, instanceStore }: InstanceIntent): NodeRequirementModel[] {
  const { min, max } = cpuCores ?? {};
  return [
    ...(min === undefined ? [] : [bound('karpenter.k8s.aws/instance-cpu', 'Gt', min - 1)]),
    ...(max === undefined ? [] : [bound('karpenter.k8s.aws/instance-cpu', 'Lt', max + 1)]),
    ...(instanceStore ? [bound('karpenter.k8s.aws/instance-local-nvme', 'Gt', 0)] : []),
  ];
}

function withinBounds(types: readonly InstanceType[], { cpuCores, instanceStore }: InstanceIntent): InstanceType[] {
  const { min = 0, max = Number.POSITIVE_INFINITY } = cpuCores ?? {};
  return types.filter(
    ({ instanceCpu, nvmeGigabytes }) =>
      instanceCpu >= min && instanceCpu <= max && (!instanceStore || nvmeGigabytes > 0),
  );
}

/** All types of what is named, or undefined where the library does not know one of them: it may be newer. */
function known(
  property: string,
  names: readonly string[],
  gpu: Gpu | undefined,
  find: (name: string) => readonly InstanceType[] | undefined,
): InstanceType[] | undefined {
  const found = names.map(find);
  for (const type of found.flatMap((types) => types ?? [])) requireGpu(property, type, gpu);
  return found.includes(undefined) ? undefined : found.flatMap((types) => types!);
}

function single(type: InstanceType | undefined): InstanceType[] | undefined {
  return type && [type];
}

/** A name of the user's own may mean any that has the extended resource. */
function requireGpu(property: string, type: InstanceType, gpu: Gpu | undefined): void {
  if (gpu === undefined) {
    if (type.gpus > 0) throw errors.wrongInstances(property, type.name, type.gpuName!, 'no GPU');
    return;
  }
  const named = type.gpuName === gpu.name || !isGpuName(gpu.name);
  if (named && devicesOf(type, gpu.resourceName) > 0) return;
  const has = type.gpus === 0 ? 'no GPU' : named ? type.resourceName! : type.gpuName!;
  throw errors.wrongInstances(property, type.name, has, named ? gpu.resourceName : gpu.name);
}

function requireLists(intent: InstanceIntent): void {
  const { prefix, cpuCores } = intent;
  if (intent.instanceFamilies !== undefined && intent.instanceTypes !== undefined) {
    throw errors.conflictingOptions(`${prefix}instanceFamilies`, 'instanceTypes', 'state one of them');
  }
  for (const key of ['instanceFamilies', 'instanceTypes', 'zones'] as const) {
    const names = intent[key];
    if (names === undefined) continue;
    const property = `${key === 'zones' ? intent.zonesPrefix : prefix}${key}`;
    requireInstanceNames(key, property, names, 'leave it out for all');
  }
  if (cpuCores?.min !== undefined) requireInteger('minCpuCoresPerNode', cpuCores.min, 1, 1024);
  if (cpuCores?.max !== undefined) requireInteger('maxCpuCoresPerNode', cpuCores.max, cpuCores.min ?? 1, 1024);
}

function describe({ cpuCores, instanceStore }: InstanceIntent): string {
  const { min, max } = cpuCores ?? {};
  return [
    ...(min === undefined ? [] : [`of at least ${min} CPU`]),
    ...(max === undefined ? [] : [`of at most ${max} CPU`]),
    ...(instanceStore ? ['with disks of their own'] : []),
  ].join(' and ');
}

function requirement(key: string, values: readonly string[]): NodeRequirementModel {
  return { key, operator: 'In', values: [...values] };
}

function bound(key: string, operator: 'Gt' | 'Lt', value: number): NodeRequirementModel {
  return { key, operator, values: [String(value)] };
}
