import type { ManifestRule } from './model/finding';
import { titleOf } from './model/manifest-object';
import { scalersOf } from './model/scaler';

/**
 * Each apply would throw the number of replicas back. Zero is meant: it switches an HPA off.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
 */
export const replicasWithScaler: ManifestRule = {
  name: 'ReplicasWithScaler',
  *check(folder) {
    const reported = new Set<object>();
    for (const scaler of scalersOf(folder)) {
      const target = folder.find(scaler.target, scaler.object.file);
      const workload = folder.workload(target);
      if (workload?.replicas === undefined || workload.replicas === 0 || reported.has(workload)) continue;
      reported.add(workload);
      yield {
        object: workload.object,
        location: 'spec.replicas',
        text: `'spec.replicas' must be absent where ${titleOf(scaler.object)} owns it, got ${workload.replicas}`,
        remedy: 'remove it: each apply would throw the replicas back to it',
      };
    }
  },
};
