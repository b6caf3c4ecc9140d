import { App, Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Capacity, ClusterProfile, Gpu, GpuNodePool, Warnings } from '../../lib';
import { karpenterChart, l4 } from './clusters';

describe('GpuNodePool', () => {
  it('is called after its construct id, or as is said', () => {
    const chart = karpenterChart();
    expect(l4(chart).name).toBe('l4');
    expect(l4(chart, { name: 'own' }, 'Other').name).toBe('own');
  });

  it('tells others what pods see of it', () => {
    expect(l4(karpenterChart(), { runtimeClassName: 'nvidia' }).bindPods()).toMatchObject({
      name: 'l4',
      nodeLabels: { 'cdk8s-bento/node-pool': 'l4' },
      gpusPerNode: 8,
      maxGpus: 8,
      runtimeClassName: 'nvidia',
      spreadOver: ['topology.kubernetes.io/zone'],
    });
  });

  it('warns of images that change by themselves, and of instances that nobody knows', () => {
    const chart = karpenterChart();
    l4(chart, { instanceFamilies: ['g99'] });
    const ids = Warnings.of(chart).map((warning) => /^\[(\w+)\]/.exec(warning)![1]);
    expect(ids).toEqual(['LatestNodeImage', 'UnknownInstances']);
  });

  it('fails with the path of its construct', () => {
    expect(() => l4(karpenterChart(), { capacity: [] })).toThrow(/\[EmptyList\] 'capacity'.*\(at prod\/L4\)$/);
  });

  it('fails in a cluster without Karpenter', () => {
    const chart = new Chart(new App(), 'plain', { namespace: 'ml' });
    ClusterProfile.set(chart, new ClusterProfile({ name: 'plain' }));
    const capacity = [Capacity.onDemand({ maxGpus: 1 })];
    expect(() => new GpuNodePool(chart, 'L4', { gpu: Gpu.NVIDIA_L4, capacity })).toThrow('[ClusterLacks]');
  });
});
