import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, type Chart as ChartOf, Size, Testing } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Bento,
  BentoDeployment,
  BentoService,
  Capacity,
  ClusterProfile,
  ExistingNodePool,
  Gpu,
  GpuNodePool,
  InstanceSize,
  NodePool,
  Region,
  Runner,
  Scaling,
} from '../../lib';
import { synthesizedExamples } from '../tools/examples';
import { type Manifest, parseManifests } from '../tools/manifests';
import { requireTool } from '../tools/require-tool';
import type { Body, KubernetesObject } from './client';
import { Cluster } from './cluster';
import { toYaml } from './fixture';
import { KarpenterNodes } from './karpenter-nodes';
import { Trial } from './trial';

const PATIENCE_MS = 120_000;
const { examples, remove } = synthesizedExamples();
afterAll(remove);

/** What waits, and why, once nothing moves any more. */
interface Outcome {
  readonly waiting: { readonly pod: string; readonly why: string }[];
  /** The labels of the node of each pod, by the component. */
  readonly nodesOf: (component: string) => Record<string, string>[];
}

/** A control plane on which manifests are applied, with the nodes that Karpenter would make. */
class Room {
  static async of(manifests: Manifest[], groups: KubernetesObject[] = []): Promise<Room> {
    // Simulated nodes have what pods of a pool never ask for: its label is theirs alone.
    const cluster = await Cluster.up({ nodes: 24 });
    try {
      const pools = manifests.map(({ object }) => object).filter(({ kind }) => kind === 'NodePool');
      const room = new Room(cluster, new KarpenterNodes(cluster.client, [...pools, ...groups]));
      const findings = await new Trial(cluster.client, manifests, PATIENCE_MS).create(false);
      if (findings.length > 0) throw new Error(findings.join('\n'));
      return room;
    } catch (error) {
      await cluster.down();
      throw error;
    }
  }

  private constructor(
    readonly cluster: Cluster,
    readonly karpenter: KarpenterNodes,
  ) {}

  /** Gives nodes to what waits, until all runs or no node would help. */
  async settle(): Promise<Outcome> {
    const { client } = this.cluster;
    const hopeless = new Set<string>();
    let newest: string | undefined;
    let outcome: Outcome | undefined;
    await this.cluster.wait('pods at rest', async () => {
      const [{ items: pods }, { items: nodes }, { items: deployments }] = await Promise.all(
        ['/api/v1/pods', '/api/v1/nodes', '/apis/apps/v1/deployments'].map((path) => client.get(path)),
      );
      const made = deployments.every(({ spec, status, metadata }: Body) => {
        return status.observedGeneration === metadata.generation && (status.replicas ?? 0) >= spec.replicas;
      });
      const waiting = pods.filter(({ spec }: Body) => spec.nodeName === undefined);
      const judged = waiting.every((pod: Body) => whyOf(pod) !== undefined);
      if (!made || pods.length === 0 || !judged) return false;
      // The scheduler has yet to see the last one.
      if (newest !== undefined && !pods.some(({ spec }: Body) => spec.nodeName === newest)) return false;
      for (const pod of waiting) {
        const { uid } = pod.metadata;
        if (hopeless.has(uid)) continue;
        newest = await this.karpenter.provideFor(pod);
        if (newest !== undefined) return false;
        hopeless.add(uid);
      }
      const labels = new Map(nodes.map(({ metadata }: Body) => [metadata.name, metadata.labels]));
      outcome = {
        waiting: waiting.map((pod: Body) => ({ pod: pod.metadata.name, why: whyOf(pod)! })),
        nodesOf: (component) =>
          pods
            .filter(({ metadata, spec }: Body) => {
              return metadata.labels['app.kubernetes.io/component'] === component && spec.nodeName !== undefined;
            })
            .map(({ spec }: Body) => labels.get(spec.nodeName)),
      };
      return true;
    });
    return outcome!;
  }
}

function whyOf({ status }: Body): string | undefined {
  return status.conditions?.find(({ type, status: is }: Body) => type === 'PodScheduled' && is === 'False')?.message;
}

function manifestsOf(define: (chart: ChartOf) => void): Manifest[] {
  const chart = new Chart(Testing.app(), 'test', { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ name: 'prod', region: Region.aws('us-east-1'), karpenter: {} }));
  define(chart);
  return parseManifests('test.yaml', toYaml(Testing.synth(chart) as KubernetesObject[]));
}

const bento = Bento.fromImage('registry.example.com/rag:v1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
const withGpu = (cpuCores = 2) => InstanceSize.of({ cpuCores, memory: Size.gibibytes(8), gpu: Gpu.NVIDIA_L4 });
const small = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(2) });

const present = requireTool('go', 'the real scheduler on nodes of pools');
const pooled = examples.filter(({ manifests }) => manifests.some(({ object }) => object.kind === 'NodePool'));

describe.skipIf(!present).each(pooled)('pods of the example $name', ({ manifests }) => {
  let room: Room;
  beforeAll(async () => {
    room = await Room.of(manifests);
  });
  afterAll(() => room?.cluster.down());

  test('all find a node of the pool that they name', async () => {
    const { waiting } = await room.settle();
    expect(waiting).toEqual([]);
  });
});

/** Groups of nodes as Terraform makes them: what a group is to pods, a NodePool of Karpenter can be, too. */
function managedGroups(): KubernetesObject[] {
  const file = join(__dirname, '../golden/eks/terraform/stacks/prod/cdk.tf.json');
  const groups: Body[] = Object.values(JSON.parse(readFileSync(file, 'utf8')).resource.aws_eks_node_group);
  const effects: Body = { NO_SCHEDULE: 'NoSchedule', NO_EXECUTE: 'NoExecute', PREFER_NO_SCHEDULE: 'PreferNoSchedule' };
  return groups.map(({ labels, taint, instance_types: values }, index) => {
    const taints = taint.map((each: Body) => ({ ...each, effect: effects[each.effect] }));
    const requirements = [
      { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
      { key: 'node.kubernetes.io/instance-type', operator: 'In', values },
    ];
    const template = { metadata: { labels }, spec: { taints, requirements } };
    return { apiVersion: 'v1', kind: 'Group', metadata: { name: `group-${index}` }, spec: { limits: {}, template } };
  });
}

describe.skipIf(!present)('pods of the example eks', () => {
  let room: Room;
  beforeAll(async () => {
    room = await Room.of(examples.find(({ name }) => name === 'eks')!.manifests, managedGroups());
  });
  afterAll(() => room?.cluster.down());

  test('find the nodes of the group that they name', async () => {
    const { waiting, nodesOf } = await room.settle();
    expect(waiting).toEqual([]);
    expect(nodesOf('runner-embedder').map((labels) => labels['node.kubernetes.io/instance-type'])).toEqual([
      'g6.2xlarge',
      'g6.2xlarge',
    ]);
  });
});

describe.skipIf(!present)('a ladder of capacity', () => {
  let room: Room;
  let outcome: Outcome;
  beforeAll(async () => {
    const manifests = manifestsOf((chart) => {
      const l4 = new GpuNodePool(chart, 'L4', {
        gpu: Gpu.NVIDIA_L4,
        capacity: [
          Capacity.reserved({ id: 'cr-0123456789abcdef0', maxGpus: 2 }),
          Capacity.onDemand({ maxGpus: 2, zones: ['us-east-1b'] }),
          Capacity.spot({ maxGpus: 4, gpu: Gpu.NVIDIA_L40S }),
        ],
      });
      const cpu = new NodePool(chart, 'Cpu', { capacity: [Capacity.spot({ maxCpuCores: 32 })], maxCpuCoresPerNode: 4 });
      new BentoDeployment(chart, 'Rag', {
        bento,
        apiServer: { size: small, scaling: Scaling.replicas(4), nodePool: cpu },
        runners: { Embedder: Runner.pool({ size: withGpu(), scaling: Scaling.replicas(5), nodePool: l4 }) },
      });
    });
    room = await Room.of(manifests);
    outcome = await room.settle();
  });
  afterAll(() => room?.cluster.down());

  test('has a node for every pod', () => {
    expect(outcome.waiting).toEqual([]);
  });

  test('is climbed from its first rung', () => {
    expect(room.karpenter.counts()).toMatchObject({ 'l4-reserved': 2, 'l4-on-demand': 2, 'l4-l40s-spot': 1 });
  });

  test('has pods with a GPU on nodes with theirs', () => {
    const nodes = outcome.nodesOf('runner-embedder');
    expect(nodes.map((labels) => labels['karpenter.k8s.aws/instance-gpu-name']).sort()).toEqual([
      'l4',
      'l4',
      'l4',
      'l4',
      'l40s',
    ]);
    expect(new Set(nodes.map((labels) => labels['cdk8s-bento/node-pool']))).toEqual(new Set(['l4']));
  });

  test('keeps pods without one off them, on nodes of at most 4 CPU', () => {
    const nodes = outcome.nodesOf('api-server');
    expect(nodes.map((labels) => labels['cdk8s-bento/node-pool'])).toEqual(['cpu', 'cpu', 'cpu', 'cpu']);
    for (const labels of nodes) expect(Number(labels['karpenter.k8s.aws/instance-cpu'])).toBeLessThanOrEqual(4);
  });
});

describe.skipIf(!present)('pods that no node has room for', () => {
  const place = { 'cdk8s-bento/node-pool': 'l4' };
  const manifests = (size: InstanceSize, gpus: Gpu[]) =>
    manifestsOf((chart) => {
      new GpuNodePool(chart, 'L4', { gpu: Gpu.NVIDIA_L4, capacity: [Capacity.onDemand({ maxGpus: 8 })] });
      // What the library does not know of the nodes, it does not check.
      const nodePool = ExistingNodePool.of({ name: 'l4', nodeLabels: place, gpus });
      new BentoDeployment(chart, 'Rag', {
        bento,
        apiServer: { size: small },
        runners: { Embedder: Runner.pool({ size, scaling: Scaling.replicas(1), nodePool }) },
      });
    });

  test.each([
    ['more CPU than the largest has', withGpu(200), /Insufficient cpu|didn't match Pod's node affinity/],
    ['no GPU, and so no toleration of its taint', small, /untolerated taint|didn't match Pod's node affinity/],
  ])('wait: %s', async (_, size, why) => {
    const room = await Room.of(manifests(size, [Gpu.NVIDIA_L4]));
    try {
      // A node is there: it is not for want of one.
      await room.karpenter.provideFor({ spec: { ...ANY_GPU_POD, nodeSelector: place } });
      const { waiting } = await room.settle();
      expect(waiting.map(({ pod }) => pod)).toEqual([expect.stringMatching(/^rag-embedder-/)]);
      expect(waiting[0]!.why).toMatch(why);
    } finally {
      await room.cluster.down();
    }
  });
});

const ANY_GPU_POD = {
  containers: [{ resources: { requests: { 'nvidia.com/gpu': '1' } } }],
  tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
};

describe.skipIf(!present)('a warm node', () => {
  let room: Room;
  beforeAll(async () => {
    const manifests = manifestsOf((chart) => {
      const l4 = new GpuNodePool(chart, 'L4', {
        gpu: Gpu.NVIDIA_L4,
        instanceTypes: ['g6.xlarge'],
        capacity: [Capacity.onDemand({ maxGpus: 2 })],
        warmNodes: 1,
        pullImages: true,
      });
      new BentoDeployment(chart, 'Rag', {
        bento,
        apiServer: { size: small },
        runners: { Embedder: Runner.pool({ size: withGpu(), scaling: Scaling.replicas(1), nodePool: l4 }) },
      });
    });
    room = await Room.of(manifests);
  });
  afterAll(() => room?.cluster.down());

  test('is held by a pod of its own', async () => {
    const { waiting, nodesOf } = await room.settle();
    expect(waiting).toEqual([]);
    expect(nodesOf('spare-nodes')).toHaveLength(1);
    expect(nodesOf('image-pull')).toHaveLength(2);
    expect(room.karpenter.counts()).toEqual({ 'l4-on-demand': 2 });
  });

  test('is given to the next replica at once', async () => {
    const { client } = room.cluster;
    await client.merge('/apis/apps/v1/namespaces/ml/deployments/rag-embedder/scale', { spec: { replicas: 2 } });
    await room.cluster.wait('the second replica', async () => {
      const { waiting, nodesOf } = await room.settle();
      return nodesOf('runner-embedder').length === 2 && waiting.some(({ pod }) => pod.startsWith('l4-spare-'));
    });
  });
});
