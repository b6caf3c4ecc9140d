import { errors } from '../internal/errors';
import { capacityModel, type ReleaseCapacity } from '../release/release-capacity';
import { ONE_MORE, type RolloutStrategy, unavailableOf } from '../release/rolling';
import type { ComponentModel } from './component-model';
import { type PeakPart, ReleasePeak } from './release-peak';
import { fewestReplicas } from './replica-counts';
import { bestEffort } from './resolve-rolling';
import type { Warning } from './warning';

/** Another way to release, as the user would write it. */
export interface ReleaseAlternative {
  readonly name: string;
  readonly peak: ReleasePeak;
}

/** What is needed of one kind, and what there is. */
interface Need {
  readonly what: string;
  readonly needed: number;
  readonly there: number;
}

/**
 * Throws where a release needs more at its peak than there is, with the first alternative that fits. Returns a warning
 * where that cannot be known.
 *
 * @param alternatives those that need most first
 */
export function requireCapacity(
  property: string,
  capacity: ReleaseCapacity,
  peak: ReleasePeak,
  alternatives: readonly ReleaseAlternative[],
): Warning[] {
  const used = peak.components.flatMap(({ gpuName }) => (gpuName === undefined ? [] : [gpuName]));
  const { maxPods, maxGpus } = capacityModel(property, capacity, used);
  const needsOf = (other: ReleasePeak): Need[] => [
    ...maxGpus.map(([name, there]) => ({ what: name, needed: other.gpus[name] ?? 0, there })),
    ...(maxPods === undefined ? [] : [{ what: 'pods', needed: other._knownPods(), there: maxPods }]),
  ];
  const missing = needsOf(peak).filter(isMissing);
  if (missing.length > 0) {
    const fitting = alternatives.find((other) => !needsOf(other.peak).some(isMissing));
    const remedy = fitting === undefined ? shortage(peak, alternatives, needsOf) : `use ${fitting.name}, which fits`;
    throw errors.capacityExceeded(
      property,
      list(missing, ({ needed, what }) => `${needed} ${what}`),
      peak.components.map(String).join('; '),
      list(missing, ({ there, what }) => `${there} ${what}`),
      remedy,
    );
  }
  const unknown = peak.components.filter(
    ({ pods, gpuName }) => pods === undefined && (maxPods !== undefined || maxGpus.some(([name]) => name === gpuName)),
  );
  return unknown.map(({ name }) => ({
    id: 'CapacityUnknown',
    text: `'${property}' cannot be checked for ${name}: a scaler of someone else decides how many replicas it has`,
  }));
}

/** Ways to replace all components in place, those that need most first, and only those that leave a replica serving. */
export function inPlaceAlternatives(models: readonly ComponentModel[]): ReleaseAlternative[] {
  const all = (strategy: RolloutStrategy): ReleasePeak =>
    // Pods with tasks end before new ones start, whatever else is said.
    ReleasePeak._of(models.map((model): PeakPart => (model.exclusive ? { model } : { model, strategy })));
  const spared = models.every(({ scaling, exclusive, terminated }) => {
    const fewest = fewestReplicas(scaling);
    return exclusive || terminated || (fewest !== undefined && unavailableOf(bestEffort(), fewest) < fewest);
  });
  return [
    { name: 'Release.rolling({})', peak: all(ONE_MORE) },
    ...(spared
      ? [
          {
            name: 'Release.rolling({ preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT })',
            peak: all(bestEffort()),
          },
        ]
      : []),
    { name: 'Release.recreate(), during which nobody serves', peak: all({ kind: 'recreate' }) },
  ];
}

function shortage(
  peak: ReleasePeak,
  alternatives: readonly ReleaseAlternative[],
  needsOf: (peak: ReleasePeak) => Need[],
): string {
  const least = alternatives.at(-1);
  const missing = list(
    needsOf(least?.peak ?? peak).filter(isMissing),
    ({ needed, there, what }) => `${needed - there} ${what}`,
  );
  const how = least === undefined ? `${missing} are missing` : `even ${least.name} lacks ${missing}`;
  return `${how}: raise what there is, or lower the most replicas`;
}

function isMissing({ needed, there }: Need): boolean {
  return needed > there;
}

function list<T>(values: readonly T[], text: (value: T) => string): string {
  return values.map(text).join(' and ');
}
