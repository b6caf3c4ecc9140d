import type { ManifestRule } from './model/finding';
import { showSelector } from './model/label-selector';
import { serviceSelector } from './model/service';

/** Several workloads behind one Service are legitimate, as versions or a global Service are. */
export const serviceSelectsNothing: ManifestRule = {
  name: 'ServiceSelectsNothing',
  *check(folder) {
    for (const object of folder.ofKind('Service', '')) {
      const selector = serviceSelector(object);
      if (selector === undefined || !folder.selectsNothing(object.namespace, selector)) continue;
      yield {
        object,
        location: 'spec.selector',
        text: `'spec.selector' must match the pods of a workload, got ${showSelector(selector)}, which no template of the namespace has`,
        remedy: 'use the labels of the template that the Service is for',
      };
    }
  },
};
