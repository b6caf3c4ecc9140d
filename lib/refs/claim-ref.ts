import type { IPersistentVolumeClaim } from 'cdk8s-plus-27';
import { requireDnsName } from '../internal/checks';

/**
 * A PersistentVolumeClaim that exists already, or that other code makes.
 *
 * @example
 * ClaimRef.named('llama-weights');
 */
export class ClaimRef {
  /**
   * A claim of the workload's namespace, by its name.
   *
   * @param name a DNS name
   * @throws InvalidName
   */
  public static named(name: string): ClaimRef {
    return new ClaimRef(name);
  }

  /** The claim of a cdk8s-plus-27 construct. */
  public static of(claim: IPersistentVolumeClaim): ClaimRef {
    return new ClaimRef(claim.name);
  }

  private constructor(
    /** The name of the claim. */
    public readonly name: string,
  ) {
    requireDnsName('name', name);
  }
}
