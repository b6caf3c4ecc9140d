import type { ManifestRule } from './model/finding';
import { selectsNothing } from './model/selects-nothing';
import { serviceSelector } from './model/service';

const REMEDY = 'use the labels of the template that the Service is for';

/** Several workloads behind one Service are legitimate, as versions or a global Service are. */
export const serviceSelectsNothing: ManifestRule = {
  name: 'ServiceSelectsNothing',
  *check(folder) {
    for (const object of folder.ofKind('Service', '')) {
      const selector = serviceSelector(object);
      if (selector !== undefined) yield* selectsNothing(folder, object, 'spec.selector', selector, REMEDY);
    }
  },
};
