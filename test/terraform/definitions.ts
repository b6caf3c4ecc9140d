import { aws, type KarpenterOptions, Region } from '../../lib';
import { cluster, DEPLOY, EAST, WEST } from '../aws/clusters';
import { type Stack, terraform } from './synth';

/** Stacks that every judge looks at: each way to have something once. */
export const DEFINITIONS: { readonly name: string; readonly make: () => Stack }[] = [
  { name: 'a cluster', make: () => terraform((stack) => cluster(stack)) },
  { name: 'a cluster with everything stated', make: () => terraform((stack) => stated(stack)) },
  { name: 'a cluster in subnets that are there', make: () => terraform((stack) => given(stack)) },
  { name: 'clusters of two regions', make: () => terraform((stack) => two(stack)) },
  {
    name: 'a cluster in China',
    make: () => terraform((stack) => cluster(stack, { region: Region.aws('cn-north-1') })),
  },
];

const KARPENTER: KarpenterOptions = {
  version: '1.14',
  nodeRoleName: 'nodes-of-ours',
  discoveryTags: { team: 'ml', 'karpenter.sh/discovery': '*' },
};

function stated(stack: Parameters<typeof cluster>[0]): void {
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

function given(stack: Parameters<typeof cluster>[0]): void {
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

function two(stack: Parameters<typeof cluster>[0]): void {
  cluster(stack, { region: EAST }, 'UsEast');
  cluster(stack, { region: WEST }, 'EuWest');
}
