import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Capacity,
  ClusterProfile,
  Consolidation,
  DisruptionReason,
  Gpu,
  NodeDisk,
  NodeDisruptionBudget,
  NodeImage,
  Taint,
} from '../../lib';
import { type KarpenterPoolIntent, resolveKarpenterPool } from '../../lib/component/karpenter-pool';
import { nodeClassSpec, nodePoolSpec, type PoolTimes } from '../../lib/engines/karpenter';
import { structuralFindings } from '../schemas/structure';

const ID = 'cr-0123456789abcdef0';
const TIMES: PoolTimes = { consolidateSeconds: 600, terminationGraceSeconds: 3600 };
const modelOf = (intent: Partial<KarpenterPoolIntent> = {}) =>
  resolveKarpenterPool(
    { name: 'l4', gpu: Gpu.NVIDIA_L4, capacity: [Capacity.onDemand({ maxGpus: 8 })], ...intent },
    new ClusterProfile({ name: 'prod', karpenter: {} }),
    'chart/L4',
  ).model;
const poolSpec = (intent: Partial<KarpenterPoolIntent> = {}, times = TIMES) => {
  const model = modelOf(intent);
  return nodePoolSpec(model, model.rungs[0]!, times);
};
const classSpec = (intent: Partial<KarpenterPoolIntent> = {}) => {
  const model = modelOf(intent);
  return nodeClassSpec(model, model.rungs[0]!);
};

// Shapes from https://karpenter.sh/docs/concepts/nodepools, by hand.
describe('a NodePool', () => {
  it('makes nodes with the GPU, and says when they go', () => {
    expect(poolSpec()).toEqual({
      disruption: {
        budgets: [
          { nodes: '1', reasons: ['Drifted', 'Underutilized'] },
          { nodes: '100%', reasons: ['Empty'] },
        ],
        consolidateAfter: '10m',
        consolidationPolicy: 'WhenEmpty',
      },
      limits: { 'nvidia.com/gpu': '8' },
      template: {
        metadata: { labels: { 'cdk8s-bento/node-pool': 'l4' } },
        spec: {
          expireAfter: '720h',
          nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'l4' },
          requirements: [
            { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
            { key: 'karpenter.k8s.aws/instance-gpu-name', operator: 'In', values: ['l4'] },
            { key: 'karpenter.k8s.aws/instance-gpu-count', operator: 'Gt', values: ['0'] },
            { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
          ],
          taints: [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }],
          terminationGracePeriod: '1h',
        },
      },
      weight: 100,
    });
  });

  it('without a GPU has no taint', () => {
    const { template } = poolSpec({ gpu: undefined, capacity: [Capacity.spot({ maxCpuCores: 4 })] });
    expect(template.spec).not.toHaveProperty('taints');
  });

  it('may keep its nodes', () => {
    const { disruption } = poolSpec({ consolidation: Consolidation.never() });
    expect(disruption).toMatchObject({ consolidateAfter: 'Never' });
    expect(disruption).not.toHaveProperty('consolidationPolicy');
  });

  it('has budgets that hold at times', () => {
    const disruptionBudgets = [
      NodeDisruptionBudget.nodes(0, { schedule: '0 8 * * mon-fri', duration: Duration.minutes(570) }),
      NodeDisruptionBudget.percent(20, { reasons: [DisruptionReason.DRIFTED] }),
    ];
    expect(poolSpec({ disruptionBudgets }).disruption.budgets).toEqual([
      { nodes: '0', schedule: '0 8 * * mon-fri', duration: '9h30m' },
      { nodes: '20%', reasons: ['Drifted'] },
    ]);
  });

  // Go's time.Duration.
  it.each([
    [0, '0s'],
    [1, '1s'],
    [59, '59s'],
    [60, '1m'],
    [61, '1m1s'],
    [3599, '59m59s'],
    [3600, '1h'],
    [3601, '1h1s'],
    [3660, '1h1m'],
    [86_400, '24h'],
    [365 * 86_400, '8760h'],
  ])('writes %i s as %s', (seconds, text) => {
    const { disruption, template } = poolSpec({}, { consolidateSeconds: seconds, terminationGraceSeconds: seconds });
    expect([disruption.consolidateAfter, template.spec.terminationGracePeriod]).toEqual([text, text]);
  });
});

// Shapes from https://karpenter.sh/docs/concepts/nodeclasses, by hand.
describe('an EC2NodeClass', () => {
  const EBS = {
    deleteOnTermination: true,
    encrypted: true,
    iops: 3000,
    throughput: 500,
    volumeSize: '200Gi',
    volumeType: 'gp3',
  };

  it('has the image, the disk and the network of the cluster', () => {
    expect(classSpec()).toEqual({
      amiSelectorTerms: [{ alias: 'al2023@latest' }],
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: EBS }],
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpProtocolIPv6: 'disabled',
        httpPutResponseHopLimit: 1,
        httpTokens: 'required',
      },
      role: 'KarpenterNodeRole-prod',
      securityGroupSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'prod' } }],
      subnetSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'prod' } }],
    });
  });

  it('of Bottlerocket puts images on the second volume', () => {
    const { amiSelectorTerms, blockDeviceMappings } = classSpec({
      image: NodeImage.bottlerocket({ version: 'v1.50.0' }),
      disk: NodeDisk.ebs({ size: Size.gibibytes(100), kmsKeyId: 'alias/nodes' }),
    });
    const key = { deleteOnTermination: true, encrypted: true, kmsKeyID: 'alias/nodes', volumeType: 'gp3' };
    expect(amiSelectorTerms).toEqual([{ alias: 'bottlerocket@v1.50.0' }]);
    expect(blockDeviceMappings).toEqual([
      { deviceName: '/dev/xvda', ebs: { ...key, volumeSize: '4Gi' } },
      { deviceName: '/dev/xvdb', ebs: { ...key, iops: 3000, throughput: 125, volumeSize: '100Gi' } },
    ]);
  });

  it('may use the disks of the instance, and then states no other', () => {
    const spec = classSpec({ disk: NodeDisk.instanceStore() });
    expect(spec).toMatchObject({ instanceStorePolicy: 'RAID0' });
    expect(spec).not.toHaveProperty('blockDeviceMappings');
  });

  it.each([
    [{ id: ID }, { id: ID }],
    [{ tags: { b: '*', a: 'x' } }, { tags: { a: 'x', b: '*' } }],
  ])('selects reservations by %j', (options, term) => {
    const spec = classSpec({ capacity: [Capacity.reserved({ ...options, maxGpus: 8 })] });
    expect(spec.capacityReservationSelectorTerms).toEqual([term]);
  });

  it('of other rungs selects none, and has tags', () => {
    const spec = classSpec({ tags: { team: 'ml', cost: '1' } });
    expect(spec).not.toHaveProperty('capacityReservationSelectorTerms');
    expect(Object.entries(spec.tags!)).toEqual([
      ['cost', '1'],
      ['team', 'ml'],
    ]);
  });
});

describe('whatever is said', () => {
  const seconds = (min: number, max: number) => fc.integer({ min, max }).map((value) => Duration.seconds(value));
  const rung = (index: number) =>
    fc
      .record({
        maxGpus: fc.integer({ min: 1, max: 64 }),
        zones: fc.option(fc.subarray(['us-east-1a', 'us-east-1b'], { minLength: 1 }), { nil: undefined }),
        kind: fc.constantFrom('reserved', 'on-demand', 'spot'),
      })
      .map(({ kind, ...options }) => {
        const all = { ...options, name: `rung${index}` };
        if (kind === 'reserved') return Capacity.reserved({ ...all, id: ID });
        return kind === 'spot' ? Capacity.spot(all) : Capacity.onDemand(all);
      });
  const intents = fc.record(
    {
      capacity: fc
        .integer({ min: 1, max: 10 })
        .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => rung(i)))),
      gpu: fc.constantFrom(Gpu.NVIDIA_L4, Gpu.AWS_INFERENTIA2, Gpu.NVIDIA_A10G),
      disk: fc.constantFrom(NodeDisk.ebs({ size: Size.gibibytes(20) }), undefined),
      image: fc.constantFrom(NodeImage.bottlerocket(), NodeImage.al2023()),
      taints: fc.constantFrom<Taint[]>([], [Taint.noSchedule('team', 'ml')]),
      consolidation: fc.oneof(
        fc.constant(Consolidation.never()),
        seconds(0, 86_400).map((after) => Consolidation.whenEmpty({ after })),
      ),
      expireAfter: seconds(3600, 365 * 86_400),
      disruptionBudgets: fc.array(
        fc
          .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 10_080 }))
          .map(([nodes, minutes]) =>
            NodeDisruptionBudget.nodes(nodes, { schedule: '@daily', duration: Duration.minutes(minutes) }),
          ),
        { minLength: 1, maxLength: 50 },
      ),
      labels: fc.constantFrom<{ [key: string]: string }>({}, { team: 'ml' }),
      tags: fc.constantFrom<{ [key: string]: string }>({}, { team: '' }),
    },
    { requiredKeys: ['capacity', 'gpu'] },
  );
  const times = fc.record({
    consolidateSeconds: fc.integer({ min: 0, max: 86_400 }),
    terminationGraceSeconds: fc.integer({ min: 60, max: 7 * 86_400 }),
  });

  it('is what the schemas of Karpenter take', () => {
    fc.assert(
      fc.property(intents, times, (intent, poolTimes) => {
        const model = modelOf(intent);
        for (const each of model.rungs) {
          const nodePool = {
            apiVersion: 'karpenter.sh/v1',
            kind: 'NodePool',
            spec: nodePoolSpec(model, each, poolTimes),
          };
          const nodeClass = {
            apiVersion: 'karpenter.k8s.aws/v1',
            kind: 'EC2NodeClass',
            spec: nodeClassSpec(model, each),
          };
          for (const object of [nodePool, nodeClass]) {
            const plain = JSON.parse(JSON.stringify({ ...object, metadata: { name: each.name } }));
            expect(structuralFindings(plain, 'karpenter-aws-1.15.1')).toEqual([]);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
