import type { ManifestProblem } from './finding';
import { type Selector, showSelector } from './label-selector';
import type { ManifestFolder } from './manifest-folder';
import type { ManifestObject } from './manifest-object';

/** What is wrong with a selector that no pods of its namespace can meet. */
export function* selectsNothing(
  folder: ManifestFolder,
  object: ManifestObject,
  location: string,
  selector: Selector,
  remedy: string,
): Generator<ManifestProblem> {
  if (!folder.selectsNothing(object.namespace, selector)) return;
  yield {
    object,
    location,
    text: `'${location}' must match the pods of a workload, got ${showSelector(selector)}, which no template of the namespace has`,
    remedy,
  };
}
