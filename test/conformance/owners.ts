import type { Body } from '../cluster/client';

/**
 * Who decides over the replicas of each workload, judged by the manifests alone: a stated number, an autoscaler, or
 * Knative. A workload without any has no entry in the list; one that is stopped by the same zero twice has one owner.
 */
export function countOwners(objects: readonly Body[]): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const { apiVersion, kind, metadata, spec } of objects) {
    const key = `${kind} ${metadata.name}`;
    if (kind === 'Deployment' || kind === 'Rollout')
      owners.set(key, spec.replicas === undefined ? [] : [`${key}: ${spec.replicas}`]);
    if (apiVersion === 'serving.knative.dev/v1') owners.set(key, [`${key}: Knative`]);
  }
  for (const object of objects) {
    if (object.kind !== 'HorizontalPodAutoscaler' && object.kind !== 'ScaledObject') continue;
    const { kind, name } = object.spec.scaleTargetRef;
    const list = owners.get(`${kind} ${name}`);
    if (list === undefined) throw new Error(`${object.kind} ${object.metadata.name} scales nothing`);
    const stopped = list.some((owner) => owner.endsWith(': 0'));
    if (!(stopped && keepsZero(object))) list.push(`${object.kind} ${object.metadata.name}`);
  }
  return owners;
}

/** Whether an autoscaler leaves a target at zero where it is. */
function keepsZero({ kind, metadata, spec }: Body): boolean {
  if (kind === 'ScaledObject') return metadata.annotations?.['autoscaling.keda.sh/paused-replicas'] === '0';
  // "if currentReplicas == 0 && minReplicas != 0", the autoscaler is disabled.
  return spec.minReplicas !== 0 || spec.behavior?.scaleUp?.selectPolicy === 'Disabled';
}
