import { type Chart, Duration, Size, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  Capacity,
  Consolidation,
  ExistingNodePool,
  Gpu,
  type GpuNodePoolProps,
  InstanceSize,
  NodePool,
  PodContainer,
  RollingPreset,
  RunState,
  type ScaledComponentOptions,
  Scaling,
  ScalingMetric,
} from '../../lib';
import { gpuSize, karpenterChart, l4, SINGLE } from '../fleet/clusters';
import { quietly } from '../tree';

function problems(chart: Chart): string {
  try {
    quietly(() => Testing.synth(chart));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** What is wrong with replicas on a pool of eight L4. */
function found(apiServer: ScaledComponentOptions, pool: Partial<GpuNodePoolProps> = {}): string {
  const chart = karpenterChart();
  new BentoDeployment(chart, 'Rag', { bento: SINGLE, apiServer: { nodePool: l4(chart, pool), ...apiServer } });
  return problems(chart);
}

const replicas = (count: number) => Scaling.replicas(count);
const auto = (minReplicas: number, maxReplicas: number) =>
  Scaling.auto({ minReplicas, maxReplicas, metrics: [ScalingMetric.pods({ metric: 'queue', averageValue: 1 })] });

describe('a pod fits a node', () => {
  // https://karpenter.sh/docs/reference/instance-types: g6.xlarge has 3920m and 14162Mi; 400m and 512Mi are for daemons.
  const instanceTypes = ['g6.xlarge'];
  const sized = (cpuCores: number, mebibytes: number, gpuCount = 1) =>
    InstanceSize.of({ cpuCores, memory: Size.mebibytes(mebibytes), gpu: Gpu.NVIDIA_L4, gpuCount });

  it.each([
    [3.52, 1024],
    [1, 13_650],
  ])('of %s CPU and %s MiB', (cpuCores, mebibytes) => {
    expect(found({ size: sized(cpuCores, mebibytes), scaling: replicas(2) }, { instanceTypes })).toBe('');
  });

  it.each([
    [sized(3.53, 1024), '3.53 CPU, 1Gi of memory, 1 GPU'],
    [sized(1, 13_651), '1 CPU, 13651Mi of memory, 1 GPU'],
    [sized(1, 1024, 2), '1 CPU, 1Gi of memory, 2 GPU'],
  ])('fails where it does not, %#', (size, needs) => {
    expect(found({ size, scaling: replicas(1) }, { instanceTypes })).toContain(
      `[PodTooLarge] 'size' of rag must fit a node of "l4", got ${needs}: g6.xlarge has 3.52 CPU, 13650Mi of memory, 1 GPU`,
    );
  });

  it('fails on what runs beside and before it', () => {
    const size = sized(3, 1024);
    const container = PodContainer.of('tool', 'tool:1', { size: InstanceSize.of({ cpuCores: 1 }) });
    const big = PodContainer.of('tool', 'tool:1', { size: InstanceSize.of({ cpuCores: 4 }) });
    const options = { size, scaling: replicas(1) };
    expect(found({ ...options, sidecars: [container] }, { instanceTypes })).toContain('got 4 CPU');
    expect(found({ ...options, initContainers: [big] }, { instanceTypes })).toContain('got 4 CPU');
    expect(found({ ...options, initContainers: [container] }, { instanceTypes })).toBe('');
  });

  it('counts what pulls images on each node', () => {
    const options = { size: sized(3.515, 1024), scaling: replicas(1) };
    expect(found(options, { instanceTypes })).toBe('');
    expect(found(options, { instanceTypes, pullImages: true })).toContain('[PodTooLarge]');
  });

  it('tells the node that comes nearest: of those with GPUs enough that with most memory', () => {
    const size = sized(200, 1024, 4);
    expect(found({ size, scaling: replicas(1) })).toContain('g6.48xlarge has 191.05 CPU');
    expect(
      found({ size: sized(1, 1024, 8), scaling: replicas(1) }, { instanceTypes: ['g6.xlarge', 'g6.12xlarge'] }),
    ).toContain('g6.12xlarge has');
  });

  it('is not checked where nodes are not known', () => {
    const size = InstanceSize.of({ cpuCores: 1000, gpu: Gpu.NVIDIA_L4 });
    expect(found({ size, scaling: replicas(1) }, { instanceFamilies: ['g6', 'g99'] })).toBe('');
    expect(found({ size, scaling: replicas(1), nodePool: existing() })).toBe('');
  });

  it.each([
    [{ cpuCoresPerNode: 2 }, ''],
    [{ cpuCoresPerNode: 1.9 }, '[PodTooLarge]'],
    [{ gpusPerNode: 1 }, ''],
    [{ memoryPerNode: Size.gibibytes(1) }, '[PodTooLarge]'],
  ])('is checked on nodes of others as far as they are known: %j', (options, message) => {
    const size = InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(2), gpu: Gpu.NVIDIA_L4 });
    const wrong = found({ size, scaling: replicas(1), nodePool: existing(options) });
    if (message === '') expect(wrong).toBe('');
    else expect(wrong).toContain(`${message} 'size' of rag must fit a node of "own"`);
  });
});

const existing = (options: object = {}) =>
  ExistingNodePool.of({ name: 'own', nodeLabels: { pool: 'own' }, gpus: [Gpu.NVIDIA_L4], ...options });

describe('a pool holds all that name it', () => {
  it.each([
    [replicas(7), 1, ''],
    [replicas(9), 1, '[PoolTooSmall]'],
    [auto(1, 8), 1, ''],
    [auto(1, 9), 1, '[PoolTooSmall]'],
    [auto(1, 4), 2, ''],
    [auto(1, 5), 2, '[PoolTooSmall]'],
    // What somebody else scales is not known.
    [Scaling.unmanaged(), 1, ''],
  ])('%#', (scaling, gpuCount, message) => {
    const wrong = found({ size: gpuSize(gpuCount), scaling });
    if (message === '') expect(wrong).toBe('');
    else expect(wrong).toContain(message);
  });

  it('fails on the sum of several, and names them', () => {
    const chart = karpenterChart();
    const nodePool = l4(chart);
    for (const id of ['A', 'B', 'C']) {
      const apiServer = { nodePool, size: gpuSize(), scaling: auto(1, 3) };
      new BentoDeployment(chart, id, { bento: SINGLE, apiServer });
    }
    expect(problems(chart)).toContain(
      `[PoolTooSmall] 'capacity' of "l4" must hold all replicas that name it, got maxGpus 8 for 9 (a 3, b 3, c 3)`,
    );
  });

  it('does not count what is terminated', () => {
    const chart = karpenterChart();
    const apiServer = { nodePool: l4(chart), size: gpuSize(), scaling: replicas(20) };
    new BentoDeployment(chart, 'Rag', { bento: SINGLE, apiServer, state: RunState.TERMINATED });
    expect(problems(chart)).toBe('');
  });

  it('in cores where it has no GPUs', () => {
    const of = (maxReplicas: number) => {
      const chart = karpenterChart();
      const nodePool = new NodePool(chart, 'Cpu', { capacity: [Capacity.spot({ maxCpuCores: 16 })] });
      const scaling = Scaling.auto({ minReplicas: 1, maxReplicas });
      const size = InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(2) });
      new BentoDeployment(chart, 'Rag', { bento: SINGLE, apiServer: { nodePool, size, scaling } });
      return problems(chart);
    };
    expect(of(8)).toBe('');
    expect(of(9)).toContain('got maxCpuCores 16 for 18 (rag 18)');
  });

  it('of others is one by its name and cluster', () => {
    const chart = karpenterChart();
    for (const id of ['A', 'B']) {
      const apiServer = { nodePool: existing({ maxGpus: 3 }), size: gpuSize(), scaling: replicas(2) };
      new BentoDeployment(chart, id, { bento: SINGLE, apiServer });
    }
    expect(problems(chart)).toContain('[PoolTooSmall]');
  });
});

describe('a pool has room for a release', () => {
  const rolling = (preset: RollingPreset) => ({ size: gpuSize(), scaling: replicas(8), rolling: { preset } });

  it.each([
    // A quarter of them may be missing.
    [RollingPreset.ROLLING_UPDATE, ''],
    [RollingPreset.RAMPED_SLOW_ROLLOUT, '[NoRoomToReplace]'],
    [RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT, ''],
    [RollingPreset.RECREATE, ''],
  ])('%s of as many as it has', (preset, message) => {
    const wrong = found(rolling(preset));
    if (message === '') expect(wrong).toBe('');
    else
      expect(wrong).toContain(
        `${message} 'capacity' of "l4" must have room for new replicas of rag beside the old ones, got 8 GPU for`,
      );
  });

  it('is wanted by what is released as nobody said', () => {
    expect(found({ size: gpuSize(), scaling: replicas(8) })).toContain('got 8 GPU for 9');
    expect(found({ size: gpuSize(), scaling: replicas(7) })).toBe('');
  });

  it('asks for the GPUs of a whole replica', () => {
    expect(found({ size: gpuSize(4), scaling: replicas(2) })).toContain('got 8 GPU for 12');
  });

  it('is there where replicas go down to fewer by themselves', () => {
    expect(found({ size: gpuSize(), scaling: auto(7, 8) })).toBe('');
    expect(found({ size: gpuSize(), scaling: auto(8, 8) })).toContain('[NoRoomToReplace]');
  });
});

describe('the times of a pool', () => {
  const served = { size: gpuSize(), scaling: replicas(2) };
  const shutdown = (seconds: number) => ({ ...served, drain: { gracefulShutdown: Duration.seconds(seconds) } });

  it('leave its pods theirs', () => {
    const terminationGracePeriod = Duration.minutes(10);
    expect(found(shutdown(500), { terminationGracePeriod })).toBe('');
    expect(found(shutdown(700), { terminationGracePeriod })).toMatch(
      /\[GraceOverPool\] 'terminationGracePeriod' of "l4" must be at least that of its pods \(7\d\d s of rag\), got 600 s/,
    );
  });

  it.each([
    [Consolidation.whenEmptyOrUnderutilized({ after: Duration.seconds(0) }), '[ConsolidatesTooSoon]'],
    [Consolidation.whenEmptyOrUnderutilized({ after: Duration.hours(2) }), ''],
    // A node that pulls an image has a pod.
    [Consolidation.whenEmpty({ after: Duration.seconds(0) }), ''],
    [Consolidation.never(), ''],
  ])('let its pods start, %#', (consolidation, message) => {
    const wrong = found(served, { consolidation });
    if (message === '') expect(wrong).toBe('');
    else expect(wrong).toContain(message);
  });
});

it('fails on a pool of another cluster', () => {
  const chart = karpenterChart('prod');
  const other = karpenterChart('other', { name: 'other' }, chart.node.root as never);
  new BentoDeployment(other, 'Rag', {
    bento: SINGLE,
    apiServer: { nodePool: l4(chart), size: gpuSize(), scaling: replicas(1) },
  });
  expect(problems(other)).toContain(
    `[PoolOfOtherCluster] 'nodePool' of rag must be in its cluster (other), got "l4" of prod`,
  );
});
