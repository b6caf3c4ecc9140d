import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { aws, Gpu, NodeDisk, NodeImage, Taint } from '../../lib';
import { architectureOf } from '../../lib/aws/ami-type';
import { LABELS } from '../../lib/internal/labels';
import { terraform } from '../terraform/synth';
import { cluster } from './clusters';

const L4: Omit<aws.GpuNodeGroupProps, 'cluster'> = { gpu: Gpu.NVIDIA_L4, instanceTypes: ['g6.2xlarge'], maxNodes: 4 };

function gpuGroup(props: Partial<aws.GpuNodeGroupProps> = {}) {
  let group!: aws.GpuNodeGroup;
  const stack = terraform((scope) => {
    group = new aws.GpuNodeGroup(scope, 'L4', { cluster: cluster(scope), ...L4, ...props });
  });
  const nodes = stack.get('aws_eks_node_group', 'node_group_name', group.name);
  return { nodes, template: stack.follow(nodes.launch_template.id), binding: group.bindPods() };
}

describe('a group of nodes with a GPU', () => {
  const { nodes, template, binding } = gpuGroup({ taints: [Taint.noExecute('team', 'ml')], labels: { a: 'b' } });

  it('has the labels and taints that its pods are bound by', () => {
    expect(nodes.labels).toMatchObject(binding.nodeLabels);
    expect(binding.nodeLabels).toEqual({ [LABELS.nodePool]: 'l4' });
    const taints = nodes.taint.map(({ key, value, effect }: { [name: string]: string }) => [key, value, effect]);
    expect(taints).toEqual([
      ['nvidia.com/gpu', 'true', 'NO_SCHEDULE'],
      ['team', 'ml', 'NO_EXECUTE'],
    ]);
    expect(binding.tolerations!.map(({ _model }) => [_model.key, _model.operator, _model.effect])).toEqual([
      ['nvidia.com/gpu', 'Exists', 'NoSchedule'],
      ['team', 'Exists', 'NoExecute'],
    ]);
    expect([binding.gpus, binding.gpusPerNode, binding.maxGpus]).toEqual([[Gpu.NVIDIA_L4], 1, 4]);
  });

  it('has an encrypted disk with room for images', () => {
    expect(template.block_device_mappings).toEqual([
      {
        device_name: '/dev/xvda',
        ebs: {
          delete_on_termination: 'true',
          encrypted: 'true',
          iops: 3000,
          throughput: 500,
          volume_size: 200,
          volume_type: 'gp3',
        },
      },
    ]);
  });

  it('leaves how many there are to whoever scales it', () => {
    expect(nodes.scaling_config).toEqual({ min_size: 0, max_size: 4, desired_size: 0 });
    expect(nodes.lifecycle.ignore_changes).toEqual(['scaling_config[0].desired_size']);
  });

  it('joins the disks of its instances', () => {
    const { template: own } = gpuGroup({ disk: NodeDisk.instanceStore() });
    expect(Buffer.from(own.user_data, 'base64').toString()).toContain('strategy: RAID0');
  });
});

describe('the image', () => {
  it.each([
    [Gpu.NVIDIA_L4, ['g6.xlarge'], NodeImage.al2023(), 'AL2023_x86_64_NVIDIA'],
    [
      Gpu.of({ name: 't4g', resourceName: 'nvidia.com/gpu' }),
      ['g5g.xlarge'],
      NodeImage.al2023(),
      'AL2023_ARM_64_NVIDIA',
    ],
    [Gpu.AWS_INFERENTIA2, ['inf2.xlarge'], NodeImage.al2023(), 'AL2023_x86_64_NEURON'],
    [Gpu.NVIDIA_L4, ['g6.xlarge'], NodeImage.bottlerocket(), 'BOTTLEROCKET_x86_64_NVIDIA'],
  ])('fits %o in %s', (gpu, instanceTypes, image, amiType) => {
    expect(gpuGroup({ gpu, instanceTypes, image }).nodes.ami_type).toBe(amiType);
  });

  it.each([
    ['m7g.large', 'ARM_64'],
    ['c7gn.large', 'ARM_64'],
    ['a1.large', 'ARM_64'],
    ['x9gd.large', 'ARM_64'],
    ['p9e-gb300.36xlarge', 'ARM_64'],
    ['g6.large', 'x86_64'],
    ['g99dn.large', 'x86_64'],
    ['m7i-flex.large', 'x86_64'],
  ])('of %s is for %s', (type, architecture) => {
    expect(architectureOf(type)).toBe(architecture);
  });
});

describe('capacity', () => {
  it('of a Capacity Block is in the launch template, with the type', () => {
    const capacity = aws.NodeCapacity.capacityBlock('cr-0123456789abcdef0');
    const { nodes, template } = gpuGroup({ gpu: Gpu.NVIDIA_H100, instanceTypes: ['p5.48xlarge'], capacity });
    expect(nodes.capacity_type).toBe('CAPACITY_BLOCK');
    expect(nodes.instance_types).toBeUndefined();
    expect(template.instance_type).toBe('p5.48xlarge');
    expect(template.instance_market_options).toEqual({ market_type: 'capacity-block' });
  });

  it('of a reservation is nothing else', () => {
    const { nodes, template } = gpuGroup({ capacity: aws.NodeCapacity.reservation('cr-0123456789abcdef0') });
    expect(nodes.capacity_type).toBe('ON_DEMAND');
    expect(template.capacity_reservation_specification).toEqual({
      capacity_reservation_preference: 'capacity-reservations-only',
      capacity_reservation_target: { capacity_reservation_id: 'cr-0123456789abcdef0' },
    });
  });

  it('fails with an id that is none', () => {
    expect(() => aws.NodeCapacity.reservation('l4')).toThrow(/\[InvalidText\] 'id'/);
  });
});

describe('fails', () => {
  const AMD = { gpu: Gpu.AMD_MI300X, instanceTypes: ['mi.large'] };
  it.each([
    ['without types', { instanceTypes: undefined }, /\[MissingOption\] 'instanceTypes'/],
    ['with families', { instanceFamilies: ['g6'] }, /\[NotByEngine\] 'instanceFamilies'/],
    ['with zones', { zones: ['us-east-1a'] }, /\[NotByEngine\] 'zones'/],
    [
      'with types of another GPU',
      { instanceTypes: ['g5.xlarge'] },
      /\[OutOfRange\] 'instanceTypes' must be with the GPU l4/,
    ],
    ['with a type that is none', { instanceTypes: ['L4'] }, /\[InvalidText\] 'instanceTypes'/],
    ['with no node', { maxNodes: 0 }, /\[OutOfRange\] 'maxNodes'/],
    ['with too many', { maxNodes: 451 }, /\[OutOfRange\] 'maxNodes'/],
    ['with a minimum over the maximum', { minNodes: 5 }, /\[OutOfRange\] 'minNodes'/],
    ['with more at first than there may be', { desiredNodes: 5 }, /\[OutOfRange\] 'desiredNodes'/],
    ['with more GPUs than a node has', { gpusPerNode: 9 }, /\[OutOfRange\] 'gpusPerNode'/],
    ['with a tag of AWS', { tags: { 'aws:x': 'x' } }, /\[InvalidText\] 'tags'/],
    ['with our label', { labels: { [LABELS.nodePool]: 'x' } }, /\[ReservedLabel\]/],
    ['with a release', { image: NodeImage.al2023({ version: 'v20260910' }) }, /\[NotByEngine\] 'image.version'/],
    ['with GPUs of AMD', AMD, /\[NotByEngine\] 'gpu' .* no image of al2023 for mi300x/],
    [
      'with disks of instances in Bottlerocket',
      { image: NodeImage.bottlerocket(), disk: NodeDisk.instanceStore() },
      /\[NotByEngine\] 'disk'/,
    ],
    [
      'with disks of instances that have none',
      { gpu: Gpu.AWS_INFERENTIA2, instanceTypes: ['inf2.xlarge'], disk: NodeDisk.instanceStore() },
      /\[OutOfRange\] 'instanceTypes' must be with disks/,
    ],
    ['with no subnets', { subnetIds: [] }, /\[EmptyList\] 'subnetIds'/],
    [
      'with two types of a Capacity Block',
      {
        instanceTypes: ['g6.xlarge', 'g6.2xlarge'],
        capacity: aws.NodeCapacity.capacityBlock('cr-0123456789abcdef0'),
      },
      /\[OutOfRange\] 'instanceTypes' must be the one/,
    ],
  ] as [string, Partial<aws.GpuNodeGroupProps>, RegExp][])('%s', (_, props, message) => {
    expect(() => gpuGroup(props)).toThrow(message);
  });
});

describe('a group without a GPU', () => {
  it('takes pods that name it, and needs no toleration', () => {
    let group!: aws.NodeGroup;
    const stack = terraform((scope) => {
      group = new aws.NodeGroup(scope, 'ApiServers', {
        cluster: cluster(scope),
        instanceTypes: ['m7g.large'],
        maxNodes: 3,
        disk: NodeDisk.ebs({ size: Size.gibibytes(80) }),
      });
    });
    const nodes = stack.get('aws_eks_node_group', 'node_group_name', 'api-servers');
    expect(nodes.ami_type).toBe('AL2023_ARM_64_STANDARD');
    expect(group.bindPods()).toEqual({
      name: 'api-servers',
      nodeLabels: { [LABELS.nodePool]: 'api-servers' },
      tolerations: [],
    });
  });
});
