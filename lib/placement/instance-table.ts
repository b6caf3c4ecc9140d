import { INSTANCE_DATA } from './instance-data';

/** A type of instance of EC2, and what pods can get on a node of it. */
export interface InstanceType {
  /** Its name: `g6.2xlarge`. */
  readonly name: string;
  readonly family: string;
  readonly arch: 'amd64' | 'arm64';
  /** CPU cores of the instance, as Karpenter's `instance-cpu` has them. */
  readonly instanceCpu: number;
  /** As `Gpu` calls it. */
  readonly gpuName?: string;
  /** The extended resource of its GPUs. */
  readonly resourceName?: string;
  /** What pods can get of its CPU. */
  readonly cpuCores: number;
  /** What pods can get of its memory. */
  readonly memoryBytes: number;
  readonly gpus: number;
  /** Disks of the instance itself. */
  readonly nvmeGigabytes: number;
}

let families: ReadonlyMap<string, readonly InstanceType[]> | undefined;

/** All types of a family, the smallest first; undefined where it is not known. */
export function instanceFamily(family: string): readonly InstanceType[] | undefined {
  return table().get(family);
}

/** A type by its name; undefined where it is not known. */
export function instanceType(name: string): InstanceType | undefined {
  return instanceFamily(name.split('.')[0]!)?.find((type) => type.name === name);
}

/** NeuronCores of a device: the other extended resource of the same chips. */
const CORES_PER_DEVICE: { readonly [gpuName: string]: number } = {
  inferentia: 4,
  inferentia2: 2,
  trainium: 2,
  trainium2: 8,
};

/** How many of an extended resource a node of the type has. */
export function devicesOf({ gpuName, resourceName: own, gpus }: InstanceType, resourceName: string): number {
  if (resourceName === own) return gpus;
  return resourceName === NEURON_CORE && own === NEURON ? gpus * CORES_PER_DEVICE[gpuName!]! : 0;
}

const NEURON = 'aws.amazon.com/neuron';
const NEURON_CORE = 'aws.amazon.com/neuroncore';

/** Whether instance types have accelerators of this name. */
export function isGpuName(gpuName: string): boolean {
  return instanceTypes((type) => type.gpuName === gpuName).length > 0;
}

/** All types that match. */
export function instanceTypes(matches: (type: InstanceType) => boolean): InstanceType[] {
  return [...table().values()].flat().filter(matches);
}

function table(): ReadonlyMap<string, readonly InstanceType[]> {
  families ??= new Map(INSTANCE_DATA.trim().split('\n').map(readFamily));
  return families;
}

function readFamily(line: string): [string, readonly InstanceType[]] {
  const [family, arch, ...rest] = line.split(' ') as [string, InstanceType['arch'], ...string[]];
  const gpu = rest[0]!.includes('=') ? rest.shift()!.split('=') : [];
  const types = rest.map((entry) => {
    const [size, milliCores, mebibytes, gpus = '0', nvme = '0'] = entry.split(':');
    return {
      name: `${family}.${size}`,
      family,
      arch,
      ...(gpu.length === 2 && { gpuName: gpu[0]!, resourceName: gpu[1]! }),
      instanceCpu: instanceCpu(Number(milliCores) / 1000),
      cpuCores: Number(milliCores) / 1000,
      memoryBytes: Number(mebibytes) * 2 ** 20,
      gpus: Number(gpus),
      nvmeGigabytes: Number(nvme),
    };
  });
  return [family, types];
}

/**
 * The cores of an instance by what pods can get of them: the kubelet takes 6 % of the first, 1 % of the second, 0.5 % of the
 * third and fourth, and 0.25 % of all others.
 */
function instanceCpu(allocatable: number): number {
  return Math.round((allocatable + 0.07) / 0.9975);
}
