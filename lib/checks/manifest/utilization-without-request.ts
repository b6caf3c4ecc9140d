import { asMap, dig } from '../../internal/json';
import type { ManifestProblem, ManifestRule } from './model/finding';
import type { ManifestFolder } from './model/manifest-folder';
import { titleOf } from './model/manifest-object';
import { type ResourceMetric, type Scaler, scalersOf } from './model/scaler';
import { containersOf, type PodContainer, type Workload } from './model/workload';

/**
 * Utilization is a share of the request: without one the metric is undefined, and the HPA does nothing.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-resource-metrics
 */
export const utilizationWithoutRequest: ManifestRule = {
  name: 'UtilizationWithoutRequest',
  *check(folder) {
    for (const scaler of scalersOf(folder)) {
      const workload = folder.workload(folder.find(scaler.target, scaler.object.file));
      // Of a Rollout whose template is elsewhere nothing can be read.
      if (workload === undefined || containersOf(workload).length === 0) continue;
      for (const metric of scaler.resourceMetrics) {
        const problem = judge(folder, scaler, metric, workload);
        if (problem !== undefined) yield problem;
      }
    }
  },
};

function judge(
  folder: ManifestFolder,
  { object }: Scaler,
  { resource, container, path }: ResourceMetric,
  workload: Workload,
): ManifestProblem | undefined {
  const all = containersOf(workload);
  const measured = container === undefined ? all : all.filter(({ name }) => name === container);
  const title = titleOf(workload.object);
  if (measured.length === 0) {
    return {
      object,
      location: path,
      text: `'${path}' must name a container of ${title} (${all.map(({ name }) => name).join(', ')}), got ${container}`,
      remedy: 'name the container that serves',
    };
  }
  if (container === undefined && asMap(dig(workload.podSpec, 'resources', 'requests'))[resource] !== undefined)
    return undefined;
  if (hasDefaultRequest(folder, workload.object.namespace, resource)) return undefined;
  const without = measured.filter((candidate) => !requests(candidate, resource)).map(({ name }) => name);
  if (without.length === 0) return undefined;
  return {
    object,
    location: path,
    text: `'${path}' must be a share of what containers request, got ${resource} of ${title}, where ${without.join(', ')} requests none`,
    remedy:
      container === undefined
        ? `request ${resource} in every container, or measure one with ContainerResource`
        : `request ${resource} in that container`,
  };
}

/** A limit alone is the request too. */
function requests({ value }: PodContainer, resource: string): boolean {
  return ['requests', 'limits'].some((field) => {
    const amount = asMap(dig(value, 'resources', field))[resource];
    return amount !== undefined && amount !== null;
  });
}

/** A LimitRange gives requests to containers that state none. */
function hasDefaultRequest(folder: ManifestFolder, namespace: string, resource: string): boolean {
  return folder
    .ofKind('LimitRange', '')
    .filter((range) => range.namespace === namespace)
    .some(({ value }) => {
      const limits = dig(value, 'spec', 'limits');
      return (
        Array.isArray(limits) &&
        limits.some(
          (limit) =>
            dig(limit, 'type') === 'Container' &&
            ['default', 'defaultRequest'].some((field) => dig(limit, field, resource) !== undefined),
        )
      );
    });
}
