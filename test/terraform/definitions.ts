import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import {
  aws,
  Gpu,
  type KarpenterOptions,
  LoadBalancerKind,
  NodeDisk,
  NodeImage,
  Region,
  RegionTraffic,
  Taint,
} from '../../lib';
import { cluster, DEPLOY, EAST, WEST } from '../aws/clusters';
import { endpoint } from '../aws/endpoints';
import { Stack, terraform } from './synth';

/** As it was reviewed. */
const EXAMPLE = join(__dirname, '../golden/eks/terraform/stacks/prod/cdk.tf.json');

const THIRD = Region.aws('us-west-2');

const definition = (name: string, build: (stack: TerraformStack) => void) => ({ name, make: () => terraform(build) });

/** Stacks that every judge looks at: each way to have something once. */
export const DEFINITIONS: { readonly name: string; readonly make: () => Stack }[] = [
  definition('a cluster', (stack) => cluster(stack)),
  definition('a cluster with everything stated', (stack) => stated(stack)),
  definition('a cluster in subnets that are there', (stack) => given(stack)),
  definition('a cluster in China', (stack) => cluster(stack, { region: Region.aws('cn-north-1') })),
  definition('groups of nodes', (stack) => groups(stack)),
  definition('a bucket and a repository', (stack) => storage(stack)),
  definition('an accelerator', (stack) => accelerator(stack)),
  definition('an accelerator beside clusters of two regions', (stack) => besideClusters(stack)),
  definition('records by latency', (stack) => records(stack, RegionTraffic.nearest())),
  definition('records by weight', (stack) =>
    records(stack, RegionTraffic.weighted({ 'us-east-1': 80, 'eu-west-1': 20, 'us-west-2': 0 })),
  ),
  definition('records by failover', (stack) => records(stack, RegionTraffic.failover([WEST, EAST, THIRD]))),
  { name: 'the example eks', make: () => new Stack(JSON.parse(readFileSync(EXAMPLE, 'utf8'))) },
];

const KARPENTER: KarpenterOptions = {
  version: '1.14',
  nodeRoleName: 'nodes-of-ours',
  discoveryTags: { team: 'ml', 'karpenter.sh/discovery': '*' },
};

function stated(stack: TerraformStack): void {
  cluster(stack, {
    name: 'prod',
    network: aws.ClusterNetwork.create({
      zones: ['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d'],
      cidr: '100.64.0.0/18',
      natGateways: aws.NatGateways.SINGLE,
    }),
    access: [
      aws.ClusterAccess.administrator(DEPLOY),
      aws.ClusterAccess.editor('arn:aws:iam::111122223333:role/ml', ['ml', 'ml-staging']),
      aws.ClusterAccess.viewer('arn:aws:iam::111122223333:user/auditor'),
    ],
    endpointAccess: aws.EndpointAccess.publicFrom(['203.0.113.0/24']),
    systemNodes: { instanceTypes: ['m7g.large', 'm6g.large'], nodes: 3, criticalAddonsOnly: true },
    karpenter: KARPENTER,
    profile: { keda: {}, prometheus: {} },
    addOnVersions: { 'vpc-cni': 'v1.20.4-eksbuild.1' },
    logRetentionDays: 731,
    deletionProtection: false,
    tags: { CostCenter: '42' },
  });
}

function given(stack: TerraformStack): void {
  cluster(stack, {
    network: aws.ClusterNetwork.given({
      vpcId: 'vpc-0123456789abcdef0',
      nodeSubnetIds: ['subnet-0a', 'subnet-0b'],
      internalSubnetIds: ['subnet-1a', 'subnet-1b'],
      publicSubnetIds: ['subnet-2a', 'subnet-2b'],
      loadBalancerCidrs: ['10.1.0.0/24', '10.1.1.0/24'],
    }),
  });
}

function groups(stack: TerraformStack): void {
  const serving = cluster(stack);
  new aws.NodeGroup(stack, 'ApiServers', { cluster: serving, instanceTypes: ['c7i.xlarge'], maxNodes: 12 });
  new aws.GpuNodeGroup(stack, 'L4', {
    cluster: serving,
    gpu: Gpu.NVIDIA_L4,
    gpusPerNode: 1,
    instanceTypes: ['g6.2xlarge', 'g6.4xlarge'],
    capacity: aws.NodeCapacity.spot(),
    minNodes: 1,
    maxNodes: 4,
    desiredNodes: 2,
    disk: NodeDisk.instanceStore(),
    labels: { team: 'ml' },
    taints: [Taint.noExecute('team', 'ml')],
    tags: { CostCenter: '42' },
  });
  new aws.GpuNodeGroup(stack, 'H100', {
    cluster: serving,
    gpu: Gpu.NVIDIA_H100,
    gpusPerNode: 8,
    instanceTypes: ['p5.48xlarge'],
    capacity: aws.NodeCapacity.capacityBlock('cr-0123456789abcdef0'),
    image: NodeImage.bottlerocket(),
    subnetIds: ['subnet-0a'],
    maxNodes: 2,
  });
  new aws.GpuNodeGroup(stack, 'Inferentia', {
    cluster: serving,
    gpu: Gpu.AWS_INFERENTIA2,
    instanceTypes: ['inf2.xlarge'],
    capacity: aws.NodeCapacity.reservation('cr-0123456789abcdef0'),
    maxNodes: 2,
  });
}

function storage(stack: TerraformStack): void {
  const serving = cluster(stack);
  const weights = new aws.ModelBucket(stack, 'Weights', {
    name: 'example-weights',
    region: EAST,
    accessLogBucket: 'logs',
  });
  weights.grantRead(serving, 'ml', 'embedder');
  new aws.ImageRepository(stack, 'Rag', { region: EAST, accountId: '111122223333', tags: { CostCenter: '42' } });
}

function accelerator(stack: TerraformStack): void {
  new aws.GlobalEndpoint(stack, 'Endpoint', {
    hostname: 'rag.example.com',
    endpoints: [endpoint('us-east-1'), endpoint('eu-west-1', { loadBalancer: LoadBalancerKind.NETWORK })],
    traffic: RegionTraffic.nearest({ dials: { 'eu-west-1': 50 } }),
    entry: aws.GlobalEntry.accelerator({ clientAffinity: true, flowLogBucket: 'logs' }),
    accessLogBuckets: { 'us-east-1': 'logs-east' },
  });
}

function besideClusters(stack: TerraformStack): void {
  const clusters = [cluster(stack, { region: EAST }, 'UsEast'), cluster(stack, { region: WEST }, 'EuWest')];
  new aws.GlobalEndpoint(stack, 'Endpoint', {
    hostname: 'rag.example.com',
    endpoints: clusters.map(({ region }) => endpoint(region.name)),
    networks: clusters.map((serving) => aws.EndpointNetwork.ofCluster(serving)),
    drained: [WEST],
  });
}

function records(stack: TerraformStack, traffic: RegionTraffic): void {
  const regions = ['us-east-1', 'eu-west-1', 'us-west-2'];
  new aws.GlobalEndpoint(stack, 'Endpoint', {
    hostname: 'rag.ml.example.com',
    zoneName: 'example.com',
    endpoints: regions.map((region) => endpoint(region)),
    traffic,
    entry: aws.GlobalEntry.dns(),
    networks: regions.map((region) =>
      aws.EndpointNetwork.given(Region.aws(region), {
        vpcId: `vpc-${region}`,
        subnetIds: ['subnet-a', 'subnet-b'],
        nodeSecurityGroupId: 'sg-0',
      }),
    ),
  });
}
