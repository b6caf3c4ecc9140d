import { requireEnvName } from '../internal/checks';
import type { ConfigMapRef } from './config-map-ref';
import type { SecretRef } from './secret-ref';

/** Options of `EnvFrom`. */
export interface EnvFromOptions {
  /**
   * What stands before each key.
   *
   * @default - nothing
   */
  readonly prefix?: string;

  /**
   * Whether pods start though the object is missing.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/**
 * All keys of a Secret or ConfigMap as environment variables. Variables that are stated one by one win over these.
 *
 * @example
 * EnvFrom.secret(SecretRef.named('rag-env'));
 */
export class EnvFrom {
  /**
   * All keys of a Secret.
   *
   * @throws InvalidName
   */
  public static secret(secret: SecretRef, options: EnvFromOptions = {}): EnvFrom {
    return new EnvFrom({ secretRef: { name: secret.name, optional: options.optional } }, options.prefix);
  }

  /**
   * All keys of a ConfigMap.
   *
   * @throws InvalidName
   */
  public static configMap(configMap: ConfigMapRef, options: EnvFromOptions = {}): EnvFrom {
    return new EnvFrom({ configMapRef: { name: configMap.name, optional: options.optional } }, options.prefix);
  }

  /** @internal */
  public readonly _model: EnvFromModel;

  private constructor(source: EnvFromModel, prefix: string | undefined) {
    if (prefix !== undefined) requireEnvName('prefix', prefix);
    this._model = { ...(prefix !== undefined && { prefix }), ...source };
  }
}

/** What the engines read: as Kubernetes writes it. */
export interface EnvFromModel {
  readonly prefix?: string;
  readonly secretRef?: { readonly name: string; readonly optional?: boolean };
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean };
}
