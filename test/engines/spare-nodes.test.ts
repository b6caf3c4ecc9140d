import { describe, expect, it } from 'vitest';
import { Capacity, ClusterProfile, Gpu, Taint } from '../../lib';
import { resolveKarpenterPool } from '../../lib/component/karpenter-pool';
import { SPARE_PRIORITY, spareDeploymentSpec, sparePod } from '../../lib/engines/spare-nodes';

const { model: pool } = resolveKarpenterPool(
  {
    name: 'l4',
    gpu: Gpu.NVIDIA_L4,
    capacity: [Capacity.onDemand({ maxGpus: 8 })],
    taints: [Taint.noSchedule('team', 'ml')],
    warmNodes: 2,
  },
  new ClusterProfile({ name: 'prod', karpenter: {} }),
  'chart/L4',
);
const spare = {
  pool,
  name: 'l4-spare',
  selector: { app: 'spare' },
  labels: { app: 'spare', managed: 'yes' },
  size: { cpuCores: 3, memoryBytes: 12 * 2 ** 30, gpu: { name: 'l4', resourceName: 'nvidia.com/gpu', count: 1 } },
};

describe('pods of spare nodes', () => {
  const { spec } = spareDeploymentSpec(spare).template;

  it('hold what a replica takes, on nodes of the pool', () => {
    expect(spec!.containers).toHaveLength(1);
    expect(spec!.containers[0]!.resources).toEqual({
      limits: { memory: '12Gi', 'nvidia.com/gpu': '1' },
      requests: { cpu: '3', memory: '12Gi', 'nvidia.com/gpu': '1' },
    });
    expect(spec!.nodeSelector).toEqual({ 'cdk8s-bento/node-pool': 'l4' });
    expect(spec!.tolerations).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'team', operator: 'Exists', effect: 'NoSchedule' },
    ]);
  });

  it('hold a node each', () => {
    expect(spareDeploymentSpec(spare)).toMatchObject({ replicas: 2, selector: { matchLabels: { app: 'spare' } } });
    expect(spec!.affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: 'spare' } }, topologyKey: 'kubernetes.io/hostname' },
        ],
      },
    });
  });

  // Pods below -10 are expendable to the cluster autoscaler, which would make no node for them.
  it('go at once for any other pod, and still bring nodes', () => {
    expect(SPARE_PRIORITY).toBeLessThan(0);
    expect(SPARE_PRIORITY).toBeGreaterThanOrEqual(-10);
    expect(spec).toMatchObject({ priorityClassName: 'l4-spare', terminationGracePeriodSeconds: 0 });
  });

  it('run as nobody, with nothing', () => {
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65_535, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec!.containers[0]!.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
  });

  it('of a buffer of Karpenter never run, and have no priority', () => {
    expect(sparePod(spare).spec!.priorityClassName).toBeUndefined();
  });
});
