import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { cacheTier } from '../component/cache-tier';
import type { ComponentModel } from '../component/component-model';
import type { Hop, Path } from '../component/hops';
import type { ScaledComponentOptions } from '../component/options';
import type { Claim } from '../component/plan';
import { cacheHop, componentHop } from '../component/request-path';
import { resolveVersion } from '../component/resolve-version';
import type { ResolvedComponent, VersionInput } from '../component/version-input';
import { ApiServer } from './api-server';
import { ProxyTier } from './proxy-tier';
import { RunnerPool } from './runner-pool';
import { commonPaths, type VersionComponents } from './serving-tree';
import { dependencyPeers } from './shared-pools';

/** A version with all that serves it. */
export interface ServedVersion extends VersionComponents {
  /** What keeps answers of its API server, before it. */
  readonly cache?: ResolvedComponent;
}

/** Ways to the first hop of a version, without it; asked at synth. */
export type WaysIn = () => readonly Path[];

/** Fills in all that a version does not say. */
export function serveVersion(input: VersionInput): ServedVersion {
  const components = resolveVersion(input);
  const cache = cacheTier(components, input);
  return { input, components, ...(cache !== undefined && { cache }) };
}

/** What takes the requests of a version. */
export function entryOf({ cache, components }: ServedVersion): ComponentModel {
  return (cache ?? components[0]!).model;
}

/** The stations of a request within a version, up to its API server. */
export function entryHops({ cache, components }: ServedVersion): Hop[] {
  return [...(cache === undefined ? [] : [cacheHop(cache.model)]), componentHop(components[0]!.model)];
}

/** What the API server of a deployment's own version has beside others. */
export interface OwnApiServer {
  readonly hosts?: readonly Claim[];
  /** Versions whose pods are its own, too, until they are gone: they call their own pools. */
  readonly podsOf?: readonly ServedVersion[];
}

/** The API server of a version. */
export function emitApiServer(
  scope: Construct,
  version: ServedVersion,
  waysIn: WaysIn,
  profile: ClusterProfile,
  { hosts = [], podsOf = [] }: OwnApiServer = {},
): ApiServer {
  const { components, cache, input } = version;
  const root = components[0]!;
  const own = input.rootOptions;
  return ApiServer._create(
    scope,
    root,
    {
      incoming: () => [
        ...waysIn().map((path) => [...path, ...entryHops(version)]),
        ...commonPaths(root, profile, cache === undefined ? outermost(input) : {}),
      ],
      to: () =>
        own.allowTo && [
          ...[version, ...podsOf].flatMap((served) => dependencyPeers(served.components[0]!, served.components)),
          ...own.allowTo.map((peer) => peer._model),
        ],
      callers: () => [],
      hosts,
    },
    profile,
  );
}

/** Whom the user lets in comes to the first of what stands before the pods. */
function outermost({ rootOptions, behindSplit }: VersionInput): ScaledComponentOptions {
  return behindSplit?.inPath === true ? {} : rootOptions;
}

/** What keeps answers of a version, before its API server. */
export function emitCache(
  scope: Construct,
  version: ServedVersion,
  waysIn: WaysIn,
  profile: ClusterProfile,
): ProxyTier | undefined {
  const { cache, components, input } = version;
  if (cache === undefined) return undefined;
  const peers = [{ podLabels: components[0]!.model.identity.selector }];
  const incoming = () => [
    ...waysIn().map((path) => [...path, cacheHop(cache.model)]),
    ...commonPaths(cache, profile, outermost(input)),
  ];
  return ProxyTier._create(scope, tierId(cache), cache, { incoming, to: () => peers, callers: () => [] }, profile);
}

/** With a character that no service has in its name. */
export function tierId({ bentoService }: ResolvedComponent): string {
  return `ProxyTier:${bentoService}`;
}

/** The runner pools of a version. */
export function emitPools(scope: Construct, { components, input }: ServedVersion): RunnerPool[] {
  return components.slice(1).map((resolved) => RunnerPool._ofDeployment(scope, { resolved, all: components, input }));
}
