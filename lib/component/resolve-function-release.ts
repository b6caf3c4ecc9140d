import { PROXY_NAMES } from '../exposure/proxy-support';
import { requireDnsLabel } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import { RollingPreset } from '../release/rolling';
import { MAIN_VERSION, type RevisionModel } from './component-model';
import type { FunctionEngineModel } from './function-model';
import type { FunctionScalingOptions } from './function-options';
import type { RollingReleaseOptions, SplitReleaseOptions } from './release';
import {
  enginesWhere,
  FUNCTION_SUPPORT,
  type FunctionRelease,
  notBy,
  resolveFunctionOptions,
} from './resolve-function';
import { type DeploymentIntent, type PlannedVersions, planRelease } from './resolve-release';
import { ENGINE_NAMES } from './resolve-scaling';
import { type SharedVersion, sharedVersions, type Version } from './version';
import type { VersionInput } from './version-input';
import type { Warning } from './warning';

/** The versions of a function, before their components are looked at. */
export interface FunctionPlan extends Omit<PlannedVersions, 'earlier'> {
  readonly engine: FunctionEngineModel;
  /** What Knative calls the function's own version; undefined with other engines, and where nobody gave it a name. */
  readonly revision?: RevisionModel;
  /** Whether nothing says which revision of Knative was before: what that calls and mounts would go with its definition. */
  readonly previousUnknown: boolean;
}

/** Which versions a function has, what each is called, and who shares requests out; throws where its engine cannot. */
export function planFunction(intent: DeploymentIntent, scaling: FunctionScalingOptions): FunctionPlan {
  const { owner, namespace, profile, own } = intent;
  const { engine } = resolveFunctionOptions(scaling, {
    name: owner,
    namespace,
    entry: own.bento._model.services[own.bento.entryService]!,
    cluster: profile._model,
  });
  requireRelease(intent, engine);
  // Who shares requests out is settled: the interceptor and Knative have no tier before them.
  const { earlier, ...plan } = planRelease({ ...intent, router: { kind: 'doors' } });
  const previous = previousIn(intent);
  const named = engine === 'knative' && (intent.versionKey !== undefined || previous !== undefined);
  const made = (input: VersionInput): VersionInput => functionVersion(intent, input, scaling, named);
  const mine = made(plan.own);
  return {
    ...plan,
    engine,
    own: mine,
    others: [...plan.others, ...(earlier === undefined ? [] : [earlier])].map(made),
    active: mine,
    warnings: engine === 'keda-http' ? unserved(intent) : [],
    ...(named && { revision: revisionOf(owner, plan) }),
    previousUnknown: named && plan.split === undefined && previous === undefined,
  };
}

function previousIn({ release }: DeploymentIntent): Version | undefined {
  return release.kind === 'rolling' ? release.options.previous : undefined;
}

/** Versions that nobody is led to yet. */
function unserved({ release, owner, namespace, profile }: DeploymentIntent): Warning[] {
  if (release.kind !== 'split') return [];
  return sharedVersions(release.options.versions).flatMap(({ key, property, options }) => {
    if (options.serving === true) return [];
    const url = `http://${owner}-${key}.${namespace}:${profile._model.kedaHttpAddOn!.interceptor.port}`;
    return [
      {
        id: 'EntersWithoutRequests',
        text: `'${property}' gets no requests yet but those to ${url}: to lead others to it, state \`serving\` of ${key}`,
      },
    ];
  });
}

/** A version of a function scales as the function says; its targets may be those of its own Bento. */
function functionVersion(
  { namespace, profile }: DeploymentIntent,
  input: VersionInput,
  scaling: FunctionScalingOptions,
  named: boolean,
): VersionInput {
  const { owner, version, bento, root, rootOptions, versionPrefix = '' } = input;
  if (rootOptions.scaling !== undefined) {
    throw errors.conflictingOptions(
      `${versionPrefix}apiServer.scaling`,
      'maxReplicas',
      'a function scales by its own options',
    );
  }
  return {
    ...input,
    // One Service of Knative has the pods of all versions. What they are must not change with the release: Knative would
    // refuse it under the same name.
    ...(named && { rootVersion: MAIN_VERSION, waitsForPools: true }),
    function: resolveFunctionOptions(scaling, {
      name: version.key === MAIN_VERSION.key ? owner : `${owner}-${version.key}`,
      namespace,
      entry: bento.services[root]!,
      cluster: profile._model,
    }),
  };
}

function requireRelease(intent: DeploymentIntent, engine: FunctionEngineModel): void {
  const { release } = intent;
  if (release.kind === 'rolling') requireRolling(release.options, engine);
  else if (release.kind === 'split') requireSplitBy(intent, engine, release.options);
  else throw notBy('release', engine, WHY_NOT[release.kind][engine], INSTEAD[engine]);
}

const NO_PREVIEW = 'its version before and its own would both wake by the same metrics';

/** Why a release cannot be that of a function. */
const WHY_NOT: {
  readonly [kind in 'canary' | 'blue-green' | 'manual-blue-green']: {
    readonly [engine in FunctionEngineModel]: string;
  };
} = {
  canary: {
    'keda-http':
      'a version that sleeps has no pods to shift requests from or to measure, and Argo Rollouts waits for some',
    knative: 'it makes its Deployments itself, which Argo Rollouts cannot own',
    hpa: 'a version that sleeps has no pods to shift requests from or to measure, and Argo Rollouts waits for some',
  },
  'blue-green': {
    'keda-http': 'Argo Rollouts promotes pods that are ready, and one that sleeps has none',
    knative: 'it makes its Deployments itself, which Argo Rollouts cannot own',
    hpa: 'Argo Rollouts promotes pods that are ready, and one that sleeps has none',
  },
  'manual-blue-green': {
    'keda-http': 'the interceptor, not the selector of a Service, leads to its pods',
    knative: 'it has one template of pods at a time, and revisions that were made of earlier ones',
    hpa: NO_PREVIEW,
  },
};

const INSTEAD: { readonly [engine in FunctionEngineModel]: string } = {
  'keda-http': 'use Release.split(), where each version sleeps and wakes by itself, or a BentoDeployment',
  knative: 'use Release.split(), whose weights are those of its revisions, or a BentoDeployment',
  hpa: 'use Release.rolling(), or a BentoDeployment',
};

function requireRolling({ previous, ...options }: RollingReleaseOptions, engine: FunctionEngineModel): void {
  if (previous !== undefined && engine !== 'knative') {
    throw notBy(
      'release.previous',
      engine,
      'its pools are replaced in place',
      `leave it out${can(engine, 'weights') ? ', or use Release.split(), where each version has pools of its own' : ''}`,
    );
  }
  if (options.preset === RollingPreset.RECREATE && !can(engine, 'recreate')) {
    throw notBy(
      'release',
      engine,
      'it starts a revision beside the old one, which stays until the new one is ready, so Release.recreate() is not to be had',
      `leave it out, or ${enginesWhere((support) => support.releases.includes('recreate'))}`,
    );
  }
  const stated = sortedEntries(options).find(([, value]) => value !== undefined);
  if (stated === undefined || can(engine, 'rollingOptions')) return;
  throw notBy(
    `release.${stated[0]}`,
    engine,
    'it starts a revision beside the old one, and moves all requests when it is ready',
    `leave it out, state \`rolling\` of its pools, or ${enginesWhere((support) => support.releases.includes('rollingOptions'))}`,
  );
}

function can(engine: FunctionEngineModel, what: FunctionRelease): boolean {
  return FUNCTION_SUPPORT[engine].releases.includes(what);
}

function requireSplitBy(intent: DeploymentIntent, engine: FunctionEngineModel, options: SplitReleaseOptions): void {
  const { stickyBy, router } = options;
  if (engine === 'hpa') {
    throw notBy(
      'release',
      engine,
      NO_PREVIEW,
      enginesWhere(({ releases }) => releases.includes('weights')),
    );
  }
  if (stickyBy !== undefined) {
    throw notBy(
      'release.stickyBy',
      engine,
      'what tells its versions apart knows no hash of a request',
      'leave it out, or use a BentoDeployment',
    );
  }
  if (router !== undefined && (router._model.kind === 'nginx' || engine === 'knative')) {
    throw notBy('release.router', engine, SHARED_BY[engine], 'leave it out');
  }
  const versions = sharedVersions(options.versions);
  for (const version of versions) requireShare(engine, version);
  if (engine === 'knative') requireRevisions(intent, versions);
  else requireDoors(intent, versions);
}

const SHARED_BY = {
  'keda-http': 'its gateway shares requests out, and says in a header to the interceptor which version is meant',
  knative: 'it shares requests out itself',
} as const;

function requireShare(engine: 'keda-http' | 'knative', { property, share }: SharedVersion): void {
  if (share.kind === 'match' && !can(engine, 'matches')) {
    throw notBy(
      property,
      engine,
      'it tells revisions apart by their hosts alone, and each version of a split has one: that of its tag',
      `use Version.weighted(), or ${enginesWhere(({ releases }) => releases.includes('matches')).replace('use ', '')}`,
    );
  }
  if (share.kind !== 'mirror') return;
  throw notBy(
    property,
    engine,
    engine === 'knative'
      ? 'it makes no copies'
      : 'a copy has the header of the version that answers, and the interceptor would give it to that one once more',
    'use Version.weighted(), or a BentoDeployment',
  );
}

/** Of the two kinds of gateways one is sure to set a header by the backend that it has chosen. */
function requireDoors({ doors }: DeploymentIntent, versions: readonly SharedVersion[]): void {
  if (doors.every(({ kind }) => kind === 'in-cluster')) {
    throw notBy(
      'release.versions',
      'keda-http',
      'callers inside the cluster reach its own version, and nothing shares their requests out',
      'use Exposure.gateway() with Gateway.envoyGateway(), or FunctionEngine.knative()',
    );
  }
  const weighted = versions.find(({ share }) => share.kind === 'weight');
  if (weighted === undefined || doors.every(({ kind }) => kind !== 'gateway-api')) return;
  throw errors.notByEngine(
    weighted.property,
    `a function by ${ENGINE_NAMES['keda-http']} behind ${PROXY_NAMES['gateway-api']}`,
    'the interceptor knows a version by a header, and Gateway API leaves it to implementations to set one by the backend',
    'use Gateway.envoyGateway(), or Version.matched()',
  );
}

/** What Knative takes as a tag, beside our own rules of keys. */
const TAG = /^[a-z]/;

function requireRevisions({ owner, versionKey }: DeploymentIntent, versions: readonly SharedVersion[]): void {
  if (versionKey === undefined) {
    throw errors.missingOption(
      'versionKey',
      `for Release.split() of a function by ${ENGINE_NAMES.knative}`,
      'revisions are called after it: state it for what runs now, apply, and state another for the new version',
    );
  }
  for (const { key, property } of [{ key: versionKey, property: 'versionKey' }, ...versions]) {
    if (!TAG.test(key)) {
      throw errors.invalidName(property, `a key that begins with a letter, for ${ENGINE_NAMES.knative}`, key);
    }
    requireDnsLabel(property, taggedName(key, owner));
  }
  for (const { property, share, options } of versions) {
    if (share.kind !== 'weight' || share.percent === 0 || options.serving === true) continue;
    throw errors.missingOption(
      `${property}.serving`,
      `for a function by ${ENGINE_NAMES.knative}`,
      'what stands beside its own version is a revision that is there already: state `serving: true`, or a weight of 0',
    );
  }
}

/** What Knative calls the pods of a version: it takes names that begin with that of their Service. */
function revisionName(name: string, versionKey: string): string {
  return `${name}-${versionKey}`;
}

/** How the host of a revision with a tag begins, and what its Service is called, unless Knative is told otherwise. */
function taggedName(tag: string, name: string): string {
  return `${tag}-${name}`;
}

/** Only for versions with a key: Knative counts other revisions itself, for a name of ours would have to change with all. */
function revisionOf(owner: string, { own: { version }, split }: Pick<PlannedVersions, 'own' | 'split'>): RevisionModel {
  const name = revisionName(owner, version.key);
  requireDnsLabel('versionKey', name);
  if (split === undefined) return { name };
  const others = split.model.others.map(({ key, share }) => ({
    revision: revisionName(owner, key),
    percent: share.kind === 'weight' ? share.percent : 0,
    tag: key,
  }));
  const rest = 100 - others.reduce((sum, { percent }) => sum + percent, 0);
  return { name, traffic: [{ revision: name, percent: rest, tag: version.key }, ...others] };
}
