import { NetworkPeer, type PeerModel } from '../traffic/network-peer';

/** Options of {@link Exposure.inCluster}. */
export interface InClusterExposureOptions {
  /**
   * Who may call the API server.
   *
   * @default - every pod of the same namespace
   */
  readonly allowFrom?: NetworkPeer[];
}

/** The door through which requests reach the API server. */
export class Exposure {
  /**
   * Nothing beside the Service: callers are pods of the cluster, and the network policy lets in those that are named and
   * nobody else, the gateway of the ClusterProfile neither.
   *
   * @example
   * Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('web')] });
   */
  public static inCluster(options: InClusterExposureOptions = {}): Exposure {
    return new Exposure({ peers: (options.allowFrom ?? [NetworkPeer.sameNamespace()]).map((peer) => peer._model) });
  }

  private constructor(
    /** @internal */
    public readonly _model: ExposureModel,
  ) {}
}

/** What the hops are made of. */
export interface ExposureModel {
  readonly peers: readonly PeerModel[];
}
