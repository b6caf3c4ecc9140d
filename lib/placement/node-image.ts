import { errors } from '../internal/errors';

/** Which release of a machine image. */
export interface NodeImageOptions {
  /**
   * The release, as `v20260903` of AL2023 or `v1.57.0` of Bottlerocket.
   *
   * @default - the latest: nodes are replaced whenever AWS publishes one, within disruption budgets
   */
  readonly version?: string;
}

/** The machine image of nodes: one that AWS makes for EKS, in the variant that the instance type needs. */
export class NodeImage {
  /**
   * Amazon Linux 2023. With NVIDIA GPUs the device plugin must be installed in the cluster.
   *
   * @throws InvalidText
   */
  public static al2023(options: NodeImageOptions = {}): NodeImage {
    return new NodeImage('al2023', releaseOf(options, /^v[0-9]{8}$/, 'v20260903'));
  }

  /**
   * Bottlerocket. Its variant for NVIDIA GPUs has the device plugin.
   *
   * @throws InvalidText
   */
  public static bottlerocket(options: NodeImageOptions = {}): NodeImage {
    return new NodeImage('bottlerocket', releaseOf(options, /^v[0-9]+\.[0-9]+\.[0-9]+$/, 'v1.57.0'));
  }

  private constructor(
    /** @internal */
    public readonly _family: 'al2023' | 'bottlerocket',
    /** @internal */
    public readonly _release: string,
  ) {}
}

/** What Karpenter and the parameters of AWS call the newest. */
export const LATEST_IMAGE = 'latest';

function releaseOf({ version }: NodeImageOptions, pattern: RegExp, example: string): string {
  if (version === undefined || version === LATEST_IMAGE) return LATEST_IMAGE;
  if (typeof version !== 'string' || !pattern.test(version)) {
    throw errors.invalidText('version', `a release, as ${example}`, version);
  }
  return version;
}
