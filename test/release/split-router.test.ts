import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Gpu, InstanceSize, SplitRouter } from '../../lib';
import { NGINX_IMAGE } from '../../lib/traffic/response-cache';

describe('SplitRouter', () => {
  it('is the doors', () => {
    expect(SplitRouter.doors()._model).toStrictEqual({ kind: 'doors' });
  });

  it('is nginx, two of them', () => {
    expect(SplitRouter.nginx()._model).toStrictEqual({
      kind: 'nginx',
      replicas: 2,
      image: { reference: NGINX_IMAGE, mutable: false },
    });
  });

  it('is nginx as stated', () => {
    const size = InstanceSize.of({ cpuCores: 2, memory: Size.mebibytes(64) });
    const image = 'registry.example.com/nginx:1.30.4';
    expect(SplitRouter.nginx({ replicas: 5, size, image })._model).toStrictEqual({
      kind: 'nginx',
      replicas: 5,
      image: { reference: image, mutable: false },
      size: size._model,
    });
  });

  it.each([0, -1, 101, 1.5, NaN, Infinity])('fails on %d replicas', (replicas) => {
    expect(() => SplitRouter.nginx({ replicas })).toThrow(
      `[OutOfRange] 'replicas' must be a whole number from 1 to 100, got ${replicas}`,
    );
  });

  it('fails on sizes that no proxy could live with, or use', () => {
    const cpuCores = 1;
    const small = InstanceSize.of({ cpuCores, memory: Size.mebibytes(63) });
    expect(() => SplitRouter.nginx({ size: small })).toThrow("[OutOfRange] 'size.memory' must be at least 64 MiB");
    const gpu = InstanceSize.of({ cpuCores, memory: Size.gibibytes(1), gpu: Gpu.NVIDIA_L4 });
    expect(() => SplitRouter.nginx({ size: gpu })).toThrow("[OutOfRange] 'size.gpu' must be absent");
  });

  it('fails on what is no image', () => {
    expect(() => SplitRouter.nginx({ image: 'no image' })).toThrow("'image'");
  });
});
