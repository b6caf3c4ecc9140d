import { Size } from 'cdk8s';
import { requireBytes, requireNumber } from '../internal/checks';
import { errors } from '../internal/errors';
import { milliQuantity } from '../internal/quantity';
import { Gpu } from './gpu';

/** Options of `InstanceSize.of`. */
export interface InstanceSizeOptions {
  /**
   * CPU cores that a replica is guaranteed: above 0, thousandths at the finest. It may use more where its node has
   * more to give.
   *
   * @default - `cpuLimitCores`, else no request: the replica takes what the node has left, and cannot scale on CPU
   */
  readonly cpuCores?: number;

  /**
   * CPU cores that a replica may use at most; Kubernetes throttles above it, which costs latency.
   *
   * @default - no limit
   */
  readonly cpuLimitCores?: number;

  /**
   * Memory of a replica, request and limit alike: above it the container is killed.
   *
   * @default - no request and no limit: the first to be evicted
   */
  readonly memory?: Size;

  /**
   * The accelerator of a replica.
   *
   * @default - none
   */
  readonly gpu?: Gpu;

  /**
   * How many accelerators: a whole number, at most what one node has.
   *
   * @default 1 with `gpu`, else 0
   */
  readonly gpuCount?: number;

  /**
   * Disk of the node for caches and temporary files, request and limit alike: above it the pod is evicted.
   *
   * @default - no request and no limit
   */
  readonly ephemeralStorage?: Size;

  /**
   * Shared memory (`/dev/shm`), which processes of PyTorch exchange tensors through; it counts in `memory`.
   *
   * @default - half of `memory` for GPU replicas, the 64 MiB of the container runtime for others
   */
  readonly sharedMemory?: Size;
}

/**
 * The resources of one replica.
 *
 * @example
 * InstanceSize.of({ cpuCores: 4, memory: Size.gibibytes(16), gpu: Gpu.NVIDIA_L4 });
 */
export class InstanceSize {
  /**
   * A size of your own.
   *
   * @throws OutOfRange, MissingOption, FractionalGpu, MultiNode
   */
  public static of(options: InstanceSizeOptions): InstanceSize {
    return new InstanceSize(options);
  }

  /**
   * A size by the name that BentoCloud gives it: cpu.1, cpu.2, cpu.4, cpu.8, gpu.t4.1, gpu.l4.1, gpu.a100.1.
   *
   * @throws UnknownInstanceSize
   * @see https://docs.bentoml.com/en/latest/build-with-bentoml/gpu-inference.html
   */
  public static named(name: string): InstanceSize {
    const size = NAMED_SIZES[name];
    if (size === undefined || !Object.hasOwn(NAMED_SIZES, name)) {
      throw errors.unknownInstanceSize(name, Object.keys(NAMED_SIZES));
    }
    return new InstanceSize(size);
  }

  /** @internal */
  public readonly _model: SizeModel;

  private constructor(options: InstanceSizeOptions) {
    const { cpuCores, cpuLimitCores, gpu } = options;
    if (cpuCores !== undefined) requireCores('cpuCores', cpuCores);
    if (cpuLimitCores !== undefined) {
      requireCores('cpuLimitCores', cpuLimitCores);
      if (cpuCores !== undefined && cpuLimitCores < cpuCores) {
        throw errors.outOfRange('cpuLimitCores', `at least 'cpuCores' (${cpuCores})`, cpuLimitCores);
      }
    }
    const memoryBytes = options.memory && requireBytes('memory', options.memory);
    this._model = {
      // As Kubernetes has it: a limit without a request is the request too.
      cpuCores: cpuCores ?? cpuLimitCores,
      cpuLimitCores,
      memoryBytes,
      ephemeralStorageBytes: options.ephemeralStorage && requireBytes('ephemeralStorage', options.ephemeralStorage),
      sharedMemoryBytes: sharedMemory(options, memoryBytes),
      ...(gpu !== undefined && { gpu: gpuModel(gpu, options.gpuCount) }),
    };
    if (gpu === undefined && options.gpuCount !== undefined && options.gpuCount !== 0) {
      throw errors.missingOption('gpu', "with 'gpuCount'", 'state which accelerator, as Gpu.NVIDIA_L4');
    }
  }
}

/** What the engines read. */
export interface SizeModel {
  readonly cpuCores?: number;
  readonly cpuLimitCores?: number;
  readonly memoryBytes?: number;
  readonly ephemeralStorageBytes?: number;
  readonly sharedMemoryBytes?: number;
  readonly gpu?: { readonly name: string; readonly resourceName: string; readonly count: number };
}

/** As `bentoml deployment list-instance-types` prints them. */
const NAMED_SIZES: { [name: string]: InstanceSizeOptions } = {
  'cpu.1': { cpuCores: 0.5, memory: Size.gibibytes(2) },
  'cpu.2': { cpuCores: 1, memory: Size.gibibytes(2) },
  'cpu.4': { cpuCores: 2, memory: Size.gibibytes(8) },
  'cpu.8': { cpuCores: 4, memory: Size.gibibytes(16) },
  'gpu.t4.1': { cpuCores: 2, memory: Size.gibibytes(8), gpu: Gpu.NVIDIA_T4 },
  'gpu.l4.1': { cpuCores: 4, memory: Size.gibibytes(16), gpu: Gpu.NVIDIA_L4 },
  'gpu.a100.1': { cpuCores: 6, memory: Size.gibibytes(43), gpu: Gpu.NVIDIA_A100 },
};

function requireCores(property: string, cores: number): void {
  requireNumber(property, cores, { above: 0 });
  milliQuantity(property, cores);
}

function gpuModel(gpu: Gpu, count = 1): SizeModel['gpu'] {
  if (typeof count === 'number' && count > 0 && Number.isFinite(count) && !Number.isInteger(count)) {
    throw errors.fractionalGpu('gpuCount', count);
  }
  if (!Number.isInteger(count) || count < 1) throw errors.outOfRange('gpuCount', 'a whole number of at least 1', count);
  if (count > gpu.maxPerNode) throw errors.multiNode('gpuCount', count, gpu.maxPerNode, gpu.name);
  return { name: gpu.name, resourceName: gpu.resourceName, count };
}

/** Half of the memory, in whole MiB so that the quantity reads well: what a GPU replica has for `/dev/shm`. */
export function halfInMebibytes(memoryBytes: number): number {
  return Math.max(2 ** 20, Math.floor(memoryBytes / 2 / 2 ** 20) * 2 ** 20);
}

function sharedMemory(options: InstanceSizeOptions, memory: number | undefined): number | undefined {
  if (options.sharedMemory === undefined) {
    return options.gpu && memory && halfInMebibytes(memory);
  }
  const shared = requireBytes('sharedMemory', options.sharedMemory);
  if (memory !== undefined && shared > memory) {
    throw errors.outOfRange('sharedMemory', "at most 'memory', in which it counts", options.sharedMemory.asString());
  }
  return shared;
}
