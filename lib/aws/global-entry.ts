import { requireText } from '../internal/checks';
import type { GlobalEntryModel } from './models';

/** Options of `GlobalEntry.accelerator`. */
export interface AcceleratorOptions {
  /**
   * Whether a client stays with its region and zone while it connects from one address.
   *
   * @default false
   */
  readonly clientAffinity?: boolean;

  /**
   * The name of a bucket that gets flow logs.
   *
   * @default - none are kept
   */
  readonly flowLogBucket?: string;
}

/** How clients find the region that serves them. */
export class GlobalEntry {
  /**
   * AWS Global Accelerator: two addresses for all regions, into AWS at the nearest place, and elsewhere in half a minute
   * when a region fails. It knows dials of regions, not weights.
   *
   * @throws InvalidText
   * @see https://docs.aws.amazon.com/global-accelerator/latest/dg/introduction-how-it-works.html
   */
  public static accelerator(options: AcceleratorOptions = {}): GlobalEntry {
    const { clientAffinity = false, flowLogBucket } = options;
    if (flowLogBucket !== undefined) requireText('flowLogBucket', flowLogBucket);
    return new GlobalEntry({
      kind: 'accelerator',
      clientAffinity,
      ...(flowLogBucket !== undefined && { flowLogBucket }),
    });
  }

  /**
   * Records of Route 53, by latency, weight or failover, that leave out a region whose load balancer has no healthy target
   * or does not answer. Clients that keep what DNS said come back late. It knows weights of regions, not dials.
   *
   * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
   */
  public static dns(): GlobalEntry {
    return new GlobalEntry({ kind: 'dns' });
  }

  private constructor(
    /** @internal */
    public readonly _model: GlobalEntryModel,
  ) {}
}
