import type { ComponentModel } from '../component/component-model';
import type { DeploymentIntent } from '../component/resolve-release';
import { surgeOf, unavailableOf } from '../release/rolling';
import { colorStages, type StagedVersion, splitStages } from './edited-stages';
import { StageEnd, type StageModel, spanned } from './release-stage';
import type { PlannedRollout } from './rollout';
import { rolloutStages } from './rollout-stages';
import { between, exactly, NEW, OLD, replicasOf } from './stage-shares';
import type { ServedVersion } from './version-parts';

/** The versions of a deployment, and how one takes over from another. */
export interface StagesInput {
  readonly intent: DeploymentIntent;
  readonly own: ServedVersion;
  readonly others: readonly ServedVersion[];
  readonly earlier?: ServedVersion;
  readonly rollout?: PlannedRollout;
}

/** What happens in the release of a definition, one after the other. */
export function releaseStages(input: StagesInput): StageModel[] {
  const { intent, own, others } = input;
  const { owner, release } = intent;
  const root = rootOf(own);
  if (root.terminated) return [terminated(root)];
  const [first, ...beside] = [own, ...others].map(versionReplicas) as [StagedVersion, ...StagedVersion[]];
  if (release.kind === 'split') return splitStages(owner, first, beside, release.options);
  if (release.kind === 'manual-blue-green') {
    return colorStages(owner, first, beside[0], own.input.version.role === 'stable');
  }
  if (root.rollout === undefined && own.input.waitsForPools !== true) {
    return own.components.flatMap(({ model }) => atOnce(rollingStages(model)));
  }
  return [
    ...poolsBefore(input),
    ...(root.rollout === undefined ? rollingStages(root) : rolloutStages(root, input.rollout)),
    ...poolsAfter(input),
  ];
}

/** Nothing of a component waits for another one. */
function atOnce([first, ...others]: StageModel[]): StageModel[] {
  return [{ ...first!, atOnce: true }, ...others];
}

function rootOf({ components }: ServedVersion): ComponentModel {
  return components[0]!.model;
}

/** A version by its key, with the replicas of its API server. */
function versionReplicas(version: ServedVersion): StagedVersion {
  return { key: version.input.version.key, ...replicasOf(rootOf(version)) };
}

function terminated({ identity }: ComponentModel): StageModel {
  return {
    component: identity.workloadName,
    name: 'terminated',
    action: 'no pods run: what has changed comes with them',
    shares: [],
    gates: [],
    endsBy: StageEnd.EDIT,
    end: 'an edit restores the deployment',
    failure: '',
    current: true,
  };
}

/** Pools of the new version come first: its API server waits for them. */
function poolsBefore({ own, earlier }: StagesInput): StageModel[] {
  const pools = poolsOf(own);
  if (earlier === undefined || pools.length === 0) return [];
  const root = rootOf(own);
  const awaited = root.waitFor.map((pool) => ('replicas' in pool ? `${pool.replicas} of ${pool.name}` : pool.name));
  return [
    {
      component: names(pools),
      name: 'new pools start',
      action: `beside ${names(poolsOf(earlier))}; new pods of ${root.identity.workloadName} wait for ${listed(awaited)}`,
      shares: between(100, replicasOf(root), exactly(0)),
      gates: [],
      endsBy: StageEnd.PODS,
      end: 'as many are ready',
      failure: 'new pods of the API server get ready late, or not at all: the old version serves',
    },
  ];
}

/** Pools of the old version stay as long as the definition says: pods of the old API server may start anew until then. */
function poolsAfter({ own, earlier }: StagesInput): StageModel[] {
  const pools = earlier === undefined ? [] : poolsOf(earlier);
  if (pools.length === 0) return [];
  return [
    {
      component: names(pools),
      name: 'old pools stay',
      action: 'the way back needs them',
      shares: between(0, exactly(0), replicasOf(rootOf(own))),
      gates: [],
      endsBy: StageEnd.EDIT,
      end: '`previous: Version.absent()`',
      failure: 'an edit that goes back to the old version finds them ready',
    },
  ];
}

function poolsOf({ components }: ServedVersion): ComponentModel[] {
  return components.slice(1).map(({ model }) => model);
}

function names(models: readonly ComponentModel[]): string {
  return models.map(({ identity }) => identity.workloadName).join(', ');
}

function listed(texts: readonly string[]): string {
  return texts.join(' and ');
}

/** In a picture more of them tell nothing. */
const MAX_BATCHES = 6;

/** Replicas of a Deployment take turns, in batches of what may be added and what may be missing. */
function rollingStages(model: ComponentModel): StageModel[] {
  const { identity, rolling, progressDeadlineSeconds } = model;
  const { replicas } = replicasOf(model);
  const common = {
    component: identity.workloadName,
    gates: [],
    endsBy: StageEnd.PODS,
    failure: `the rest stays old: reported after ${spanned(progressDeadlineSeconds)}, and nothing is rolled back by itself`,
  };
  if (rolling.strategy.kind === 'recreate') return recreateStages(model, common);
  const { strategy, minReadySeconds } = rolling;
  const ready = minReadySeconds > 0 ? `its pods have been ready for ${spanned(minReadySeconds)}` : 'its pods are ready';
  const batchesOf = (count: number) => {
    const surge = surgeOf(strategy, count);
    const missing = unavailableOf(strategy, count);
    return { surge, missing, size: surge + missing, batches: Math.ceil(count / (surge + missing)) };
  };
  const textOf = (count: number): string => {
    const { surge, missing, size, batches } = batchesOf(count);
    return `${counted(batches, 'batch', 'batches')} of ${Math.min(size, count)} of ${counted(count, 'replica', 'replicas')}, ${surge} added and ${missing} missing meanwhile`;
  };
  if (replicas === undefined || replicas.fewest !== replicas.most || batchesOf(replicas.most).batches > MAX_BATCHES) {
    const bounds = replicas === undefined ? [] : [...new Set([replicas.fewest, replicas.most])];
    return [
      {
        ...common,
        name: 'batches',
        action: replicas === undefined ? 'replicas are replaced in batches' : bounds.map(textOf).join('; '),
        shares: [
          { version: OLD, replicas: replicas && { fewest: 0, most: replicas.most } },
          { version: NEW, replicas: replicas && { fewest: 0, most: replicas.most } },
        ],
        end: `of each batch, ${ready}`,
      },
    ];
  }
  const count = replicas.most;
  const { surge, missing, size, batches } = batchesOf(count);
  return Array.from({ length: batches }, (_, index): StageModel => {
    const done = Math.min(count, (index + 1) * size);
    return {
      ...common,
      name: `batch ${index + 1} of ${batches}`,
      action: `${done - index * size} of ${count} replaced, ${surge} added and ${missing} missing meanwhile`,
      shares: between(Math.round(((count - done) * 100) / count), exactly(count - done), exactly(done)),
      end: ready,
    };
  });
}

function recreateStages(
  model: ComponentModel,
  common: Pick<StageModel, 'component' | 'gates' | 'endsBy' | 'failure'>,
): StageModel[] {
  const { gracePeriodSeconds } = model.drain;
  return [
    {
      ...common,
      name: 'old pods end',
      action: 'nobody takes requests',
      shares: [
        { version: OLD, ...exactly(0) },
        { version: NEW, ...exactly(0) },
      ],
      end: `they are gone, after ${spanned(gracePeriodSeconds)} at the most`,
      failure: '',
    },
    {
      ...common,
      name: 'new pods start',
      action: 'nobody takes requests until the first is ready',
      shares: between(0, exactly(0), replicasOf(model)),
      end: 'they are ready',
      failure: `nobody serves: reported after ${spanned(model.progressDeadlineSeconds)}, and nothing is rolled back by itself`,
    },
  ];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
