import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { devicesOf, instanceFamily, instanceType, instanceTypes, isGpuName } from '../../lib/placement/instance-table';

interface Row {
  readonly type: string;
  readonly vcpu: string;
  readonly mebibytes: string;
  readonly arch: string;
  readonly accelerators: string;
  readonly gpus: string;
  readonly product: string;
}

/**
 * A second source: vCPU, memory and accelerators as the cluster autoscaler's published list has them, GPUs and their names
 * as Karpenter does; blank where these are silent.
 */
const rows = readFileSync(join(__dirname, '../fixtures/aws-instances.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line): Row => {
    const [type, vcpu, mebibytes, arch, accelerators, gpus, product] = line.split(',') as [string, ...string[]];
    return {
      type,
      vcpu: vcpu!,
      mebibytes: mebibytes!,
      arch: arch!,
      accelerators: accelerators!,
      gpus: gpus!,
      product: product!,
    };
  });

/** What the driver calls what AWS sells under our names. */
const PRODUCTS: { readonly [product: string]: string } = {
  'Tesla T4': 't4',
  'NVIDIA T4G': 't4g',
  'NVIDIA A10G': 'a10g',
  'NVIDIA L4': 'l4',
  'NVIDIA L40S': 'l40s',
  'Tesla V100-SXM2-32GB': 'v100',
  'NVIDIA A100-SXM4-40GB': 'a100',
  'NVIDIA A100-SXM4-80GB': 'a100-80gb',
  'NVIDIA H100 80GB HBM3': 'h100',
  'NVIDIA H200': 'h200',
  'NVIDIA B200': 'b200',
  'NVIDIA B300 SXM6 AC': 'b300',
};

/** Parts of a GPU: for pods the nodes have none, says Karpenter's reference. */
const isShare = ({ product }: Row) => /-\d+Q$/.test(product);

const known = rows.filter(({ type }) => instanceType(type) !== undefined);
const MEBIBYTE = 2 ** 20;

describe('the instance table', () => {
  it('knows what the other source knows, but for families that Karpenter does not list', () => {
    const missing = rows.filter(({ type }) => instanceType(type) === undefined).map(({ type }) => type.split('.')[0]);
    expect(new Set(missing)).toEqual(new Set(['dl1', 'p3']));
    expect(known.length).toBeGreaterThan(100);
  });

  it.each(known.filter(({ vcpu }) => vcpu !== ''))('has the CPU, memory and architecture of $type', (row) => {
    const type = instanceType(row.type)!;
    expect(type.arch).toBe(row.arch);
    expect(type.instanceCpu).toBe(Number(row.vcpu));
    // https://karpenter.sh/docs/reference/settings: 7.5 % of the memory is left to the hypervisor, and the kubelet reserves
    // 255 MiB, 11 MiB for each pod (from 4 to 737 on a node), and 100 MiB of the threshold for eviction.
    const ofInstance = Number(row.mebibytes) - (row.arch === 'arm64' ? 64 : 0);
    const left = ofInstance - Math.ceil(ofInstance * 0.075) - 255 - 100;
    const pods = (left - type.memoryBytes / MEBIBYTE) / 11;
    expect(Number.isInteger(pods)).toBe(true);
    expect(pods).toBeGreaterThanOrEqual(4);
    expect(pods).toBeLessThanOrEqual(737);
    expect(type.cpuCores).toBeCloseTo(Number(row.vcpu) - reservedCpu(Number(row.vcpu)), 2);
    expect(type.cpuCores).toBeLessThan(Number(row.vcpu));
  });

  it.each(known.filter((row) => row.product !== '' && !isShare(row)))('has the GPUs of $type', (row) => {
    expect(PRODUCTS).toHaveProperty([row.product]);
    const { gpuName, gpus, resourceName } = instanceType(row.type)!;
    expect({ gpuName, gpus, resourceName }).toEqual({
      gpuName: PRODUCTS[row.product],
      gpus: Number(row.gpus),
      resourceName: 'nvidia.com/gpu',
    });
  });

  it.each(rows.filter(isShare))('has no GPU for pods in $type, which has a part of one', ({ type }) => {
    expect(instanceType(type)!.gpus).toBe(0);
  });

  // https://aws.amazon.com/ec2/instance-types/accelerated-computing, by hand.
  it.each([
    ['g4ad.16xlarge', 'radeon-pro-v520', 'amd.com/gpu', 4],
    ['inf1.24xlarge', 'inferentia', 'aws.amazon.com/neuron', 16],
    ['inf2.xlarge', 'inferentia2', 'aws.amazon.com/neuron', 1],
    ['inf2.48xlarge', 'inferentia2', 'aws.amazon.com/neuron', 12],
    ['trn1.32xlarge', 'trainium', 'aws.amazon.com/neuron', 16],
    ['trn2.48xlarge', 'trainium2', 'aws.amazon.com/neuron', 16],
    ['g7e.48xlarge', 'rtx-pro-6000', 'nvidia.com/gpu', 8],
  ])('has the accelerators of %s', (name, gpuName, resourceName, gpus) => {
    expect(instanceType(name)).toMatchObject({ gpuName, resourceName, gpus });
  });

  it.each([
    ['g6.xlarge', 'nvidia.com/gpu', 1],
    ['g6.xlarge', 'amd.com/gpu', 0],
    ['g6.xlarge', 'aws.amazon.com/neuroncore', 0],
    ['inf1.xlarge', 'aws.amazon.com/neuroncore', 4],
    ['inf2.48xlarge', 'aws.amazon.com/neuroncore', 24],
    ['trn1.32xlarge', 'aws.amazon.com/neuroncore', 32],
    ['trn2.48xlarge', 'aws.amazon.com/neuroncore', 128],
    ['m7i.large', 'nvidia.com/gpu', 0],
  ])('gives pods of %s of %s: %i', (name, resourceName, count) => {
    expect(devicesOf(instanceType(name)!, resourceName)).toBe(count);
  });

  // Graviton alone is ARM: `a1`, and a `g` after the generation.
  it('knows Graviton by its names', () => {
    const wrong = instanceTypes(({ family, arch }) => {
      const graviton = family === 'a1' || /^[a-z]+\d+[a-z]*g/.test(family);
      return (arch === 'arm64') !== graviton;
    });
    expect([...new Set(wrong.map(({ family }) => family))]).toEqual([]);
  });

  it('bounds cores as the largest instance has them', () => {
    // https://aws.amazon.com/ec2/instance-types/high-memory
    expect(instanceType('u7i-12tb.224xlarge')!.instanceCpu).toBe(896);
    expect(instanceType('u-6tb1.112xlarge')!.instanceCpu).toBe(448);
    expect(instanceType('t3.nano')!.instanceCpu).toBe(2);
    expect(instanceType('a1.medium')!.instanceCpu).toBe(1);
  });

  it.each(['', 'g6', 'g6.', '.xlarge', 'g6.3xlarge', 'G6.xlarge', 'g6.xlarge.', 'constructor.x'])(
    'does not know the type %j',
    (name) => {
      expect(instanceType(name)).toBeUndefined();
    },
  );

  it.each(['', 'g', 'g99', 'toString', 'g6.xlarge'])('does not know the family %j', (name) => {
    expect(instanceFamily(name)).toBeUndefined();
  });

  it.each([
    ['l4', true],
    ['a100-80gb', true],
    ['mi300x', false],
    ['', false],
  ])('knows the accelerator %j: %s', (name, is) => {
    expect(isGpuName(name)).toBe(is);
  });

  it('has each type once, with sound numbers', () => {
    const all = instanceTypes(() => true);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const type of all) {
      expect(type.name).toMatch(new RegExp(`^${type.family}\\.[a-z0-9-]+$`));
      for (const count of [type.gpus, type.nvmeGigabytes, type.instanceCpu]) expect(Number.isInteger(count)).toBe(true);
      expect(type.memoryBytes).toBeGreaterThan(0);
      expect(type.gpus > 0).toBe(type.gpuName !== undefined);
    }
  });
});

/** https://docs.aws.amazon.com/eks/latest/userguide: 6 % of the first core, 1 % of the next, 0.5 % of two, 0.25 % of the rest. */
function reservedCpu(cores: number): number {
  const part = (from: number, to: number) => Math.max(0, Math.min(cores, to) - from);
  return part(0, 1) * 0.06 + part(1, 2) * 0.01 + part(2, 4) * 0.005 + part(4, Number.POSITIVE_INFINITY) * 0.0025;
}
