import { requireDnsName } from '../internal/checks';

/** A `keda.sh/v1alpha1` TriggerAuthentication that exists: what KEDA signs in with. */
export class TriggerAuthenticationRef {
  /**
   * A TriggerAuthentication in the namespace of the component.
   *
   * @throws InvalidName
   * @see https://keda.sh/docs/latest/concepts/authentication/
   */
  public static named(name: string): TriggerAuthenticationRef {
    return new TriggerAuthenticationRef(name, 'TriggerAuthentication');
  }

  /**
   * A ClusterTriggerAuthentication, which all namespaces may use.
   *
   * @throws InvalidName
   */
  public static ofCluster(name: string): TriggerAuthenticationRef {
    return new TriggerAuthenticationRef(name, 'ClusterTriggerAuthentication');
  }

  /** @internal */
  public readonly _model: TriggerAuthenticationModel;

  private constructor(
    /** Its name. */
    public readonly name: string,
    kind: TriggerAuthenticationModel['kind'],
  ) {
    requireDnsName('name', name);
    this._model = { kind, name };
  }
}

/** What the engines read. */
export interface TriggerAuthenticationModel {
  readonly kind: 'TriggerAuthentication' | 'ClusterTriggerAuthentication';
  readonly name: string;
}
