import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { maxReplicas } from '../component/replica-counts';
import { namespaceOf } from '../deployment/serving-tree';
import { componentsBeside } from '../deployment/tree-checks';
import { emitObject } from '../internal/emit';
import { LABELS, MANAGED_BY } from '../internal/labels';
import { placed, sortedMap } from '../internal/names';
import type { KarpenterPool } from './karpenter-pool';

/** Pools with a quota, by their namespaces, of each tree. */
const trees = new WeakMap<IConstruct, Map<string, KarpenterPool[]>>();

/** The quota of a namespace, which the first of its pools makes. */
export function emitGpuQuota(pool: KarpenterPool): ApiObject | undefined {
  const profile = ClusterProfile.of(pool);
  const namespace = namespaceOf(pool, profile);
  const byPlace = trees.get(pool.node.root) ?? new Map<string, KarpenterPool[]>();
  trees.set(pool.node.root, byPlace);
  const place = placed(profile.name, namespace);
  const pools = byPlace.get(place);
  if (pools !== undefined) {
    pools.push(pool);
    return undefined;
  }
  const first = [pool];
  byPlace.set(place, first);
  return emitObject(pool, 'quota', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    name: 'node-pools',
    ...(namespace !== undefined && { namespace }),
    labels: { [LABELS.managedBy]: MANAGED_BY },
    content: { spec: () => ({ hard: hardLimits(first, place) }) },
  });
}

/** What pools have, what holds their spare nodes, and what pods of the namespace ask for elsewhere. */
function hardLimits(pools: readonly KarpenterPool[], place: string): { [resource: string]: string } {
  const limits = new Map<string, number>();
  const add = (resourceName: string, count: number) =>
    limits.set(resourceName, (limits.get(resourceName) ?? 0) + count);
  for (const pool of pools) {
    const { gpus, maxGpus } = pool._nodePool;
    add(gpus[0]!.resourceName, maxGpus! + pool._spareGpus());
  }
  const paths = new Set(pools.map(({ node }) => node.path));
  for (const { cluster, model } of componentsBeside(pools[0]!)) {
    const { gpu } = model.size;
    const elsewhere = !paths.has(model.pod.nodePool?.place?.path ?? '');
    if (gpu === undefined || !elsewhere || placed(cluster, model.identity.namespace) !== place) continue;
    if (limits.has(gpu.resourceName)) add(gpu.resourceName, gpu.count * (maxReplicas(model.scaling) ?? 0));
  }
  return sortedMap(Object.fromEntries([...limits].map(([name, count]) => [`requests.${name}`, String(count)])));
}
