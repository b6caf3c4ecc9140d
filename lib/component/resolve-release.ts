import { dependenciesOf } from '../bento/bento-graph';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { PROXY_NAMES } from '../exposure/proxy-support';
import { requireResolved, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import type { Region } from '../placement/region';
import { rollingIntent } from '../release/rolling';
import type { RequestMatchModel, SplitModel } from '../release/split-model';
import { SplitRouter, type SplitRouterModel } from '../release/split-router';
import type { ResponseCacheModel } from '../traffic/response-cache';
import { trafficIntent } from '../traffic/traffic-policy';
import { MAIN_VERSION, type VersionModel } from './component-model';
import { doorProperty, type ResolvedDoor } from './doors';
import type { PodOptions } from './options';
import type { ReleaseIntent, SplitReleaseOptions } from './release';
import { runnerModels } from './runner';
import { chooseRouter } from './split-router-choice';
import { requireNoTasks } from './split-tasks';
import { requireOneTraffic } from './split-traffic';
import { type PreviousIntent, previousOf, type SharedVersion, sharedVersions, type Version } from './version';
import { requireOwnObjects, requireSwitched, withDefaults } from './version-defaults';
import { isOwnPool, type VersionInput } from './version-input';
import type { VersionOptions } from './version-options';
import type { Warning } from './warning';

/** A deployment as the user said it: what its versions have in common, its own version, and how that takes over. */
export interface DeploymentIntent {
  readonly owner: string;
  readonly namespace?: string;
  /** The part of the cluster that its pods are bound to; undefined: all of it. */
  readonly region?: Region;
  readonly profile: ClusterProfile;
  readonly all: PodOptions;
  readonly own: VersionOptions;
  readonly versionKey?: string;
  readonly doors: readonly ResolvedDoor[];
  readonly cache?: ResponseCacheModel;
  readonly terminated: boolean;
  readonly release: ReleaseIntent;
  /** Who shares requests out, where that is not to be chosen. */
  readonly router?: SplitRouterModel;
}

/** Who shares requests out among versions. */
export interface SplitPlan {
  readonly model: SplitModel;
  readonly router: SplitRouterModel;
  /** Whether a version is to get requests, and all pass who shares them out. */
  readonly inPath: boolean;
}

/** The versions of a deployment, before their components are looked at. */
export interface PlannedVersions {
  /** That of the deployment's own properties. */
  readonly own: VersionInput;
  /** Whole versions beside it, in the order of their keys. */
  readonly others: readonly VersionInput[];
  /** The version before, of which the pools alone are ours to keep. */
  readonly earlier?: VersionInput;
  /** The version that doors lead to. */
  readonly active: VersionInput;
  readonly split?: SplitPlan;
  readonly warnings: readonly Warning[];
}

const MAX_KEY_LENGTH = 20;

/** Which versions there are, and what each is called. */
export function planRelease(intent: DeploymentIntent): PlannedVersions {
  const { release } = intent;
  switch (release.kind) {
    case 'split':
      return splitPlan(intent, release.options);
    case 'manual-blue-green':
      return twoColors(intent, release.options);
    default:
      return inTurn(intent, release.options.previous);
  }
}

/** One version takes the place of another: what there is of the one before are its pools. */
function inTurn(intent: DeploymentIntent, previous: Version | undefined): PlannedVersions {
  const { release } = intent;
  const before = previous && previousOf('release.previous', previous);
  if (previous === undefined) {
    const pools = ownPools(version(intent, MAIN_VERSION, intent.own));
    // What is replaced in place has one set of pools.
    if (release.kind !== 'rolling' && pools.length > 0) throw errors.previousNeeded('release.previous', pools);
    if (release.kind !== 'rolling' && (intent.versionKey ?? MAIN_VERSION.key) !== MAIN_VERSION.key) {
      throw errors.conflictingOptions(
        'versionKey',
        `release (${release.kind})`,
        'its Rollout has the name of the deployment, and what runs under the key would go at once: leave the former out, after a split has led back to `main`',
      );
    }
    const own = version(intent, stable(ownKey(intent, MAIN_VERSION.key)), intent.own);
    // A Rollout holds pods of two versions.
    return alone(
      release.kind === 'rolling' ? own : { ...own, rootVersion: MAIN_VERSION, ...least(release, own, false) },
    );
  }
  const key = keyOf('versionKey', intent.versionKey, intent.own);
  const plain = version(intent, stable(key), intent.own);
  const own: VersionInput = {
    ...plain,
    rootVersion: MAIN_VERSION,
    waitsForPools: true,
    ...least(release, plain, before !== undefined),
  };
  if (before === undefined) return alone(own);
  requireOwnObjects(intent.own, before.options, []);
  const replaced = earlierVersion(intent, before, key);
  const earlier: VersionInput = {
    ...replaced,
    rootVersion: MAIN_VERSION,
    // What was replaced in place until now knew nothing of waiting: its pods stay as they are.
    ...(replaced.version.key !== MAIN_VERSION.key && { waitsForPools: true }),
  };
  requireRunning(intent, [earlier]);
  return { ...alone(own), earlier };
}

/** The least replicas while a release goes on, of pools beside those of the version before. */
function least(
  release: ReleaseIntent,
  { root }: VersionInput,
  besidePrevious: boolean,
): Pick<VersionInput, 'leastReplicas'> {
  if (release.kind !== 'canary' && release.kind !== 'blue-green') return {};
  const { runnerReplicas = {}, besideDeployment } = release.options;
  const otherwise = release.kind === 'blue-green' ? 'maximum' : undefined;
  return {
    leastReplicas: (service) => {
      // A Rollout beside a Deployment gets as many pods as requests may need once that is gone.
      if (service === root) return besideDeployment === true ? 'maximum' : undefined;
      return besidePrevious ? (runnerReplicas[service] ?? otherwise) : undefined;
    },
  };
}

/** Two versions, of which one takes the requests. */
function twoColors(
  intent: DeploymentIntent,
  { color, previous, promoted, fullSize = true }: Extract<ReleaseIntent, { kind: 'manual-blue-green' }>['options'],
): PlannedVersions {
  if (intent.versionKey !== undefined) {
    throw errors.conflictingOptions('versionKey', 'release.color', 'the colour is the key: leave the former out');
  }
  const before = previousOf('release.previous', previous);
  requireSwitched('apiServer', intent.own);
  const own = version(intent, stable(color), intent.own);
  if (before === undefined) {
    if (promoted === false) {
      throw errors.conflictingOptions(
        'release.promoted',
        'Version.absent()',
        'there is nobody else to answer: leave the former out',
      );
    }
    return alone({ ...own, entryService: intent.owner });
  }
  requireOwnObjects(intent.own, before.options, [intent.own.apiServer]);
  requireSwitched('release.previous.apiServer', before.options);
  const earlier = earlierVersion(intent, before, color);
  requireRunning(intent, [earlier]);
  const full: Pick<VersionInput, 'leastReplicas'> = fullSize ? { leastReplicas: () => 'maximum' } : {};
  const [active, preview] = promoted === true ? [own, earlier] : [earlier, own];
  const taking: VersionInput = { ...active, ...full, entryService: intent.owner };
  const waiting: VersionInput = {
    ...preview,
    ...full,
    version: { ...preview.version, role: 'preview' },
    entryService: previewName(intent.owner),
  };
  return {
    own: promoted === true ? taking : waiting,
    others: [promoted === true ? waiting : taking],
    active: taking,
    warnings: switchWarnings(intent.doors),
  };
}

/** Load balancers of clouds learn of other pods as of new targets, which they take for healthy only after a while. */
export function switchWarnings(doors: readonly ResolvedDoor[]): Warning[] {
  return doors
    .filter(({ kind }) => /load-balancer/.test(kind))
    .map((door) => ({
      id: 'TargetsSwitchedAtOnce',
      text: `'${doorProperty(door)}' (${PROXY_NAMES[door.kind]}) gets all of its targets replaced when requests go to the other version, and takes new ones for healthy only after their health checks: requests may fail until then; use Exposure.gateway(), whose proxies know the pods of both versions`,
    }));
}

/** Under what Service a version is reached that doors do not lead to yet. */
export function previewName(owner: string): string {
  return `${owner}-preview`;
}

function splitPlan(intent: DeploymentIntent, options: SplitReleaseOptions): PlannedVersions {
  const key = ownKey(intent, MAIN_VERSION.key);
  const versions = sharedVersions(options.versions);
  requireSharers(intent.own, key, versions, options);
  const entryOf = (of: string): string => `${intent.owner}-${of}`;
  const others = versions.map(
    ({ key: other, property, options: stated }): VersionInput => ({
      ...version(intent, { key: other, role: 'canary' }, withDefaults(stated, intent.own)),
      versionPrefix: `${property}.`,
      // The name of the deployment is that of its own version's Service.
      entryService: entryOf(other),
    }),
  );
  requireRunning(intent, others);
  const split = shareOut(intent, key, versions, options);
  const { inPath } = split;
  const tier = split.router.kind === 'nginx';
  const behindSplit = (of: string, led: boolean): Pick<VersionInput, 'behindSplit'> =>
    tier ? { behindSplit: { name: entryOf(of), inPath: led } } : {};
  const own: VersionInput = {
    ...version(intent, stable(key), intent.own),
    entryService: tier && inPath ? entryOf(key) : intent.owner,
    ...behindSplit(key, inPath),
  };
  return {
    own,
    others: others.map((other) => ({ ...other, ...behindSplit(other.version.key, true) })),
    active: own,
    split,
    warnings: versions
      .filter(({ options: { serving } }) => serving !== true)
      .map(({ key: other, property }) => ({
        id: 'EntersWithoutRequests',
        text: `'${property}' gets no requests yet: once its pods are ready, state \`serving\` of ${other}`,
      })),
  };
}

/** Throws where versions cannot share the requests. */
function requireSharers(
  own: VersionOptions,
  ownKeyOf: string,
  versions: readonly SharedVersion[],
  { stickyBy }: SplitReleaseOptions,
): void {
  for (const { key, property } of versions) {
    requireKey(property, key);
    if (key === ownKeyOf) throw errors.sameVersion(property, key);
  }
  if (versions.length === 0) {
    throw errors.emptyList('release.versions', 'leave Release.split() out where there is one version');
  }
  requireWeights(versions.flatMap(({ key: of, share }) => (share.kind === 'weight' ? [{ of, ...share }] : [])));
  if (stickyBy === undefined) requireNoTasks(own, versions);
  requireUnique(
    'release.versions',
    versions.flatMap(({ share }) => (share.kind === 'match' ? [matchText(share.match)] : [])),
    'of two versions with the same match one would get nothing',
  );
}

/** What each version gets, and from whom. */
function shareOut(
  { own, doors, cache, router: settled }: DeploymentIntent,
  ownKeyOf: string,
  versions: readonly SharedVersion[],
  { stickyBy, router: stated }: SplitReleaseOptions,
): SplitPlan {
  const common = { own: ownKeyOf, ...(stickyBy !== undefined && { stickyBy: stickyBy._model }) };
  // Chosen by what is wanted in the end, so that an edit that says `serving` changes nothing else.
  const wanted: SplitModel = { ...common, others: versions.map(({ key, share }) => ({ key, share })) };
  const traffic = trafficIntent('apiServer.traffic', own.apiServer?.traffic);
  const router = settled ?? chooseRouter(wanted, stated?._model, { doors, traffic }, SplitRouter.nginx()._model);
  if (settled === undefined) {
    requireOneTraffic(own, versions, { tiers: router.kind === 'nginx' || cache !== undefined });
  }
  const others = versions.flatMap(({ key, share, options: { serving } }) => {
    if (serving === true) return [{ key, share }];
    return share.kind === 'weight' ? [{ key, share: { ...share, percent: 0 } }] : [];
  });
  // The tier gets ready with the first version: no request passes it before one is to be led there.
  const inPath = versions.some(({ options: { serving } }) => serving === true);
  return { model: { ...common, others }, router, inPath };
}

/** Names of headers have no case. */
function matchText({ kind, name, value }: RequestMatchModel): string {
  return `${kind} ${kind === 'header' ? name.toLowerCase() : name}=${value}`;
}

function requireWeights(weights: readonly { readonly of: string; readonly percent: number }[]): void {
  const sum = weights.reduce((total, { percent }) => total + percent, 0);
  if (sum <= 100) return;
  throw errors.weightsOver(
    'release.versions',
    weights.map(({ of, percent }) => `${of}: ${percent}`),
    sum,
  );
}

function alone(own: VersionInput): PlannedVersions {
  return { own, others: [], active: own, warnings: [] };
}

function stable(key: string): VersionModel {
  return { key, role: 'stable' };
}

/** The deployment's own version is reached under the name of the deployment, whatever its key is. */
function version(intent: DeploymentIntent, of: VersionModel, options: VersionOptions): VersionInput {
  const { owner, namespace, region, profile, all, doors, cache, terminated, release } = intent;
  return {
    version: of,
    owner,
    namespace,
    ...(region !== undefined && { region }),
    profile,
    bento: options.bento._model,
    root: options.bento.entryService,
    rootRole: 'api-server',
    all,
    rootOptions: options.apiServer ?? {},
    rootPrefix: 'apiServer.',
    runners: runnerModels(options.runners),
    terminated,
    doors,
    ...(cache !== undefined && { cache }),
    ...(release.kind === 'rolling' && {
      rolling: { property: 'release', intent: rollingIntent('release', release.options) },
    }),
    ...(of.role === 'stable' && { entryService: owner }),
  };
}

function earlierVersion(intent: DeploymentIntent, { options }: PreviousIntent, ownKeyOf: string): VersionInput {
  const property = 'release.previous';
  const colors = intent.release.kind === 'manual-blue-green';
  const key =
    colors && options.versionKey === undefined
      ? otherColor(ownKeyOf)
      : keyOf(`${property}.versionKey`, options.versionKey, options);
  if (key === ownKeyOf) throw errors.sameVersion(property, key);
  return {
    ...version(intent, stable(key), withDefaults(options, intent.own)),
    versionPrefix: `${property}.`,
  };
}

function otherColor(color: string): string {
  return color === 'blue' ? 'green' : 'blue';
}

function ownPools({ bento, root, runners }: VersionInput): string[] {
  const isPool = (service: string): boolean => isOwnPool(runners[service]);
  return dependenciesOf(bento, root, (service) => !isPool(service)).filter(isPool);
}

function ownKey({ versionKey }: DeploymentIntent, otherwise: string): string {
  if (versionKey !== undefined) requireKey('versionKey', versionKey);
  return versionKey ?? otherwise;
}

/** The key of a version whose pools have a name of their own. */
function keyOf(property: string, stated: string | undefined, { bento }: VersionOptions): string {
  if (stated !== undefined) {
    requireKey(property, stated);
    return stated;
  }
  const { version: tag } = bento._model;
  if (tag !== undefined && isKey(tag)) return tag;
  throw errors.missingOption(
    property,
    `with a Bento whose version (${tag ?? 'none'}) is no DNS label of at most ${MAX_KEY_LENGTH} letters`,
    'state it: runner pools are called after it',
  );
}

function isKey(text: string): boolean {
  return text.length <= MAX_KEY_LENGTH && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

/** What else stands behind the name of a deployment. */
const RESERVED = ['cache', 'canary', 'headless', 'pods', 'preview', 'proxy', 'split'];

function requireKey(property: string, key: string): void {
  requireResolved(property, key);
  if (RESERVED.includes(key)) throw errors.reservedName(property, key);
  if (typeof key === 'string' && isKey(key)) return;
  throw errors.invalidName(
    property,
    `a DNS label of at most ${MAX_KEY_LENGTH} lower-case letters, digits and dashes`,
    key,
    'names end with it',
  );
}

function requireRunning({ terminated }: DeploymentIntent, others: readonly VersionInput[]): void {
  if (!terminated || others.length === 0) return;
  throw errors.terminatedDuringRelease(others.map(({ version: { key } }) => key));
}
