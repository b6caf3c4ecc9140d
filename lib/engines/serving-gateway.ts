import type { GatewayListeners } from '../cluster/gateway';
import type { ClientConnectionsModel, EnvoyImplementationModel } from '../cluster/gateway-implementation';
import type { RouteNamespacesModel } from '../cluster/route-namespaces';
import { gatewayDuration } from './gateway-api';

/** A Gateway of one's own. */
export interface ServingGatewayModel {
  readonly name: string;
  readonly gatewayClassName: string;
  readonly hosts: readonly string[];
  /** The Secret of the certificate, in the namespace of the Gateway; undefined: plain http alone. */
  readonly secret?: string;
  readonly routeNamespaces: RouteNamespacesModel;
  /** Whether an EnvoyProxy of the same name says how its proxies run. */
  readonly parameters: boolean;
}

const GATEWAY_API = 'gateway.networking.k8s.io';

/** How long a proxy that stops goes on taking new connections, until load balancers know that it does. */
const MIN_DRAIN_SECONDS = 15;

/** When a silent connection is asked whether the client still lives: before load balancers forget it, after 350 s or less. */
const KEEP_ALIVE = { idleTime: '60s', interval: '10s', probes: 3 };

/**
 * What is held of a request and of its answer, of every one in flight. What a pod did not take is sent to another one as
 * far as its body is held, and fails if it is larger: Envoy Gateway holds 32 KiB, less than a picture.
 */
const BUFFER_LIMIT = '1Mi';

/** Listeners for each host, by what they speak. */
export function gatewayListeners(hosts: readonly string[], https: boolean): GatewayListeners {
  const named = (scheme: string) => hosts.map((hostname, index) => ({ name: `${scheme}-${index}`, hostname }));
  if (!https) return { https: [], http: named('http'), complete: true };
  const sharedCertificate = hosts.length > 1;
  return { https: named('https'), http: named('http'), complete: true, sharedCertificate, sealed: true };
}

/** The `spec` of a `gateway.networking.k8s.io/v1` Gateway. */
export function gatewaySpec(model: ServingGatewayModel): object {
  const { name, gatewayClassName, hosts, secret, routeNamespaces, parameters } = model;
  const namespaces = namespacesSpec(routeNamespaces);
  const { https, http } = gatewayListeners(hosts, secret !== undefined);
  const tls = { certificateRefs: [{ group: '', kind: 'Secret', name: secret }], mode: 'Terminate' };
  const allowedRoutes = { namespaces };
  const parametersRef = { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name };
  return {
    // Without a certificate of its own, whoever may hang routes on it may bring one.
    ...(secret === undefined && { allowedListeners: { namespaces } }),
    gatewayClassName,
    ...(parameters && { infrastructure: { parametersRef } }),
    listeners: [
      ...http.map((listener) => ({ ...listener, port: 80, protocol: 'HTTP', allowedRoutes })),
      ...https.map((listener) => ({ ...listener, port: 443, protocol: 'HTTPS', tls, allowedRoutes })),
    ],
  };
}

function namespacesSpec(model: RouteNamespacesModel): object {
  if (model.from !== 'Selector') return { from: model.from };
  const values = [...model.namespaces].sort();
  const matchExpressions = [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }];
  return { from: 'Selector', selector: { matchExpressions } };
}

/** The `spec` of a `gateway.envoyproxy.io/v1alpha1` ClientTrafficPolicy for all listeners of a Gateway. */
export function clientTrafficPolicySpec(gateway: string, clients: ClientConnectionsModel): object {
  const { requestReceivedSeconds, idleSeconds, streamIdleSeconds, maxConnections } = clients;
  return {
    connection: {
      bufferLimit: BUFFER_LIMIT,
      ...(maxConnections !== undefined && { connectionLimit: { value: maxConnections } }),
    },
    targetRefs: [{ group: GATEWAY_API, kind: 'Gateway', name: gateway }],
    tcpKeepalive: KEEP_ALIVE,
    timeout: {
      http: {
        idleTimeout: gatewayDuration(idleSeconds),
        requestReceivedTimeout: gatewayDuration(requestReceivedSeconds),
        streamIdleTimeout: gatewayDuration(streamIdleSeconds),
      },
    },
  };
}

/** The `spec` of a `gateway.envoyproxy.io/v1alpha1` EnvoyProxy. */
export function envoyProxySpec({ replicas, drainSeconds }: NonNullable<EnvoyImplementationModel['proxies']>): object {
  return {
    provider: {
      type: 'Kubernetes',
      kubernetes: { envoyDeployment: { replicas }, envoyPDB: { maxUnavailable: 1 } },
    },
    shutdown: {
      drainTimeout: gatewayDuration(drainSeconds),
      minDrainDuration: gatewayDuration(MIN_DRAIN_SECONDS),
    },
  };
}
