import type { ISecret } from 'cdk8s-plus-27';
import { requireDnsName } from '../internal/checks';

/**
 * A Secret that exists already, or that other code makes. The library never writes a secret value into a manifest.
 *
 * @example
 * SecretRef.named('rag-keys');
 */
export class SecretRef {
  /**
   * A Secret of the workload's namespace, by its name.
   *
   * @param name a DNS name
   * @throws InvalidName
   */
  public static named(name: string): SecretRef {
    return new SecretRef(name);
  }

  /** The Secret of a cdk8s-plus-27 construct. */
  public static of(secret: ISecret): SecretRef {
    return new SecretRef(secret.name);
  }

  private constructor(
    /** The name of the Secret. */
    public readonly name: string,
  ) {
    requireDnsName('name', name);
  }
}
