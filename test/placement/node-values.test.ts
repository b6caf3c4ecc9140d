import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { NodeDisk, NodeImage, Taint } from '../../lib';
import { gpuTaint } from '../../lib/placement/gpu-taint';

const BAD_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 3000.5];

describe('NodeDisk.ebs', () => {
  it.each([20, 100, 16_384])('takes %s GiB', (gibibytes) => {
    expect(NodeDisk.ebs({ size: Size.gibibytes(gibibytes) })._model).toEqual({
      kind: 'ebs',
      gibibytes,
      throughputMibps: 125,
      iops: 3000,
    });
  });

  it.each([Size.gibibytes(19), Size.gibibytes(16_385), Size.mebibytes(20_481)])('fails on %s', (size) => {
    expect(() => NodeDisk.ebs({ size })).toThrow("[OutOfRange] 'size' must be whole GiB from 20 to 16384");
  });

  it.each([
    [125, 3000],
    [750, 3000],
    [1000, 4000],
    [1000, 16_000],
  ])('takes %s MiB/s of %s IOPS', (throughputMibps, iops) => {
    const { _model: model } = NodeDisk.ebs({ size: Size.gibibytes(20), throughputMibps, iops });
    expect(model).toMatchObject({ throughputMibps, iops });
  });

  it.each([...BAD_NUMBERS, 2999, 16_001])('fails on %s IOPS', (iops) => {
    expect(() => NodeDisk.ebs({ size: Size.gibibytes(20), iops })).toThrow("[OutOfRange] 'iops'");
  });

  it.each([...BAD_NUMBERS, 124, 1001])('fails on %s MiB/s', (throughputMibps) => {
    expect(() => NodeDisk.ebs({ size: Size.gibibytes(20), throughputMibps, iops: 16_000 })).toThrow(
      "[OutOfRange] 'throughputMibps'",
    );
  });

  it('fails where operations are too few for the throughput', () => {
    expect(() => NodeDisk.ebs({ size: Size.gibibytes(20), throughputMibps: 751 })).toThrow(
      "[OutOfRange] 'throughputMibps' must be at most a quarter of 'iops' (3000), got 751",
    );
  });

  it('has a key of its own', () => {
    expect(NodeDisk.ebs({ size: Size.gibibytes(20), kmsKeyId: 'alias/nodes' })._model).toMatchObject({
      kmsKeyId: 'alias/nodes',
    });
  });
});

describe('NodeImage', () => {
  it.each([
    [NodeImage.al2023(), 'al2023', 'latest'],
    [NodeImage.al2023({ version: 'v20260903' }), 'al2023', 'v20260903'],
    [NodeImage.bottlerocket(), 'bottlerocket', 'latest'],
    [NodeImage.bottlerocket({ version: 'v1.57.0' }), 'bottlerocket', 'v1.57.0'],
  ])('%#', (image, family, release) => {
    expect([image._family, image._release]).toEqual([family, release]);
  });

  it.each(['', 'v1.57.0', '20260910', 'v2026091'])('of AL2023 fails on %j', (version) => {
    expect(() => NodeImage.al2023({ version })).toThrow("[InvalidText] 'version' must be a release, as v20260903");
  });

  it.each(['', 'v20260903', '1.50.0', 'v1.50'])('of Bottlerocket fails on %j', (version) => {
    expect(() => NodeImage.bottlerocket({ version })).toThrow("[InvalidText] 'version' must be a release, as v1.57.0");
  });
});

describe('Taint', () => {
  it.each([
    [Taint.noSchedule('team', 'ml'), 'NoSchedule'],
    [Taint.preferNoSchedule('team', 'ml'), 'PreferNoSchedule'],
    [Taint.noExecute('team', 'ml'), 'NoExecute'],
  ])('%#', (taint, effect) => {
    expect({ ...taint }).toEqual({ key: 'team', value: 'ml', effect });
  });

  it.each(['', 'a b', '-a', 'a/b/c'])('fails on the key %j', (key) => {
    expect(() => Taint.noSchedule(key, '')).toThrow('[InvalidLabel]');
  });

  it.each(['a b', '-a', 'a'.repeat(64)])('fails on the value %j', (value) => {
    expect(() => Taint.noSchedule('a', value)).toThrow('[InvalidLabel]');
  });
});

describe('gpuTaint', () => {
  it.each([
    ['nvidia.com/gpu', 'nvidia.com/gpu'],
    ['nvidia.com/mig-1g.10gb', 'nvidia.com/gpu'],
    ['nvidia.com/gpu.shared', 'nvidia.com/gpu'],
    ['aws.amazon.com/neuroncore', 'aws.amazon.com/neuron'],
    ['amd.com/gpu', 'amd.com/gpu'],
  ])('of %s has the key %s', (resourceName, key) => {
    expect(gpuTaint(resourceName)).toEqual({ key, value: 'true', effect: 'NoSchedule' });
  });
});
