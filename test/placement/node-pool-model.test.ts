import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Gpu, type INodePool, type NodePoolBinding, TaintEffect, Toleration } from '../../lib';
import { bindingOf, type NodePoolModel, nodePoolModel } from '../../lib/placement/node-pool-model';

/** As users implement it. */
const pool = (binding: Partial<NodePoolBinding>): INodePool => ({
  bindPods: () => ({ name: 'own', nodeLabels: { 'example.com/pool': 'own' }, ...binding }),
});
const modelOf = (binding: Partial<NodePoolBinding>) => nodePoolModel('apiServer.nodePool', pool(binding));
const NONE = { name: 'own', nodeLabels: { 'example.com/pool': 'own' }, tolerations: [], gpus: [], shapes: [] };

describe('a pool of the user', () => {
  it('is little more than its labels', () => {
    expect(modelOf({})).toEqual(NONE);
  });

  it('is what it says', () => {
    const model = modelOf({
      nodeLabels: { b: '2', a: '' },
      tolerations: [Toleration.exists('x'), Toleration.withValue('y', 'z', { effect: TaintEffect.NO_EXECUTE })],
      gpus: [Gpu.NVIDIA_L4, Gpu.NVIDIA_L40S],
      gpusPerNode: 4,
      cpuCoresPerNode: 0.5,
      memoryPerNode: Size.mebibytes(1),
      maxGpus: 0,
      runtimeClassName: 'nvidia.v1',
      spreadOver: [],
    });
    expect(model).toEqual({
      name: 'own',
      nodeLabels: { a: '', b: '2' },
      tolerations: [
        { key: 'x', operator: 'Exists' },
        { key: 'y', operator: 'Equal', value: 'z', effect: 'NoExecute' },
      ],
      gpus: [
        { name: 'l4', resourceName: 'nvidia.com/gpu' },
        { name: 'l40s', resourceName: 'nvidia.com/gpu' },
      ],
      shapes: [{ cpuCores: 0.5, memoryBytes: 2 ** 20, gpus: 4 }],
      maxGpus: 0,
      runtimeClassName: 'nvidia.v1',
      spreadOver: [],
    });
    expect(Object.keys(model.nodeLabels)).toEqual(['a', 'b']);
  });

  it.each([
    [{ gpusPerNode: 8 }, { gpus: 8 }],
    [{ cpuCoresPerNode: 3.9 }, { cpuCores: 3.9 }],
    [{ memoryPerNode: Size.kibibytes(1) }, { memoryBytes: 1024 }],
  ])('says of a node what is known: %j', (binding, shape) => {
    expect(modelOf(binding).shapes).toEqual([shape]);
  });

  it.each<[Partial<NodePoolBinding>, string]>([
    [{ name: '' }, "[InvalidText] 'apiServer.nodePool.name'"],
    [{ name: 'a'.repeat(254) }, "[InvalidText] 'apiServer.nodePool.name'"],
    [{ nodeLabels: {} }, "[EmptyList] 'apiServer.nodePool.nodeLabels'"],
    [{ nodeLabels: { 'a b': 'c' } }, "[InvalidLabel] 'apiServer.nodePool.nodeLabels"],
    [{ nodeLabels: { a: 'b c' } }, "[InvalidLabel] 'apiServer.nodePool.nodeLabels.a'"],
    [{ gpus: [Gpu.NVIDIA_L4, Gpu.AWS_TRAINIUM] }, "[MixedResources] 'apiServer.nodePool.gpus'"],
    [{ runtimeClassName: '' }, "[InvalidName] 'apiServer.nodePool.runtimeClassName'"],
    [{ runtimeClassName: 'NVIDIA' }, "[InvalidName] 'apiServer.nodePool.runtimeClassName'"],
    [{ spreadOver: ['a b'] }, "[InvalidLabel] 'apiServer.nodePool.spreadOver"],
    [{ memoryPerNode: Size.mebibytes(0) }, "[OutOfRange] 'apiServer.nodePool.memoryPerNode'"],
    [{ memoryPerNode: Size.mebibytes(Number.NaN) }, "[OutOfRange] 'apiServer.nodePool.memoryPerNode'"],
  ])('fails on %j', (binding, message) => {
    expect(() => modelOf(binding)).toThrow(message);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s GPUs of a node', (gpusPerNode) => {
    expect(() => modelOf({ gpusPerNode })).toThrow("[OutOfRange] 'apiServer.nodePool.gpusPerNode'");
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s GPUs of all nodes', (maxGpus) => {
    expect(() => modelOf({ maxGpus })).toThrow("[OutOfRange] 'apiServer.nodePool.maxGpus'");
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s cores of a node', (cpuCoresPerNode) => {
    expect(() => modelOf({ cpuCoresPerNode })).toThrow("[OutOfRange] 'apiServer.nodePool.cpuCoresPerNode'");
  });
});

describe('bindingOf', () => {
  const model: NodePoolModel = {
    name: 'l4',
    nodeLabels: { a: 'b' },
    tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
    gpus: [{ name: 'l4', resourceName: 'nvidia.com/gpu' }],
    shapes: [
      { name: 'g6.xlarge', cpuCores: 3.5, memoryBytes: 13 * 2 ** 30, gpus: 1 },
      { name: 'g6.12xlarge', cpuCores: 47.4, memoryBytes: 170 * 2 ** 30, gpus: 4 },
    ],
    maxGpus: 8,
    runtimeClassName: 'nvidia',
    spreadOver: [],
  };

  it('tells others what a pool of the library is, and comes back as the same', () => {
    const { shapes: _, ...rest } = model;
    expect(nodePoolModel('nodePool', { bindPods: () => bindingOf(model) })).toEqual({
      ...rest,
      shapes: [{ cpuCores: 47.4, memoryBytes: 170 * 2 ** 30, gpus: 4 }],
    });
  });

  it('says nothing of nodes that nobody knows', () => {
    expect(bindingOf({ ...NONE })).toEqual({ name: 'own', nodeLabels: NONE.nodeLabels, tolerations: [] });
  });
});

// Of plain JavaScript, and of Python, which does not look at what implements an interface.
describe('what is no node pool', () => {
  it.each([undefined, null, 1, 'l4', {}, [], { bindPods: 'l4' }])('fails as %j', (value) => {
    expect(() => nodePoolModel('nodePool', value as never)).toThrow(
      "[OutOfRange] 'nodePool' must be an INodePool, got",
    );
  });
});
