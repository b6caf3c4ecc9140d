import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  ExistingNodePool,
  type ExistingNodePoolOptions,
  Gpu,
  InstanceSize,
  type ScaledComponentOptions,
  Scaling,
  TaintEffect,
  Toleration,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const LABELS = { 'example.com/pool': 'l4' };
const pool = (options: Partial<ExistingNodePoolOptions> = {}) =>
  ExistingNodePool.of({ name: 'l4', nodeLabels: LABELS, gpus: [Gpu.NVIDIA_L4], ...options });
const scaling = Scaling.replicas(2);
const gpu = { size: InstanceSize.of({ cpuCores: 1, gpu: Gpu.NVIDIA_L4 }), scaling };
const podOf = (apiServer: ScaledComponentOptions) =>
  synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), apiServer });
  }).pod('rag');
const GPU_TOLERATION = { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' };

describe('a pod on a pool', () => {
  it('runs nowhere else, tolerates its GPU and asks for it', () => {
    const pod = podOf({ ...gpu, nodePool: pool() });
    expect(pod.nodeSelector).toEqual(LABELS);
    expect(pod.tolerations).toEqual([GPU_TOLERATION]);
    expect(pod.containers[0].resources.limits).toMatchObject({ 'nvidia.com/gpu': '1' });
    expect(pod).not.toHaveProperty('runtimeClassName');
  });

  it('has its labels beside those of the user, in one order', () => {
    const nodeSelector = { a: '1', z: '2' };
    expect(Object.entries(podOf({ ...gpu, nodePool: pool(), nodeSelector }).nodeSelector)).toEqual([
      ['a', '1'],
      ['example.com/pool', 'l4'],
      ['z', '2'],
    ]);
  });

  it('may say the same as the pool', () => {
    expect(podOf({ ...gpu, nodePool: pool(), nodeSelector: LABELS }).nodeSelector).toEqual(LABELS);
  });

  it('fails where it asks for other nodes', () => {
    const nodeSelector = { 'example.com/pool': 't4' };
    expect(() => podOf({ ...gpu, nodePool: pool(), nodeSelector })).toThrow(
      "[ConflictingOptions] 'apiServer.nodeSelector.example.com/pool'",
    );
  });
});

describe('its tolerations', () => {
  const tolerationsOf = (own: Toleration[], ofPool: Toleration[] = []) =>
    podOf({ ...gpu, nodePool: pool({ tolerations: ofPool }), tolerations: own }).tolerations;
  const noSchedule = { effect: TaintEffect.NO_SCHEDULE };

  it('are its own, those of the pool, and that of the GPU', () => {
    expect(tolerationsOf([Toleration.exists('mine')], [Toleration.withValue('team', 'ml', noSchedule)])).toEqual([
      { key: 'mine', operator: 'Exists' },
      { key: 'team', operator: 'Equal', value: 'ml', effect: 'NoSchedule' },
      GPU_TOLERATION,
    ]);
  });

  it.each([
    ['all effects', Toleration.exists('team')],
    ['the same', Toleration.exists('team', noSchedule)],
  ])('are not said twice where the user has %s', (_, own) => {
    expect(tolerationsOf([own], [Toleration.exists('team', noSchedule)])).toEqual([own._model, GPU_TOLERATION]);
  });

  it.each([
    ['another effect', Toleration.exists('team', { effect: TaintEffect.NO_EXECUTE })],
    ['one value alone', Toleration.withValue('team', 'ml')],
  ])('are added where the user has %s', (_, own) => {
    expect(tolerationsOf([own], [Toleration.exists('team', noSchedule)])).toEqual([
      own._model,
      { key: 'team', operator: 'Exists', effect: 'NoSchedule' },
      GPU_TOLERATION,
    ]);
  });

  it.each([Toleration.exists('nvidia.com/gpu'), Toleration.withValue('nvidia.com/gpu', 'present', noSchedule)])(
    'have that of the GPU as the user says it where the pool says none, %#',
    (own) => {
      expect(tolerationsOf([own])).toEqual([own._model]);
    },
  );

  it('have that of the GPU that the pool says beside one of another value', () => {
    const own = Toleration.withValue('nvidia.com/gpu', 'present', noSchedule);
    expect(tolerationsOf([own], [Toleration.exists('nvidia.com/gpu', noSchedule)])).toEqual([
      own._model,
      GPU_TOLERATION,
    ]);
  });
});

describe('its runtime class', () => {
  const nodePool = pool({ runtimeClassName: 'nvidia' });

  it('is that of the pool', () => {
    expect(podOf({ ...gpu, nodePool }).runtimeClassName).toBe('nvidia');
  });

  it('is the one that is stated', () => {
    expect(podOf({ ...gpu, nodePool, runtimeClassName: 'gvisor' }).runtimeClassName).toBe('gvisor');
  });

  it('is none for pods without a GPU', () => {
    expect(podOf({ nodePool, scaling })).not.toHaveProperty('runtimeClassName');
  });
});

describe('its spread', () => {
  const keys = (spreadOver?: string[]) =>
    podOf({ ...gpu, nodePool: pool({ spreadOver }) }).topologySpreadConstraints?.map(
      ({ topologyKey }: { topologyKey: string }) => topologyKey,
    );

  it.each([
    [undefined, ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']],
    [['example.com/rack'], ['example.com/rack']],
    [[], undefined],
  ])('over %j', (stated, expected) => {
    expect(keys(stated)).toEqual(expected);
  });
});
