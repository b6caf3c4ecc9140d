import { requireInteger, requireResolved, requireText } from '../internal/checks';
import { errors } from '../internal/errors';

const NVIDIA = 'nvidia.com/gpu';
const AMD = 'amd.com/gpu';
const NEURON = 'aws.amazon.com/neuron';

/** The most devices that a node of any cloud has, where it is not stated. */
const DEVICES_PER_NODE = 8;

/** Options of `Gpu.of`. */
export interface GpuOptions {
  /** What people call the device, in messages and cost reports: `l4`. */
  readonly name: string;

  /** The extended resource that the device plugin of the cluster advertises: `nvidia.com/gpu`. */
  readonly resourceName: string;

  /**
   * How many of them one node can have at most.
   *
   * @default 8
   */
  readonly maxPerNode?: number;
}

/**
 * A kind of accelerator. A replica asks for its extended resource, which the device plugin of the nodes hands out as
 * whole devices; *which* model it gets is decided by the nodes it may run on.
 *
 * @see https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/
 */
export class Gpu {
  /** NVIDIA T4, 16 GB. */
  public static readonly NVIDIA_T4 = new Gpu({ name: 't4', resourceName: NVIDIA });
  /** NVIDIA V100, 16 or 32 GB. */
  public static readonly NVIDIA_V100 = new Gpu({ name: 'v100', resourceName: NVIDIA });
  /** NVIDIA A10G, 24 GB. */
  public static readonly NVIDIA_A10G = new Gpu({ name: 'a10g', resourceName: NVIDIA });
  /** NVIDIA L4, 24 GB. */
  public static readonly NVIDIA_L4 = new Gpu({ name: 'l4', resourceName: NVIDIA });
  /** NVIDIA L40S, 48 GB. */
  public static readonly NVIDIA_L40S = new Gpu({ name: 'l40s', resourceName: NVIDIA });
  /** NVIDIA A100, 40 GB. */
  public static readonly NVIDIA_A100 = new Gpu({ name: 'a100', resourceName: NVIDIA, maxPerNode: 16 });
  /** NVIDIA A100, 80 GB. */
  public static readonly NVIDIA_A100_80GB = new Gpu({ name: 'a100-80gb', resourceName: NVIDIA });
  /** NVIDIA H100, 80 GB. */
  public static readonly NVIDIA_H100 = new Gpu({ name: 'h100', resourceName: NVIDIA });
  /** NVIDIA H200, 141 GB. */
  public static readonly NVIDIA_H200 = new Gpu({ name: 'h200', resourceName: NVIDIA });
  /** NVIDIA B200, 180 GB. */
  public static readonly NVIDIA_B200 = new Gpu({ name: 'b200', resourceName: NVIDIA });
  /** NVIDIA RTX PRO 6000, 96 GB. */
  public static readonly NVIDIA_RTX_PRO_6000 = new Gpu({ name: 'rtx-pro-6000', resourceName: NVIDIA });
  /** AMD Instinct MI300X, 192 GB. */
  public static readonly AMD_MI300X = new Gpu({ name: 'mi300x', resourceName: AMD });
  /** AMD Instinct MI325X, 256 GB. */
  public static readonly AMD_MI325X = new Gpu({ name: 'mi325x', resourceName: AMD });
  /** AMD Instinct MI355X, 288 GB. */
  public static readonly AMD_MI355X = new Gpu({ name: 'mi355x', resourceName: AMD });
  /** AWS Inferentia2; a device has two NeuronCores. */
  public static readonly AWS_INFERENTIA2 = new Gpu({ name: 'inferentia2', resourceName: NEURON, maxPerNode: 12 });
  /** AWS Trainium; a device has two NeuronCores. */
  public static readonly AWS_TRAINIUM = new Gpu({ name: 'trainium', resourceName: NEURON, maxPerNode: 16 });
  /** AWS Trainium2; a device has eight NeuronCores. */
  public static readonly AWS_TRAINIUM2 = new Gpu({ name: 'trainium2', resourceName: NEURON, maxPerNode: 16 });

  /**
   * Any other device, or a slice of one: a MIG profile (`nvidia.com/mig-1g.10gb`), a time-sliced GPU under the name
   * that the device plugin gives it, a NeuronCore (`aws.amazon.com/neuroncore`).
   *
   * @throws InvalidText, InvalidName, OutOfRange
   */
  public static of(options: GpuOptions): Gpu {
    return new Gpu(options);
  }

  /**
   * What a Bento's `gpu_type` calls the device.
   *
   * @internal
   */
  public static _ofBento(gpuType: string): Gpu | undefined {
    return Object.hasOwn(BENTO_GPU_TYPES, gpuType) ? BENTO_GPU_TYPES[gpuType] : undefined;
  }

  /**
   * The names of all kinds that the library knows itself.
   *
   * @internal
   */
  public static _names(): string[] {
    const kinds: unknown[] = [...Object.values(Gpu), ...Object.values(BENTO_GPU_TYPES)];
    return kinds.flatMap((kind) => (kind instanceof Gpu ? [kind.name] : []));
  }

  /** What people call the device. */
  public readonly name: string;
  /** The extended resource that replicas ask for. */
  public readonly resourceName: string;
  /** How many of them one node can have at most. */
  public readonly maxPerNode: number;

  private constructor(options: GpuOptions) {
    requireText('name', options.name, 63);
    requireResolved('resourceName', options.resourceName);
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(options.resourceName)) {
      throw errors.invalidName('resourceName', 'an extended resource, as nvidia.com/gpu', options.resourceName);
    }
    this.name = options.name;
    this.resourceName = options.resourceName;
    this.maxPerNode = options.maxPerNode ?? DEVICES_PER_NODE;
    requireInteger('maxPerNode', this.maxPerNode, 1);
  }
}

/** The names of `gpu_type` in BentoML 1.4. */
const BENTO_GPU_TYPES: { [gpuType: string]: Gpu } = {
  'nvidia-b200': Gpu.NVIDIA_B200,
  'nvidia-gb200': Gpu.of({ name: 'gb200', resourceName: NVIDIA, maxPerNode: 4 }),
  'nvidia-rtx-pro-6000': Gpu.NVIDIA_RTX_PRO_6000,
  'nvidia-h200-141gb': Gpu.NVIDIA_H200,
  'nvidia-tesla-h100': Gpu.NVIDIA_H100,
  'nvidia-h100-80gb': Gpu.NVIDIA_H100,
  'nvidia-tesla-t4': Gpu.NVIDIA_T4,
  'nvidia-tesla-a100': Gpu.NVIDIA_A100,
  'nvidia-a100-80gb': Gpu.NVIDIA_A100_80GB,
  'nvidia-a10g': Gpu.NVIDIA_A10G,
  'nvidia-l4': Gpu.NVIDIA_L4,
  'nvidia-tesla-v100': Gpu.NVIDIA_V100,
  'nvidia-tesla-p100': Gpu.of({ name: 'p100', resourceName: NVIDIA }),
  'nvidia-tesla-k80': Gpu.of({ name: 'k80', resourceName: NVIDIA, maxPerNode: 16 }),
  'nvidia-tesla-p4': Gpu.of({ name: 'p4', resourceName: NVIDIA }),
  'amd-mi300x': Gpu.AMD_MI300X,
  'amd-mi325x': Gpu.AMD_MI325X,
  'amd-mi355x': Gpu.AMD_MI355X,
};
