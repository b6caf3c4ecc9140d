import { type GatewayModel, listenersFor } from '../cluster/gateway';
import type { DoorBackend, DoorContext, DoorObject, MatchedBackend, MirrorBackend } from '../component/door';
import type { GatewayDoor } from '../exposure/door-model';
import { groupBy } from '../internal/group-by';
import { sortedEntries } from '../internal/names';
import { byPrecedence } from '../release/precedence';
import { cookiePattern } from './cookie-pattern';

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
  /** Those of requests that say so of themselves. */
  readonly matched: readonly MatchedBackend[];
  /** Those that get copies of what all others get. */
  readonly mirrors: readonly MirrorBackend[];
  readonly timeouts: RouteTimeouts;
  /** Headers that the Services do not get. */
  readonly withheld: readonly string[];
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
  const { matched = [], mirrors = [] } = context;
  const spoken = <Backend extends DoorBackend>(backend: Backend) => ({
    ...backend,
    port: door.grpcPort ?? backend.port,
  });
  const route: RouteModel = {
    kind,
    parents: secure,
    hosts: door.hosts,
    backends: context.backends.map(spoken),
    matched: byPrecedence(matched).map(({ backend, ...rest }) => ({ ...rest, backend: spoken(backend) })),
    // A Service that goes before its route changes would be an error of all requests: what gets nothing is not named.
    mirrors: mirrors
      .filter(({ percent }) => percent > 0)
      .map(({ backend, ...rest }) => ({ ...rest, backend: spoken(backend) })),
    timeouts: { request: context.requestSeconds, backendRequest: context.upstream.timeouts.request },
    // Envoy Gateway hides keys by itself, and passes on every JSON Web Token.
    withheld: door.authentication?.kind === 'jwt' ? ['Authorization'] : [],
  };
  return [
    ...listenerSet,
    {
      id: 'route',
      apiVersion: VERSION,
      kind,
      name: context.name,
      content: { spec: routeSpec(route) },
    },
    ...redirect(door, context, plain),
    ...grants(kind, context),
  ];
}

/**
 * The `spec` of a `gateway.networking.k8s.io/v1` HTTPRoute or GRPCRoute. The rule of all requests comes first, though others
 * win over it: what is made of a rule is called after its place, and all requests would go astray while places change.
 */
function routeSpec({ kind, parents, hosts, backends, matched, mirrors, timeouts, withheld }: RouteModel): object {
  const http = kind === 'HTTPRoute';
  const rule = (those: readonly DoorBackend[], matches?: readonly object[]) => {
    // A filter of a rule is what every implementation has; one of a backend is not.
    const alone = those.length === 1 ? those[0]!.setHeaders : undefined;
    const filters = [...headerFilter(alone, withheld), ...mirrors.map(mirrorFilter)];
    return {
      backendRefs: those.map((backend) => weightedRef(backend, alone === undefined ? backend.setHeaders : undefined)),
      ...(filters.length > 0 && { filters }),
      ...(matches !== undefined && { matches }),
      // A GRPCRoute has no timeouts, which would be those of streams.
      ...(http && { timeouts: timeoutsSpec(timeouts) }),
    };
  };
  const chosen = matched.map(({ match, backend }) =>
    rule([{ ...backend, weight: 1 }], [{ ...(http && ANY_PATH), ...matchSpec(match) }]),
  );
  return {
    hostnames: [...hosts],
    parentRefs: [...parents],
    rules: [rule(backends, http ? EVERYTHING : undefined), ...chosen],
  };
}

function backendRef({ service, namespace, port }: DoorBackend): object {
  return { group: '', kind: 'Service', name: service, ...(namespace !== undefined && { namespace }), port };
}

function weightedRef({ weight = 1, ...backend }: DoorBackend, setHeaders: DoorBackend['setHeaders']): object {
  const filters = headerFilter(setHeaders, []);
  // Left out, all are alike: a share of nothing would be one of a whole.
  return { ...backendRef(backend), ...(filters.length > 0 && { filters }), weight };
}

/** One for both: a rule has each filter once. */
function headerFilter(headers: DoorBackend['setHeaders'], withheld: readonly string[]): object[] {
  const set = sortedEntries(headers ?? {}).map(([name, value]) => ({ name, value }));
  if (set.length === 0 && withheld.length === 0) return [];
  const requestHeaderModifier = {
    ...(withheld.length > 0 && { remove: [...withheld] }),
    ...(set.length > 0 && { set }),
  };
  return [{ type: 'RequestHeaderModifier', requestHeaderModifier }];
}

function mirrorFilter({ backend, percent }: MirrorBackend): object {
  return { type: 'RequestMirror', requestMirror: { backendRef: backendRef(backend), percent } };
}

/** Types written out, or the API server does it, and what is in Git is another object than what is in the cluster. */
function matchSpec({ kind, name, value }: MatchedBackend['match']): object {
  switch (kind) {
    case 'header':
      return { headers: [{ name, type: 'Exact', value }] };
    case 'query':
      return { queryParams: [{ name, type: 'Exact', value }] };
    case 'cookie':
      return { headers: [{ name: 'Cookie', type: 'RegularExpression', value: cookiePattern(name, value) }] };
  }
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

const ANY_PATH = { path: { type: 'PathPrefix', value: '/' } };
const EVERYTHING = [ANY_PATH];

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

function grants(kind: RouteKind, { name, namespace, backends, matched = [], mirrors = [] }: DoorContext): DoorObject[] {
  const all = [...backends, ...[...matched, ...mirrors].map(({ backend }) => backend)];
  const foreign = all.filter((backend) => backend.namespace !== undefined && backend.namespace !== namespace);
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
