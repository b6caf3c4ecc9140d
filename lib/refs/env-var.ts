import type { EnvValue } from 'cdk8s-plus-27';
import { requireDataKey, requireEnvName, requireResolved } from '../internal/checks';
import { errors } from '../internal/errors';
import type { ConfigMapRef } from './config-map-ref';
import type { SecretRef } from './secret-ref';

/** Options of `EnvVar.fromSecret`. */
export interface EnvVarFromSecretOptions {
  /** The Secret, of the workload's namespace. */
  readonly secret: SecretRef;

  /** The key in it. */
  readonly key: string;

  /**
   * Whether pods start though Secret or key is missing.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/** Options of `EnvVar.fromConfigMap`. */
export interface EnvVarFromConfigMapOptions {
  /** The ConfigMap, of the workload's namespace. */
  readonly configMap: ConfigMapRef;

  /** The key in it. */
  readonly key: string;

  /**
   * Whether pods start though ConfigMap or key is missing.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/**
 * One environment variable of the serving container.
 *
 * @example
 * EnvVar.fromSecret('API_KEY', { secret: SecretRef.named('rag-keys'), key: 'api-key' });
 */
export class EnvVar {
  /**
   * A variable whose value everyone may read: it stands in the manifest.
   *
   * @param name letters, digits, `_`, `-` and `.`, not starting with a digit
   * @param value any text; `$(NAME)` is replaced by Kubernetes when NAME stands before it
   * @throws InvalidName, UnresolvedToken
   */
  public static value(name: string, value: string): EnvVar {
    requireResolved('value', value);
    if (typeof value !== 'string') throw errors.invalidText('value', 'text', value);
    return new EnvVar(name, { value });
  }

  /**
   * A variable whose value Kubernetes takes from a Secret when the container starts. A changed Secret reaches running
   * pods at their next start only.
   *
   * @throws InvalidName, InvalidText
   */
  public static fromSecret(name: string, options: EnvVarFromSecretOptions): EnvVar {
    requireDataKey('key', options.key);
    return new EnvVar(name, {
      valueFrom: { secretKeyRef: { name: options.secret.name, key: options.key, optional: options.optional } },
    });
  }

  /**
   * A variable whose value Kubernetes takes from a ConfigMap when the container starts.
   *
   * @throws InvalidName, InvalidText
   */
  public static fromConfigMap(name: string, options: EnvVarFromConfigMapOptions): EnvVar {
    requireDataKey('key', options.key);
    return new EnvVar(name, {
      valueFrom: { configMapKeyRef: { name: options.configMap.name, key: options.key, optional: options.optional } },
    });
  }

  /**
   * A variable with a field of the pod, as `metadata.name` or `status.podIP`.
   *
   * @param fieldPath as the downward API names it
   * @throws InvalidName, InvalidText
   * @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-fieldRef
   */
  public static fromField(name: string, fieldPath: string): EnvVar {
    const known =
      /^(metadata\.(name|namespace|uid)|metadata\.(labels|annotations)\['[^']+'\]|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;
    if (!known.test(fieldPath)) {
      throw errors.invalidText(
        'fieldPath',
        "a field of the downward API, as metadata.name or metadata.labels['x']",
        fieldPath,
      );
    }
    return new EnvVar(name, { valueFrom: { fieldRef: { fieldPath } } });
  }

  /**
   * A variable with the value that a cdk8s-plus-27 `EnvValue` stands for.
   *
   * @throws InvalidName
   */
  public static of(name: string, value: EnvValue): EnvVar {
    const { resourceFieldRef, ...others } = value.valueFrom ?? {};
    // cdk8s-plus wraps the divisor in an object of its own, which nothing but its own serializer can render.
    // And it names a container of its own; without a name the container that has the variable is meant.
    const { divisor, containerName: _, ...resource } = resourceFieldRef ?? {};
    return new EnvVar(name, {
      value: value.value,
      valueFrom: value.valueFrom && {
        ...(others as EnvSourceModel),
        ...(resourceFieldRef !== undefined && {
          resourceFieldRef: {
            ...(resource as ResourceModel),
            ...(divisor !== undefined && { divisor: String(divisor.value) }),
          },
        }),
      },
    });
  }

  /** @internal */
  public readonly _model: EnvVarModel;

  private constructor(
    /** The name of the variable. */
    public readonly name: string,
    source: Omit<EnvVarModel, 'name'>,
  ) {
    requireEnvName('name', name);
    this._model = { name, ...source };
  }
}

/** What the engines read: as Kubernetes writes it. */
export interface EnvVarModel {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: EnvSourceModel;
}

/** One of the fields is there. */
export interface EnvSourceModel {
  readonly secretKeyRef?: KeyModel;
  readonly configMapKeyRef?: KeyModel;
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: ResourceModel;
}

/** A resource of a container. */
export interface ResourceModel {
  readonly resource: string;
  readonly containerName?: string;
  readonly divisor?: string;
}

/** A key of a Secret or ConfigMap. */
export interface KeyModel {
  readonly name?: string;
  readonly key: string;
  readonly optional?: boolean;
}
