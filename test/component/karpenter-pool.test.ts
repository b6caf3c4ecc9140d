import { Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Capacity,
  ClusterProfile,
  type ClusterProfileProps,
  Consolidation,
  Gpu,
  NodeDisk,
  NodeDisruptionBudget,
  NodeImage,
  Region,
  Taint,
} from '../../lib';
import { type KarpenterPoolIntent, resolveKarpenterPool } from '../../lib/component/karpenter-pool';

const ID = 'cr-0123456789abcdef0';
const profile = (props: ClusterProfileProps = {}) => new ClusterProfile({ name: 'prod', karpenter: {}, ...props });
const resolve = (intent: Partial<KarpenterPoolIntent>, props?: ClusterProfileProps) =>
  resolveKarpenterPool(
    { name: 'l4', gpu: Gpu.NVIDIA_L4, capacity: [Capacity.onDemand({ maxGpus: 8 })], ...intent },
    profile(props),
    'chart/L4',
  );
const model = (intent: Partial<KarpenterPoolIntent>, props?: ClusterProfileProps) => resolve(intent, props).model;
const ofCpu = (intent: Partial<KarpenterPoolIntent> = {}) =>
  model({ name: 'cpu', gpu: undefined, capacity: [Capacity.spot({ maxCpuCores: 64 })], ...intent });

describe('a ladder', () => {
  it('is a NodePool for each rung, the first of the greatest weight', () => {
    const { rungs } = model({
      capacity: [
        Capacity.reserved({ id: ID, maxGpus: 8 }),
        Capacity.onDemand({ maxGpus: 4, maxCpuCores: 96 }),
        Capacity.spot({ maxGpus: 2, gpu: Gpu.NVIDIA_L40S }),
        Capacity.spot({ maxGpus: 1, name: 'last' }),
      ],
    });
    expect(rungs.map(({ requirements: _, ...rest }) => rest)).toEqual([
      {
        name: 'l4-reserved',
        weight: 100,
        nodeClassName: 'l4-reserved',
        reservation: { id: ID },
        limits: { 'nvidia.com/gpu': '8' },
      },
      { name: 'l4-on-demand', weight: 90, nodeClassName: 'l4', limits: { cpu: '96', 'nvidia.com/gpu': '4' } },
      { name: 'l4-l40s-spot', weight: 80, nodeClassName: 'l4', limits: { 'nvidia.com/gpu': '2' } },
      { name: 'l4-last', weight: 70, nodeClassName: 'l4', limits: { 'nvidia.com/gpu': '1' } },
    ]);
    expect(rungs.map(({ requirements }) => requirements[0])).toEqual(
      ['reserved', 'on-demand', 'spot', 'spot'].map((type) => ({
        key: 'karpenter.sh/capacity-type',
        operator: 'In',
        values: [type],
      })),
    );
  });

  it('has at most ten rungs, with weights that Karpenter takes', () => {
    const rungs = (count: number) =>
      Array.from({ length: count }, (_, index) => Capacity.spot({ maxGpus: 1, name: `rung${index}` }));
    const weights = model({ capacity: rungs(10) }).rungs.map(({ weight }) => weight);
    expect(weights.at(-1)).toBe(10);
    expect(new Set(weights).size).toBe(10);
    expect(() => model({ capacity: rungs(11) })).toThrow("[OutOfRange] 'capacity' must be at most 10 rungs, got 11");
  });

  it.each<[Partial<KarpenterPoolIntent>, string]>([
    [{ capacity: [] }, "[EmptyList] 'capacity'"],
    [{ capacity: [Capacity.spot({})] }, "[MissingOption] 'capacity[0].maxGpus'"],
    [{ capacity: [Capacity.spot({ maxGpus: 1 }), Capacity.spot({ maxGpus: 1 })] }, "[DuplicateKey] 'capacity'"],
    [{ capacity: [Capacity.spot({ maxGpus: 1, gpu: Gpu.AWS_INFERENTIA2 })] }, "[MixedResources] 'capacity[0].gpu'"],
    [{ name: 'a'.repeat(60) }, "[InvalidName] 'capacity'"],
    [{ name: 'L4' }, "[InvalidName] 'name'"],
    [{ name: '' }, "[InvalidName] 'name'"],
  ])('fails on %#', (intent, message) => {
    expect(() => model(intent)).toThrow(message);
  });

  it.each([
    [Gpu.AWS_INFERENTIA2, 'aws.amazon.com/neuron'],
    [Gpu.of({ name: 'inferentia2', resourceName: 'aws.amazon.com/neuroncore' }), 'aws.amazon.com/neuroncore'],
    [Gpu.of({ name: 'radeon-pro-v520', resourceName: 'amd.com/gpu' }), 'amd.com/gpu'],
  ])('is limited in the resource of its devices, %#', (gpu, resource) => {
    expect(model({ gpu }).rungs[0]!.limits).toEqual({ [resource]: '8' });
  });

  it.each(['nvidia.com/mig-1g.10gb', 'nvidia.com/gpu.shared', 'example.com/fpga'])(
    'fails on %s, which Karpenter does not count',
    (resourceName) => {
      expect(() => model({ gpu: Gpu.of({ name: 'l4', resourceName }) })).toThrow(
        `[NotByEngine] 'gpu' must not be stated for Karpenter: it knows of no node with ${resourceName}`,
      );
    },
  );

  it('fails without Karpenter', () => {
    expect(() => model({}, { karpenter: undefined })).toThrow('[ClusterLacks]');
  });
});

describe('limits', () => {
  const h100 = (maxGpus: number, instanceTypes?: string[]) =>
    model({ gpu: Gpu.NVIDIA_H100, instanceTypes, capacity: [Capacity.onDemand({ maxGpus })] });

  // filterByRemainingResources of Karpenter's scheduler: no instance type that alone goes above a limit.
  it('leave out nodes that go above them', () => {
    expect(h100(7).pool.shapes.map(({ name }) => name)).toEqual(['p5.4xlarge']);
    expect(h100(8).pool.shapes.map(({ name }) => name)).toEqual(['p5.4xlarge', 'p5.48xlarge']);
    const { pool } = model({ capacity: [Capacity.onDemand({ maxGpus: 8, maxCpuCores: 8 })] });
    expect(pool.shapes.map(({ name }) => name)).toEqual(['g6.xlarge', 'g6.2xlarge']);
  });

  it('fail where they leave none', () => {
    expect(() => h100(7, ['p5.48xlarge'])).toThrow(
      "[OutOfRange] 'capacity[0].maxGpus' must be at least what one node has (8 of p5.48xlarge), got 7",
    );
    expect(() => ofCpu({ instanceFamilies: ['m7i'], capacity: [Capacity.spot({ maxCpuCores: 1 })] })).toThrow(
      "[OutOfRange] 'capacity[0].maxCpuCores' must be at least what one node has (2 of m7i.large), got 1",
    );
  });

  it.each([
    [8, 8],
    [15, 8],
    [16, 16],
  ])('of %s GPUs are %s where each node has 8', (limit, usable) => {
    expect(h100(limit, ['p5.48xlarge']).pool.maxGpus).toBe(usable);
  });

  it('add up over rungs', () => {
    const capacity = [Capacity.onDemand({ maxGpus: 8 }), Capacity.spot({ maxGpus: 16 })];
    expect(model({ capacity }).pool.maxGpus).toBe(24);
    expect(model({ capacity, maxGpus: 10 }).pool.maxGpus).toBe(10);
    expect(model({ capacity, maxGpus: 24 }).pool.maxGpus).toBe(24);
    expect(() => model({ capacity, maxGpus: 25 })).toThrow(
      "[OutOfRange] 'maxGpus' must be at most the limits of all rungs together (24), got 25",
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fail on %s GPUs of all', (maxGpus) => {
    expect(() => model({ maxGpus })).toThrow("[OutOfRange] 'maxGpus'");
  });

  it('are cores without a GPU', () => {
    const { rungs, pool } = ofCpu({
      capacity: [Capacity.onDemand({ maxCpuCores: 8 }), Capacity.spot({ maxCpuCores: 64 })],
    });
    expect(rungs.map(({ limits }) => limits)).toEqual([{ cpu: '8' }, { cpu: '64' }]);
    expect(pool).toMatchObject({ maxCpuCores: 72, gpus: [], tolerations: [] });
    expect(pool.maxGpus).toBeUndefined();
  });

  it.each([
    [Capacity.spot({}), "[MissingOption] 'capacity[0].maxCpuCores'"],
    [Capacity.spot({ maxCpuCores: 8, maxGpus: 1 }), "[ConflictingOptions] 'capacity[0].maxGpus'"],
    [Capacity.spot({ maxCpuCores: 64, gpu: Gpu.NVIDIA_L4 }), "[ConflictingOptions] 'capacity[0].gpu'"],
  ])('fail without a GPU on those of one, %#', (rung, message) => {
    expect(() => ofCpu({ capacity: [rung] })).toThrow(message);
  });
});

describe('zones', () => {
  const inRegion = { region: Region.aws('us-east-1') };

  it.each(['us-east-1a', 'us-east-1f', 'us-east-1-bos-1a', 'us-east-1-wl1-bos-wlz-1'])('of the region: %s', (zone) => {
    expect(() => model({ zones: [zone] }, inRegion)).not.toThrow();
  });

  it.each(['us-east-2a', 'us-east-1', 'us-east-11a', 'eu-west-1a', 'us-east-1ab'])('fail: %s', (zone) => {
    const message = `[ZoneOfOtherRegion] 'capacity[0].zones' must be zones of us-east-1, got "${zone}"`;
    expect(() => model({ zones: [zone] }, inRegion)).toThrow("[ZoneOfOtherRegion] 'zones'");
    expect(() => model({ capacity: [Capacity.spot({ maxGpus: 1, zones: [zone] })] }, inRegion)).toThrow(message);
  });

  it('are anything where no region is known', () => {
    expect(() => model({ zones: ['elsewhere-1a'] })).not.toThrow();
  });

  // Karpenter relaxes what is preferred only where no rung can give it.
  const zone = 'topology.kubernetes.io/zone';
  it.each<[string, Partial<KarpenterPoolIntent>, string[]]>([
    ['one rung', {}, [zone]],
    ['rungs of the same zones', { zones: ['a', 'b'], capacity: rungsIn(['b', 'a'], undefined) }, [zone]],
    ['rungs of other zones', { capacity: rungsIn(['a'], ['a', 'b']) }, []],
    ['a rung in some zones, and one in all', { capacity: rungsIn(['a'], undefined) }, []],
    [
      'a reservation, which is in one',
      { capacity: [Capacity.reserved({ id: ID, maxGpus: 8 }), Capacity.onDemand({ maxGpus: 8 })] },
      [],
    ],
  ])('decide over the spread of replicas: %s', (_, intent, spread) => {
    expect(model(intent).pool.spreadOver).toEqual(spread);
  });

  it('and hosts where nodes are not meant to be large', () => {
    expect(ofCpu().pool.spreadOver).toEqual([zone, 'kubernetes.io/hostname']);
    expect(ofCpu({ cpuCores: { max: 8 } }).pool.spreadOver).toEqual([zone, 'kubernetes.io/hostname']);
    expect(ofCpu({ cpuCores: { min: 32 } }).pool.spreadOver).toEqual([zone]);
  });
});

function rungsIn(first: string[] | undefined, second: string[] | undefined): Capacity[] {
  return [Capacity.onDemand({ maxGpus: 8, zones: first }), Capacity.spot({ maxGpus: 8, zones: second })];
}

describe('what pods see', () => {
  it('label, toleration, GPU and where it is', () => {
    expect(model({ runtimeClassName: 'nvidia' }).pool).toMatchObject({
      name: 'l4',
      place: { path: 'chart/L4', cluster: 'prod' },
      nodeLabels: { 'cdk8s-bento/node-pool': 'l4' },
      tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      gpus: [{ name: 'l4', resourceName: 'nvidia.com/gpu' }],
      runtimeClassName: 'nvidia',
    });
  });

  it('each GPU of the ladder once', () => {
    const gpus = [Gpu.NVIDIA_L40S, Gpu.NVIDIA_L4, Gpu.NVIDIA_L40S];
    const capacity = gpus.map((gpu, index) => Capacity.spot({ maxGpus: 1, gpu, name: `rung${index}` }));
    expect(model({ capacity }).pool.gpus.map(({ name }) => name)).toEqual(['l4', 'l40s']);
  });

  it('what daemons of the cluster, and of the pool, leave of a node', () => {
    const props = { karpenter: { daemonCpuCores: 0.1, daemonMemory: Size.mebibytes(100) } };
    const instanceTypes = ['g6.xlarge'];
    // https://karpenter.sh/docs/reference/instance-types: 3920m and 14162Mi.
    const [shape] = model({ instanceTypes }, props).pool.shapes;
    expect(shape).toEqual({ name: 'g6.xlarge', cpuCores: 3.92 - 0.1, memoryBytes: 14_062 * 2 ** 20, gpus: 1 });
    const daemon = { cpuCores: 0.02, memoryBytes: 2 ** 20 };
    const [less] = model({ instanceTypes, daemon }, props).pool.shapes;
    expect(less!.cpuCores).toBeCloseTo(3.8, 6);
    expect(less!.memoryBytes).toBe(14_061 * 2 ** 20);
  });

  it('nothing of nodes where one kind of them is not known, with a warning', () => {
    const { model: unknown, warnings } = resolve({ instanceFamilies: ['g6', 'g99'] });
    expect(unknown.pool.shapes).toEqual([]);
    expect(unknown.pool.maxGpus).toBe(8);
    expect(warnings.map(({ id }) => id)).toContain('UnknownInstances');
  });
});

describe('taints and labels', () => {
  it('are those of the GPU, and more', () => {
    const { taints, nodeLabels } = model({
      taints: [Taint.noExecute('team', ''), Taint.noSchedule('a', 'b')],
      labels: { b: '1' },
    });
    expect(taints).toEqual([
      { key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' },
      { key: 'team', effect: 'NoExecute' },
      { key: 'a', value: 'b', effect: 'NoSchedule' },
    ]);
    expect(nodeLabels).toEqual({ b: '1', 'cdk8s-bento/node-pool': 'l4' });
  });

  it.each<[Partial<KarpenterPoolIntent>, string]>([
    [{ taints: [Taint.noSchedule('nvidia.com/gpu', 'x')] }, "[DuplicateKey] 'taints'"],
    [{ labels: { 'cdk8s-bento/node-pool': 'x' } }, "[ReservedLabel] 'labels'"],
    [{ labels: { 'karpenter.sh/x': 'x' } }, "[ReservedLabel] 'labels'"],
    [{ labels: { 'karpenter.k8s.aws/x': 'x' } }, "[ReservedLabel] 'labels'"],
    [{ labels: { 'node.kubernetes.io/x': 'x' } }, "[ReservedLabel] 'labels'"],
    [{ labels: { 'topology.k8s.io/x': 'x' } }, "[ReservedLabel] 'labels'"],
    [{ labels: { 'a b': 'x' } }, '[InvalidLabel]'],
    [{ tags: { 'karpenter.sh/x': 'x' } }, "[InvalidText] 'tags'"],
    [{ tags: { 'eks:eks-cluster-name': 'x' } }, "[InvalidText] 'tags'"],
    [{ tags: { 'kubernetes.io/cluster/prod': 'owned' } }, "[InvalidText] 'tags'"],
    [{ tags: { 'aws:x': 'x' } }, "[InvalidText] 'tags'"],
    [{ tags: { '': 'x' } }, "[InvalidText] 'tags'"],
    [{ tags: { a: 'x'.repeat(257) } }, "[InvalidText] 'tags.a'"],
  ])('fail on %j', (intent, message) => {
    expect(() => model(intent)).toThrow(message);
  });

  it('of other domains that only end alike are taken', () => {
    const labels = { 'example.com/x': '1', 'notkarpenter.sh/x': '2', team: '' };
    expect(model({ labels }).nodeLabels).toMatchObject(labels);
    expect(model({ tags: { team: '', 'eks:eks-cluster-names': 'x' } }).tags).toEqual({
      'eks:eks-cluster-names': 'x',
      team: '',
    });
  });
});

describe('times and budgets', () => {
  it('have defaults', () => {
    const { expireSeconds, terminationGraceSeconds, consolidation, budgets, warmNodes } = model({});
    expect({ expireSeconds, terminationGraceSeconds, consolidation, warmNodes }).toEqual({
      expireSeconds: 720 * 3600,
      terminationGraceSeconds: undefined,
      consolidation: { policy: 'WhenEmpty' },
      warmNodes: 0,
    });
    expect(budgets).toEqual([
      { nodes: '1', reasons: ['Drifted', 'Underutilized'] },
      { nodes: '100%', reasons: ['Empty'] },
    ]);
    expect(ofCpu().consolidation).toEqual({ policy: 'WhenEmptyOrUnderutilized' });
  });

  it('are what is said', () => {
    const stated = model({
      consolidation: Consolidation.whenEmpty({ after: Duration.seconds(0) }),
      expireAfter: Duration.hours(1),
      terminationGracePeriod: Duration.minutes(1),
      disruptionBudgets: [NodeDisruptionBudget.nodes(0)],
      warmNodes: 100,
    });
    expect(stated).toMatchObject({
      consolidation: { policy: 'WhenEmpty', afterSeconds: 0 },
      expireSeconds: 3600,
      terminationGraceSeconds: 60,
      budgets: [{ nodes: '0' }],
      warmNodes: 100,
    });
  });

  it.each<[Partial<KarpenterPoolIntent>, string]>([
    [{ expireAfter: Duration.seconds(3599) }, "[OutOfRange] 'expireAfter'"],
    [{ expireAfter: Duration.seconds(365 * 86_400 + 1) }, "[OutOfRange] 'expireAfter'"],
    [{ expireAfter: Duration.millis(3_600_500) }, "[OutOfRange] 'expireAfter'"],
    [{ terminationGracePeriod: Duration.seconds(59) }, "[OutOfRange] 'terminationGracePeriod'"],
    [{ terminationGracePeriod: Duration.seconds(7 * 86_400 + 1) }, "[OutOfRange] 'terminationGracePeriod'"],
    [{ disruptionBudgets: [] }, "[EmptyList] 'disruptionBudgets'"],
    [{ disruptionBudgets: Array(51).fill(NodeDisruptionBudget.nodes(1)) }, "[OutOfRange] 'disruptionBudgets'"],
    [{ warmNodes: -1 }, "[OutOfRange] 'warmNodes'"],
    [{ warmNodes: 0.5 }, "[OutOfRange] 'warmNodes'"],
    [{ warmNodes: Number.NaN }, "[OutOfRange] 'warmNodes'"],
    [{ warmNodes: 101 }, "[OutOfRange] 'warmNodes'"],
  ])('fail on %#', (intent, message) => {
    expect(() => model(intent)).toThrow(message);
  });
});

describe('machines', () => {
  it('have a large disk with a GPU, and a small one without', () => {
    expect(model({}).disk).toMatchObject({ kind: 'ebs', gibibytes: 200, throughputMibps: 500 });
    expect(ofCpu().disk).toMatchObject({ kind: 'ebs', gibibytes: 50, throughputMibps: 125 });
    expect(model({ disk: NodeDisk.instanceStore() }).disk).toEqual({ kind: 'instance-store' });
  });

  it('have the latest image, with a warning', () => {
    expect(model({})).toMatchObject({ image: 'al2023@latest', bottlerocket: false });
    expect(resolve({}).warnings.map(({ id }) => id)).toEqual(['LatestNodeImage']);
    const stated = resolve({ image: NodeImage.bottlerocket({ version: 'v1.50.0' }) });
    expect(stated.model).toMatchObject({ image: 'bottlerocket@v1.50.0', bottlerocket: true });
    expect(stated.warnings).toEqual([]);
  });
});
