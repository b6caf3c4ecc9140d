import { requireInteger, requireText, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import type { NodeRequirementModel } from '../placement/affinity';
import type { CapacityOptions } from '../placement/capacity';
import { type InstanceType, instanceFamily, instanceType, instanceTypes } from '../placement/instance-table';
import type { NodeOptions } from '../placement/node-options';
import type { Gpu } from '../sizing/gpu';

/** Which instance types nodes may be, as the user said it for a pool or a rung of it. */
export interface InstanceIntent {
  /** What stands before the user's properties in messages: `capacity[1].`, or nothing. */
  readonly prefix: string;
  readonly gpu?: Gpu;
  readonly instanceFamilies?: readonly string[];
  readonly instanceTypes?: readonly string[];
  readonly zones?: readonly string[];
  /** Whether only those with disks of their own will do. */
  readonly instanceStore: boolean;
  /** Of pools without GPUs. */
  readonly cpuCores?: { readonly min?: number; readonly max?: number };
}

/** The same as Karpenter asks for it, with the types that the library knows to match; undefined where it knows none. */
export interface InstanceChoice {
  readonly requirements: readonly NodeRequirementModel[];
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
  const archs = [...new Set(types?.map(({ arch }) => arch) ?? ['amd64'])].sort();
  return {
    requirements: [
      ...named.requirements,
      ...boundRequirements(intent),
      { key: 'kubernetes.io/arch', operator: 'In', values: archs },
      ...(intent.zones === undefined
        ? []
        : [{ key: 'topology.kubernetes.io/zone', operator: 'In' as const, values: [...intent.zones] }]),
    ],
    ...(types !== undefined && { types }),
  };
}

/** Instance types by what the user named: types, families, the GPU, or nothing. */
function namedInstances(intent: InstanceIntent): InstanceChoice & { readonly property: string } {
  const { gpu, prefix } = intent;
  if (intent.instanceTypes !== undefined) {
    const types = known(intent.instanceTypes, (name) => single(instanceType(name)));
    requireGpu(`${prefix}instanceTypes`, types, gpu);
    const requirements = [requirement('node.kubernetes.io/instance-type', intent.instanceTypes)];
    return { requirements, property: 'instanceTypes', ...(types && { types }) };
  }
  if (intent.instanceFamilies !== undefined) {
    const types = known(intent.instanceFamilies, instanceFamily);
    requireGpu(`${prefix}instanceFamilies`, types, gpu);
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
  const types = instanceTypes(({ gpuName, gpus }) => gpuName === gpu.name && gpus > 0);
  if (types.length === 0) throw errors.noInstanceTypes(`${prefix}gpu`, `"${gpu.name}"`);
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
  // Karpenter bounds the cores that an instance has; what pods can get of them is less than one below.
  const { min = 0, max = Number.POSITIVE_INFINITY } = cpuCores ?? {};
  return types.filter(
    ({ cpuCores: cores, nvmeGigabytes }) =>
      Math.ceil(cores) >= min && Math.ceil(cores) <= max && (!instanceStore || nvmeGigabytes > 0),
  );
}

/** All types of what is named, or undefined where the library does not know one of them: it may be newer. */
function known(
  names: readonly string[],
  find: (name: string) => readonly InstanceType[] | undefined,
): InstanceType[] | undefined {
  const found = names.map(find);
  return found.includes(undefined) ? undefined : found.flatMap((types) => types!);
}

function single(type: InstanceType | undefined): InstanceType[] | undefined {
  return type && [type];
}

function requireGpu(property: string, types: readonly InstanceType[] | undefined, gpu: Gpu | undefined): void {
  const wrong = types?.find(
    (type) => type.gpus > 0 !== (gpu !== undefined) || (gpu !== undefined && type.gpuName !== gpu.name),
  );
  if (wrong === undefined) return;
  const has = wrong.gpus === 0 ? 'no GPU' : `${wrong.gpuName}`;
  throw errors.wrongInstances(property, wrong.name, has, gpu === undefined ? 'no GPU' : gpu.name);
}

function requireLists(intent: InstanceIntent): void {
  const { prefix, cpuCores } = intent;
  if (intent.instanceFamilies !== undefined && intent.instanceTypes !== undefined) {
    throw errors.conflictingOptions(`${prefix}instanceFamilies`, 'instanceTypes', 'state one of them');
  }
  for (const key of ['instanceFamilies', 'instanceTypes', 'zones'] as const) {
    const values = intent[key];
    if (values === undefined) continue;
    if (values.length === 0) throw errors.emptyList(`${prefix}${key}`, 'leave it out for all');
    requireUnique(`${prefix}${key}`, values);
    for (const value of values) {
      requireText(`${prefix}${key}`, value, 63);
      if (!PATTERNS[key].test(value)) throw errors.invalidText(`${prefix}${key}`, EXAMPLES[key], value);
    }
  }
  if (cpuCores?.min !== undefined) requireInteger('minCpuCoresPerNode', cpuCores.min, 1, 1024);
  if (cpuCores?.max !== undefined) requireInteger('maxCpuCoresPerNode', cpuCores.max, cpuCores.min ?? 1, 1024);
}

const PATTERNS = {
  instanceFamilies: /^[a-z][a-z0-9-]*[0-9][a-z0-9-]*$/,
  instanceTypes: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
  zones: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
} as const;

const EXAMPLES = {
  instanceFamilies: 'families, as g6',
  instanceTypes: 'instance types, as g6.2xlarge',
  zones: 'zones, as us-east-1a',
} as const;

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
