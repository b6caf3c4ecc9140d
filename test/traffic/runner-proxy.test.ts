import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { InstanceSize } from '../../lib/sizing/instance-size';
import { RunnerProxy } from '../../lib/traffic/runner-proxy';

const size = InstanceSize.of({ cpuCores: 0.5, memory: Size.mebibytes(64) });

describe('RunnerProxy.sidecar', () => {
  it('leaves the size to the engine where none is stated', () => {
    expect(RunnerProxy.sidecar()._model).toStrictEqual({ kind: 'sidecar' });
    expect(RunnerProxy.sidecar({})._model).toStrictEqual({ kind: 'sidecar' });
    expect(RunnerProxy.sidecar({ size })._model).toStrictEqual({ kind: 'sidecar', size: size._model });
  });
});

describe('RunnerProxy.tier', () => {
  it('has two where nothing is said', () => {
    expect(RunnerProxy.tier()._model).toStrictEqual({ kind: 'tier', replicas: 2 });
    expect(RunnerProxy.tier({ size })._model).toStrictEqual({ kind: 'tier', replicas: 2, size: size._model });
  });

  it.each([1, 1000])('may have %d', (replicas) => {
    expect(RunnerProxy.tier({ replicas })._model).toStrictEqual({ kind: 'tier', replicas });
  });

  it.each([0, -1, 1001, 1.5, NaN, Infinity])('fails on %d', (replicas) => {
    expect(() => RunnerProxy.tier({ replicas })).toThrow(
      `[OutOfRange] 'replicas' must be a whole number from 1 to 1000, got ${replicas}`,
    );
  });
});

describe.each([
  ['sidecar', (stated: InstanceSize) => RunnerProxy.sidecar({ size: stated })],
  ['tier', (stated: InstanceSize) => RunnerProxy.tier({ size: stated })],
])('the size of a %s', (_, make) => {
  it.each<[InstanceSize, string]>([
    [InstanceSize.of({ cpuCores: 1 }), "[MissingOption] 'size.memory' must be given for a proxy"],
    [
      InstanceSize.of({ cpuCores: 1, memory: Size.mebibytes(63) }),
      '[OutOfRange] \'size.memory\' must be at least 64 MiB, which a proxy takes, got "63 MiB"',
    ],
    [
      InstanceSize.named('gpu.t4.1'),
      '[OutOfRange] \'size.gpu\' must be absent, as a proxy computes nothing, got "t4"; leave it out',
    ],
  ])('fails: %#', (stated, message) => {
    expect(() => make(stated)).toThrow(message);
  });
});

describe('RunnerProxy.direct', () => {
  it('is none', () => {
    expect(RunnerProxy.direct()._model).toStrictEqual({ kind: 'direct' });
  });
});
