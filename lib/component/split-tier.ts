import type { ClusterProfile } from '../cluster/cluster-profile';
import { requireDnsLabel } from '../internal/checks';
import { errors } from '../internal/errors';
import type { SplitModel } from '../release/split-model';
import { type NginxRouterModel, SPLIT_HEALTH_PATH } from '../release/split-router';
import type { SizeModel } from '../sizing/instance-size';
import { TIER_SIZE } from '../traffic/runner-proxy';
import type { ComponentModel, SplitUpstream } from './component-model';
import { requirePassed } from './door-rules';
import { doorProperty, type ResolvedDoor } from './doors';
import { drainOf } from './drain';
import { entranceBehind } from './entrance';
import { breakerWarnings, NGINX_USER, nginxUpstream, requireNginxDoors, requireNginxHop } from './nginx-hop';
import type { PodOptions } from './options';
import { headlessName } from './pool-hop';
import { answerThroughSplit, splitDiskBytes } from './split-times';
import { tier } from './tier';
import type { ResolvedComponent } from './version-input';
import type { Warning } from './warning';

/** A version that is asked, or gets copies. */
export interface SplitTierVersion {
  readonly key: string;
  /** What takes its requests: its API server, or the cache before that. */
  readonly model: ComponentModel;
  /** What stands before the properties of the version in messages: `release.versions.v2.`, or nothing. */
  readonly prefix?: string;
}

/** What a tier that shares requests out is made of. */
export interface SplitTierInput {
  /** What takes the requests of the deployment's own version. */
  readonly behind: ComponentModel;
  /** All versions, the deployment's own among them. */
  readonly versions: readonly SplitTierVersion[];
  readonly split: SplitModel;
  readonly router: NginxRouterModel;
  readonly doors: readonly ResolvedDoor[];
  /** Of the Service that doors and callers know. */
  readonly serviceName: string;
  readonly all: PodOptions;
  readonly profile: ClusterProfile;
}

/** What the tier of a deployment is called. */
export function splitName(owner: string): string {
  return `${owner}-split`;
}

/** What shares requests out among the versions of a deployment, before all of them. */
export function splitTier(input: SplitTierInput): ResolvedComponent {
  const { behind, split, router, doors, serviceName, all, profile } = input;
  const versions = [...input.versions].sort((a, b) => (a.key < b.key ? -1 : 1));
  const name = splitName(behind.owner);
  requireDnsLabel('name', name);
  if (behind.identity.namespace === undefined) {
    throw errors.namespaceNeeded('release', 'nginx asks for pods by their whole name');
  }
  for (const version of versions) requireVersion(version, doors);
  requireSplitHeaders(split, doors);
  const answer = answerThroughSplit(versions.map(({ model }) => model.answer));
  const { keepAliveSeconds, removalSeconds } = entranceBehind(doors, answer);
  const resolved = tier({
    behind,
    role: 'split',
    // Of no version: promoting one changes neither its selector nor its names.
    ofAllVersions: true,
    name,
    serviceName,
    servicePort: behind.servicePort,
    all,
    profile,
    program: { kind: 'nginx-split', split, upstreams: () => versions.map(upstreamOfVersion) },
    image: router.image,
    healthPath: SPLIT_HEALTH_PATH,
    answer,
    replicas: router.replicas,
    size: sizeOf(router, split),
    user: NGINX_USER,
    drain: drainOf(removalSeconds, Math.ceil(answer.total)),
    keepAliveSeconds,
  });
  return { ...resolved, warnings: [...versions.flatMap(statusWarnings), ...movingWarnings(split)] };
}

/** Throws where further doors that lead to the tier bring what it cannot take; anything else is let through. */
export function requireSplitDoors({ program }: ComponentModel, doors: readonly ResolvedDoor[]): void {
  if (program?.kind !== 'nginx-split') return;
  for (const { upstream } of program.upstreams()) {
    requireNginxDoors(propertyOf(), { loadBalancing: upstream.loadBalancing }, doors);
  }
  requireSplitHeaders(program.split, doors);
}

const REMEDY = 'share requests out by doors: SplitRouter.doors()';

function propertyOf(prefix = ''): string {
  return `${prefix}apiServer.traffic`;
}

function requireVersion({ model, prefix }: SplitTierVersion, doors: readonly ResolvedDoor[]): void {
  // Names of Services are shorter than those of Deployments.
  requireDnsLabel('name', headlessName(model.identity));
  requireNginxHop(propertyOf(prefix), model, REMEDY);
  requireNginxDoors(propertyOf(prefix), model.traffic, doors);
}

/** By what requests are told apart must pass the doors, which know nothing of it. */
function requireSplitHeaders({ others, stickyBy }: SplitModel, doors: readonly ResolvedDoor[]): void {
  const remedy = 'the header is gone when requests are shared out: name `clientIdHeader`, the id of the client';
  const asked = [
    ...(stickyBy === undefined ? [] : [{ ...stickyBy, property: 'release.stickyBy' }]),
    ...others.flatMap(({ key, share }) =>
      share.kind === 'match' ? [{ ...share.match, property: `release.versions.${key}` }] : [],
    ),
  ];
  for (const { kind, name, property } of asked) {
    if (kind !== 'header') continue;
    for (const door of doors) requirePassed(doorProperty(door), door, property, name, remedy);
  }
}

/** What a version keeps idle connections for is its own: it is the tier that closes them. */
function upstreamOfVersion({ key, model, prefix }: SplitTierVersion): SplitUpstream {
  const upstream = nginxUpstream(
    propertyOf(prefix),
    model,
    model.keepAliveSeconds,
    '`replicas` of SplitRouter.nginx()',
  );
  return { key, upstream, cached: model.identity.role === 'cache' };
}

const MIB = 2 ** 20;

function sizeOf({ size }: NginxRouterModel, split: SplitModel): SizeModel {
  const disk = splitDiskBytes(split);
  if (size === undefined) {
    const copies = split.others.some(({ share }) => share.kind === 'mirror');
    return copies ? { ...TIER_SIZE, ephemeralStorageBytes: disk } : TIER_SIZE;
  }
  if (size.ephemeralStorageBytes !== undefined && size.ephemeralStorageBytes < disk) {
    throw errors.outOfRange(
      'release.router.size.ephemeralStorage',
      `at least ${disk / MIB} MiB, which bodies of requests that are copied may take`,
      `${size.ephemeralStorageBytes / MIB} MiB`,
      'the pod would be evicted: raise it, or leave it out',
    );
  }
  return size;
}

function statusWarnings({ model, prefix }: SplitTierVersion): Warning[] {
  return breakerWarnings(propertyOf(prefix), model.traffic, 'a tier that shares requests out');
}

/** So many versions lie between two ends without pushing one another. */
const MOST_WITHOUT_MOVES = 2;

function movingWarnings({ others, stickyBy }: SplitModel): Warning[] {
  const weighted = others.filter(({ share }) => share.kind === 'weight').map(({ key }) => key);
  if (stickyBy === undefined || weighted.length <= MOST_WITHOUT_MOVES) return [];
  return [
    {
      id: 'SplitMovesKeys',
      text: `'release.stickyBy' shares keys out among ${weighted.join(', ')} and the deployment's own version: of more than ${MOST_WITHOUT_MOVES} versions one whose weight changes pushes keys of another to a third; have ${MOST_WITHOUT_MOVES} at a time where a user must not be moved`,
    },
  ];
}
