import { type GatewayModel, listenersFor } from '../cluster/gateway';
import type { DoorBackend, DoorContext, DoorObject } from '../component/door';
import type { GatewayDoor } from '../exposure/door-model';
import { groupBy } from '../internal/group-by';

/** What a route hangs on: a Gateway or a ListenerSet, or one listener of it. */
interface ParentRef {
  readonly group: 'gateway.networking.k8s.io';
  readonly kind: 'Gateway' | 'ListenerSet';
  readonly name: string;
  /** Undefined: that of the route. */
  readonly namespace?: string;
  readonly sectionName?: string;
}

/** Routes of Gateway API, as far as they are used. */
interface RouteModel {
  readonly kind: RouteKind;
  readonly parents: readonly ParentRef[];
  readonly hosts: readonly string[];
  /** The Services behind it; those without a namespace are in the route's own. */
  readonly backends: readonly DoorBackend[];
  readonly timeouts: RouteTimeouts;
  /** Headers that the Services do not get. */
  readonly withheld?: readonly string[];
}

export type RouteKind = 'HTTPRoute' | 'GRPCRoute';

/** How long a route waits, in seconds. */
interface RouteTimeouts {
  /** For all of an answer, retries included. */
  readonly request: number;
  /** For a single try; undefined: as long. */
  readonly backendRequest?: number;
}

const GROUP = 'gateway.networking.k8s.io';
const VERSION = `${GROUP}/v1`;

/** The kind of the route that leads to what is behind a door. */
export function routeKind({ grpcPort }: GatewayDoor): RouteKind {
  return grpcPort === undefined ? 'HTTPRoute' : 'GRPCRoute';
}

/**
 * All objects of Gateway API for one door: the route, the listeners where the door brings its own certificate, the
 * redirect from plain http, and leave to reach Services of other namespaces.
 */
export function gatewayRouteObjects(door: GatewayDoor, gateway: GatewayModel, context: DoorContext): DoorObject[] {
  const { secure, plain, listenerSet } = attachment(door, gateway, context);
  const kind = routeKind(door);
  const backends = context.backends.map((backend) => ({ ...backend, port: door.grpcPort ?? backend.port }));
  const timeouts = { request: context.requestSeconds, backendRequest: context.upstream.timeouts.request };
  // Envoy Gateway hides keys by itself, and passes on every JSON Web Token.
  const withheld = door.authentication?.kind === 'jwt' ? ['Authorization'] : [];
  return [
    ...listenerSet,
    {
      id: 'route',
      apiVersion: VERSION,
      kind,
      name: context.name,
      content: { spec: routeSpec({ kind, parents: secure, hosts: door.hosts, backends, timeouts, withheld }) },
    },
    ...redirect(door, context, plain),
    ...grants(kind, context),
  ];
}

/** The `spec` of a `gateway.networking.k8s.io/v1` HTTPRoute or GRPCRoute. */
function routeSpec({ kind, parents, hosts, backends, timeouts, withheld = [] }: RouteModel): object {
  const backendRefs = backends.map(({ service, namespace, port, weight = 1 }) => ({
    group: '',
    kind: 'Service',
    name: service,
    ...(namespace !== undefined && { namespace }),
    port,
    // Left out, all are alike: a share of nothing would be one of a whole.
    weight,
  }));
  const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: [...withheld] } }];
  const rule = {
    backendRefs,
    ...(withheld.length > 0 && { filters }),
    // A GRPCRoute has no timeouts, which would be those of streams.
    ...(kind === 'HTTPRoute' && { matches: EVERYTHING, timeouts: timeoutsSpec(timeouts) }),
  };
  return { hostnames: [...hosts], parentRefs: [...parents], rules: [rule] };
}

/**
 * A duration as Gateway API takes it, to the millisecond: at most five digits of each unit, no fractions.
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-2257/
 */
export function gatewayDuration(seconds: number): string {
  const millis = Math.ceil(Math.round(seconds * 1e6) / 1e3);
  const whole = Math.floor(millis / 1000);
  const rest = millis % 1000 === 0 ? '' : `${millis % 1000}ms`;
  if (whole === 0) return rest || '0s';
  if (whole <= 99_999) return `${whole}s${rest}`;
  const units: [number, string][] = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'm'],
    [whole % 60, 's'],
  ];
  return units.map(([value, unit]) => (value === 0 ? '' : `${value}${unit}`)).join('') + rest;
}

const EVERYTHING = [{ path: { type: 'PathPrefix', value: '/' } }];

/** Unset, implementations have their own: Envoy cuts streams after 15 seconds. */
function timeoutsSpec({ request, backendRequest }: RouteTimeouts): object {
  return {
    ...(backendRequest !== undefined &&
      backendRequest < request && { backendRequest: gatewayDuration(backendRequest) }),
    request: gatewayDuration(request),
  };
}

function gatewayRef({ name, namespace }: { name: string; namespace: string }, sectionName?: string): ParentRef {
  return { group: GROUP, kind: 'Gateway', name, namespace, ...(sectionName !== undefined && { sectionName }) };
}

/** Where a door's routes hang. */
interface Attachment {
  readonly secure: readonly ParentRef[];
  /** Listeners for plain http, where requests are redirected from; none where that is not asked for or not known. */
  readonly plain: readonly ParentRef[];
  readonly listenerSet: readonly DoorObject[];
}

function attachment(door: GatewayDoor, gateway: GatewayModel, context: DoorContext): Attachment {
  const { tls, hosts, redirect } = door;
  if (tls?.kind === 'secret') return ownListeners(door, tls.secret, gateway, context);
  const stated = tls?.kind === 'listener' ? tls : undefined;
  const https = stated === undefined ? listenersFor(gateway, 'https', hosts) : [stated.name];
  const http = stated === undefined ? listenersFor(gateway, 'http', hosts) : [stated.httpListener ?? []].flat();
  const refs = (sections: readonly string[]): ParentRef[] => sections.map((name) => gatewayRef(gateway, name));
  return {
    // Without https everything hangs on all listeners that there are.
    secure: https.length > 0 ? refs(https) : [gatewayRef(gateway)],
    plain: https.length > 0 && redirect ? refs(http) : [],
    listenerSet: [],
  };
}

/** A listener of each host with the door's own certificate, and one for plain http where requests are redirected. */
function ownListeners(door: GatewayDoor, secret: string, gateway: GatewayModel, context: DoorContext): Attachment {
  const { hosts } = door;
  // Two listeners for the same port and host are in conflict, and that of the Gateway wins.
  const gatewaysOwn = listenersFor(gateway, 'http', hosts);
  const plain = door.redirect && gatewaysOwn.length === 0;
  const tls = { certificateRefs: [{ group: '', kind: 'Secret', name: secret }], mode: 'Terminate' };
  const allowedRoutes = { namespaces: { from: 'Same' } };
  const listeners = hosts.flatMap((hostname, index) => [
    { name: `https-${index}`, hostname, port: 443, protocol: 'HTTPS', tls, allowedRoutes },
    ...(plain ? [{ name: `http-${index}`, hostname, port: 80, protocol: 'HTTP', allowedRoutes }] : []),
  ]);
  const refs = (scheme: string): ParentRef[] =>
    hosts.map((_, index) => ({
      group: GROUP,
      kind: 'ListenerSet',
      name: context.name,
      sectionName: `${scheme}-${index}`,
    }));
  const elsewhere = door.redirect ? gatewaysOwn.map((name) => gatewayRef(gateway, name)) : [];
  const spec = { listeners, parentRef: gatewayRef(gateway) };
  return {
    secure: refs('https'),
    plain: plain ? refs('http') : elsewhere,
    listenerSet: [{ id: 'listeners', apiVersion: VERSION, kind: 'ListenerSet', name: context.name, content: { spec } }],
  };
}

/** A route of its own, so that policies of the other do not ask for a token over plain http. */
function redirect(door: GatewayDoor, context: DoorContext, parents: readonly ParentRef[]): DoorObject[] {
  if (parents.length === 0) return [];
  const filters = [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }];
  const spec = { hostnames: [...door.hosts], parentRefs: [...parents], rules: [{ filters, matches: EVERYTHING }] };
  return [
    { id: 'redirect', apiVersion: VERSION, kind: 'HTTPRoute', name: `${context.name}-redirect`, content: { spec } },
  ];
}

function grants(kind: RouteKind, { name, namespace, backends }: DoorContext): DoorObject[] {
  const foreign = backends.filter((backend) => backend.namespace !== undefined && backend.namespace !== namespace);
  return [...groupBy(foreign, (backend) => backend.namespace!)].map(([where, those]) => ({
    id: `reference-grant-${where}`,
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    // With a dot, which neither of the two has.
    name: `${namespace}.${name}`,
    namespace: where,
    content: { spec: grantSpec(kind, namespace!, [...new Set(those.map(({ service }) => service))]) },
  }));
}

function grantSpec(kind: RouteKind, routesNamespace: string, services: readonly string[]): object {
  return {
    from: [{ group: GROUP, kind, namespace: routesNamespace }],
    to: services.map((name) => ({ group: '', kind: 'Service', name })),
  };
}
