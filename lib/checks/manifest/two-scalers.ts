import { asText, dig } from '../../internal/json';
import type { ManifestRule } from './model/finding';
import { keyOf, type ManifestObject, titleOf } from './model/manifest-object';
import { type Scaler, scalersOf } from './model/scaler';

/**
 * Two scalers of one target fight over its replicas; KEDA makes an HPA of its own, so one beside it is a second.
 * @see https://keda.sh/docs/latest/concepts/scaling-deployments/
 */
export const twoScalers: ManifestRule = {
  name: 'TwoScalers',
  *check(folder) {
    const byTarget = new Map<string, Scaler[]>();
    for (const scaler of scalersOf(folder)) {
      const key = keyOf(scaler.target);
      const earlier = byTarget.get(key) ?? [];
      const rival = earlier.find(
        ({ object }) => !folder.apart(object.file, scaler.object.file) && !isSame(object, scaler.object),
      );
      byTarget.set(key, [...earlier, scaler]);
      if (rival === undefined) continue;
      yield {
        object: scaler.object,
        location: scaler.targetPath,
        text: `'${scaler.targetPath}' must name a target that no other scaler has, got ${scaler.target.kind} ${scaler.target.name}, which ${titleOf(rival.object)} scales too`,
        remedy: 'put all metrics into one scaler',
      };
    }
  },
};

/** The same object twice is another rule's; KEDA may also be told to take an HPA over. */
function isSame(first: ManifestObject, second: ManifestObject): boolean {
  return keyOf(first) === keyOf(second) || takesOver(first, second) || takesOver(second, first);
}

function takesOver({ value }: ManifestObject, hpa: ManifestObject): boolean {
  const name = asText(dig(value, 'spec', 'advanced', 'horizontalPodAutoscalerConfig', 'name'));
  const annotation = dig(value, 'metadata', 'annotations', 'scaledobject.keda.sh/transfer-hpa-ownership');
  return String(annotation) === 'true' && name === hpa.name && hpa.kind === 'HorizontalPodAutoscaler';
}
