import { requireDnsName, requireNamespace } from '../internal/checks';
import { requireLabels } from '../internal/labels';
import type { PeerModel } from '../traffic/network-peer';

/** Options of {@link Gateway.envoyGateway}. */
export interface EnvoyGatewayOptions {
  /** The name of the Gateway object. */
  readonly name: string;

  /** The namespace of the Gateway object. */
  readonly namespace: string;

  /**
   * The namespace in which Envoy Gateway runs its proxies: that of its controller, unless it is told otherwise.
   *
   * @default 'envoy-gateway-system'
   */
  readonly dataPlaneNamespace?: string;
}

/** Options of {@link Gateway.standard}. */
export interface StandardGatewayOptions {
  /** The name of the Gateway object. */
  readonly name: string;

  /** The namespace of the Gateway object. */
  readonly namespace: string;

  /**
   * The namespace in which the proxies run.
   *
   * @default - that of the Gateway object
   */
  readonly dataPlaneNamespace?: string;

  /**
   * Labels of the proxies' pods.
   *
   * @default - `gateway.networking.k8s.io/gateway-name`, as Gateway API asks of implementations that run in the cluster
   */
  readonly dataPlaneLabels?: { [key: string]: string };
}

/** A Gateway of the cluster: the API servers' network policies let its proxies in. */
export class Gateway {
  /**
   * A Gateway of Envoy Gateway, whose proxies run beside its controller.
   *
   * @throws InvalidName
   * @see https://gateway.envoyproxy.io/docs/
   */
  public static envoyGateway(options: EnvoyGatewayOptions): Gateway {
    return new Gateway(options.name, options.namespace, {
      namespace: options.dataPlaneNamespace ?? 'envoy-gateway-system',
      podLabels: {
        'gateway.envoyproxy.io/owning-gateway-name': options.name,
        'gateway.envoyproxy.io/owning-gateway-namespace': options.namespace,
      },
    });
  }

  /**
   * A Gateway of any other implementation.
   *
   * @throws InvalidName, InvalidLabel
   * @see https://gateway-api.sigs.k8s.io/geps/gep-1762/
   */
  public static standard(options: StandardGatewayOptions): Gateway {
    return new Gateway(options.name, options.namespace, {
      namespace: options.dataPlaneNamespace ?? options.namespace,
      podLabels: options.dataPlaneLabels ?? { 'gateway.networking.k8s.io/gateway-name': options.name },
    });
  }

  /** @internal */
  public readonly _dataPlane: PeerModel;

  private constructor(
    /** The name of the Gateway object. */
    public readonly name: string,
    /** The namespace of the Gateway object. */
    public readonly namespace: string,
    dataPlane: PeerModel & { namespace: string; podLabels: { [key: string]: string } },
  ) {
    requireDnsName('name', name);
    requireNamespace('namespace', namespace);
    requireNamespace('dataPlaneNamespace', dataPlane.namespace);
    requireLabels('dataPlaneLabels', dataPlane.podLabels);
    this._dataPlane = { namespace: dataPlane.namespace, podLabels: { ...dataPlane.podLabels } };
  }
}
