import { requireDnsLabel } from '../internal/checks';
import { digest } from '../internal/digest';
import { errors } from '../internal/errors';
import { CACHE_HEALTH_PATH, CacheSharing, type ResponseCacheModel, requireKept } from '../traffic/response-cache';
import type { TrafficIntent } from '../traffic/traffic-policy';
import { answerThroughCache, lockSeconds } from './cache-times';
import type { CacheProgram, ComponentModel } from './component-model';
import { requirePassed } from './door-rules';
import { doorProperty, type ResolvedDoor } from './doors';
import { drainOf } from './drain';
import { outerEntrance } from './entrance';
import { breakerWarnings, NGINX_USER, nginxUpstream, requireNginxDoors, requireNginxHop } from './nginx-hop';
import { headlessName } from './pool-hop';
import { tier } from './tier';
import type { ResolvedComponent, VersionInput } from './version-input';
import type { Warning } from './warning';

const PROPERTY = 'apiServer.traffic';

/** What keeps answers of an API server, before it; undefined where nobody asks for it. */
export function cacheTier(
  components: readonly ResolvedComponent[],
  input: VersionInput,
): ResolvedComponent | undefined {
  const { cache, doors, all, profile, rootOptions, entryService } = input;
  if (cache === undefined) return undefined;
  const { model: root } = components[0]!;
  requireCarried(root, cache, doors);
  const answer = answerThroughCache(root.answer);
  const { keepAliveSeconds, removalSeconds } = outerEntrance(input, answer);
  const name = cacheName(root);
  const resolved = tier({
    behind: root,
    role: 'cache',
    name,
    serviceName: rootOptions.adopt?.serviceName ?? entryService ?? root.identity.name,
    servicePort: root.servicePort,
    all,
    profile,
    program: {
      kind: 'nginx',
      upstream: () => nginxUpstream(PROPERTY, root, root.keepAliveSeconds, '`replicas` of the cache'),
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
    ...(input.behindSplit && { proxied: true, headlessOf: input.behindSplit.name }),
  });
  return {
    ...resolved,
    warnings: [...breakerWarnings(PROPERTY, root.traffic, 'a cache'), ...pathWarnings(root, cache)],
  };
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

/** Throws where nginx cannot carry what the user asks of the hop to the pods, or what a door brings. */
function requireCarried(root: ComponentModel, cache: ResponseCacheModel, doors: readonly ResolvedDoor[]): void {
  const { identity, contract, series } = root;
  if (identity.namespace === undefined) {
    throw errors.namespaceNeeded('cache', 'nginx asks for pods by their whole name');
  }
  for (const path of cache.paths) requireKept(path, [...series.probePaths, contract.metricsPath]);
  requireNginxHop(PROPERTY, root, 'leave out `cache`');
  requireDoors(cache, root.traffic, doors);
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

/** Throws where doors bring what nginx does not take, or keep from it what the cache and the hop behind it go by. */
function requireDoors(cache: ResponseCacheModel, traffic: TrafficIntent, doors: readonly ResolvedDoor[]): void {
  requireNginxDoors(PROPERTY, traffic, doors);
  requireIdentity(cache, doors);
  const remedy = 'the header is gone when the cache is asked: name `clientIdHeader`, the id of the client';
  for (const door of doors) {
    for (const name of cache.identityHeaders) {
      requirePassed(doorProperty(door), door, 'cache.identityHeaders', name, remedy);
    }
  }
}

/** Lets further doors lead to a cache that is not rendered yet; anything else stays as it is. */
export function widenCache(model: ComponentModel, doors: readonly ResolvedDoor[]): void {
  const { program } = model;
  if (program?.kind !== 'nginx') return;
  const { cache } = program;
  requireDoors(cache, { loadBalancing: program.upstream().loadBalancing }, doors);
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
