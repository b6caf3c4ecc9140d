import { type GatewayListeners, type GatewayModel, listenersFor, takesHost } from '../cluster/gateway';
import type { AuthenticationModel } from '../exposure/authentication';
import type { GatewayDoor } from '../exposure/door-model';
import { PROXY_NAMES } from '../exposure/proxy-support';
import type { TlsModel } from '../exposure/tls';
import { errors } from '../internal/errors';
import type { LoadBalancingModel } from '../traffic/load-balancing';
import type { TrafficIntent } from '../traffic/traffic-policy';
import type { ResolvedDoor } from './doors';

/** What a door leads to, as far as its rules are concerned. */
export interface DoorTarget {
  /** Where its routes are; undefined: where whoever applies them says. */
  readonly namespace?: string;
  readonly traffic: TrafficIntent;
  /** What its longest requests take; undefined where the door knows none. */
  readonly requestSeconds?: number;
  /** Where the traffic is stated: `apiServer.traffic`. */
  readonly property: string;
  /** Ports of the pods that the door leads to; undefined where something else holds their requests. */
  readonly ports?: readonly number[];
}

type JwtModel = Extract<AuthenticationModel, { kind: 'jwt' }>;
type ListenerTlsModel = Extract<TlsModel, { kind: 'listener' }>;

const NO_LISTENERS: GatewayListeners = { https: [], http: [] };

/** Throws where what is stated of a door, each part possible, makes no sense together. */
export function requireDoorRules(property: string, door: ResolvedDoor, target: DoorTarget): void {
  requireSecrecy(property, door);
  if (door.door.kind !== 'gateway') return;
  requireTaken(property, door.door, door.gateway!, target);
  requireFinished(property, door.gateway!, target);
  requireRedirect(property, door.door, door);
  if (door.door.grpcPort !== undefined) requireGrpc(property, door.door, door, target);
  if (door.kind !== 'envoy-gateway') return;
  requireHeaders(property, door, target);
  if (door.door.authentication?.kind === 'jwt') requireJwt(property, door.door.authentication);
}

/** Whether TLS ends at the door, as far as that is known. */
function ends({ door, gateway }: ResolvedDoor): boolean {
  const tls = 'tls' in door ? door.tls : undefined;
  if (tls !== undefined) return tls.kind !== 'listener' || !speaksHttp(gateway, tls.name);
  return door.kind === 'gateway' && listenersFor(gateway!, 'https', door.hosts).length > 0;
}

/** Whether a listener is known to be one for plain http. */
function speaksHttp(gateway: GatewayModel | undefined, listener: string): boolean {
  return gateway?.listeners?.http.some(({ name }) => name === listener) === true;
}

function requireSecrecy(property: string, resolved: ResolvedDoor): void {
  const { door, gateway } = resolved;
  if (!('authentication' in door) || door.authentication === undefined || ends(resolved)) return;
  if (door.tls?.kind !== 'listener') throw errors.tokenOverHttp(property);
  const how = `with 'tls' of "${door.tls.name}", a listener of the Gateway ${gateway!.name} for plain http`;
  throw errors.tokenOverHttp(property, how, 'name a listener with a certificate');
}

/** A Gateway that refuses routes does it in their status, where nobody looks. */
function requireTaken(property: string, { tls, hosts }: GatewayDoor, gateway: GatewayModel, target: DoorTarget): void {
  const { name, namespace, routeNamespaces, listeners } = gateway;
  if (target.namespace !== undefined && !takes(gateway, target.namespace)) {
    throw errors.conflictingOptions(
      `${property}.gateway`,
      `routeNamespaces' of '${name}`,
      `it takes no routes of ${target.namespace} ${routeNamespaces!.from === 'Same' ? `but those of ${namespace}` : ''}`.trimEnd(),
    );
  }
  if (tls?.kind === 'secret') {
    if (listeners?.sealed !== true) return;
    throw errors.conflictingOptions(
      `${property}.tls`,
      `tls' of '${name}`,
      'its listeners have a certificate: leave one out',
    );
  }
  if (tls?.kind === 'listener') requireListeners(property, tls, hosts, gateway);
  if (tls !== undefined || listeners === undefined) return;
  const scheme = listeners.https.length > 0 ? 'https' : 'http';
  const stray = hosts.find((host) => listenersFor(gateway, scheme, [host]).length === 0);
  if (stray === undefined || listeners[scheme].length === 0) return;
  const its = listeners[scheme].map(({ hostname }) => hostname).join(', ');
  throw errors.outOfRange(`${property}.hosts`, `hosts of the Gateway ${name} (${its})`, stray, 'state it there too');
}

/** A route on a listener that is not there, or is for other hosts, is never asked. */
function requireListeners(
  property: string,
  { name, httpListener }: ListenerTlsModel,
  hosts: readonly string[],
  gateway: GatewayModel,
): void {
  const { https, http, complete } = gateway.listeners ?? NO_LISTENERS;
  for (const [where, stated] of [
    [`${property}.tls`, name],
    [`${property}.tls.httpListener`, httpListener],
  ] as const) {
    if (stated === undefined) continue;
    const listener = [...https, ...http].find((known) => known.name === stated);
    if (listener === undefined && complete === true) {
      const its = [...https, ...http].map((known) => known.name).join(', ');
      throw errors.outOfRange(where, `a listener of the Gateway ${gateway.name} (${its})`, stated);
    }
    const stray = listener && hosts.find((host) => !takesHost(listener, host));
    if (stray !== undefined) {
      const rule = `hosts of the listener ${stated} of the Gateway ${gateway.name} (${listener!.hostname})`;
      throw errors.outOfRange(`${property}.hosts`, rule, stray, 'leave `tls` out for the listeners of each host');
    }
  }
}

/** A proxy that goes cuts what it has not finished by then. */
function requireFinished(property: string, { name, drainSeconds }: GatewayModel, { requestSeconds }: DoorTarget): void {
  if (drainSeconds === undefined || requestSeconds === undefined || drainSeconds >= requestSeconds) return;
  throw errors.timeoutBelow(`drainTimeout' of '${name}`, drainSeconds, `requests through ${property}`, requestSeconds);
}

function takes({ namespace: own, routeNamespaces }: GatewayModel, namespace: string): boolean {
  switch (routeNamespaces?.from) {
    case 'Same':
      return namespace === own;
    case 'Selector':
      return routeNamespaces.namespaces.includes(namespace);
    default:
      return true;
  }
}

/** By default plain http is redirected where that is possible; who asks for it gets it. */
function requireRedirect(property: string, door: GatewayDoor, resolved: ResolvedDoor): void {
  if (door.redirectStated !== true || door.tls?.kind === 'secret') return;
  const asked = `with '${property}.redirectHttp'`;
  if (!ends(resolved)) {
    throw errors.missingOption(`${property}.tls`, asked, 'no listener for https is known: use Tls.listener()');
  }
  const plain =
    door.tls?.kind === 'listener' ? door.tls.httpListener : listenersFor(resolved.gateway!, 'http', door.hosts)[0];
  if (plain === undefined) {
    const where = door.tls === undefined ? 'gateway' : 'tls';
    throw errors.missingOption(`${property}.${where}.httpListener`, asked, 'no listener for plain http is known');
  }
}

function requireGrpc(property: string, door: GatewayDoor, { gateway, kind }: ResolvedDoor, target: DoorTarget): void {
  const { ports } = target;
  if (ports === undefined) {
    const why = 'it passes on HTTP to the port that the Bento serves';
    const remedy = 'leave it out, or use a BentoDeployment';
    throw errors.notByEngine(`${property}.grpcPort`, 'what holds the requests of a function', why, remedy);
  }
  if (!ports.includes(door.grpcPort!)) {
    throw errors.outOfRange(
      `${property}.grpcPort`,
      `one of the further ports of the Bento (${ports.length === 0 ? 'none' : ports.join(', ')})`,
      door.grpcPort,
      'state it as `extraPorts` of its BentoService, or as `extra_ports` in its code',
    );
  }
  const several = door.tls?.kind === 'secret' ? door.hosts.length > 1 : gateway!.listeners?.sharedCertificate === true;
  if (kind === 'envoy-gateway' && several) {
    const why = 'listeners whose certificates are for the same hosts speak HTTP/1.1 alone, and gRPC is HTTP/2';
    const remedy = 'give each host a certificate and an exposure of its own';
    throw errors.notByEngine(`${property}.grpcPort`, PROXY_NAMES[kind], why, remedy);
  }
  const { maxPending, retries } = target.traffic;
  if (maxPending !== undefined) {
    const why = 'one connection carries any number of calls, so no proxy counts those of a pod';
    throw errors.notByEngine(`${target.property}.queue`, 'gRPC', why, 'leave it out');
  }
  if (retries !== undefined && retries.statuses.length > 0) {
    throw errors.notByEngine(
      `${target.property}.retries.statuses`,
      'gRPC',
      'every answer has the status 200',
      'leave them out',
    );
  }
}

/**
 * What a SecurityPolicy has room for.
 *
 * @see https://gateway.envoyproxy.io/docs/api/extension_types/#jwtprovider
 */
const MAX_AUDIENCES = 8;
const MAX_JWKS_URL = 253;

function requireJwt(property: string, { audiences = [], jwksUrl }: JwtModel): void {
  if (audiences.length > MAX_AUDIENCES) {
    const rule = `at most ${MAX_AUDIENCES} with Envoy Gateway`;
    throw errors.outOfRange(`${property}.authentication.audiences`, rule, audiences.length);
  }
  if (jwksUrl.length > MAX_JWKS_URL) {
    const rule = `at most ${MAX_JWKS_URL} characters with Envoy Gateway`;
    throw errors.invalidText(`${property}.authentication.jwksUrl`, rule, jwksUrl);
  }
}

const CREDENTIALS = 'authorization';

/** The header that the door takes off once it has looked at it. */
function credentialHeader(model: AuthenticationModel): string {
  return model.kind === 'api-keys' ? model.header.toLowerCase() : CREDENTIALS;
}

/** The header by which a replica is chosen. */
export function hashedHeader(loadBalancing: LoadBalancingModel | undefined): string[] {
  return loadBalancing?.kind === 'hash' && loadBalancing.by.kind === 'header' ? [loadBalancing.by.name] : [];
}

function requireHeaders(property: string, resolved: ResolvedDoor, { traffic, property: of }: DoorTarget): void {
  const { authentication } = resolved.door as GatewayDoor;
  const hashed = hashedHeader(traffic.loadBalancing);
  for (const name of hashed) requirePassed(property, resolved, `${of}.loadBalancing`, name, BY_CLIENT);
  if (authentication?.kind === 'api-keys') requireSent(`${property}.authentication`, resolved, authentication.header);
}

/** What to hash by where the header is gone. */
export const BY_CLIENT = 'the header is gone when a replica is chosen: hash by `clientIdHeader`, the id of the client';

/** Throws where what is behind a door would not see a header of its clients. */
export function requirePassed(
  property: string,
  resolved: ResolvedDoor,
  where: string,
  name: string,
  remedy: string,
): void {
  requireSent(where, resolved, name);
  const { door, kind } = resolved;
  if (kind !== 'envoy-gateway' || door.kind !== 'gateway' || door.authentication === undefined) return;
  if (name.toLowerCase() === credentialHeader(door.authentication)) {
    throw errors.conflictingOptions(where, `${property}.authentication`, remedy);
  }
}

/** Throws where a door takes no header of this name. */
function requireSent(where: string, { kind }: ResolvedDoor, name: string): void {
  if (!name.includes('_')) return;
  if (kind === 'envoy-gateway') {
    throw errors.invalidName(where, 'a header without _: Envoy Gateway answers 400 to all that have it', name);
  }
  if (kind === 'ingress-nginx') {
    throw errors.invalidName(where, 'a header without _: ingress-nginx drops those that have it', name);
  }
}
