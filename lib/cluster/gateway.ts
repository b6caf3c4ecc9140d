import type { Duration } from 'cdk8s';
import {
  requireDnsName,
  requireInteger,
  requireNamespace,
  requireSeconds,
  requireSectionName,
} from '../internal/checks';
import { errors } from '../internal/errors';
import { requireSelector } from '../internal/labels';
import type { PeerModel } from '../traffic/network-peer';
import { ComponentVersion } from './component-version';
import type { RouteNamespacesModel } from './route-namespaces';

/** What is known of a Gateway, whoever implements it. */
export interface GatewayOptions {
  /** The name of the Gateway object. */
  readonly name: string;

  /** The namespace of the Gateway object. */
  readonly namespace: string;

  /**
   * The name of its listener for https: routes hang on this one alone, unless `tls` of an exposure says otherwise.
   *
   * @default - routes hang on all its listeners
   */
  readonly httpsListener?: string;

  /**
   * The name of its listener for plain http, from which requests are redirected to `httpsListener`.
   *
   * @default - nothing is redirected
   */
  readonly httpListener?: string;

  /**
   * How long its proxies keep a connection of a client on which nothing happens: whole seconds, 1 second to 1 day.
   *
   * @default - not known
   */
  readonly clientIdleTimeout?: Duration;
}

/** Options of `Gateway.envoyGateway`. */
export interface EnvoyGatewayOptions extends GatewayOptions {
  /**
   * The namespace in which Envoy Gateway runs its proxies: that of its controller, unless it is told otherwise.
   *
   * @default 'envoy-gateway-system'
   */
  readonly dataPlaneNamespace?: string;

  /**
   * How many proxies it runs: limits for all of them are divided among these, for each counts alone. At least 1; with an
   * autoscaler its maximum.
   *
   * @default - not known: limits are an error
   */
  readonly proxies?: number;

  /**
   * The version of Envoy Gateway: at least 1.8.
   *
   * @default '1.9'
   */
  readonly version?: string;
}

/** Options of `Gateway.standard`. */
export interface StandardGatewayOptions extends GatewayOptions {
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

/** The oldest Envoy Gateway whose policies have all the fields that are used. */
const OLDEST_ENVOY_GATEWAY = '1.8';

/** A Gateway of the cluster: the API servers' network policies let its proxies in. */
export class Gateway {
  /**
   * A Gateway of Envoy Gateway, whose proxies run beside its controller.
   *
   * @throws InvalidName, InvalidText, OutOfRange, DuplicateKey
   * @see https://gateway.envoyproxy.io/docs/
   */
  public static envoyGateway(options: EnvoyGatewayOptions): Gateway {
    const { name, namespace, proxies, version = '1.9' } = options;
    if (proxies !== undefined) requireInteger('proxies', proxies, 1, 1000);
    return new Gateway(name, namespace, {
      ...known(options),
      kind: 'envoy-gateway',
      version: new ComponentVersion('gateway.version', version, OLDEST_ENVOY_GATEWAY),
      ...(proxies !== undefined && { proxies }),
      dataPlane: {
        namespace: options.dataPlaneNamespace ?? 'envoy-gateway-system',
        podLabels: {
          'gateway.envoyproxy.io/owning-gateway-name': name,
          'gateway.envoyproxy.io/owning-gateway-namespace': namespace,
        },
      },
    });
  }

  /**
   * A Gateway of any other implementation.
   *
   * @throws InvalidName, InvalidText, InvalidLabel, EmptyList, OutOfRange, DuplicateKey
   * @see https://gateway-api.sigs.k8s.io/geps/gep-1762/
   */
  public static standard(options: StandardGatewayOptions): Gateway {
    return new Gateway(options.name, options.namespace, {
      ...known(options),
      kind: 'gateway-api',
      dataPlane: {
        namespace: options.dataPlaneNamespace ?? options.namespace,
        podLabels: { ...(options.dataPlaneLabels ?? { 'gateway.networking.k8s.io/gateway-name': options.name }) },
      },
    });
  }

  /**
   * The same, of which more is known.
   *
   * @internal
   */
  public static _knowing({ name, namespace, _model }: Gateway, more: Partial<GatewayModel>): Gateway {
    return new Gateway(name, namespace, { ..._model, ...more });
  }

  /** @internal */
  public readonly _model: GatewayModel;

  private constructor(
    /** The name of the Gateway object. */
    public readonly name: string,
    /** The namespace of the Gateway object. */
    public readonly namespace: string,
    model: Omit<GatewayModel, 'name' | 'namespace'>,
  ) {
    requireDnsName('name', name);
    requireNamespace('namespace', namespace);
    requireNamespace('dataPlaneNamespace', model.dataPlane.namespace!);
    requireSelector('dataPlaneLabels', model.dataPlane.podLabels!);
    this._model = { ...model, name, namespace };
  }
}

function known({ httpsListener, httpListener, clientIdleTimeout }: GatewayOptions): Partial<GatewayModel> {
  if (httpsListener !== undefined) requireSectionName('httpsListener', httpsListener);
  if (httpListener !== undefined) requireSectionName('httpListener', httpListener);
  if (httpListener !== undefined && httpListener === httpsListener) {
    throw errors.duplicateKey(
      'httpListener',
      httpListener,
      'requests would be redirected to where they are: name that for plain http',
    );
  }
  const idle = clientIdleTimeout && requireSeconds('clientIdleTimeout', clientIdleTimeout, 1, 86_400);
  const named = (name: string | undefined): ListenerModel[] => (name === undefined ? [] : [{ name }]);
  const listeners = { https: named(httpsListener), http: named(httpListener) };
  return {
    ...(httpsListener !== undefined || httpListener !== undefined ? { listeners } : {}),
    ...(idle !== undefined && { clientIdleSeconds: idle }),
  };
}

/** What the engines read. */
export interface GatewayModel {
  readonly name: string;
  readonly namespace: string;
  readonly kind: 'envoy-gateway' | 'gateway-api';
  readonly version?: ComponentVersion;
  /** Undefined: nobody said. */
  readonly proxies?: number;
  /** Its listeners, as far as they are known. */
  readonly listeners?: GatewayListeners;
  /** From where it takes routes; undefined: nobody said. */
  readonly routeNamespaces?: RouteNamespacesModel;
  /** How long a proxy that stops finishes what has begun; undefined: nobody said. */
  readonly drainSeconds?: number;
  /** How long an idle connection of a client is kept; undefined: nobody said. */
  readonly clientIdleSeconds?: number;
  /** Its proxies, as they connect to pods. */
  readonly dataPlane: PeerModel;
}

/** Listeners of a Gateway, by what they speak. */
export interface GatewayListeners {
  readonly https: readonly ListenerModel[];
  readonly http: readonly ListenerModel[];
  /** Whether several listeners for https have the same certificate. */
  readonly sharedCertificate?: boolean;
  /** Whether these are all that it has itself. */
  readonly complete?: boolean;
  /** Whether it takes no listeners of doors. */
  readonly sealed?: boolean;
}

/** One listener. */
export interface ListenerModel {
  readonly name: string;
  /** The only host that it takes, or all beneath a wildcard; undefined: every one. */
  readonly hostname?: string;
}

/** Names of the Gateway's listeners that take any of the hosts, as far as they are known. */
export function listenersFor(
  { listeners }: GatewayModel,
  scheme: 'https' | 'http',
  hosts: readonly string[],
): string[] {
  const takes = (listener: ListenerModel): boolean => hosts.some((host) => takesHost(listener, host));
  return (listeners?.[scheme] ?? []).filter(takes).map(({ name }) => name);
}

/** Whether a listener takes any requests to a host. */
export function takesHost({ hostname }: ListenerModel, host: string): boolean {
  return hostname === undefined || within(host, hostname) || within(hostname, host);
}

/** Whether a host is another one, or lies beneath its wildcard. */
function within(host: string, other: string): boolean {
  return host === other || (other.startsWith('*.') && host.endsWith(other.slice(1)));
}
