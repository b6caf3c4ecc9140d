import { requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireCidr } from '../traffic/network-peer';

/** From where the Kubernetes API of a cluster is reached. Nodes always reach it within the VPC. */
export class EndpointAccess {
  /** From the VPC, and networks that are connected to it, alone. */
  public static privateOnly(): EndpointAccess {
    return new EndpointAccess([]);
  }

  /**
   * From these addresses of the internet too.
   *
   * @param cidrs blocks of addresses, at least one, each once; not the whole internet
   * @throws EmptyList, InvalidText, DuplicateKey
   */
  public static publicFrom(cidrs: string[]): EndpointAccess {
    if (cidrs.length === 0) throw errors.emptyList('cidrs', 'use EndpointAccess.privateOnly()');
    for (const cidr of cidrs) {
      requireCidr('cidrs', cidr);
      if (cidr.endsWith('/0')) {
        throw errors.invalidText('cidrs', 'blocks of those who deploy, not the whole internet', cidr);
      }
    }
    requireUnique('cidrs', cidrs);
    return new EndpointAccess([...cidrs]);
  }

  private constructor(
    /** @internal */
    public readonly _publicCidrs: string[],
  ) {}
}
