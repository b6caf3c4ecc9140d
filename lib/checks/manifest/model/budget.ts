import { dig, isMap } from '../../../internal/json';
import { labelSelector, type Selector } from './label-selector';
import type { ManifestFolder } from './manifest-folder';
import type { ManifestObject } from './manifest-object';

/** PodDisruptionBudgets and their selectors; one without a selector matches no pod. */
export function budgetsOf(folder: ManifestFolder): { object: ManifestObject; selector: Selector }[] {
  return folder.ofKind('PodDisruptionBudget', 'policy').flatMap((object) => {
    const selector = dig(object.value, 'spec', 'selector');
    return isMap(selector) ? [{ object, selector: labelSelector(selector) }] : [];
  });
}
