import { PORT } from '../bento/container-contract';
import { requireSupport } from '../exposure/proxy-support';
import { requireDnsLabel } from '../internal/checks';
import { digest } from '../internal/digest';
import { errors } from '../internal/errors';
import { BreakerStatuses } from '../traffic/circuit-breaker';
import { NGINX_VARIABLE } from '../traffic/http-names';
import type { LoadBalancingModel } from '../traffic/load-balancing';
import { CACHE_HEALTH_PATH, CacheSharing, type ResponseCacheModel, requireKept } from '../traffic/response-cache';
import type { TrafficIntent } from '../traffic/traffic-policy';
import type { UpstreamModel } from '../traffic/upstream';
import { answerThroughCache, cacheTimeouts, lockSeconds } from './cache-times';
import type { CacheProgram, ComponentModel } from './component-model';
import { BY_CLIENT, hashedHeader, requirePassed } from './door-rules';
import { doorProperty, type ResolvedDoor } from './doors';
import { drainOf } from './drain';
import { entranceBehind } from './entrance';
import { headlessHost, headlessName } from './pool-hop';
import { DEFAULT_RETRIES, doorDemands, requireDemands, upstreamDemands, upstreamOf } from './resolve-traffic';
import { tier } from './tier';
import type { ResolvedComponent, VersionInput } from './version-input';
import type { Warning } from './warning';

/** The user and the group of the unprivileged images. */
const NGINX_USER = 101;

const PROPERTY = 'apiServer.traffic';

/** What keeps answers of an API server, before it; undefined where nobody asks for it. */
export function cacheTier(
  components: readonly ResolvedComponent[],
  { cache, doors, all, profile, rootOptions }: VersionInput,
): ResolvedComponent | undefined {
  if (cache === undefined) return undefined;
  const { model: root } = components[0]!;
  requireCarried(root, cache, doors);
  const answer = answerThroughCache(root.answer);
  const { keepAliveSeconds, removalSeconds } = entranceBehind(doors, answer);
  const name = cacheName(root);
  const resolved = tier({
    behind: root,
    role: 'cache',
    name,
    serviceName: rootOptions.adopt?.serviceName ?? root.identity.name,
    servicePort: root.servicePort,
    all,
    profile,
    program: {
      kind: 'nginx',
      upstream: () => upstreamOfCache(root, keepAliveSeconds),
      cache: { ...cache, identityHeaders: identityHeaders(cache, doors) },
      generation: generationOf(components),
      lockSeconds: lockSeconds(root.answer),
    },
    image: cache.image,
    healthPath: CACHE_HEALTH_PATH,
    answer,
    replicas: cache.replicas,
    size: cache.size,
    user: NGINX_USER,
    drain: drainOf(removalSeconds, Math.ceil(answer.total)),
    keepAliveSeconds,
  });
  return { ...resolved, warnings: [...statusWarnings(root.traffic), ...pathWarnings(root, cache)] };
}

/** What doors are left to do with requests: the rest is the cache's. */
export function trafficBeforeCache({ rateLimit }: TrafficIntent): TrafficIntent {
  return rateLimit === undefined ? {} : { rateLimit };
}

function cacheName({ identity }: ComponentModel): string {
  const name = `${identity.name}-cache`;
  requireDnsLabel('name', name);
  // Names of Services are shorter than those of Deployments.
  requireDnsLabel('name', headlessName(identity));
  return name;
}

function upstreamOfCache(
  { identity, cluster, traffic, answer }: ComponentModel,
  keepAliveSeconds: number,
): UpstreamModel {
  const { loadBalancing, retries = DEFAULT_RETRIES, circuitBreaker } = traffic;
  return upstreamOf({
    property: PROPERTY,
    name: identity.name,
    host: headlessHost(identity, cluster),
    port: PORT,
    traffic: {
      retries,
      ...(loadBalancing !== undefined && { loadBalancing }),
      ...(circuitBreaker !== undefined && { circuitBreaker }),
    },
    timeouts: cacheTimeouts(answer, retries.attempts, keepAliveSeconds),
    healthPath: CACHE_HEALTH_PATH,
    proxiesEntry: '`replicas` of the cache',
  });
}

/** Throws where nginx cannot carry what the user asks of the hop to the pods, or what a door brings. */
function requireCarried(
  { identity, traffic, contract, series }: ComponentModel,
  cache: ResponseCacheModel,
  doors: readonly ResolvedDoor[],
): void {
  if (identity.namespace === undefined) {
    throw errors.namespaceNeeded('cache', 'nginx asks for pods by their whole name');
  }
  for (const path of cache.paths) requireKept(path, [...series.probePaths, contract.metricsPath]);
  requireDemands(PROPERTY, 'nginx', upstreamDemands(traffic));
  const by = traffic.loadBalancing?.kind === 'hash' ? traffic.loadBalancing.by : undefined;
  if (by?.kind === 'cookie' && !NGINX_VARIABLE.test(by.name)) {
    throw errors.invalidName(
      `${PROPERTY}.loadBalancing`,
      'by a cookie of letters, digits and _, as nginx reads cookies',
      by.name,
      'name the cookie so, or leave out `cache`',
    );
  }
  requireHttp(doors);
  requireIdentity(cache, doors);
  requireHeaders(cache, traffic.loadBalancing, doors);
}

/** What takes credentials off must say who the client is: answers of one would be given to all. */
function requireIdentity({ sharing }: ResponseCacheModel, doors: readonly ResolvedDoor[]): void {
  if (sharing !== CacheSharing.PER_CLIENT) return;
  for (const resolved of doors) {
    const { door, kind } = resolved;
    const authentication = 'authentication' in door ? door.authentication : undefined;
    if (kind !== 'envoy-gateway' || authentication === undefined || authentication.clientIdHeader !== undefined)
      continue;
    throw errors.missingOption(
      `${doorProperty(resolved)}.authentication.clientIdHeader`,
      'with `cache`',
      'the door takes credentials off, so that clients would get the answers of one another: or state CacheSharing.ALL_CLIENTS',
    );
  }
}

/** What the cache and the hop behind it go by must pass the doors, which know nothing of either. */
function requireHeaders(
  { identityHeaders }: ResponseCacheModel,
  loadBalancing: LoadBalancingModel | undefined,
  doors: readonly ResolvedDoor[],
): void {
  const remedy = 'the header is gone when the cache is asked: name `clientIdHeader`, the id of the client';
  for (const door of doors) {
    const property = doorProperty(door);
    for (const name of hashedHeader(loadBalancing)) {
      requirePassed(property, door, `${PROPERTY}.loadBalancing`, name, BY_CLIENT);
    }
    for (const name of identityHeaders) requirePassed(property, door, 'cache.identityHeaders', name, remedy);
  }
}

function requireHttp(doors: readonly ResolvedDoor[]): void {
  for (const door of doors) {
    const property = doorProperty(door);
    for (const [name, feature] of doorDemands(door)) {
      if (feature === 'grpc') requireSupport(`${property}.${name}`, 'nginx', feature);
    }
  }
}

/** Lets further doors lead to a cache that is not rendered yet; anything else stays as it is. */
export function widenCache(model: ComponentModel, doors: readonly ResolvedDoor[]): void {
  const { program } = model;
  if (program?.kind !== 'nginx') return;
  requireHttp(doors);
  const { cache } = program;
  requireIdentity(cache, doors);
  requireHeaders(cache, program.upstream().loadBalancing, doors);
  const widened: CacheProgram = { ...program, cache: { ...cache, identityHeaders: identityHeaders(cache, doors) } };
  Object.assign(model, { program: widened } satisfies Partial<ComponentModel>);
}

/** Clients are told apart by whatever header a door has told them apart by. */
function identityHeaders(
  { sharing, identityHeaders: stated }: ResponseCacheModel,
  doors: readonly ResolvedDoor[],
): readonly string[] {
  if (sharing !== CacheSharing.PER_CLIENT) return stated;
  const known = doors.flatMap(({ door }) => {
    const authentication = 'authentication' in door ? door.authentication : undefined;
    const header = authentication?.kind === 'api-keys' ? authentication.header : undefined;
    return [header, authentication?.clientIdHeader].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
  });
  return [...new Set([...stated, ...known])].sort();
}

/** Everything of a version that may change its answers. */
function generationOf(components: readonly ResolvedComponent[]): string {
  const parts = components.map(({ bentoService, model: { contract, pod } }) => [
    bentoService,
    contract.image.reference,
    contract.env,
    contract.envFrom,
    pod.files,
    pod.volumes.map(({ claimName, volume }) => [claimName, volume]),
  ]);
  return digest(JSON.stringify(parts), 16);
}

/** Paths that would never be asked for; apps that the code mounts have others than the Bento states. */
function pathWarnings({ identity, contract, routes }: ComponentModel, { paths }: ResponseCacheModel): Warning[] {
  const prefix = contract.readyPath.slice(0, -'/readyz'.length);
  const known = routes?.map((route) => new RegExp(`^${route.replace(/[.]/g, '\\.').replace(/\{[^}]*\}/g, '[^/]+')}$`));
  return paths
    .filter((path) =>
      known === undefined ? !`${path}/`.startsWith(`${prefix}/`) : !known.some((route) => route.test(path)),
    )
    .map((path) => ({
      id: 'CachePathUnknown',
      text: `'cache.paths' names ${path}, ${
        routes === undefined
          ? `while all paths of ${identity.name} begin with ${prefix}`
          : `which is none of the routes of ${identity.name} (${routes.join(', ')})`
      }: unless an app that its code mounts has it, nothing is kept; name paths as clients ask for them`,
    }));
}

function statusWarnings({ circuitBreaker }: TrafficIntent): Warning[] {
  if (circuitBreaker?.ejection?.statuses !== BreakerStatuses.GATEWAY_ERRORS) return [];
  return [
    {
      id: 'BreakerCountsNoStatus',
      text: `'${PROPERTY}.circuitBreaker' counts connections that fail and answers that do not come: nginx, which carries it where there is a cache, counts no 502, 503 and 504`,
    },
  ];
}
