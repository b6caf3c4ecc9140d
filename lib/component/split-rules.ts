import type { GatewayDoor } from '../exposure/door-model';
import { PROXY_NAMES, type ProxyFeature, type ProxyKind, refusal, remedyFor } from '../exposure/proxy-support';
import { errors } from '../internal/errors';
import type { RequestMatchModel, ShareModel } from '../release/split-model';
import type { LoadBalancingModel } from '../traffic/load-balancing';
import type { RateLimitModel } from '../traffic/rate-limit';
import type { DoorContext } from './door';
import type { ResolvedDoor } from './doors';

/** Who gets a part of the requests; without a key it is a member of a GlobalService. */
export interface Sharer {
  readonly key?: string;
  readonly share: ShareModel;
}

/** What a door does with requests beside sharing them out. */
export interface SplitTraffic {
  readonly loadBalancing?: LoadBalancingModel;
  readonly rateLimit?: RateLimitModel;
}

/** What a door cannot share out, by the property that states it, and why. */
export interface SplitRefusal {
  readonly property: string;
  readonly why: string;
  /** Where the support table says so: for the remedy. */
  readonly feature?: ProxyFeature;
}

/** Throws where a door would share requests out otherwise than it is asked to. */
export function requireSplit(door: ResolvedDoor, context: DoorContext): void {
  const found = splitRefusal(door, sharersOf(context), context.upstream);
  if (found === undefined) return;
  const { property, why, feature } = found;
  const remedy = feature === undefined ? remedyOf(door.kind, property) : remedyFor(door.kind, feature);
  throw errors.notByEngine(property, PROXY_NAMES[door.kind], why, remedy);
}

function remedyOf(kind: ProxyKind, property: string): string {
  const others = kind === 'envoy-gateway' ? [] : [PROXY_NAMES['envoy-gateway']];
  const tier = property === OF_MEMBERS ? [] : ['SplitRouter.nginx()'];
  const able = [...others, ...tier];
  return able.length === 0 ? 'leave it out' : `use ${able.join(' or ')}`;
}

function sharersOf({ backends, matched = [], mirrors = [] }: DoorContext): Sharer[] {
  return [
    ...backends.slice(1).map(({ key, weight = 1 }): Sharer => ({ key, share: { kind: 'weight', percent: weight } })),
    ...matched.map(({ key, match }): Sharer => ({ key, share: { kind: 'match', match } })),
    ...mirrors.map(({ key, percent }): Sharer => ({ key, share: { kind: 'mirror', percent } })),
  ];
}

/** The part of the support table that a share needs. */
export function shareFeature(share: ShareModel): ProxyFeature {
  if (share.kind === 'weight') return 'weights';
  return share.kind === 'mirror' ? 'mirror' : MATCHES[share.match.kind];
}

const MATCHES = { header: 'splitByHeader', query: 'splitByQuery', cookie: 'splitByCookie' } as const;

/** What is not a version's. */
const OF_MEMBERS = 'weights';

function propertyOf({ key }: Sharer): string {
  return key === undefined ? OF_MEMBERS : `release.versions.${key}`;
}

/** The first thing that a door cannot share out so; undefined where it can do all of it. */
export function splitRefusal(
  door: ResolvedDoor,
  others: readonly Sharer[],
  traffic: SplitTraffic,
): SplitRefusal | undefined {
  for (const sharer of others) {
    const property = propertyOf(sharer);
    const feature = shareFeature(sharer.share);
    const impossible = refusal(door.kind, feature);
    if (impossible !== undefined) return { property, why: impossible, feature };
    const why = shareRefusal(door, sharer, others) ?? balancingRefusal(door, sharer, traffic);
    if (why !== undefined) return { property, why };
  }
  const last = others.at(-1);
  const why = last && numberRefusal(door, others);
  return why === undefined ? undefined : { property: propertyOf(last!), why };
}

/** Throws where what chooses a replica keeps a door from the weights of a canary. */
export function requireCanaryWeights(door: ResolvedDoor, traffic: SplitTraffic): void {
  const why = balancingRefusal(door, { key: 'canary', share: { kind: 'weight', percent: 1 } }, traffic);
  if (why === undefined) return;
  throw errors.notByEngine(
    'apiServer.traffic.loadBalancing',
    `Release.canary() by ${PROXY_NAMES[door.kind]}`,
    why,
    'leave it out, or use Release.blueGreen()',
  );
}

function shareRefusal(door: ResolvedDoor, { share, ...sharer }: Sharer, others: readonly Sharer[]): string | undefined {
  if ('targetGroupName' in door.door && door.door.targetGroupName !== undefined) {
    return "a target group has the pods of one Service, and whoever made it shares requests out, with 'targetGroupName'";
  }
  if (share.kind === 'match') {
    const twin = others.find((other) => other.key !== sharer.key && alike(door, share, other.share));
    if (twin !== undefined) return `it takes the same requests as ${propertyOf(twin)}, and one of the two gets none`;
  }
  switch (door.kind) {
    case 'envoy-gateway':
    case 'gateway-api':
      return routeRefusal(door, door.door as GatewayDoor, share);
    case 'ingress-nginx':
      return share.kind === 'match' ? ingressRefusal(share.match) : undefined;
    case 'application-load-balancer':
      return share.kind === 'match' ? conditionRefusal(share.match) : undefined;
    default:
      return undefined;
  }
}

/** AWS compares without regard to case, and names of headers have none anywhere. */
function alike({ kind }: ResolvedDoor, { match }: Extract<ShareModel, { kind: 'match' }>, other: ShareModel): boolean {
  if (other.kind !== 'match' || other.match.kind !== match.kind) return false;
  const anyCase = kind === 'application-load-balancer';
  const [mine, its] = [match, other.match].map(({ name, value }) => ({
    name: anyCase || match.kind === 'header' ? name.toLowerCase() : name,
    value: anyCase ? value.toLowerCase() : value,
  }));
  return mine!.name === its!.name && mine!.value === its!.value;
}

/** Names of headers and of parameters alike. */
const ROUTE_NAME = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/;
const MAX_HEADER_VALUE = 4096;
const MAX_QUERY_VALUE = 1024;
/** With the name: Envoy refuses a larger pattern, and all routes with it, unless it is told otherwise as it starts. */
const MAX_COOKIE = 80;

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch */
function routeRefusal({ kind }: ResolvedDoor, door: GatewayDoor, share: ShareModel): string | undefined {
  if (share.kind === 'weight') return undefined;
  if (door.grpcPort !== undefined) {
    if (share.kind === 'mirror') {
      return kind === 'envoy-gateway' ? undefined : 'copies of gRPC are no part of what implementations are tested for';
    }
    if (share.match.kind !== 'header') return 'a route of gRPC tells requests by their headers alone';
  }
  if (share.kind === 'mirror') return undefined;
  const { name, value, kind: by } = share.match;
  if (!ROUTE_NAME.test(name)) return `Gateway API takes no name ${JSON.stringify(name)}`;
  if (by === 'cookie') {
    const length = name.length + value.length;
    return length <= MAX_COOKIE ? undefined : `Envoy takes ${MAX_COOKIE} characters of name and value, not ${length}`;
  }
  const most = by === 'header' ? MAX_HEADER_VALUE : MAX_QUERY_VALUE;
  if (value.length > most) return `Gateway API takes values of ${most} characters at most, not ${value.length}`;
  if (kind !== 'envoy-gateway' || by !== 'header') return undefined;
  if (name.includes('_')) return 'Envoy Gateway answers 400 to all requests that have a header with _';
  const { clientIdHeader } = door.authentication ?? {};
  return clientIdHeader?.toLowerCase() === name.toLowerCase()
    ? 'the door sets this header after it has chosen a version, from what the client sends itself'
    : undefined;
}

/** What the controller lets into its configuration; of any other value it takes none, and looks for `always`. */
const ANNOTATION = /^[-._~A-Za-z0-9/:]+$/;
const ANNOTATION_VALUE = /^[-._~A-Za-z0-9/:]+( +[-._~A-Za-z0-9/:]+)*$/;

/** The one value of a cookie that leads to a canary. */
export const CANARY_COOKIE = 'always';

/** @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary */
function ingressRefusal({ kind, name, value }: RequestMatchModel): string | undefined {
  if (kind === 'cookie') {
    if (value !== CANARY_COOKIE) return `it knows a cookie by the value ${CANARY_COOKIE} alone`;
    return ANNOTATION.test(name) ? undefined : `it takes no cookie ${JSON.stringify(name)}`;
  }
  // nginx drops headers with other letters, those with _ by default.
  if (!/^[-A-Za-z0-9]+$/.test(name)) return `it sees no header ${JSON.stringify(name)}`;
  return ANNOTATION_VALUE.test(value) ? undefined : `it takes no value ${JSON.stringify(value)}`;
}

const MAX_CONDITION_NAME = 40;
const MAX_CONDITION = 128;

/**
 * Wildcards cannot be told from letters in headers, and the host has a condition of its own.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_HttpHeaderConditionConfig.html
 */
function conditionRefusal({ kind, name, value }: RequestMatchModel): string | undefined {
  const longest = kind === 'header' ? MAX_CONDITION_NAME : MAX_CONDITION;
  if (name.length > longest) return `AWS takes names of ${longest} characters at most`;
  if (value.length > MAX_CONDITION) return `AWS takes values of ${MAX_CONDITION} characters at most`;
  if (kind === 'header' && name.toLowerCase() === 'host') return 'AWS takes no condition on the header host';
  const wild = /[*?\\]/.test(kind === 'query' ? name + value : value);
  return wild ? 'AWS takes * and ? for any characters' : undefined;
}

/** Where what chooses a replica, or counts requests, does not go together with sharing them out. */
function balancingRefusal(
  { kind }: ResolvedDoor,
  { key, share }: Sharer,
  { loadBalancing, rateLimit }: SplitTraffic,
): string | undefined {
  if (share.kind === 'mirror') return undefined;
  if (kind === 'envoy-gateway') {
    if (share.kind === 'weight' && loadBalancing?.kind === 'hash') {
      return 'it leaves weights out where it balances by a hash, and takes replicas of all versions alike';
    }
    if (share.kind === 'match' && rateLimit !== undefined) return 'each rule of a route has a rate limit of its own';
  }
  if (loadBalancing?.kind !== 'hash' || loadBalancing.by.kind !== 'cookie') return undefined;
  // Its own cookie says which Ingress it is of, and AWS binds clients to target groups by another one.
  const bound = kind === 'ingress-nginx' && loadBalancing.by.ttlSeconds !== undefined;
  const grouped = kind === 'application-load-balancer' && share.kind === 'weight' && key !== undefined;
  return bound || grouped
    ? 'a client with the cookie of its load balancing stays with the version that it met first, whatever the weights are then'
    : undefined;
}

/** Of one rule. */
const MAX_WEIGHTED: { readonly [kind in ProxyKind]?: number } = {
  'envoy-gateway': 16,
  'gateway-api': 16,
  'application-load-balancer': 5,
};

/** Of one route, without that of all requests; and filters of a rule without the one that takes headers off. */
const MAX_MATCHED = 15;
const MAX_MIRRORS = 15;

function numberRefusal({ kind }: ResolvedDoor, others: readonly Sharer[]): string | undefined {
  const count = (of: ShareModel['kind']) => others.filter(({ share }) => share.kind === of).length;
  const weighted = 1 + count('weight');
  const most = MAX_WEIGHTED[kind] ?? weighted;
  if (weighted > most) return `it shares requests among ${most} Services at most, not ${weighted}`;
  if (kind === 'ingress-nginx' && others.length > 1)
    return `it has one version beside the main one, not ${others.length}`;
  if (kind !== 'envoy-gateway' && kind !== 'gateway-api') return undefined;
  if (count('match') > MAX_MATCHED) return `a route has ${MAX_MATCHED} rules with a match at most`;
  return count('mirror') > MAX_MIRRORS ? `a rule has ${MAX_MIRRORS} copies at most` : undefined;
}
