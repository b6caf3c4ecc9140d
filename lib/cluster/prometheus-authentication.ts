import { requireDataKey } from '../internal/checks';
import { errors } from '../internal/errors';
import type { SecretRef } from '../refs/secret-ref';
import type { TriggerAuthenticationModel, TriggerAuthenticationRef } from '../refs/trigger-authentication-ref';

/** Options of `PrometheusAuthentication.bearerToken`. */
export interface BearerTokenOptions {
  /** The Secret, in the namespace of each component that asks. */
  readonly secret: SecretRef;

  /**
   * The key of the token in it.
   *
   * @default 'token'
   */
  readonly key?: string;
}

/** Options of `PrometheusAuthentication.basic`. */
export interface BasicAuthenticationOptions {
  /** The Secret, in the namespace of each component that asks. */
  readonly secret: SecretRef;

  /**
   * The key of the user name in it.
   *
   * @default 'username'
   */
  readonly usernameKey?: string;

  /**
   * The key of the password in it.
   *
   * @default 'password'
   */
  readonly passwordKey?: string;
}

/** Options of `PrometheusAuthentication.header`. */
export interface HeaderAuthenticationOptions {
  /** The Secret, in the namespace of each component that asks. */
  readonly secret: SecretRef;

  /**
   * The key of the header's name in it: KEDA takes the name from there too.
   *
   * @default 'header'
   */
  readonly nameKey?: string;

  /**
   * The key of the header's value in it.
   *
   * @default 'value'
   */
  readonly valueKey?: string;
}

/** Options of `PrometheusAuthentication.aws`. */
export interface AwsAuthenticationOptions {
  /** The region of the workspace: `us-east-1`. */
  readonly region: string;
}

/**
 * How KEDA and Argo Rollouts sign in at Prometheus. What comes from a Secret makes a TriggerAuthentication beside each
 * deployment. Gates of releases can use `bearerToken`, `header` and `aws`.
 *
 * @example
 * PrometheusAuthentication.bearerToken({ secret: SecretRef.named('prometheus-token') });
 *
 * @see https://keda.sh/docs/latest/scalers/prometheus/#authentication-parameters
 */
export class PrometheusAuthentication {
  /**
   * By `Authorization: Bearer ...`.
   *
   * @throws InvalidText
   */
  public static bearerToken(options: BearerTokenOptions): PrometheusAuthentication {
    return ofSecrets('bearer', options.secret, { bearerToken: options.key ?? 'token' });
  }

  /**
   * By user name and password.
   *
   * @throws InvalidText
   */
  public static basic(options: BasicAuthenticationOptions): PrometheusAuthentication {
    return ofSecrets('basic', options.secret, {
      password: options.passwordKey ?? 'password',
      username: options.usernameKey ?? 'username',
    });
  }

  /**
   * By a header of its own. What is no secret, as the tenant of a shared Prometheus, goes into
   * `PrometheusOptions.headers`.
   *
   * @throws InvalidText
   */
  public static header(options: HeaderAuthenticationOptions): PrometheusAuthentication {
    return ofSecrets('custom', options.secret, {
      customAuthHeader: options.nameKey ?? 'header',
      customAuthValue: options.valueKey ?? 'value',
    });
  }

  /**
   * By the AWS role of KEDA's operator, and of Argo Rollouts' controller, for Amazon Managed Service for Prometheus.
   *
   * @throws InvalidText
   */
  public static aws(options: AwsAuthenticationOptions): PrometheusAuthentication {
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(options.region)) {
      throw errors.invalidText('region', 'a region as us-east-1', options.region);
    }
    return new PrometheusAuthentication({ kind: 'aws', region: options.region });
  }

  /**
   * By a TriggerAuthentication that exists, which holds `authModes` too.
   *
   * @see https://keda.sh/docs/latest/concepts/authentication/
   */
  public static triggerAuthentication(authentication: TriggerAuthenticationRef): PrometheusAuthentication {
    return new PrometheusAuthentication({ kind: 'reference', ref: authentication._model });
  }

  /** @internal */
  public static _of(model: PrometheusAuthenticationModel): PrometheusAuthentication {
    return new PrometheusAuthentication(model);
  }

  private constructor(
    /** @internal */
    public readonly _model: PrometheusAuthenticationModel,
  ) {}
}

/** What the engines read; parameters are name, Secret and key. */
export type PrometheusAuthenticationModel =
  | {
      readonly kind: 'secrets';
      readonly mode: 'bearer' | 'basic' | 'custom';
      readonly parameters: readonly (readonly [string, string, string])[];
    }
  | { readonly kind: 'aws'; readonly region: string }
  | { readonly kind: 'reference'; readonly ref: TriggerAuthenticationModel };

function ofSecrets(
  mode: 'bearer' | 'basic' | 'custom',
  secret: SecretRef,
  keys: { readonly [parameter: string]: string },
): PrometheusAuthentication {
  const parameters = Object.entries(keys).map(([parameter, key]) => {
    requireDataKey(parameter, key);
    return [parameter, secret.name, key] as const;
  });
  return PrometheusAuthentication._of({ kind: 'secrets', mode, parameters });
}
