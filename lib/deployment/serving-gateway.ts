import { type ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { Gateway } from '../cluster/gateway';
import { GatewayImplementation, implementedGateway } from '../cluster/gateway-implementation';
import { RouteNamespaces } from '../cluster/route-namespaces';
import { requireTlsSupport } from '../component/resolve-traffic';
import { clientTrafficPolicySpec, envoyProxySpec, gatewayListeners, gatewaySpec } from '../engines/serving-gateway';
import type { Tls } from '../exposure/tls';
import { requireDnsName, requireHostname, requireUnique } from '../internal/checks';
import { emitObject } from '../internal/emit';
import { errors, located } from '../internal/errors';
import { isLabelValue, LABELS, MANAGED_BY } from '../internal/labels';
import { dnsLabel } from '../internal/names';

/** A Gateway of one's own. */
export interface ServingGatewayProps {
  /** The GatewayClass, which says who implements it: that of Envoy Gateway, unless `implementation` says otherwise. */
  readonly gatewayClassName: string;

  /**
   * Hosts that it takes, as `rag.example.com` or `*.example.com`: 1 to 32, each once. Each gets a listener for plain http at
   * port 80, and with `tls` one for https at port 443.
   */
  readonly hosts: string[];

  /**
   * The certificate for all hosts: a Secret in the namespace of the Gateway.
   *
   * @default - plain http; exposures with `Tls.secret()` bring listeners of their own
   */
  readonly tls?: Tls;

  /**
   * Who makes its proxies.
   *
   * @default GatewayImplementation.envoyGateway()
   */
  readonly implementation?: GatewayImplementation;

  /**
   * From where routes may hang on it, and without `tls` listeners too.
   *
   * @default RouteNamespaces.same()
   */
  readonly routeNamespaces?: RouteNamespaces;

  /**
   * The name of the Gateway object and of what is made beside it: at most 63 characters.
   *
   * @default - the construct id as a DNS label
   */
  readonly name?: string;
}

/** What Gateway API allows are 64 listeners. */
const MAX_HOSTS = 32;

/**
 * A Gateway of one's own: its listeners, and with Envoy Gateway how its proxies treat clients. Its value, handed to
 * exposures or to the ClusterProfile, knows its listeners: routes hang on those for https, and plain http is redirected.
 *
 * @example
 * const edge = new ServingGateway(chart, 'Edge', {
 *   gatewayClassName: 'envoy-gateway',
 *   hosts: ['rag.example.com'],
 *   tls: Tls.secret(SecretRef.named('rag-tls')),
 *   implementation: GatewayImplementation.envoyGateway({ proxies: 2 }),
 * });
 * Exposure.gateway({ gateway: edge.gateway, hosts: ['rag.example.com'] });
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/gateway/
 */
export class ServingGateway extends Construct {
  /** The value to state as `gateway` of an exposure or of the ClusterProfile. */
  public readonly gateway: Gateway;

  /** The `gateway.networking.k8s.io/v1` Gateway. */
  public readonly gatewayObject: ApiObject;

  /** The `gateway.envoyproxy.io/v1alpha1` ClientTrafficPolicy; undefined without Envoy Gateway. */
  public readonly clientTrafficPolicy?: ApiObject;

  /** The `gateway.envoyproxy.io/v1alpha1` EnvoyProxy; undefined where `proxies` are not stated. */
  public readonly envoyProxy?: ApiObject;

  /** @throws InvalidName, EmptyList, OutOfRange, DuplicateKey, NotByEngine, NamespaceNeeded */
  public constructor(scope: Construct, id: string, props: ServingGatewayProps) {
    super(scope, id);
    const { hosts, tls, gatewayClassName, name = dnsLabel(id) } = props;
    const implementation = (props.implementation ?? GatewayImplementation.envoyGateway())._model;
    const secret = located(this.node.path, () => {
      requireProps(name, props);
      return secretOf(implementation.kind, tls);
    });
    const listeners = gatewayListeners(hosts, secret !== undefined);
    const routeNamespaces = (props.routeNamespaces ?? RouteNamespaces.same())._model;
    this.gateway = located(this.node.path, () =>
      implementedGateway(implementation, name, namespaceOf(this), listeners, routeNamespaces),
    );
    const proxies = implementation.kind === 'envoy-gateway' ? implementation.proxies : undefined;
    const spec = gatewaySpec({
      name,
      gatewayClassName,
      hosts: [...hosts],
      ...(secret !== undefined && { secret }),
      routeNamespaces,
      parameters: proxies !== undefined,
    });
    this.gatewayObject = this.emit('gateway', 'gateway.networking.k8s.io/v1', 'Gateway', spec);
    if (implementation.kind !== 'envoy-gateway') return;
    const clients = clientTrafficPolicySpec(name, implementation.clients);
    this.clientTrafficPolicy = this.emit('client-traffic', ENVOY_GATEWAY, 'ClientTrafficPolicy', clients);
    if (proxies !== undefined) {
      this.envoyProxy = this.emit('proxies', ENVOY_GATEWAY, 'EnvoyProxy', envoyProxySpec(proxies));
    }
  }

  private emit(id: string, apiVersion: string, kind: string, spec: object): ApiObject {
    const { name, namespace } = this.gateway;
    const labels = { [LABELS.managedBy]: MANAGED_BY };
    return emitObject(this, id, { apiVersion, kind, name, namespace, labels, content: { spec: () => spec } });
  }
}

const ENVOY_GATEWAY = 'gateway.envoyproxy.io/v1alpha1';

function requireProps(name: string, { gatewayClassName, hosts }: ServingGatewayProps): void {
  requireDnsName('name', name);
  if (!isLabelValue(name)) {
    const rule = 'at most 63 characters: its proxies have it as the value of a label';
    throw errors.invalidName('name', rule, name, 'state a shorter `name`');
  }
  requireDnsName('gatewayClassName', gatewayClassName);
  if (hosts.length === 0) throw errors.emptyList('hosts', 'a Gateway without hosts would take those of everybody');
  if (hosts.length > MAX_HOSTS) {
    throw errors.outOfRange('hosts', `at most ${MAX_HOSTS}`, hosts.length, 'use a wildcard, or a second Gateway');
  }
  for (const host of hosts) requireHostname('hosts', host);
  requireUnique('hosts', hosts);
}

function secretOf(kind: 'envoy-gateway' | 'gateway-api', tls: Tls | undefined): string | undefined {
  if (tls === undefined) return undefined;
  requireTlsSupport('tls', kind, tls._model);
  if (tls._model.kind !== 'secret') {
    throw errors.notByEngine('tls', 'ServingGateway', 'its listeners are made here', 'use Tls.secret()');
  }
  return tls._model.secret;
}

function namespaceOf(scope: Construct): string {
  const { namespace } = Chart.of(scope);
  if (namespace === undefined) throw errors.namespaceNeeded('gateway', 'routes name that of their Gateway');
  return namespace;
}
