import { Duration } from 'cdk8s';
import { requireInteger, requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireSelector } from '../internal/labels';
import { type EnvoyGatewayOptions, Gateway, type GatewayListeners, type StandardGatewayOptions } from './gateway';
import type { RouteNamespacesModel } from './route-namespaces';

/** Options of `GatewayImplementation.envoyGateway`. */
export interface EnvoyGatewayImplementationOptions {
  /**
   * How many proxies run, of which one at a time may be evicted. Limits of exposures are divided among them. At least 1.
   *
   * @default - what the GatewayClass says, else 1; limits of exposures are an error
   */
  readonly proxies?: number;

  /**
   * How long a proxy that stops finishes requests in flight, above the longest of them: whole seconds, 1 minute to 1 day.
   * Needs `proxies`.
   *
   * @default Duration.minutes(5)
   */
  readonly drainTimeout?: Duration;

  /**
   * How long a client may take to send a request, to its last byte: whole seconds, 1 second to 1 day. The request is
   * answered 408 then, unless its answer has begun.
   *
   * @default Duration.minutes(5)
   */
  readonly requestReceivedTimeout?: Duration;

  /**
   * How long a connection of a client is kept on which there is no request: whole seconds, 1 second to 1 day.
   *
   * @default Duration.minutes(60)
   */
  readonly clientIdleTimeout?: Duration;

  /**
   * How long a request may be silent, of routes that say nothing themselves; those of exposures do. Whole seconds, 1
   * second to 1 day.
   *
   * @default Duration.minutes(60)
   */
  readonly streamIdleTimeout?: Duration;

  /**
   * Connections of clients to each proxy, beyond which it takes none: at least 1.
   *
   * @default - no limit
   */
  readonly maxClientConnections?: number;

  /**
   * The namespace in which Envoy Gateway runs its proxies.
   *
   * @default 'envoy-gateway-system'
   */
  readonly dataPlaneNamespace?: string;

  /**
   * The version of Envoy Gateway: at least 1.8.
   *
   * @default '1.9'
   */
  readonly version?: string;
}

/** Options of `GatewayImplementation.standard`. */
export interface StandardGatewayImplementationOptions {
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

/** Who makes proxies of a Gateway. */
export class GatewayImplementation {
  /**
   * Envoy Gateway: connections of clients get their times and limits by a ClientTrafficPolicy, proxies their number by an
   * EnvoyProxy.
   *
   * @throws OutOfRange, MissingOption
   * @see https://gateway.envoyproxy.io/docs/
   */
  public static envoyGateway(options: EnvoyGatewayImplementationOptions = {}): GatewayImplementation {
    const { dataPlaneNamespace, version, proxies } = options;
    const known = {
      ...(dataPlaneNamespace !== undefined && { dataPlaneNamespace }),
      ...(version !== undefined && { version }),
      ...(proxies !== undefined && { proxies }),
    };
    return new GatewayImplementation({ kind: 'envoy-gateway', known, ...envoyProxies(options) });
  }

  /**
   * Any other: nothing but the Gateway is made.
   *
   * @throws EmptyList, InvalidLabel
   */
  public static standard(options: StandardGatewayImplementationOptions = {}): GatewayImplementation {
    const { dataPlaneLabels } = options;
    if (dataPlaneLabels !== undefined) requireSelector('dataPlaneLabels', dataPlaneLabels);
    return new GatewayImplementation({
      kind: 'gateway-api',
      known: { ...options, ...(dataPlaneLabels !== undefined && { dataPlaneLabels: { ...dataPlaneLabels } }) },
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: GatewayImplementationModel,
  ) {}
}

const DEFAULT_DRAIN_SECONDS = 300;
const DEFAULT_RECEIVE_SECONDS = 300;
const DEFAULT_IDLE_SECONDS = 3600;
const DAY_SECONDS = 86_400;

function envoyProxies(options: EnvoyGatewayImplementationOptions): Omit<EnvoyImplementationModel, 'kind' | 'known'> {
  const { proxies, drainTimeout, maxClientConnections } = options;
  if (proxies !== undefined) requireInteger('proxies', proxies, 1, 1000);
  if (maxClientConnections !== undefined) requireInteger('maxClientConnections', maxClientConnections, 1);
  if (drainTimeout !== undefined && proxies === undefined) {
    throw errors.missingOption('proxies', "with 'drainTimeout'", 'state how many proxies run');
  }
  const seconds = (property: keyof EnvoyGatewayImplementationOptions, min: number, byDefault: number): number => {
    const stated = options[property] as Duration | undefined;
    return stated === undefined ? byDefault : requireSeconds(property, stated, min, DAY_SECONDS);
  };
  const drainSeconds = seconds('drainTimeout', 60, DEFAULT_DRAIN_SECONDS);
  return {
    clients: {
      requestReceivedSeconds: seconds('requestReceivedTimeout', 1, DEFAULT_RECEIVE_SECONDS),
      idleSeconds: seconds('clientIdleTimeout', 1, DEFAULT_IDLE_SECONDS),
      streamIdleSeconds: seconds('streamIdleTimeout', 1, DEFAULT_IDLE_SECONDS),
      ...(maxClientConnections !== undefined && { maxConnections: maxClientConnections }),
    },
    ...(proxies !== undefined && { proxies: { replicas: proxies, drainSeconds } }),
  };
}

/** The value of the Gateway that is made. */
export function implementedGateway(
  model: GatewayImplementationModel,
  name: string,
  namespace: string,
  listeners: GatewayListeners,
  routeNamespaces: RouteNamespacesModel,
): Gateway {
  const gateway =
    model.kind === 'gateway-api'
      ? Gateway.standard({ name, namespace, ...model.known })
      : Gateway.envoyGateway({
          name,
          namespace,
          ...model.known,
          clientIdleTimeout: Duration.seconds(model.clients.idleSeconds),
        });
  const drainSeconds = model.kind === 'envoy-gateway' ? model.proxies?.drainSeconds : undefined;
  return Gateway._knowing(gateway, { listeners, routeNamespaces, ...(drainSeconds !== undefined && { drainSeconds }) });
}

/** What the engines read. */
export type GatewayImplementationModel = EnvoyImplementationModel | StandardImplementationModel;

/** Envoy Gateway, with what its proxies do. */
export interface EnvoyImplementationModel {
  readonly kind: 'envoy-gateway';
  readonly known: Omit<EnvoyGatewayOptions, 'name' | 'namespace'>;
  readonly clients: ClientConnectionsModel;
  /** Undefined: as the GatewayClass says. */
  readonly proxies?: { readonly replicas: number; readonly drainSeconds: number };
}

/** Any other implementation. */
export interface StandardImplementationModel {
  readonly kind: 'gateway-api';
  readonly known: Omit<StandardGatewayOptions, 'name' | 'namespace'>;
}

/** How proxies treat connections of clients. */
export interface ClientConnectionsModel {
  readonly requestReceivedSeconds: number;
  readonly idleSeconds: number;
  readonly streamIdleSeconds: number;
  readonly maxConnections?: number;
}
