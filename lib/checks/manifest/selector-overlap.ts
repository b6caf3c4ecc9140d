import type { ManifestRule } from './model/finding';
import { needsRuntimeLabels, type Selector, showSelector } from './model/label-selector';
import type { ManifestFolder } from './model/manifest-folder';
import { titleOf } from './model/manifest-object';
import type { Workload } from './model/workload';

/**
 * Controllers, autoscalers and budgets of one would count the pods of the other.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
 */
export const selectorOverlap: ManifestRule = {
  name: 'SelectorOverlap',
  *check(folder) {
    for (const workload of folder.workloads) {
      const { object, selector } = workload;
      if (selector === undefined || needsRuntimeLabels(selector)) continue;
      const other = firstOther(folder, workload, selector);
      if (other === undefined) continue;
      yield {
        object,
        location: 'spec.selector',
        text: `'spec.selector' must match its own pods only, got ${showSelector(selector)}, which matches those of ${titleOf(other.object)} too`,
        remedy: 'add a label to this selector and template that the other does not have',
      };
    }
  },
};

/** The same one, or the Deployment that a Rollout takes over: the hashes of their templates keep their pods apart. */
function isRestated(kind: string, other: string): boolean {
  return kind === other || [kind, other].sort().join() === 'Deployment,Rollout';
}

/** Pods of Jobs come and go, and charts label them like their servers: left out. */
function firstOther(
  folder: ManifestFolder,
  { object, templateOf }: Workload,
  selector: Selector,
): Workload | undefined {
  for (const other of folder.selectFrom(object.file, object.namespace, selector)) {
    const same = other.object === object || other.object === templateOf || other.templateOf === object;
    const restated = other.object.name === object.name && isRestated(object.kind, other.object.kind);
    if (!same && !restated && other.selector !== undefined) return other;
  }
  return undefined;
}
