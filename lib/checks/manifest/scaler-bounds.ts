import { asInteger, dig } from '../../internal/json';
import type { ManifestRule } from './model/finding';
import { KEDA, scalersOf } from './model/scaler';

/** Bounds that contradict each other; the server refuses them, KEDA's only where its webhook runs. */
export const scalerBounds: ManifestRule = {
  name: 'ScalerBounds',
  *check(folder) {
    for (const { object, min, max } of scalersOf(folder)) {
      const [minField, maxField] =
        object.group === KEDA ? ['minReplicaCount', 'maxReplicaCount'] : ['minReplicas', 'maxReplicas'];
      if (min !== undefined && max !== undefined && min > max) {
        yield {
          object,
          location: `spec.${minField}`,
          text: `'spec.${minField}' must be at most 'spec.${maxField}' (${max}), got ${min}`,
          remedy: 'swap them, or raise the maximum',
        };
      }
      const idle = object.group === KEDA ? asInteger(dig(object.value, 'spec', 'idleReplicaCount')) : undefined;
      if (idle !== undefined && min !== undefined && idle >= min) {
        yield {
          object,
          location: 'spec.idleReplicaCount',
          text: `'spec.idleReplicaCount' must be below 'spec.${minField}' (${min}), got ${idle}`,
          remedy: 'remove it, or use 0 with a minimum of at least 1',
        };
      }
    }
  },
};
