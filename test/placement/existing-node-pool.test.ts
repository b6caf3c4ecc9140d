import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ExistingNodePool, type ExistingNodePoolOptions, Gpu, Toleration } from '../../lib';

const options: ExistingNodePoolOptions = { name: 'l4', nodeLabels: { 'example.com/pool': 'l4' } };

describe('ExistingNodePool', () => {
  it('says to pods what it was told', () => {
    const stated = {
      ...options,
      tolerations: [Toleration.exists('example.com/dedicated')],
      gpus: [Gpu.NVIDIA_L4],
      gpusPerNode: 4,
      cpuCoresPerNode: 47.8,
      memoryPerNode: Size.gibibytes(170),
      maxGpus: 16,
      runtimeClassName: 'nvidia',
      spreadOver: ['topology.kubernetes.io/zone'],
    };
    expect(ExistingNodePool.of(stated).bindPods()).toEqual(stated);
  });

  it('stays what it was told, whatever becomes of the lists', () => {
    const nodeLabels: { [key: string]: string } = { 'example.com/pool': 'l4' };
    const gpus = [Gpu.NVIDIA_L4];
    const pool = ExistingNodePool.of({ name: 'l4', nodeLabels, gpus });
    nodeLabels.other = 'label';
    gpus.push(Gpu.NVIDIA_T4);
    pool.bindPods().gpus!.push(Gpu.NVIDIA_T4);
    expect(pool.bindPods()).toEqual({
      name: 'l4',
      nodeLabels: { 'example.com/pool': 'l4' },
      gpus: [Gpu.NVIDIA_L4],
    });
  });

  it('fails at once, not with the first component that names it', () => {
    expect(() => ExistingNodePool.of({ ...options, nodeLabels: {} })).toThrow("[EmptyList] 'options.nodeLabels'");
  });
});
