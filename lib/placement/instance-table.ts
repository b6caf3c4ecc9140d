import { INSTANCE_DATA } from './instance-data';

/** A type of instance of EC2, and what pods can get on a node of it. */
export interface InstanceType {
  /** Its name: `g6.2xlarge`. */
  readonly name: string;
  readonly family: string;
  readonly arch: 'amd64' | 'arm64';
  /** As `Gpu` calls it. */
  readonly gpuName?: string;
  /** The extended resource of its GPUs. */
  readonly resourceName?: string;
  readonly cpuCores: number;
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
      cpuCores: Number(milliCores) / 1000,
      memoryBytes: Number(mebibytes) * 2 ** 20,
      gpus: Number(gpus),
      nvmeGigabytes: Number(nvme),
    };
  });
  return [family, types];
}
