import type { IServiceAccount } from 'cdk8s-plus-27';
import { requireDnsName } from '../internal/checks';
import { requireAnnotations } from '../internal/labels';

/** Options of `ServiceAccountRef.created`. */
export interface CreatedServiceAccountOptions {
  /**
   * Annotations of the service account, as cloud identities ask for: `eks.amazonaws.com/role-arn`,
   * `iam.gke.io/gcp-service-account`, `azure.workload.identity/client-id`.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * The name of the service account.
   *
   * @default - that of the deployment or runner pool
   */
  readonly name?: string;
}

/**
 * The service account that pods run as. Pods never get its token mounted, unless that is asked for: the identities of
 * EKS, GKE and AKS come by their own webhooks and work without.
 */
export class ServiceAccountRef {
  /**
   * A service account that exists already.
   *
   * @param name a DNS name
   * @throws InvalidName
   */
  public static named(name: string): ServiceAccountRef {
    return new ServiceAccountRef({ name, create: false });
  }

  /** The service account of a cdk8s-plus-27 construct. */
  public static of(serviceAccount: IServiceAccount): ServiceAccountRef {
    return ServiceAccountRef.named(serviceAccount.name);
  }

  /**
   * A service account that the library makes.
   *
   * @throws InvalidName, InvalidLabel
   */
  public static created(options: CreatedServiceAccountOptions): ServiceAccountRef {
    requireAnnotations('annotations', options.annotations ?? {});
    return new ServiceAccountRef({ name: options.name, create: true, annotations: { ...options.annotations } });
  }

  /** @internal */
  public readonly _model: ServiceAccountModel;

  private constructor(model: ServiceAccountModel) {
    if (model.name !== undefined) requireDnsName('name', model.name);
    this._model = model;
  }
}

/** What the engines read; a created one without a name is named after its owner. */
export interface ServiceAccountModel {
  readonly name?: string;
  readonly create: boolean;
  readonly annotations?: { readonly [key: string]: string };
}
