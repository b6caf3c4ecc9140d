import { describe, expect, it } from 'vitest';
import { Gpu } from '../../lib';
import { chooseInstances, type InstanceIntent, instanceIntent } from '../../lib/component/node-requirements';
import { NodeDisk } from '../../lib/placement/node-disk';

const choose = (intent: Partial<InstanceIntent>) =>
  chooseInstances({ prefix: '', zonesPrefix: '', instanceStore: false, ...intent });
const names = (intent: Partial<InstanceIntent>) => choose(intent).types!.map(({ name }) => name);
const asked = (intent: Partial<InstanceIntent>) =>
  Object.fromEntries(choose(intent).requirements.map(({ key, operator, values = [] }) => [key, [operator, ...values]]));
const families = (intent: Partial<InstanceIntent>) => [...new Set(choose(intent).types!.map(({ family }) => family))];

const AMD64 = { 'kubernetes.io/arch': ['In', 'amd64'] };
const SOME_GPU = { 'karpenter.k8s.aws/instance-gpu-count': ['Gt', '0'] };

// Labels from https://karpenter.sh/docs/reference/instance-types, by hand.
describe('a GPU by its name', () => {
  it.each([
    [Gpu.NVIDIA_T4, 't4', ['g4dn']],
    [Gpu.NVIDIA_V100, 'v100', ['p3dn']],
    [Gpu.NVIDIA_A10G, 'a10g', ['g5']],
    [Gpu.NVIDIA_L4, 'l4', ['g6', 'gr6']],
    [Gpu.NVIDIA_L40S, 'l40s', ['g6e']],
    [Gpu.NVIDIA_H100, 'h100', ['p5']],
    [Gpu.NVIDIA_H200, 'h200', ['p5e', 'p5en']],
    [Gpu.NVIDIA_B200, 'b200', ['p6-b200']],
    [Gpu.NVIDIA_RTX_PRO_6000, 'rtx-pro-server-6000', ['g7e']],
  ])('%#', (gpu, label, has) => {
    expect(asked({ gpu })).toEqual({ 'karpenter.k8s.aws/instance-gpu-name': ['In', label], ...SOME_GPU, ...AMD64 });
    expect(families({ gpu })).toEqual(has);
  });

  it.each([
    [Gpu.NVIDIA_A100, '40960', ['p4d.24xlarge']],
    [Gpu.NVIDIA_A100_80GB, '81920', ['p4de.24xlarge']],
  ])('tells the A100 of 40 GB from that of 80 GB, %#', (gpu, mebibytes, types) => {
    expect(asked({ gpu })).toEqual({
      'karpenter.k8s.aws/instance-gpu-name': ['In', 'a100'],
      'karpenter.k8s.aws/instance-gpu-memory': ['In', mebibytes],
      ...SOME_GPU,
      ...AMD64,
    });
    expect(names({ gpu })).toEqual(types);
  });

  it.each([
    [Gpu.AWS_INFERENTIA2, 'inferentia2', ['inf2']],
    [Gpu.AWS_TRAINIUM, 'trainium', ['trn1', 'trn1n']],
    [Gpu.AWS_TRAINIUM2, 'trainium2', ['trn2']],
  ])('is an accelerator of AWS, %#', (gpu, label, has) => {
    expect(asked({ gpu })).toEqual({ 'karpenter.k8s.aws/instance-accelerator-name': ['In', label], ...AMD64 });
    expect(families({ gpu })).toEqual(has);
  });

  it('is of ARM where its machines are', () => {
    const gpu = Gpu.of({ name: 't4g', resourceName: 'nvidia.com/gpu' });
    expect(asked({ gpu })['kubernetes.io/arch']).toEqual(['In', 'arm64']);
  });

  it('counts NeuronCores where they are asked for', () => {
    const gpu = Gpu.of({ name: 'inferentia2', resourceName: 'aws.amazon.com/neuroncore', maxPerNode: 24 });
    expect(choose({ gpu }).types!.map(({ gpus }) => gpus)).toEqual([2, 2, 12, 24]);
  });

  it.each([
    [Gpu.AMD_MI300X, '"mi300x" as amd.com/gpu'],
    [Gpu.of({ name: 'p100', resourceName: 'nvidia.com/gpu' }), '"p100" as nvidia.com/gpu'],
    [Gpu.of({ name: 'l4', resourceName: 'amd.com/gpu' }), '"l4" as amd.com/gpu'],
  ])('fails where AWS has none, %#', (gpu, got) => {
    expect(() => choose({ gpu, prefix: 'capacity[1].' })).toThrow(
      `[NoInstanceTypes] 'capacity[1].gpu' must be what an instance type of AWS has, got ${got}`,
    );
  });
});

describe('instance types and families', () => {
  it('are asked for as they are stated', () => {
    expect(asked({ gpu: Gpu.NVIDIA_L4, instanceFamilies: ['gr6', 'g6'] })).toEqual({
      'karpenter.k8s.aws/instance-family': ['In', 'gr6', 'g6'],
      ...AMD64,
    });
    expect(asked({ instanceTypes: ['m7g.large', 'm7i.large'] })).toEqual({
      'node.kubernetes.io/instance-type': ['In', 'm7g.large', 'm7i.large'],
      'kubernetes.io/arch': ['In', 'amd64', 'arm64'],
    });
    expect(names({ instanceTypes: ['m7i.large'] })).toEqual(['m7i.large']);
  });

  it('may be newer than the library: nothing is said of their architecture', () => {
    const choice = choose({ instanceFamilies: ['m7i', 'm99g'] });
    expect(choice.types).toBeUndefined();
    expect(choice.requirements).toEqual([
      { key: 'karpenter.k8s.aws/instance-family', operator: 'In', values: ['m7i', 'm99g'] },
    ]);
    expect(choose({ instanceTypes: ['m7i.99xlarge'] }).types).toBeUndefined();
  });

  it('may have a GPU that the user calls otherwise', () => {
    const gpu = Gpu.of({ name: 'nvidia-l4', resourceName: 'nvidia.com/gpu' });
    expect(names({ gpu, instanceTypes: ['g6.xlarge'] })).toEqual(['g6.xlarge']);
  });

  it.each<[Partial<InstanceIntent>, string]>([
    [{ gpu: Gpu.NVIDIA_L4, instanceFamilies: ['g5'] }, "'instanceFamilies' must have l4, got g5.xlarge with a10g"],
    [{ gpu: Gpu.NVIDIA_L4, instanceTypes: ['m7i.large'] }, "'instanceTypes' must have l4, got m7i.large with no GPU"],
    [{ gpu: Gpu.NVIDIA_L4, instanceFamilies: ['g6f'] }, "'instanceFamilies' must have l4, got g6f.large with no GPU"],
    [{ gpu: Gpu.NVIDIA_A100, instanceTypes: ['p4de.24xlarge'] }, 'must have a100, got p4de.24xlarge with a100-80gb'],
    [{ instanceFamilies: ['g6'] }, "'instanceFamilies' must have no GPU, got g6.xlarge with l4"],
    [{ instanceFamilies: ['inf2'] }, "'instanceFamilies' must have no GPU, got inf2.xlarge with inferentia2"],
    [
      { gpu: Gpu.of({ name: 'own', resourceName: 'amd.com/gpu' }), instanceTypes: ['g6.xlarge'] },
      "'instanceTypes' must have amd.com/gpu, got g6.xlarge with nvidia.com/gpu",
    ],
    // What is known is looked at, though another is not.
    [{ gpu: Gpu.NVIDIA_L4, instanceFamilies: ['g99', 'g5'] }, 'got g5.xlarge with a10g'],
  ])('fails where they are of another kind: %#', (intent, message) => {
    expect(() => choose(intent)).toThrow(/^\[WrongInstances\]/);
    expect(() => choose(intent)).toThrow(message);
  });

  it.each<[Partial<InstanceIntent>, string]>([
    [{ instanceFamilies: [] }, "[EmptyList] 'capacity[0].instanceFamilies'"],
    [{ instanceTypes: [] }, "[EmptyList] 'capacity[0].instanceTypes'"],
    [{ zones: [] }, "[EmptyList] 'zones'"],
    [{ zonesPrefix: 'capacity[0].', zones: [] }, "[EmptyList] 'capacity[0].zones'"],
    [{ zones: ['a', 'a'] }, "[DuplicateKey] 'zones'"],
    [{ instanceFamilies: ['m7i'], instanceTypes: ['m7i.large'] }, '[ConflictingOptions]'],
    [{ instanceFamilies: ['m7i', 'm7i'] }, "[DuplicateKey] 'capacity[0].instanceFamilies'"],
    [{ instanceFamilies: ['m7i.large'] }, "[InvalidText] 'capacity[0].instanceFamilies' must be families, as g6"],
    [{ instanceFamilies: ['M7I'] }, '[InvalidText]'],
    [{ instanceFamilies: [''] }, '[InvalidText]'],
    [{ instanceTypes: ['m7i'] }, "[InvalidText] 'capacity[0].instanceTypes' must be instance types, as g6.2xlarge"],
    [{ instanceTypes: ['m7i.*'] }, '[InvalidText]'],
    [{ zones: ['us east'] }, "[InvalidText] 'zones' must be zones, as us-east-1a"],
    [{ zones: ['a'.repeat(64)] }, '[InvalidText]'],
  ])('fails on %j', (intent, message) => {
    expect(() => choose({ prefix: 'capacity[0].', ...intent })).toThrow(message);
  });
});

describe('without a GPU and without types', () => {
  it('all of c, m and r from the fifth generation on, of one architecture', () => {
    expect(asked({})).toEqual({
      'karpenter.k8s.aws/instance-category': ['In', 'c', 'm', 'r'],
      'karpenter.k8s.aws/instance-generation': ['Gt', '4'],
      ...AMD64,
    });
    expect(families({})).toEqual(expect.arrayContaining(['c5', 'm8i-flex', 'r7iz']));
    for (const family of ['c4', 'm7g', 't3', 'x8i', 'g6']) expect(families({})).not.toContain(family);
  });

  it('has cores between bounds, as Karpenter counts them', () => {
    const intent = { cpuCores: { min: 4, max: 8 } };
    expect(choose(intent).requirements).toEqual(
      expect.arrayContaining([
        { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Gt', values: ['3'] },
        { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Lt', values: ['9'] },
      ]),
    );
    const cores = new Set(choose(intent).types!.map(({ instanceCpu }) => instanceCpu));
    expect(cores).toEqual(new Set([4, 8]));
  });

  it.each([
    [{ min: 1 }, 'Gt', '0'],
    [{ max: 1024 }, 'Lt', '1025'],
  ])('has a bound of one side: %j', (cpuCores, operator, value) => {
    expect(asked({ cpuCores })['karpenter.k8s.aws/instance-cpu']).toEqual([operator, value]);
  });

  it.each([
    [{ min: 0 }, 'minCpuCoresPerNode'],
    [{ min: 1.5 }, 'minCpuCoresPerNode'],
    [{ min: Number.NaN }, 'minCpuCoresPerNode'],
    [{ min: 1025 }, 'minCpuCoresPerNode'],
    [{ max: 0 }, 'maxCpuCoresPerNode'],
    [{ max: Number.POSITIVE_INFINITY }, 'maxCpuCoresPerNode'],
    [{ min: 8, max: 7 }, 'maxCpuCoresPerNode'],
  ])('fails on %j', (cpuCores, property) => {
    expect(() => choose({ cpuCores })).toThrow(`[OutOfRange] '${property}'`);
  });

  it('fails where there is none between the bounds', () => {
    expect(() => choose({ cpuCores: { min: 5, max: 7 } })).toThrow(
      "[NoInstanceTypes] 'instanceFamilies' must be what an instance type of AWS has, got none of at least 5 CPU and of at most 7 CPU",
    );
  });
});

describe('disks of the instance', () => {
  it('are asked for, and leave out types without', () => {
    expect(asked({ instanceStore: true })['karpenter.k8s.aws/instance-local-nvme']).toEqual(['Gt', '0']);
    expect(families({ instanceStore: true })).toContain('m6id');
    expect(families({ instanceStore: true })).not.toContain('m6i');
  });

  it('fails where no type has one', () => {
    expect(() => choose({ instanceStore: true, instanceFamilies: ['m7i'] })).toThrow(
      "[NoInstanceTypes] 'instanceFamilies' must be what an instance type of AWS has, got none with disks of their own",
    );
  });
});

it('asks for zones as they are stated', () => {
  expect(asked({ zones: ['us-east-1b', 'us-east-1a'] })['topology.kubernetes.io/zone']).toEqual([
    'In',
    'us-east-1b',
    'us-east-1a',
  ]);
});

describe('a rung', () => {
  const pool = { gpu: Gpu.NVIDIA_L4, instanceFamilies: ['g6'], zones: ['us-east-1a'], disk: NodeDisk.instanceStore() };

  it('has what it does not say from its pool', () => {
    expect(instanceIntent(pool, { maxGpus: 1 }, 'capacity[0].')).toEqual({
      prefix: '',
      zonesPrefix: '',
      gpu: Gpu.NVIDIA_L4,
      instanceFamilies: ['g6'],
      zones: ['us-east-1a'],
      instanceStore: true,
    });
  });

  it.each([
    [{ instanceTypes: ['gr6.4xlarge'] }, { gpu: Gpu.NVIDIA_L4, instanceTypes: ['gr6.4xlarge'], zones: ['us-east-1a'] }],
    [{ gpu: Gpu.NVIDIA_A10G }, { gpu: Gpu.NVIDIA_A10G, zones: ['us-east-1a'] }],
    [
      { gpu: Gpu.NVIDIA_A10G, zones: ['us-east-1b'] },
      { gpu: Gpu.NVIDIA_A10G, zones: ['us-east-1b'] },
    ],
  ])('of its own instance types has none of the pool: %#', (rung, expected) => {
    expect(instanceIntent(pool, rung, 'capacity[1].')).toEqual({
      prefix: 'capacity[1].',
      zonesPrefix: 'zones' in rung ? 'capacity[1].' : '',
      instanceStore: true,
      ...expected,
    });
  });
});
