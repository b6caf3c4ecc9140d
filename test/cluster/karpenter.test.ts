import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterProfile, Region } from '../../lib';
import { karpenterModel } from '../../lib/cluster/karpenter';

describe('karpenterModel', () => {
  it('is named after the cluster, as in the guide, where nothing is said', () => {
    const { version, nodeRoleName, discoveryTags, capacityBuffers } = karpenterModel({}, 'prod');
    expect(version.text).toBe('1.6');
    expect(nodeRoleName).toBe('KarpenterNodeRole-prod');
    expect(discoveryTags).toEqual([['karpenter.sh/discovery', 'prod']]);
    expect(capacityBuffers).toBe(false);
  });

  it('is what is said', () => {
    const stated = {
      nodeRoleName: 'nodes',
      discoveryTags: { b: '*', a: '1' },
      daemonCpuCores: 0,
      daemonMemory: Size.gibibytes(1),
    };
    expect(karpenterModel(stated, undefined)).toMatchObject({
      nodeRoleName: 'nodes',
      discoveryTags: [
        ['a', '1'],
        ['b', '*'],
      ],
      daemonCpuCores: 0,
      daemonMemoryBytes: 2 ** 30,
    });
  });

  it.each([{}, { nodeRoleName: 'nodes' }, { discoveryTags: { a: '*' } }])(
    'fails without a cluster to name it after: %j',
    (options) => {
      expect(() => karpenterModel(options, undefined)).toThrow("[MissingOption] 'name' must be given with 'karpenter'");
    },
  );

  it.each([
    [{ version: '1.5.9' }, "[OutOfRange] 'karpenter.version' must be 1.6 or newer"],
    [{ version: 'x' }, "[InvalidText] 'karpenter.version'"],
    [{ nodeRoleName: '' }, "[InvalidText] 'karpenter.nodeRoleName'"],
    [{ nodeRoleName: 'a'.repeat(65) }, "[InvalidText] 'karpenter.nodeRoleName'"],
    [{ discoveryTags: {} }, "[EmptyList] 'karpenter.discoveryTags'"],
    [{ discoveryTags: { '': 'x' } }, "[InvalidText] 'karpenter.discoveryTags'"],
    [{ discoveryTags: { a: '' } }, "[InvalidText] 'karpenter.discoveryTags.a'"],
    [{ daemonCpuCores: -0.1 }, "[OutOfRange] 'karpenter.daemonCpuCores'"],
    [{ daemonCpuCores: 64.1 }, "[OutOfRange] 'karpenter.daemonCpuCores'"],
    [{ daemonCpuCores: Number.NaN }, "[OutOfRange] 'karpenter.daemonCpuCores'"],
  ])('fails on %j', (options, message) => {
    expect(() => karpenterModel(options, 'prod')).toThrow(message);
  });

  it('is part of a profile, named after its cluster, else its region', () => {
    const region = Region.aws('eu-west-1');
    expect(new ClusterProfile()._model.karpenter).toBeUndefined();
    expect(new ClusterProfile({ region, karpenter: {} })._model.karpenter?.nodeRoleName).toBe(
      'KarpenterNodeRole-eu-west-1',
    );
    expect(new ClusterProfile({ name: 'prod', region, karpenter: {} })._model.karpenter?.nodeRoleName).toBe(
      'KarpenterNodeRole-prod',
    );
  });
});
