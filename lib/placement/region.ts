import { requireResolved } from '../internal/checks';
import { errors } from '../internal/errors';

/** Options of a region. */
export interface RegionOptions {
  /**
   * What names of objects and the variable `REGION` of pods say of it: at most 20 lower-case letters, digits and dashes, a letter
   * first.
   *
   * @default - the name without a number at its end: `us-east` of `us-east-1`
   */
  readonly shortName?: string;
}

/** The longest short name: it ends names of objects. */
const MAX_SHORT_NAME = 20;

/** Where a cluster runs. */
export class Region {
  /**
   * A region of AWS, as `us-east-1`.
   *
   * @throws InvalidName
   * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
   */
  public static aws(name: string, options: RegionOptions = {}): Region {
    requireName(name);
    if (!/^[a-z]{2,3}(-[a-z]+)+-[0-9]{1,2}$/.test(name)) {
      throw errors.invalidName('name', 'a region of AWS, as us-east-1', name, 'use Region.named() for others');
    }
    return new Region(name, options);
  }

  /**
   * A region of any provider, as its nodes state it in the label `topology.kubernetes.io/region`.
   *
   * @throws InvalidName
   */
  public static named(name: string, options: RegionOptions = {}): Region {
    requireName(name);
    return new Region(name, options);
  }

  /** What names of objects and the variable `REGION` of pods say of it. */
  public readonly shortName: string;

  private constructor(
    /** The name of the region, as nodes state it. */
    public readonly name: string,
    options: RegionOptions,
  ) {
    const { shortName } = options;
    if (shortName !== undefined) requireShortName(shortName);
    this.shortName = shortName ?? name.replace(/(.)-?[0-9]+$/, '$1');
  }
}

function requireName(name: string): void {
  requireResolved('name', name);
  if (typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
    throw errors.invalidName('name', 'a region in lower case, as us-east-1', name);
  }
}

function requireShortName(shortName: string): void {
  requireResolved('shortName', shortName);
  if (!new RegExp(`^[a-z]([-a-z0-9]{0,${MAX_SHORT_NAME - 2}}[a-z0-9])?$`).test(shortName)) {
    throw errors.invalidName(
      'shortName',
      `at most ${MAX_SHORT_NAME} lower-case letters, digits and dashes, a letter first`,
      shortName,
    );
  }
}
