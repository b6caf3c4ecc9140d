import type { SplitReleaseOptions } from '../component/release';
import { sharedVersions } from '../component/version';
import type { ShareModel as RequestShare } from '../release/split-model';
import { type ReplicaRange, type ShareModel, StageEnd, type StageModel } from './release-stage';

/** A version, with the replicas of its API server. */
export interface StagedVersion {
  readonly key: string;
  readonly replicas?: ReplicaRange;
}

/** A version of a split as the user said it. */
interface Sharer extends StagedVersion {
  readonly share: RequestShare;
  readonly serving: boolean;
}

/** Versions side by side: every stage but the start of pods is an edit. */
export function splitStages(
  owner: string,
  own: StagedVersion,
  versions: readonly StagedVersion[],
  options: SplitReleaseOptions,
): StageModel[] {
  const sharers = sharedVersions(options.versions).map(
    ({ key, share, options: { serving } }): Sharer => ({
      key,
      share,
      serving: serving === true,
      ...versions.find((other) => other.key === key),
    }),
  );
  const waiting = sharers.filter(({ serving }) => !serving);
  const entering = waiting.length > 0;
  const [only, ...more] = sharers;
  const promoted = more.length === 0 ? only! : undefined;
  const common = { component: owner, gates: [], endsBy: StageEnd.EDIT };
  return [
    {
      ...common,
      name: 'enter',
      action: `pods of ${keys(entering ? waiting : sharers)} start, and get no requests`,
      shares: shared(
        own,
        sharers.map((version) => (entering && version.serving ? version : { ...version, share: NOTHING })),
      ),
      end: 'its pods are ready, and an edit says `serving: true`',
      failure: 'an edit leaves the version out: nobody has seen it',
      current: entering,
    },
    {
      ...common,
      name: 'share',
      action: `${keys(sharers)} ${more.length === 0 ? 'has its' : 'have their'} part of the requests`,
      shares: shared(own, sharers),
      end: 'an edit raises the weight, or promotes the version',
      failure: `an edit with weight 0, or without \`serving\`, gives its requests back to ${own.key} at once`,
      current: !entering,
    },
    {
      ...common,
      name: 'promote',
      action: `an edit: \`versionKey: '${promoted?.key ?? '…'}'\`, and ${own.key} under \`versions\` with weight 0`,
      shares: promoted === undefined ? [] : shared(promoted, [{ ...own, serving: true, share: NOTHING }]),
      end: `an edit leaves ${own.key} out`,
      failure: `an edit that swaps them again: pods of ${own.key} are still there`,
    },
    {
      ...common,
      name: 'remove',
      action: `pods of ${own.key} end`,
      shares: promoted === undefined ? [] : shared(promoted, []),
      end: 'the next version enters',
      failure: `${own.key} enters anew: its pods start again`,
    },
  ];
}

const NOTHING: RequestShare = { kind: 'weight', percent: 0 };

function keys(versions: readonly StagedVersion[]): string {
  const [last, ...others] = versions.map(({ key }) => key).reverse();
  return others.length === 0 ? last! : `${others.reverse().join(', ')} and ${last}`;
}

/** What none of the others gets is for the first. */
function shared(own: StagedVersion, others: readonly Sharer[]): ShareModel[] {
  const percent = others.reduce((sum, { share }) => sum + (share.kind === 'weight' ? share.percent : 0), 0);
  return [{ version: own.key, percent: 100 - percent, ...ranged(own) }, ...others.map(shareOf)];
}

function shareOf({ key, replicas, share }: Sharer): ShareModel {
  const common = { version: key, ...ranged({ replicas }) };
  switch (share.kind) {
    case 'weight':
      return { ...common, percent: share.percent };
    case 'match':
      return { ...common, besides: `${share.match.kind} ${share.match.name}: ${share.match.value}` };
    case 'mirror':
      return { ...common, percent: 0, besides: `copies of ${share.percent} %` };
  }
}

function ranged({ replicas }: Pick<StagedVersion, 'replicas'>): { replicas?: ReplicaRange } {
  return replicas === undefined ? {} : { replicas };
}

/** Two colours: each edit of one field is a stage. */
export function colorStages(
  owner: string,
  own: StagedVersion,
  before: StagedVersion | undefined,
  promoted: boolean,
): StageModel[] {
  const other = before ?? { key: own.key === 'blue' ? 'green' : 'blue' };
  const common = { component: owner, gates: [], endsBy: StageEnd.EDIT };
  const between = (percent: number): ShareModel[] => [
    { version: other.key, percent: 100 - percent, ...ranged(other) },
    { version: own.key, percent, ...ranged(own) },
  ];
  return [
    {
      ...common,
      name: `${own.key} starts`,
      action: `it is reached under the Service ${owner}-preview alone`,
      shares: between(0),
      end: 'its pods are ready, and an edit says `promoted: true`',
      failure: `an edit goes back to the definition of ${other.key}: nobody has seen the other`,
      current: before !== undefined && !promoted,
    },
    {
      ...common,
      name: `${own.key} is promoted`,
      action: `the Service ${owner} leads to it, and ${owner}-preview to ${other.key}`,
      shares: between(100),
      end: 'an edit says `previous: Version.absent()`',
      failure: `an edit that takes \`promoted\` out gives all requests back to ${other.key} at once`,
      current: before !== undefined && promoted,
    },
    {
      ...common,
      name: `${other.key} goes`,
      action: `its pods end, and ${owner}-preview with them`,
      shares: [{ version: own.key, percent: 100, ...ranged(own) }],
      end: 'the next version starts under its colour',
      failure: `${other.key} starts anew`,
      current: before === undefined,
    },
  ];
}
