import { errors } from '../internal/errors';
import type { NodePoolModel } from '../placement/node-pool-model';
import type { SizeModel } from '../sizing/instance-size';
import type { Warning } from './warning';

/** A size as nodes of a pool give it: their GPUs may go by another extended resource than elsewhere. */
export function sizeOn(
  pool: NodePoolModel | undefined,
  property: string,
  size: SizeModel,
  warnings: Warning[],
): SizeModel {
  if (pool === undefined) return size;
  const { gpu } = size;
  if (gpu === undefined) {
    if (pool.gpus.length > 0) {
      warnings.push({
        id: 'GpuPoolWithoutGpu',
        text: `'${property}' has nodes with GPUs, and the pods ask for none: they take CPU and memory from those that do; state \`gpu\` in the size, or another pool`,
      });
    }
    return size;
  }
  const found = pool.gpus.find(({ name }) => name === gpu.name);
  if (found === undefined) {
    const names = pool.gpus.map(({ name }) => name);
    throw errors.gpuNotInPool(property, gpu.name, pool.name, names);
  }
  return { ...size, gpu: { ...gpu, resourceName: found.resourceName } };
}
