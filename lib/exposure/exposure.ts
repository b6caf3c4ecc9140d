import type { Gateway } from '../cluster/gateway';
import { requireHostname } from '../internal/checks';
import { errors } from '../internal/errors';
import { NetworkPeer, type PeerModel } from '../traffic/network-peer';

/** Options of {@link Exposure.inCluster}. */
export interface InClusterExposureOptions {
  /**
   * Who may call the API server: they and nobody else. Not for a function by the KEDA HTTP add-on or Knative, whose
   * requests all come from the same pods.
   *
   * @default - every pod of the same namespace, and the gateway of the ClusterProfile if there is one
   */
  readonly allowFrom?: NetworkPeer[];
}

/** Options of {@link Exposure.gateway}. */
export interface GatewayExposureOptions {
  /** Names under which it is reached from outside, as `rag.example.com` or `*.example.com`: at least one, each once. */
  readonly hosts: string[];

  /**
   * The Gateway that takes the requests. It must have a listener for the hosts that lets routes of this namespace in.
   *
   * @default - that of the ClusterProfile
   */
  readonly gateway?: Gateway;
}

/** The door through which requests reach the API server. */
export class Exposure {
  /**
   * Nothing beside the Service: callers are pods of the cluster, which the network policy lets in.
   *
   * @example
   * Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('web')] });
   */
  public static inCluster(options: InClusterExposureOptions = {}): Exposure {
    const { allowFrom } = options;
    return new Exposure({
      peers: (allowFrom ?? [NetworkPeer.sameNamespace()]).map((peer) => peer._model),
      restricted: allowFrom !== undefined,
    });
  }

  /**
   * Through a Gateway, by an HTTPRoute (`gateway.networking.k8s.io/v1`), beside callers of the same namespace. A function
   * is reached by way of what holds its requests, which a ReferenceGrant allows.
   *
   * @throws InvalidName, EmptyList, DuplicateKey, ClusterLacks
   * @see https://gateway-api.sigs.k8s.io/api-types/httproute/
   */
  public static gateway(options: GatewayExposureOptions): Exposure {
    const { hosts, gateway } = options;
    if (hosts.length === 0) throw errors.emptyList('hosts', 'a route without a host would take those of all others');
    for (const host of hosts) requireHostname('hosts', host);
    const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
    if (twice !== undefined) throw errors.duplicateKey('hosts', twice, 'state each once');
    return new Exposure({
      peers: [NetworkPeer.sameNamespace()._model],
      restricted: false,
      route: { hosts: [...hosts], gateway },
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: ExposureModel,
  ) {}
}

/** What the hops are made of. */
export interface ExposureModel {
  readonly peers: readonly PeerModel[];
  /** Whether they are all there may be: the proxies of the profile's gateway are callers otherwise. */
  readonly restricted: boolean;
  readonly route?: { readonly hosts: readonly string[]; readonly gateway?: Gateway };
}
