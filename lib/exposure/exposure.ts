import { NetworkPeer, type PeerModel } from '../traffic/network-peer';

/** Options of {@link Exposure.inCluster}. */
export interface InClusterExposureOptions {
  /**
   * Who may call the API server: they and nobody else.
   *
   * @default - every pod of the same namespace, and the gateway of the ClusterProfile if there is one
   */
  readonly allowFrom?: NetworkPeer[];
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
      gateway: allowFrom === undefined,
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
  /** Whether the proxies of the profile's gateway are callers, too. */
  readonly gateway: boolean;
}
