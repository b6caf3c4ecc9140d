import { requireResolved } from '../internal/checks';
import { errors } from '../internal/errors';

/** Where a cluster runs. */
export class Region {
  /**
   * A region of AWS, as `us-east-1`.
   *
   * @throws InvalidName
   */
  public static aws(name: string): Region {
    return new Region(name);
  }

  /**
   * A region of any provider, as its nodes state it in the label `topology.kubernetes.io/region`.
   *
   * @throws InvalidName
   */
  public static named(name: string): Region {
    return new Region(name);
  }

  private constructor(
    /** The name of the region, as nodes state it. */
    public readonly name: string,
  ) {
    requireResolved('name', name);
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
      throw errors.invalidName('name', 'a region in lower case, as us-east-1', name);
    }
  }
}
