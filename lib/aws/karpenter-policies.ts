import { type PolicyDocument, policy } from './policy-document';

/** What the policies are about. */
export interface KarpenterScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
  readonly nodeRoleArn: string;
  readonly queueArn: string;
}

/**
 * What Karpenter's controller may do, as its own CloudFormation template has it: nodes, launch templates and instance profiles
 * of this cluster alone, by their tags. One policy would be longer than IAM allows. A test compares with the template.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/
 */
export function karpenterPolicies(scope: KarpenterScope): { readonly [name: string]: PolicyDocument } {
  return {
    NodeLifecycle: nodeLifecycle(scope),
    IAMIntegration: iamIntegration(scope),
    EKSIntegration: eksIntegration(scope),
    Interruption: interruption(scope),
    ZonalShift: zonalShift(scope),
    ResourceDiscovery: resourceDiscovery(scope),
  };
}

function nodeLifecycle({ partition, region, clusterName }: KarpenterScope): PolicyDocument {
  return policy(
    {
      Sid: 'AllowScopedEC2InstanceAccessActions',
      Effect: 'Allow',
      Resource: [
        `arn:${partition}:ec2:${region}::image/*`,
        `arn:${partition}:ec2:${region}::snapshot/*`,
        `arn:${partition}:ec2:${region}:*:security-group/*`,
        `arn:${partition}:ec2:${region}:*:subnet/*`,
        `arn:${partition}:ec2:${region}:*:capacity-reservation/*`,
        `arn:${partition}:ec2:${region}:*:placement-group/*`,
      ],
      Action: ['ec2:RunInstances', 'ec2:CreateFleet'],
    },
    {
      Sid: 'AllowScopedEC2LaunchTemplateAccessActions',
      Effect: 'Allow',
      Resource: `arn:${partition}:ec2:${region}:*:launch-template/*`,
      Action: ['ec2:RunInstances', 'ec2:CreateFleet'],
      Condition: {
        StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: 'owned' },
        StringLike: { 'aws:ResourceTag/karpenter.sh/nodepool': '*' },
      },
    },
    {
      Sid: 'AllowScopedEC2InstanceActionsWithTags',
      Effect: 'Allow',
      Resource: [
        `arn:${partition}:ec2:${region}:*:fleet/*`,
        `arn:${partition}:ec2:${region}:*:instance/*`,
        `arn:${partition}:ec2:${region}:*:volume/*`,
        `arn:${partition}:ec2:${region}:*:network-interface/*`,
        `arn:${partition}:ec2:${region}:*:launch-template/*`,
        `arn:${partition}:ec2:${region}:*:spot-instances-request/*`,
      ],
      Action: ['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate'],
      Condition: {
        StringEquals: {
          [`aws:RequestTag/kubernetes.io/cluster/${clusterName}`]: 'owned',
          'aws:RequestTag/eks:eks-cluster-name': clusterName,
        },
        StringLike: { 'aws:RequestTag/karpenter.sh/nodepool': '*' },
      },
    },
    {
      Sid: 'AllowScopedResourceCreationTagging',
      Effect: 'Allow',
      Resource: [
        `arn:${partition}:ec2:${region}:*:fleet/*`,
        `arn:${partition}:ec2:${region}:*:instance/*`,
        `arn:${partition}:ec2:${region}:*:volume/*`,
        `arn:${partition}:ec2:${region}:*:network-interface/*`,
        `arn:${partition}:ec2:${region}:*:launch-template/*`,
        `arn:${partition}:ec2:${region}:*:spot-instances-request/*`,
      ],
      Action: 'ec2:CreateTags',
      Condition: {
        StringEquals: {
          [`aws:RequestTag/kubernetes.io/cluster/${clusterName}`]: 'owned',
          'aws:RequestTag/eks:eks-cluster-name': clusterName,
          'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'],
        },
        StringLike: { 'aws:RequestTag/karpenter.sh/nodepool': '*' },
      },
    },
    {
      Sid: 'AllowScopedResourceTagging',
      Effect: 'Allow',
      Resource: `arn:${partition}:ec2:${region}:*:instance/*`,
      Action: 'ec2:CreateTags',
      Condition: {
        StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: 'owned' },
        StringLike: { 'aws:ResourceTag/karpenter.sh/nodepool': '*' },
        StringEqualsIfExists: { 'aws:RequestTag/eks:eks-cluster-name': clusterName },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['eks:eks-cluster-name', 'karpenter.sh/nodeclaim', 'Name'] },
      },
    },
    {
      Sid: 'AllowScopedDeletion',
      Effect: 'Allow',
      Resource: [`arn:${partition}:ec2:${region}:*:instance/*`, `arn:${partition}:ec2:${region}:*:launch-template/*`],
      Action: ['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'],
      Condition: {
        StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: 'owned' },
        StringLike: { 'aws:ResourceTag/karpenter.sh/nodepool': '*' },
      },
    },
  );
}

function iamIntegration({ partition, region, accountId, clusterName, nodeRoleArn }: KarpenterScope): PolicyDocument {
  return policy(
    {
      Sid: 'AllowPassingInstanceRole',
      Effect: 'Allow',
      Resource: nodeRoleArn,
      Action: 'iam:PassRole',
      Condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
    },
    {
      Sid: 'AllowScopedInstanceProfileCreationActions',
      Effect: 'Allow',
      Resource: `arn:${partition}:iam::${accountId}:instance-profile/*`,
      Action: ['iam:CreateInstanceProfile'],
      Condition: {
        StringEquals: {
          [`aws:RequestTag/kubernetes.io/cluster/${clusterName}`]: 'owned',
          'aws:RequestTag/eks:eks-cluster-name': clusterName,
          'aws:RequestTag/topology.kubernetes.io/region': region,
        },
        StringLike: { 'aws:RequestTag/karpenter.k8s.aws/ec2nodeclass': '*' },
      },
    },
    {
      Sid: 'AllowScopedInstanceProfileTagActions',
      Effect: 'Allow',
      Resource: `arn:${partition}:iam::${accountId}:instance-profile/*`,
      Action: ['iam:TagInstanceProfile'],
      Condition: {
        StringEquals: {
          [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: 'owned',
          'aws:ResourceTag/topology.kubernetes.io/region': region,
          [`aws:RequestTag/kubernetes.io/cluster/${clusterName}`]: 'owned',
          'aws:RequestTag/eks:eks-cluster-name': clusterName,
          'aws:RequestTag/topology.kubernetes.io/region': region,
        },
        StringLike: {
          'aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass': '*',
          'aws:RequestTag/karpenter.k8s.aws/ec2nodeclass': '*',
        },
      },
    },
    {
      Sid: 'AllowScopedInstanceProfileActions',
      Effect: 'Allow',
      Resource: `arn:${partition}:iam::${accountId}:instance-profile/*`,
      Action: ['iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile', 'iam:DeleteInstanceProfile'],
      Condition: {
        StringEquals: {
          [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: 'owned',
          'aws:ResourceTag/topology.kubernetes.io/region': region,
        },
        StringLike: { 'aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass': '*' },
      },
    },
  );
}

function eksIntegration({ partition, region, accountId, clusterName }: KarpenterScope): PolicyDocument {
  return policy({
    Sid: 'AllowAPIServerEndpointDiscovery',
    Effect: 'Allow',
    Resource: `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`,
    Action: 'eks:DescribeCluster',
  });
}

function interruption({ queueArn }: KarpenterScope): PolicyDocument {
  return policy({
    Sid: 'AllowInterruptionQueueActions',
    Effect: 'Allow',
    Resource: queueArn,
    Action: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
  });
}

function zonalShift({ partition, region, accountId, clusterName }: KarpenterScope): PolicyDocument {
  return policy({
    Sid: 'AllowZonalShiftStatusReadOnly',
    Effect: 'Allow',
    Resource: '*',
    Action: ['arc-zonal-shift:GetManagedResource'],
    Condition: {
      StringEquals: {
        'arc-zonal-shift:ResourceIdentifier': `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`,
      },
    },
  });
}

function resourceDiscovery({ partition, region, accountId }: KarpenterScope): PolicyDocument {
  return policy(
    {
      Sid: 'AllowRegionalReadActions',
      Effect: 'Allow',
      Resource: '*',
      Action: [
        'ec2:DescribeCapacityReservations',
        'ec2:DescribeImages',
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypeOfferings',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeLaunchTemplates',
        'ec2:DescribePlacementGroups',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSpotPriceHistory',
        'ec2:DescribeSubnets',
      ],
      Condition: { StringEquals: { 'aws:RequestedRegion': region } },
    },
    {
      Sid: 'AllowSSMReadActions',
      Effect: 'Allow',
      Resource: `arn:${partition}:ssm:${region}::parameter/aws/service/*`,
      Action: 'ssm:GetParameter',
    },
    { Sid: 'AllowPricingReadActions', Effect: 'Allow', Resource: '*', Action: 'pricing:GetProducts' },
    {
      Sid: 'AllowUnscopedInstanceProfileListAction',
      Effect: 'Allow',
      Resource: '*',
      Action: 'iam:ListInstanceProfiles',
    },
    {
      Sid: 'AllowInstanceProfileReadActions',
      Effect: 'Allow',
      Resource: `arn:${partition}:iam::${accountId}:instance-profile/*`,
      Action: 'iam:GetInstanceProfile',
    },
  );
}
