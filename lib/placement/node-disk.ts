import type { Size } from 'cdk8s';
import { requireBytes, requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';

/** A volume of Elastic Block Store. */
export interface EbsDiskOptions {
  /** Its size: whole GiB, 20 GiB to 16 TiB. Images, their unpacked layers and caches of weights lie on it. */
  readonly size: Size;

  /**
   * What it reads and writes in a second, in MiB: 125 to 1,000, at most a quarter of `iops`.
   *
   * @default 125
   */
  readonly throughputMibps?: number;

  /**
   * Operations per second: 3,000 to 16,000.
   *
   * @default 3000
   */
  readonly iops?: number;

  /**
   * The key of KMS by which it is encrypted: its id, alias or ARN.
   *
   * @default - that of the account for EBS
   */
  readonly kmsKeyId?: string;
}

const GIB = 2 ** 30;
const MIN_GIB = 20;
const MAX_GIB = 16_384;
/** Of gp3, which is paid for above them. */
const BASE_IOPS = 3000;
const BASE_THROUGHPUT = 125;

/** The disk of a node, on which the container runtime unpacks images. It is always encrypted. */
export class NodeDisk {
  /**
   * A volume of the type gp3.
   *
   * @throws OutOfRange
   * @see https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
   */
  public static ebs(options: EbsDiskOptions): NodeDisk {
    const { size, throughputMibps = BASE_THROUGHPUT, iops = BASE_IOPS, kmsKeyId } = options;
    const gibibytes = requireBytes('size', size) / GIB;
    if (!Number.isInteger(gibibytes) || gibibytes < MIN_GIB || gibibytes > MAX_GIB) {
      throw errors.outOfRange('size', `whole GiB from ${MIN_GIB} to ${MAX_GIB}`, size.asString());
    }
    requireInteger('iops', iops, BASE_IOPS, 16_000);
    requireInteger('throughputMibps', throughputMibps, BASE_THROUGHPUT, 1000);
    if (throughputMibps * 4 > iops) {
      throw errors.outOfRange('throughputMibps', `at most a quarter of 'iops' (${iops})`, throughputMibps);
    }
    return new NodeDisk({ kind: 'ebs', gibibytes, throughputMibps, iops, ...(kmsKeyId !== undefined && { kmsKeyId }) });
  }

  /**
   * The NVMe disks of the instance, as one. They are fast, have the size that the instance type gives them, and lose what
   * is on them with the node. Instance types without such disks are not used.
   */
  public static instanceStore(): NodeDisk {
    return new NodeDisk({ kind: 'instance-store' });
  }

  private constructor(
    /** @internal */
    public readonly _model: NodeDiskModel,
  ) {}
}

/** What the engines read. */
export type NodeDiskModel =
  | {
      readonly kind: 'ebs';
      readonly gibibytes: number;
      readonly throughputMibps: number;
      readonly iops: number;
      readonly kmsKeyId?: string;
    }
  | { readonly kind: 'instance-store' };

/** Of nodes with GPUs, whose images are large: what they are pulled to, and weights read from. */
export const GPU_DISK: NodeDiskModel = { kind: 'ebs', gibibytes: 200, throughputMibps: 500, iops: BASE_IOPS };

/** Of other nodes. */
export const CPU_DISK: NodeDiskModel = {
  kind: 'ebs',
  gibibytes: 50,
  throughputMibps: BASE_THROUGHPUT,
  iops: BASE_IOPS,
};
