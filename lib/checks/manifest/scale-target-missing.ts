import type { ManifestRule } from './model/finding';
import { scalersOf } from './model/scaler';
import { ROLLOUTS } from './model/workload';

/** Kinds that one may be taken for another of. */
const SCALED = [
  { group: 'apps', kind: 'Deployment' },
  { group: 'apps', kind: 'StatefulSet' },
  { group: ROLLOUTS, kind: 'Rollout' },
];

/** A scaler without a target does nothing; said only where the folder holds targets of that kind at all. */
export const scaleTargetMissing: ManifestRule = {
  name: 'ScaleTargetMissing',
  *check(folder) {
    for (const { object, target, targetPath } of scalersOf(folder)) {
      if (folder.named(target).length > 0) continue;
      // Of a Rollout of that name it is the wrong kind, whatever else there is.
      const namesake = SCALED.some((kind) => folder.named({ ...target, ...kind }).length > 0);
      if (!folder.hasKind(target.kind) && !namesake) continue;
      const place = target.namespace === '' ? '' : ` of namespace ${target.namespace}`;
      yield {
        object,
        location: targetPath,
        text: `'${targetPath}' must name an object${place} in the folder, got ${target.kind} ${target.name} of apiVersion '${target.apiVersion}'`,
        remedy: 'check apiVersion, kind, name and namespace against the workload',
      };
    }
  },
};
