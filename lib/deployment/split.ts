import type { Construct } from 'constructs';
import type { DoorBackend, MatchedBackend, MirrorBackend } from '../component/door';
import type { Path } from '../component/hops';
import { splitHop } from '../component/request-path';
import type { DeploymentIntent, PlannedVersions } from '../component/resolve-release';
import { splitName, splitTier } from '../component/split-tier';
import type { ResolvedComponent } from '../component/version-input';
import type { FrontInput } from './front';
import { ProxyTier } from './proxy-tier';
import { commonPaths } from './serving-tree';
import { entryOf, type ServedVersion, tierId } from './version-parts';

/** What shares requests out among versions, as pods of its own. */
export interface SplitTier {
  readonly resolved: ResolvedComponent;
  /** Whether requests pass it. */
  readonly inPath: boolean;
  /** Ways to it, and on to what it leads to. */
  readonly waysThrough: (ways: readonly Path[]) => readonly Path[];
  readonly emit: (scope: Construct, waysIn: () => readonly Path[]) => ProxyTier;
}

/** The tier of nginx before all versions, where the release has one. */
export function splitTierOf(
  { owner, all, doors, profile }: DeploymentIntent,
  { split }: PlannedVersions,
  own: ServedVersion,
  others: readonly ServedVersion[],
): SplitTier | undefined {
  if (split?.router.kind !== 'nginx') return undefined;
  const asked = others.filter(({ input }) => split.model.others.some(({ key }) => key === input.version.key));
  const versions = [own, ...asked];
  const { rootOptions } = own.input;
  const resolved = splitTier({
    behind: entryOf(own),
    versions: versions.map((version) => ({
      key: version.input.version.key,
      model: entryOf(version),
      prefix: version.input.versionPrefix,
    })),
    split: split.model,
    router: split.router,
    doors,
    serviceName: split.inPath ? (rootOptions.adopt?.serviceName ?? owner) : splitName(owner),
    all,
    profile,
  });
  const waysThrough = (ways: readonly Path[]): Path[] => ways.map((path) => [...path, splitHop(resolved.model)]);
  const peers = versions.map((version) => ({ podLabels: entryOf(version).identity.selector }));
  return {
    resolved,
    inPath: split.inPath,
    waysThrough,
    emit: (scope, waysIn) => {
      const incoming = () => [...waysThrough(waysIn()), ...commonPaths(resolved, profile, rootOptions)];
      return ProxyTier._create(
        scope,
        tierId(resolved),
        resolved,
        { incoming, to: () => peers, callers: () => [] },
        profile,
      );
    },
  };
}

/** Versions as doors tell them apart. */
export function splitBackends(
  { split }: PlannedVersions,
  own: ServedVersion,
  others: readonly ServedVersion[],
): Pick<FrontInput, 'backends' | 'versions'> {
  if (split === undefined) return {};
  const backendOf = (key: string): DoorBackend => {
    const version = others.find(({ input }) => input.version.key === key)!;
    const { identity, servicePort } = entryOf(version);
    return { key, service: identity.serviceName, port: servicePort };
  };
  const weighted: DoorBackend[] = [];
  const matched: MatchedBackend[] = [];
  const mirrors: MirrorBackend[] = [];
  for (const { key, share } of split.model.others) {
    const backend = backendOf(key);
    if (share.kind === 'weight') weighted.push({ ...backend, weight: share.percent });
    else if (share.kind === 'match') matched.push({ key, match: share.match, backend });
    else mirrors.push({ key, backend, percent: share.percent });
  }
  const { identity, servicePort } = entryOf(own);
  const rest = 100 - weighted.reduce((sum, { weight }) => sum + weight!, 0);
  const first: DoorBackend = { key: split.model.own, service: identity.serviceName, port: servicePort };
  return {
    backends: weighted.length === 0 ? [first] : [{ ...first, weight: rest }, ...weighted],
    versions: { ...(matched.length > 0 && { matched }), ...(mirrors.length > 0 && { mirrors }) },
  };
}
