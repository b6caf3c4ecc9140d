import {
  requireDnsLabel,
  requireDnsName,
  requireHostname,
  requireInteger,
  requireNamespace,
  requireUnique,
} from '../internal/checks';
import { errors } from '../internal/errors';
import { isQualifiedName, requireAnnotations, requireSelector } from '../internal/labels';
import { sortedEntries } from '../internal/names';
import { NetworkPeer, requireCidr } from '../traffic/network-peer';
import type { IExposure } from './custom-exposure';
import type { AwsLoadBalancer, DoorModel, ExposureModel } from './door-model';
import type {
  ApplicationLoadBalancerOptions,
  AwsLoadBalancerOptions,
  GatewayExposureOptions,
  HostExposureOptions,
  InClusterExposureOptions,
  IngressNginxOptions,
  LoadBalancerOptions,
  NetworkLoadBalancerOptions,
} from './exposure-options';

/** What the Helm chart of ingress-nginx gives its controllers. */
const INGRESS_NGINX_LABELS = { 'app.kubernetes.io/component': 'controller', 'app.kubernetes.io/name': 'ingress-nginx' };

/**
 * The door through which requests reach the API server. Each lets its own data plane through the network policy, and
 * says how long it waits, so that every hop agrees on timeouts.
 */
export class Exposure {
  /**
   * Nothing beside the Service: callers are pods of the cluster, which the network policy lets in.
   *
   * @example
   * Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('web')] });
   */
  public static inCluster(options: InClusterExposureOptions = {}): Exposure {
    const { allowFrom } = options;
    return Exposure.through({
      kind: 'in-cluster',
      peers: (allowFrom ?? [NetworkPeer.sameNamespace()]).map((peer) => peer._model),
      restricted: allowFrom !== undefined,
    });
  }

  /**
   * Through a Gateway, by an HTTPRoute (`gateway.networking.k8s.io/v1`), beside callers of the same namespace. A function
   * is reached by way of what holds its requests, which a ReferenceGrant allows. What Gateway API cannot say, as balancing
   * and tokens, becomes policies of Envoy Gateway, or is an error with other implementations.
   *
   * @throws InvalidName, EmptyList, DuplicateKey, OutOfRange, MissingOption, ClusterLacks, NotByEngine, TokenOverHttp
   * @see https://gateway-api.sigs.k8s.io/api-types/httproute/
   */
  public static gateway(options: GatewayExposureOptions): Exposure {
    const { gateway, grpcPort, tls, authentication } = options;
    if (grpcPort !== undefined) requireInteger('grpcPort', grpcPort, 1, 65_535);
    return Exposure.through({
      kind: 'gateway',
      hosts: gatewayHosts(options),
      redirect: gatewayRedirects(options),
      ...(options.redirectHttp === true && { redirectStated: true }),
      ...(gateway !== undefined && { gateway }),
      ...(tls !== undefined && { tls: tls._model }),
      ...(authentication !== undefined && { authentication: authentication._model }),
      ...(grpcPort !== undefined && { grpcPort }),
    });
  }

  /**
   * Through a Network Load Balancer of AWS, by a Service of type LoadBalancer for the AWS Load Balancer Controller, with
   * pods as targets. It passes on connections: it knows no hosts, tokens and weights.
   *
   * @throws ClusterLacks, InvalidText, OutOfRange, ConflictingOptions, NotByEngine
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
   */
  public static networkLoadBalancer(options: NetworkLoadBalancerOptions = {}): Exposure {
    const { tls } = options;
    const { port = tls === undefined ? 80 : 443 } = options;
    requireInteger('port', port, 1, 65_535);
    if (options.targetGroupName !== undefined) requireNothingOfOurs(options, ['tls', 'port']);
    return Exposure.through({
      kind: 'network-load-balancer',
      port,
      ...awsOptions(options),
      ...(tls !== undefined && { tls: tls._model }),
    });
  }

  /**
   * Through an Application Load Balancer of AWS, by an Ingress for the AWS Load Balancer Controller, with pods as targets.
   *
   * @throws ClusterLacks, InvalidText, InvalidName, EmptyList, DuplicateKey, ConflictingOptions, NotByEngine
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
   */
  public static applicationLoadBalancer(options: ApplicationLoadBalancerOptions): Exposure {
    const { className = 'alb', tls, groupName, authentication } = options;
    if (options.targetGroupName !== undefined) {
      requireNothingOfOurs(options, ['tls', 'redirectHttp', 'authentication', 'groupName', 'className']);
    }
    requireDnsName('className', className);
    if (options.crossZone === false) {
      throw errors.conflictingOptions('crossZone', 'Exposure.applicationLoadBalancer()', 'it always crosses zones');
    }
    if (groupName !== undefined && !/^[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?$/.test(groupName)) {
      throw errors.invalidName('groupName', 'at most 63 lower-case letters, digits, dashes and dots', groupName);
    }
    return Exposure.through({
      kind: 'application-load-balancer',
      hosts: hostsOf(options),
      className,
      redirect: redirects(options),
      ...awsOptions(options),
      ...(tls !== undefined && { tls: tls._model }),
      ...(groupName !== undefined && { groupName }),
      ...(authentication !== undefined && { authentication: authentication._model }),
    });
  }

  /**
   * Through ingress-nginx, by an Ingress. Its maintainers have retired it: for clusters that still run it, with a warning.
   *
   * @throws InvalidName, InvalidLabel, EmptyList, DuplicateKey, OutOfRange, NotByEngine
   * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
   */
  public static ingressNginx(options: IngressNginxOptions): Exposure {
    const { className = 'nginx', controllerNamespace = 'ingress-nginx', controllers, tls, authentication } = options;
    const controllerLabels = options.controllerLabels ?? INGRESS_NGINX_LABELS;
    requireDnsName('className', className);
    requireNamespace('controllerNamespace', controllerNamespace);
    requireSelector('controllerLabels', controllerLabels);
    if (controllers !== undefined) requireInteger('controllers', controllers, 1, 1000);
    return Exposure.through({
      kind: 'ingress-nginx',
      hosts: hostsOf(options),
      className,
      controllerNamespace,
      controllerLabels: { ...controllerLabels },
      redirect: redirects(options),
      ...(controllers !== undefined && { controllers }),
      ...(tls !== undefined && { tls: tls._model }),
      ...(authentication !== undefined && { authentication: authentication._model }),
    });
  }

  /**
   * Through a Service of type LoadBalancer, of whatever cloud. Addresses of clients are kept, so that the network policy
   * can tell them apart.
   *
   * @throws EmptyList, InvalidText, InvalidName, InvalidLabel, DuplicateKey, OutOfRange
   */
  public static loadBalancer(options: LoadBalancerOptions): Exposure {
    const { sourceCidrs, port = 80, loadBalancerClass, annotations = {} } = options;
    requireInteger('port', port, 1, 65_535);
    if (sourceCidrs.length === 0) {
      throw errors.emptyList('sourceCidrs', 'state who may connect: 0.0.0.0/0 for everybody');
    }
    requireCidrs('sourceCidrs', sourceCidrs);
    requireAnnotations('annotations', annotations);
    if (loadBalancerClass !== undefined && !isQualifiedName(loadBalancerClass)) {
      throw errors.invalidName('loadBalancerClass', 'a name, with or without a DNS prefix', loadBalancerClass);
    }
    return Exposure.through({
      kind: 'load-balancer',
      port,
      sourceCidrs: [...sourceCidrs],
      annotations: Object.fromEntries(sortedEntries(annotations)),
      ...(loadBalancerClass !== undefined && { loadBalancerClass }),
    });
  }

  /**
   * Through a door of your own, which makes its objects when the deployment is constructed, and is held to what it says: it
   * waits longer than the pods, and closes idle connections before they do.
   *
   * @throws HopOrder, KeepAliveOrder, InvalidName, MissingOption
   */
  public static custom(exposure: IExposure): Exposure {
    return Exposure.through({ kind: 'custom', exposure });
  }

  /**
   * Through several doors. Their keys are in the names of their objects, so that one may come and go without the others.
   *
   * @throws EmptyList, InvalidName, ConflictingOptions
   * @example
   * Exposure.several({
   *   internal: Exposure.inCluster(),
   *   public: Exposure.gateway({ hosts: ['rag.example.com'] }),
   * });
   */
  public static several(doors: { [key: string]: Exposure }): Exposure {
    const entries = sortedEntries(doors);
    if (entries.length === 0) throw errors.emptyList('doors', 'use Exposure.inCluster() for no door');
    const flat = entries.map(([key, exposure]) => {
      requireDnsLabel('doors', key);
      const [first, ...others] = exposure._model.doors;
      if (others.length > 0 || first!.key !== undefined) {
        throw errors.conflictingOptions(`doors.${key}`, 'Exposure.several()', 'state all doors in one');
      }
      return { key, door: first!.door };
    });
    const restricted = flat.find(({ door }) => door.kind === 'in-cluster' && door.restricted);
    const open = flat.find(({ door }) => door.kind === 'in-cluster' && !door.restricted);
    if (restricted !== undefined && open !== undefined) {
      throw errors.conflictingOptions(`doors.${restricted.key}`, `doors.${open.key}`, 'who may call is stated once');
    }
    return new Exposure({ doors: flat });
  }

  private static through(door: DoorModel): Exposure {
    return new Exposure({ doors: [{ door }] });
  }

  private constructor(
    /** @internal */
    public readonly _model: ExposureModel,
  ) {}
}

function hostsOf({ hosts }: HostExposureOptions): string[] {
  if (hosts.length === 0) throw errors.emptyList('hosts', 'a route without a host would take those of all others');
  for (const host of hosts) requireHostname('hosts', host);
  requireUnique('hosts', hosts, 'state each once');
  return [...hosts];
}

/** What a route of Gateway API has room for; listeners and parents of as many hosts have room then too. */
const MAX_GATEWAY_HOSTS = 16;

function gatewayHosts(options: HostExposureOptions): string[] {
  const hosts = hostsOf(options);
  if (hosts.length <= MAX_GATEWAY_HOSTS) return hosts;
  const rule = `at most ${MAX_GATEWAY_HOSTS}, what a route has room for`;
  throw errors.outOfRange('hosts', rule, hosts.length, 'use a wildcard, or a second door by Exposure.several()');
}

function redirects({ tls, redirectHttp }: HostExposureOptions): boolean {
  if (redirectHttp === true && tls === undefined) {
    throw errors.missingOption('tls', "with 'redirectHttp'", 'there is no https to be redirected to without');
  }
  return redirectHttp ?? tls !== undefined;
}

/** A Gateway may know its listeners, and that of the ClusterProfile is not at hand here. */
function gatewayRedirects(options: GatewayExposureOptions): boolean {
  const { gateway, redirectHttp } = options;
  const mayKnow = gateway === undefined || gateway._model.listeners !== undefined;
  return mayKnow ? (redirectHttp ?? true) : redirects(options);
}

function awsOptions(options: AwsLoadBalancerOptions): Omit<AwsLoadBalancer, 'tls'> {
  const { subnetCidrs, sourceCidrs, targetGroupName, internetFacing = false, crossZone = true } = options;
  if (targetGroupName !== undefined) {
    requireNothingOfOurs(options, ['internetFacing', 'sourceCidrs', 'crossZone']);
    if (!/^[A-Za-z0-9]([-A-Za-z0-9]{0,30}[A-Za-z0-9])?$/.test(targetGroupName)) {
      throw errors.invalidName('targetGroupName', 'at most 32 letters, digits and dashes', targetGroupName);
    }
  }
  requireCidrs('subnetCidrs', subnetCidrs ?? []);
  requireCidrs('sourceCidrs', sourceCidrs ?? []);
  if (subnetCidrs?.length === 0) throw errors.emptyList('subnetCidrs', 'leave it out for those of the ClusterProfile');
  if (sourceCidrs?.length === 0) throw errors.emptyList('sourceCidrs', 'leave it out for everybody');
  return {
    scheme: internetFacing ? 'internet-facing' : 'internal',
    crossZone,
    subnetCidrs: [...(subnetCidrs ?? [])],
    ...(targetGroupName !== undefined && { targetGroupName }),
    ...(sourceCidrs !== undefined && { sourceCidrs: [...sourceCidrs] }),
  };
}

/** What belongs to whoever made the target group. */
function requireNothingOfOurs(options: object, properties: readonly string[]): void {
  const stated = properties.find((property) => (options as { [property: string]: unknown })[property] !== undefined);
  if (stated !== undefined) {
    throw errors.conflictingOptions(
      stated,
      'targetGroupName',
      "it belongs to the load balancer, which is someone else's",
    );
  }
}

function requireCidrs(property: string, cidrs: readonly string[]): void {
  for (const cidr of cidrs) requireCidr(property, cidr);
  requireUnique(property, cidrs, 'state each once');
}
