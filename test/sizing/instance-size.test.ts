import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Gpu } from '../../lib/sizing/gpu';
import { InstanceSize, type InstanceSizeOptions } from '../../lib/sizing/instance-size';

const model = (options: InstanceSizeOptions) => JSON.parse(JSON.stringify(InstanceSize.of(options)._model));
const GIB = 2 ** 30;

// The table of `bentoml deployment list-instance-types` in BentoCloud's documentation.
describe('InstanceSize.named', () => {
  it.each([
    ['cpu.1', 0.5, 2],
    ['cpu.2', 1, 2],
    ['cpu.4', 2, 8],
    ['cpu.8', 4, 16],
  ])('%s has %d CPU and %d Gi', (name, cpuCores, gib) => {
    expect({ ...InstanceSize.named(name)._model }).toEqual({ cpuCores, memoryBytes: gib * GIB });
  });

  it.each([
    ['gpu.t4.1', 2, 8, 't4'],
    ['gpu.l4.1', 4, 16, 'l4'],
    ['gpu.a100.1', 6, 43, 'a100'],
  ])('%s has %d CPU, %d Gi and one %s', (name, cpuCores, gib, gpu) => {
    expect(InstanceSize.named(name)._model).toMatchObject({
      cpuCores,
      memoryBytes: gib * GIB,
      gpu: { name: gpu, resourceName: 'nvidia.com/gpu', count: 1 },
    });
  });

  it.each(['', 'cpu', 'cpu.3', 'CPU.1', 'gpu.h100.1', 'constructor', '__proto__', 'toString'])(
    'fails on %j',
    (name) => {
      expect(() => InstanceSize.named(name)).toThrow(
        `[UnknownInstanceSize] 'name' must be one of cpu.1, cpu.2, cpu.4, cpu.8, gpu.t4.1, gpu.l4.1, gpu.a100.1, got "${name}"; use InstanceSize.of() for any other size`,
      );
    },
  );
});

describe('InstanceSize.of', () => {
  it('asks for nothing where nothing is said', () => {
    expect(model({})).toEqual({});
  });

  it.each([0.001, 0.1, 0.07, 1, 2.007, 1.5, 192])('takes %d CPU', (cores) => {
    expect(model({ cpuCores: cores })).toEqual({ cpuCores: cores });
    // As Kubernetes has it: a limit without a request is the request too.
    expect(model({ cpuLimitCores: cores })).toEqual({ cpuCores: cores, cpuLimitCores: cores });
  });

  it.each([0, -0, -1, NaN, Infinity, -Infinity])('fails on %d CPU', (cores) => {
    expect(() => InstanceSize.of({ cpuCores: cores })).toThrow(
      `[OutOfRange] 'cpuCores' must be a number above 0, got ${cores}`,
    );
    expect(() => InstanceSize.of({ cpuLimitCores: cores })).toThrow("[OutOfRange] 'cpuLimitCores'");
  });

  it.each([0.0001, 1e-10, 1.2345])('fails on %d CPU, finer than thousandths', (cores) => {
    expect(() => InstanceSize.of({ cpuCores: cores })).toThrow(
      `[OutOfRange] 'cpuCores' must be a number with at most three decimals, got ${cores}`,
    );
  });

  it('takes a limit of the request and above, and fails below', () => {
    expect(model({ cpuCores: 2, cpuLimitCores: 2 })).toEqual({ cpuCores: 2, cpuLimitCores: 2 });
    expect(model({ cpuCores: 2, cpuLimitCores: 2.5 })).toEqual({ cpuCores: 2, cpuLimitCores: 2.5 });
    expect(() => InstanceSize.of({ cpuCores: 2, cpuLimitCores: 1.999 })).toThrow(
      "[OutOfRange] 'cpuLimitCores' must be at least 'cpuCores' (2), got 1.999",
    );
  });

  it.each(['memory', 'ephemeralStorage', 'sharedMemory'] as const)(
    'takes whole bytes of %s and fails on none',
    (key) => {
      expect(model({ [key]: Size.mebibytes(1) })).toEqual({ [`${key}Bytes`]: 2 ** 20 });
      expect(model({ [key]: Size.gibibytes(1.5) })).toEqual({ [`${key}Bytes`]: 1.5 * GIB });
      for (const size of [Size.gibibytes(0), Size.gibibytes(NaN), Size.gibibytes(Infinity), Size.kibibytes(0.3)]) {
        expect(() => InstanceSize.of({ [key]: size })).toThrow(
          `[OutOfRange] '${key}' must be a size of at least one byte`,
        );
      }
    },
  );

  it('gives one accelerator where no number is said', () => {
    expect(model({ gpu: Gpu.NVIDIA_L4 }).gpu).toEqual({ name: 'l4', resourceName: 'nvidia.com/gpu', count: 1 });
  });

  it.each([1, 8])('takes %d accelerators', (gpuCount) => {
    expect(model({ gpu: Gpu.NVIDIA_L4, gpuCount }).gpu.count).toBe(gpuCount);
  });

  it.each([0.5, 1.5, 0.001])('fails on %d of an accelerator and says what would serve', (gpuCount) => {
    expect(() => InstanceSize.of({ gpu: Gpu.NVIDIA_L4, gpuCount })).toThrow(
      `[FractionalGpu] 'gpuCount' must be a whole number of GPUs, got ${gpuCount}; Kubernetes hands out whole devices`,
    );
  });

  it.each([0, -1, -0.5, NaN, Infinity])('fails on %d accelerators', (gpuCount) => {
    expect(() => InstanceSize.of({ gpu: Gpu.NVIDIA_L4, gpuCount })).toThrow(
      `[OutOfRange] 'gpuCount' must be a whole number of at least 1, got ${gpuCount}`,
    );
  });

  it.each([
    [Gpu.NVIDIA_L4, 8],
    [Gpu.NVIDIA_A100, 16],
    [Gpu.of({ name: 'x', resourceName: 'a.b/c', maxPerNode: 1 }), 1],
  ])('fails above what one node has: %#', (gpu, max) => {
    expect(model({ gpu, gpuCount: max }).gpu.count).toBe(max);
    expect(() => InstanceSize.of({ gpu, gpuCount: max + 1 })).toThrow(
      `[MultiNode] 'gpuCount' must be at most ${max}, what one node with ${gpu.name} has, got ${max + 1}`,
    );
  });

  it('fails on a number without its kind', () => {
    expect(() => InstanceSize.of({ gpuCount: 1 })).toThrow("[MissingOption] 'gpu' must be given with 'gpuCount'");
    expect(model({ gpuCount: 0 })).toEqual({});
  });

  it('gives GPU replicas half of their memory as shared memory, in whole MiB', () => {
    expect(model({ memory: Size.gibibytes(16), gpu: Gpu.NVIDIA_L4 }).sharedMemoryBytes).toBe(8 * GIB);
    expect(model({ memory: Size.mebibytes(1025), gpu: Gpu.NVIDIA_L4 }).sharedMemoryBytes).toBe(512 * 2 ** 20);
    expect(model({ memory: Size.gibibytes(16) })).not.toHaveProperty('sharedMemoryBytes');
    expect(model({ gpu: Gpu.NVIDIA_L4 })).not.toHaveProperty('sharedMemoryBytes');
  });

  it('takes shared memory up to all of the memory, and fails above', () => {
    const memory = Size.gibibytes(2);
    expect(model({ memory, sharedMemory: Size.gibibytes(2) }).sharedMemoryBytes).toBe(2 * GIB);
    expect(() => InstanceSize.of({ memory, sharedMemory: Size.kibibytes(2 * 2 ** 20 + 1) })).toThrow(
      "[OutOfRange] 'sharedMemory' must be at most 'memory', in which it counts, got \"2097153Ki\"",
    );
  });
});
