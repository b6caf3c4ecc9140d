import { describe, expect, it } from 'vitest';
import { Gpu } from '../../lib/sizing/gpu';

// The names that the device plugins advertise: github.com/NVIDIA/k8s-device-plugin, ROCm/k8s-device-plugin and
// awsdocs-neuron; the counts are those of the largest machine types that AWS and Google Cloud list.
describe('Gpu', () => {
  it.each([
    [Gpu.NVIDIA_T4, 't4', 8],
    [Gpu.NVIDIA_V100, 'v100', 8],
    [Gpu.NVIDIA_A10G, 'a10g', 8],
    [Gpu.NVIDIA_L4, 'l4', 8],
    [Gpu.NVIDIA_L40S, 'l40s', 8],
    [Gpu.NVIDIA_A100, 'a100', 16],
    [Gpu.NVIDIA_A100_80GB, 'a100-80gb', 8],
    [Gpu.NVIDIA_H100, 'h100', 8],
    [Gpu.NVIDIA_H200, 'h200', 8],
    [Gpu.NVIDIA_B200, 'b200', 8],
    [Gpu.NVIDIA_RTX_PRO_6000, 'rtx-pro-6000', 8],
  ])('asks the plugin of NVIDIA: %#', (gpu, name, maxPerNode) => {
    expect({ ...gpu }).toEqual({ name, resourceName: 'nvidia.com/gpu', maxPerNode });
  });

  it.each([
    [Gpu.AMD_MI300X, 'mi300x'],
    [Gpu.AMD_MI325X, 'mi325x'],
    [Gpu.AMD_MI355X, 'mi355x'],
  ])('asks the plugin of AMD: %#', (gpu, name) => {
    expect({ ...gpu }).toEqual({ name, resourceName: 'amd.com/gpu', maxPerNode: 8 });
  });

  it.each([
    [Gpu.AWS_INFERENTIA2, 'inferentia2', 12],
    [Gpu.AWS_TRAINIUM, 'trainium', 16],
    [Gpu.AWS_TRAINIUM2, 'trainium2', 16],
  ])('asks the plugin of AWS Neuron: %#', (gpu, name, maxPerNode) => {
    expect({ ...gpu }).toEqual({ name, resourceName: 'aws.amazon.com/neuron', maxPerNode });
  });
});

describe('Gpu.of', () => {
  it.each([
    'nvidia.com/gpu',
    'nvidia.com/gpu.shared',
    'nvidia.com/mig-1g.10gb',
    'aws.amazon.com/neuroncore',
    'gpu.intel.com/xe',
    'google.com/tpu',
  ])('takes the resource %s', (resourceName) => {
    expect({ ...Gpu.of({ name: 'x', resourceName }) }).toEqual({ name: 'x', resourceName, maxPerNode: 8 });
  });

  it.each([
    '',
    'gpu',
    'nvidia.com/',
    '/gpu',
    'NVIDIA.com/gpu',
    'nvidia.com/gpu/1',
    'nvidia.com/g pu',
    `a.b/${'a'.repeat(64)}`,
  ])('fails on the resource %j', (resourceName) => {
    expect(() => Gpu.of({ name: 'x', resourceName })).toThrow(
      `[InvalidName] 'resourceName' must be an extended resource, as nvidia.com/gpu, got "${resourceName}"`,
    );
  });

  it.each(['', ' ', 'a'.repeat(64)])('fails on the name %j', (name) => {
    expect(() => Gpu.of({ name, resourceName: 'a.b/c' })).toThrow("[InvalidText] 'name' must be text");
  });

  it.each([1, 72])('takes %d per node', (maxPerNode) => {
    expect(Gpu.of({ name: 'x', resourceName: 'a.b/c', maxPerNode }).maxPerNode).toBe(maxPerNode);
  });

  it.each([0, -1, 1.5, NaN, Infinity])('fails on %d per node', (maxPerNode) => {
    expect(() => Gpu.of({ name: 'x', resourceName: 'a.b/c', maxPerNode })).toThrow("[OutOfRange] 'maxPerNode'");
  });
});

// GpuLiteralType of _bentoml_sdk/service/config.py, BentoML 1.4.
const BENTO_TYPES = [
  ['nvidia-b200', 'b200'],
  ['nvidia-gb200', 'gb200'],
  ['nvidia-rtx-pro-6000', 'rtx-pro-6000'],
  ['nvidia-h200-141gb', 'h200'],
  ['nvidia-tesla-h100', 'h100'],
  ['nvidia-tesla-t4', 't4'],
  ['nvidia-tesla-a100', 'a100'],
  ['nvidia-a100-80gb', 'a100-80gb'],
  ['nvidia-h100-80gb', 'h100'],
  ['nvidia-a10g', 'a10g'],
  ['nvidia-l4', 'l4'],
  ['nvidia-tesla-v100', 'v100'],
  ['nvidia-tesla-p100', 'p100'],
  ['nvidia-tesla-k80', 'k80'],
  ['nvidia-tesla-p4', 'p4'],
  ['amd-mi300x', 'mi300x'],
  ['amd-mi325x', 'mi325x'],
  ['amd-mi355x', 'mi355x'],
];

describe('gpu_type of a Bento', () => {
  it.each(BENTO_TYPES)('%s is %s', (type, name) => {
    expect(Gpu._ofBento(type!)).toMatchObject({
      name,
      resourceName: type!.startsWith('amd') ? 'amd.com/gpu' : 'nvidia.com/gpu',
    });
  });

  it.each(['', 'l4', 'NVIDIA-L4', 'constructor', '__proto__'])('%j is none', (type) => {
    expect(Gpu._ofBento(type)).toBeUndefined();
  });
});
