import { budgetsOf } from './model/budget';
import type { ManifestRule } from './model/finding';
import { selectsNothing } from './model/selects-nothing';

const REMEDY = 'use the labels of the template whose pods it is to protect';

/** A PodDisruptionBudget that selects nothing protects nothing. */
export const budgetSelectsNothing: ManifestRule = {
  name: 'BudgetSelectsNothing',
  *check(folder) {
    for (const { object, selector } of budgetsOf(folder)) {
      yield* selectsNothing(folder, object, 'spec.selector', selector, REMEDY);
    }
  },
};
