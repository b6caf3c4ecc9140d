import { budgetsOf } from './model/budget';
import type { ManifestRule } from './model/finding';
import type { Selector } from './model/label-selector';
import type { ManifestFolder } from './model/manifest-folder';
import { keyOf, type ManifestObject } from './model/manifest-object';
import { type Scaler, scalersOf } from './model/scaler';

/**
 * A budget that never lets a pod go blocks every drain of its node, and so every upgrade.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget
 */
export const budgetBlocksEviction: ManifestRule = {
  name: 'BudgetBlocksEviction',
  *check(folder) {
    const scalers = widestScalers(folder);
    for (const { object, selector } of budgetsOf(folder)) {
      const { maxUnavailable, minAvailable } = object.value.spec as { [field: string]: unknown };
      const unavailable = amount(maxUnavailable);
      if (unavailable !== undefined && unavailable.value === 0) {
        yield problem(object, 'maxUnavailable', 'above 0', maxUnavailable);
      }
      const available = amount(minAvailable);
      if (available === undefined) continue;
      if (available.percent && available.value >= 100) {
        yield problem(object, 'minAvailable', 'below 100%', minAvailable);
        continue;
      }
      const pods = mostPods(folder, scalers, object, selector);
      // Kubernetes rounds percentages up: half of one pod is one pod.
      const needed = available.percent ? Math.ceil(((pods ?? 0) * available.value) / 100) : available.value;
      if (pods !== undefined && pods > 0 && needed >= pods) {
        yield problem(object, 'minAvailable', `below the ${pods} pods that there are at most`, minAvailable);
      }
    }
  },
};

function problem(object: ManifestObject, field: string, rule: string, got: unknown) {
  return {
    object,
    location: `spec.${field}`,
    text: `'spec.${field}' must be ${rule}, got ${String(got)}: no pod could ever be evicted`,
    remedy: "use `maxUnavailable: 1` or a percentage as '25%', which Kubernetes rounds up",
  };
}

function amount(value: unknown): { value: number; percent: boolean } | undefined {
  if (typeof value === 'number') return { value, percent: false };
  const match = typeof value === 'string' ? /^([0-9]+)(%?)$/.exec(value) : null;
  return match === null ? undefined : { value: Number(match[1]), percent: match[2] === '%' };
}

/** By target; where clusters differ, the one that allows most. */
function widestScalers(folder: ManifestFolder): Map<string, Scaler> {
  const scalers = new Map<string, Scaler>();
  for (const scaler of scalersOf(folder)) {
    const known = scalers.get(keyOf(scaler.target));
    if (known === undefined || (scaler.max ?? 0) > (known.max ?? 0)) scalers.set(keyOf(scaler.target), scaler);
  }
  return scalers;
}

/** How many pods there are at most; undefined where that cannot be read. */
function mostPods(
  folder: ManifestFolder,
  scalers: ReadonlyMap<string, Scaler>,
  { file, namespace }: ManifestObject,
  selector: Selector,
): number | undefined {
  let total = 0;
  for (const { object, scalable, replicas } of folder.selectFrom(file, namespace, selector)) {
    if (!scalable && object.kind !== 'Pod') return undefined;
    const scaler = scalers.get(keyOf(object));
    if (scaler !== undefined && scaler.max === undefined) return undefined;
    // Replicas of 0 switch a scaler off.
    total += replicas === 0 ? 0 : (scaler?.max ?? replicas ?? 1);
  }
  return total;
}
