import { budgetsOf } from './model/budget';
import type { ManifestRule } from './model/finding';
import { showSelector } from './model/label-selector';

/** A PodDisruptionBudget that selects nothing protects nothing. */
export const budgetSelectsNothing: ManifestRule = {
  name: 'BudgetSelectsNothing',
  *check(folder) {
    for (const { object, selector } of budgetsOf(folder)) {
      if (!folder.selectsNothing(object.namespace, selector)) continue;
      yield {
        object,
        location: 'spec.selector',
        text: `'spec.selector' must match the pods of a workload, got ${showSelector(selector)}, which no template of the namespace has`,
        remedy: 'use the labels of the template whose pods it is to protect',
      };
    }
  },
};
