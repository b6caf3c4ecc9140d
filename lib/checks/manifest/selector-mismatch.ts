import type { ManifestRule } from './model/finding';
import { matches, showLabels, showSelector } from './model/label-selector';

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector */
export const selectorMismatch: ManifestRule = {
  name: 'SelectorMismatch',
  *check({ workloads }) {
    for (const { object, selector, podLabels, podSpec } of workloads) {
      // Without a template the pods are elsewhere: a Rollout whose workloadRef is not in the folder.
      if (selector === undefined || Object.keys(podSpec).length === 0 || matches(selector, podLabels)) continue;
      yield {
        object,
        location: 'spec.selector',
        text: `'spec.selector' must match the labels of its own pods (${showLabels(podLabels)}), got ${showSelector(selector)}`,
        remedy: 'give selector and template the same labels',
      };
    }
  },
};
