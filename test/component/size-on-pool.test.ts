import { describe, expect, it } from 'vitest';
import { sizeOn } from '../../lib/component/size-on-pool';
import type { Warning } from '../../lib/component/warning';
import type { NodePoolModel } from '../../lib/placement/node-pool-model';
import type { SizeModel } from '../../lib/sizing/instance-size';

const pool = (...gpus: NodePoolModel['gpus']): NodePoolModel => ({
  name: 'own',
  nodeLabels: { a: 'b' },
  tolerations: [],
  gpus,
  shapes: [],
});
const L4 = { name: 'l4', resourceName: 'nvidia.com/gpu' };
const withGpu = (gpu: Partial<SizeModel['gpu']> = {}): SizeModel => ({
  cpuCores: 2,
  gpu: { ...L4, count: 1, ...gpu },
});

function sized(on: NodePoolModel | undefined, size: SizeModel): { size: SizeModel; warnings: string[] } {
  const warnings: Warning[] = [];
  return { size: sizeOn(on, 'apiServer.nodePool', size, warnings), warnings: warnings.map(({ id }) => id) };
}

describe('sizeOn', () => {
  it.each([
    ['no pool', undefined, withGpu()],
    ['no pool and no GPU', undefined, { cpuCores: 2 }],
    ['a pool without GPUs, for pods without', pool(), { cpuCores: 2 }],
    ['a pool of the same GPU', pool(L4), withGpu()],
    ['a pool of several', pool({ ...L4, name: 'l40s' }, L4), withGpu({ count: 8 })],
  ])('leaves the size on %s', (_, on, size) => {
    expect(sized(on, size)).toEqual({ size, warnings: [] });
  });

  it('asks for the GPU by the name that the nodes give it', () => {
    const shared = { name: 'l4', resourceName: 'nvidia.com/gpu.shared' };
    expect(sized(pool(shared), withGpu({ count: 2 })).size).toEqual(withGpu({ ...shared, count: 2 }));
  });

  it('warns of pods that ask for no GPU where there are some', () => {
    expect(sized(pool(L4), { cpuCores: 2 })).toEqual({ size: { cpuCores: 2 }, warnings: ['GpuPoolWithoutGpu'] });
  });

  it.each([
    [pool(), 'with none'],
    [pool({ ...L4, name: 't4' }, { ...L4, name: 'a10g' }), 'with t4, a10g'],
  ])('fails on a GPU that the pool lacks, %#', (on, has) => {
    expect(() => sized(on, withGpu())).toThrow(
      `[GpuNotInPool] 'apiServer.nodePool' must have nodes with l4, got "own" ${has}`,
    );
  });
});
