import { budgetsOf } from './model/budget';
import type { ManifestRule } from './model/finding';
import { needsRuntimeLabels, type Selector } from './model/label-selector';
import type { ManifestFolder } from './model/manifest-folder';
import { type ManifestObject, titleOf } from './model/manifest-object';
import type { Workload } from './model/workload';

/**
 * The eviction of a pod with two budgets is refused for ever.
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors
 */
export const budgetOverlap: ManifestRule = {
  name: 'BudgetOverlap',
  *check(folder) {
    const budgets = new Map<Workload, ManifestObject[]>();
    for (const { object, selector } of budgetsOf(folder)) {
      if (needsRuntimeLabels(selector)) continue;
      const clash = claim(folder, budgets, object, selector);
      if (clash === undefined) continue;
      const [workload, other] = clash;
      yield {
        object,
        location: 'spec.selector',
        text: `'spec.selector' must match pods that no other budget matches, got those of ${titleOf(workload.object)}, which ${titleOf(other)} has too`,
        remedy: 'keep one budget per pod, for with two Kubernetes evicts it never',
      };
    }
  },
};

/** One finding per budget: it stops at the first clash, which also keeps many wide budgets linear. */
function claim(
  folder: ManifestFolder,
  budgets: Map<Workload, ManifestObject[]>,
  object: ManifestObject,
  selector: Selector,
): [Workload, ManifestObject] | undefined {
  for (const workload of folder.selectFrom(object.file, object.namespace, selector)) {
    const owners = budgets.get(workload) ?? [];
    const other = owners.find((owner) => owner.name !== object.name && !folder.apart(owner.file, object.file));
    if (other !== undefined) return [workload, other];
    budgets.set(workload, [...owners, object]);
  }
  return undefined;
}
