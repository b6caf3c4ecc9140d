import type { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { NetworkPeer } from '../traffic/network-peer';

/** What a door of the user's own leads to. */
export interface ExposureTarget {
  /** The name for objects of the door. */
  readonly name: string;

  /** The Service that takes requests. */
  readonly serviceName: string;

  /** Its port. */
  readonly port: number;

  /** The port of the pods behind it. */
  readonly containerPort: number;

  /** Labels by which the pods behind it are selected. */
  readonly podSelector: { [key: string]: string };

  /** The path that answers 200 while a pod takes requests. */
  readonly healthPath: string;

  /** What the longest answer takes: a door must wait longer. */
  readonly requestTimeout: Duration;

  /** How long pods keep an idle connection: a door must close it before. */
  readonly keepAlive: Duration;

  /** How long pods go on while doors stop sending: a door must hear of it before. */
  readonly endpointRemoval: Duration;

  /**
   * The namespace of it all.
   *
   * @default - that of whoever applies the manifests
   */
  readonly namespace?: string;
}

/** What a door of the user's own says of itself. */
export interface ExposureBinding {
  /** Who connects to the pods: the network policy lets them in. */
  readonly peers: NetworkPeer[];

  /** How long it waits for an answer: above `requestTimeout` of the target. */
  readonly requestTimeout: Duration;

  /** After what time it closes an idle connection to a pod: below `keepAlive` of the target. */
  readonly connectionIdleTimeout: Duration;

  /**
   * Hosts that lead to the deployment.
   *
   * @default - none of its own
   */
  readonly hosts?: string[];
}

/** A door of the user's own. */
export interface IExposure {
  /**
   * Makes the objects of the door beneath `scope`, and says what it is.
   *
   * @param scope a construct of the door's own
   * @param target what it leads to
   */
  bind(scope: Construct, target: ExposureTarget): ExposureBinding;
}
