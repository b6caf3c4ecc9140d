import { App, type Chart, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  Capacity,
  Gpu,
  InstanceSize,
  Release,
  Runner,
  type ScaledComponentOptions,
  Scaling,
} from '../../lib';
import { Objects, quietly } from '../tree';
import { BENTO, gpuSize, karpenterChart, l4, SINGLE } from './clusters';

const synth = (chart: Chart) => new Objects(quietly(() => Testing.synth(chart)));
const hard = (chart: Chart) => synth(chart).get('ResourceQuota', 'node-pools').spec.hard;
const serve = (chart: Chart, id: string, apiServer: ScaledComponentOptions) =>
  new BentoDeployment(chart, id, { bento: SINGLE, apiServer });
const L4S = 'requests.nvidia.com/gpu';

describe('the quota of a namespace', () => {
  it('is what its pool has', () => {
    const chart = karpenterChart();
    const pool = l4(chart);
    expect(pool.resourceQuota!.name).toBe('node-pools');
    expect(synth(chart).get('ResourceQuota', 'node-pools')).toMatchObject({
      metadata: { namespace: 'ml' },
      spec: { hard: { [L4S]: '8' } },
    });
  });

  it('is one of all its pools', () => {
    const chart = karpenterChart();
    l4(chart);
    const second = l4(chart, { gpu: Gpu.NVIDIA_A10G, maxGpus: 3 }, 'A10G');
    l4(chart, { gpu: Gpu.AWS_INFERENTIA2 }, 'Neuron');
    l4(chart, { gpu: Gpu.NVIDIA_T4, resourceQuota: false }, 'T4');
    expect(second.resourceQuota).toBeUndefined();
    expect(hard(chart)).toEqual({ [L4S]: '11', 'requests.aws.amazon.com/neuron': '8' });
  });

  it('is one in each namespace and each cluster', () => {
    const app = new App();
    const charts = [
      karpenterChart('a', {}, app),
      karpenterChart('b', {}, app, 'other'),
      karpenterChart('c', { name: 'c' }, app),
    ];
    for (const [index, chart] of charts.entries()) l4(chart, {}, `L4-${index}`);
    for (const chart of charts) expect(hard(chart)).toEqual({ [L4S]: '8' });
  });

  it('is none where that is said', () => {
    const chart = karpenterChart();
    expect(l4(chart, { resourceQuota: false }).resourceQuota).toBeUndefined();
    expect(synth(chart).of('ResourceQuota')).toEqual([]);
  });

  it('leaves room for what holds spare nodes: one replica each', () => {
    const chart = karpenterChart();
    const nodePool = l4(chart, { warmNodes: 3 });
    serve(chart, 'Rag', { nodePool, size: gpuSize(2), scaling: Scaling.replicas(2) });
    expect(hard(chart)).toEqual({ [L4S]: '14' });
  });

  it('holds no pods for spare nodes that Karpenter keeps itself', () => {
    const chart = karpenterChart('prod', { karpenter: { capacityBuffers: true } });
    l4(chart, { warmNodes: 3 });
    expect(hard(chart)).toEqual({ [L4S]: '8' });
  });
});

describe('pods of the namespace on other nodes', () => {
  const elsewhere = (apiServer: ScaledComponentOptions) => {
    const chart = karpenterChart();
    l4(chart);
    serve(chart, 'Other', apiServer);
    return hard(chart);
  };

  it('are counted, with the one more of their release', () => {
    expect(elsewhere({ size: gpuSize(2), scaling: Scaling.replicas(3) })).toEqual({ [L4S]: '16' });
  });

  it('are not where they ask for something else', () => {
    const size = InstanceSize.of({ cpuCores: 1, gpu: Gpu.AWS_INFERENTIA2 });
    expect(elsewhere({ size, scaling: Scaling.replicas(3) })).toEqual({ [L4S]: '8' });
    expect(elsewhere({ size: InstanceSize.of({ cpuCores: 1 }) })).toEqual({ [L4S]: '8' });
  });

  it('lift the limit where nobody here knows how many they are', () => {
    expect(elsewhere({ size: gpuSize(), scaling: Scaling.unmanaged() })).toEqual({});
  });

  it('are counted twice where a release runs two versions of them', () => {
    const chart = karpenterChart('prod', { argoRollouts: {} });
    l4(chart);
    new BentoDeployment(chart, 'Other', {
      bento: SINGLE,
      apiServer: { size: gpuSize(), scaling: Scaling.replicas(3) },
      release: Release.blueGreen({}),
    });
    expect(hard(chart)).toEqual({ [L4S]: '14' });
  });

  it('of another namespace are not counted, and those of pools there are', () => {
    const app = new App();
    const ml = karpenterChart('ml', {}, app);
    const other = karpenterChart('other', {}, app, 'other');
    const pool = l4(ml);
    l4(other, {}, 'Second');
    serve(other, 'Rag', { nodePool: pool, size: gpuSize(), scaling: Scaling.replicas(2) });
    expect(hard(ml)).toEqual({ [L4S]: '8' });
    expect(hard(other)).toEqual({ [L4S]: '11' });
  });

  it('are runners, too', () => {
    const chart = karpenterChart();
    const nodePool = l4(chart);
    new BentoDeployment(chart, 'Rag', {
      bento: BENTO,
      apiServer: { nodePool, size: gpuSize(), scaling: Scaling.replicas(1) },
      runners: { Embedder: Runner.pool({ size: gpuSize(), scaling: Scaling.replicas(1) }) },
    });
    expect(hard(chart)).toEqual({ [L4S]: '10' });
  });
});

it('adds up the limits of a ladder', () => {
  const chart = karpenterChart();
  l4(chart, { capacity: [Capacity.onDemand({ maxGpus: 8 }), Capacity.spot({ maxGpus: 4 })] });
  expect(hard(chart)).toEqual({ [L4S]: '12' });
});
