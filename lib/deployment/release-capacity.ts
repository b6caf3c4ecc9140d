import type { ComponentModel } from '../component/component-model';
import { type PeakPart, ReleasePeak } from '../component/release-peak';
import { inPlaceAlternatives, requireCapacity } from '../component/require-capacity';
import type { DeploymentIntent } from '../component/resolve-release';
import type { Warning } from '../component/warning';
import type { ReleaseCapacity } from '../release/release-capacity';
import type { ServedVersion } from './version-parts';

/** The versions of a deployment, and the tiers before them. */
export interface PeakInput {
  readonly intent: DeploymentIntent;
  readonly own: ServedVersion;
  readonly others: readonly ServedVersion[];
  readonly earlier?: ServedVersion;
  readonly tiers: readonly ComponentModel[];
}

/** What a deployment needs at the most while one of its releases goes on, whether one does now or not. */
export function releasePeakOf({ intent, own, others, earlier, tiers }: PeakInput): ReleasePeak {
  const [root, ...pools] = own.components.map(({ model }) => model) as [ComponentModel, ...ComponentModel[]];
  const beside = others.length > 0 ? undefined : besideRoot(intent, root);
  const whole = others.flatMap(({ components }) =>
    components.map(({ model }): PeakPart => part(model, sideBySide(intent))),
  );
  const kept = earlier?.components.slice(1) ?? [];
  return ReleasePeak._of([
    part(root, others.length > 0 ? sideBySide(intent) : beside),
    ...pools.map((model) => part(model, besidePool(intent, own, others.length + kept.length > 0))),
    ...whole,
    ...kept.map(({ model }) => part(model, 0)),
    ...tiers.map((model): PeakPart => ({ model })),
  ]);
}

/** Throws where there is not as much as that. */
export function checkCapacity(capacity: ReleaseCapacity, input: PeakInput, peak: ReleasePeak): Warning[] {
  const { own, tiers } = input;
  const models = [...own.components.map(({ model }) => model), ...tiers].map(withoutRollout);
  return requireCapacity('releaseCapacity', capacity, peak, inPlaceAlternatives(models));
}

function withoutRollout({ rollout, ...model }: ComponentModel): ComponentModel {
  return model;
}

function part(model: ComponentModel, beside: PeakPart['beside']): PeakPart {
  return beside === undefined ? { model } : { model, beside };
}

/** Versions side by side are each there already: what changes of one is replaced in place, and two colours never change. */
function sideBySide({ release }: DeploymentIntent): PeakPart['beside'] {
  return release.kind === 'manual-blue-green' ? 0 : undefined;
}

/** What a new version of the API server adds to the old one, which stays at full size. */
function besideRoot({ release }: DeploymentIntent, { rollout }: ComponentModel): PeakPart['beside'] {
  if (release.kind === 'manual-blue-green') return 'all';
  if (rollout === undefined) return undefined;
  if (rollout.besideDeployment || rollout.kind === 'blue-green') return 'all';
  // Without a door that shares requests out new pods take the place of old ones.
  return rollout.router === undefined ? 1 : 'all';
}

/** Pools of two versions are there at the same time; while they are, both are counted by themselves. */
function besidePool({ release }: DeploymentIntent, { input }: ServedVersion, both: boolean): PeakPart['beside'] {
  const versioned = input.waitsForPools === true || release.kind === 'manual-blue-green';
  if (!versioned) return undefined;
  return both ? 0 : 'all';
}
