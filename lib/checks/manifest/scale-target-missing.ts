import type { ManifestRule } from './model/finding';
import { scalersOf } from './model/scaler';

/** A scaler without a target does nothing; said only where the folder holds targets of that kind at all. */
export const scaleTargetMissing: ManifestRule = {
  name: 'ScaleTargetMissing',
  *check(folder) {
    for (const { object, target, targetPath } of scalersOf(folder)) {
      if (!folder.hasKind(target.kind) || folder.named(target).length > 0) continue;
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
