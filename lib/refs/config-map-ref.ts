import type { IConfigMap } from 'cdk8s-plus-27';
import { requireDnsName } from '../internal/checks';

/**
 * A ConfigMap that exists already, or that other code makes.
 *
 * @example
 * ConfigMapRef.named('prompts');
 */
export class ConfigMapRef {
  /**
   * A ConfigMap of the workload's namespace, by its name.
   *
   * @param name a DNS name
   * @throws InvalidName
   */
  public static named(name: string): ConfigMapRef {
    return new ConfigMapRef(name);
  }

  /** The ConfigMap of a cdk8s-plus-27 construct. */
  public static of(configMap: IConfigMap): ConfigMapRef {
    return new ConfigMapRef(configMap.name);
  }

  private constructor(
    /** The name of the ConfigMap. */
    public readonly name: string,
  ) {
    requireDnsName('name', name);
  }
}
