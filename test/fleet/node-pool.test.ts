import { Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { BentoDeployment, Capacity, Gpu, InstanceSize, NodePool, type NodePoolProps } from '../../lib';
import { Objects, quietly } from '../tree';
import { gpuSize, karpenterChart, SINGLE } from './clusters';

const cpu = (props: Partial<NodePoolProps> = {}) => {
  const chart = karpenterChart();
  const pool = new NodePool(chart, 'Cpu', { capacity: [Capacity.spot({ maxCpuCores: 256 })], ...props });
  return { chart, pool };
};

describe('NodePool', () => {
  it('of many small nodes', () => {
    const { chart } = cpu({ maxCpuCoresPerNode: 8 });
    const { spec } = new Objects(quietly(() => Testing.synth(chart))).get('NodePool', 'cpu-spot');
    expect(spec.template.spec.requirements).toContainEqual({
      key: 'karpenter.k8s.aws/instance-cpu',
      operator: 'Lt',
      values: ['9'],
    });
    expect(spec.limits).toEqual({ cpu: '256' });
    expect(spec.disruption).toMatchObject({ consolidateAfter: '5m', consolidationPolicy: 'WhenEmptyOrUnderutilized' });
  });

  it('of few large nodes does not spread replicas over hosts: there would be as many as replicas', () => {
    const { chart, pool } = cpu({ minCpuCoresPerNode: 32 });
    const apiServer = { nodePool: pool, size: InstanceSize.of({ cpuCores: 2 }) };
    new BentoDeployment(chart, 'Rag', { bento: SINGLE, apiServer });
    const pod = new Objects(quietly(() => Testing.synth(chart))).pod('rag');
    expect(pod.topologySpreadConstraints.map(({ topologyKey }: { topologyKey: string }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
    ]);
    expect(pod).not.toHaveProperty('tolerations');
  });

  it('fails on pods with a GPU', () => {
    const { chart, pool } = cpu();
    const apiServer = { nodePool: pool, size: gpuSize(1, Gpu.NVIDIA_L4) };
    expect(() => new BentoDeployment(chart, 'Rag', { bento: SINGLE, apiServer })).toThrow(
      `[GpuNotInPool] 'apiServer.nodePool' must have nodes with l4, got "cpu" with none`,
    );
  });

  it('fails on bounds that no instance has', () => {
    expect(() => cpu({ minCpuCoresPerNode: 5, maxCpuCoresPerNode: 7 })).toThrow('[NoInstanceTypes]');
    expect(() => cpu({ minCpuCoresPerNode: 8, maxCpuCoresPerNode: 7 })).toThrow("[OutOfRange] 'maxCpuCoresPerNode'");
  });
});
