import { dig } from '../../internal/json';
import type { ManifestRule } from './model/finding';
import { labelSelector } from './model/label-selector';
import { selectsNothing } from './model/selects-nothing';

const REMEDY = 'use the labels of the pods that it is to protect';

/**
 * A NetworkPolicy that selects nothing protects nothing, and says nothing. Policies also come alone, for pods that
 * another folder makes: those with labels that none here has are left to it.
 */
export const policySelectsNothing: ManifestRule = {
  name: 'PolicySelectsNothing',
  *check(folder) {
    for (const object of folder.ofKind('NetworkPolicy', 'networking.k8s.io')) {
      const selector = labelSelector(dig(object.value, 'spec', 'podSelector'));
      if (folder.unknownKeys(object.namespace, selector).length > 0) continue;
      yield* selectsNothing(folder, object, 'spec.podSelector', selector, REMEDY);
    }
  },
};
