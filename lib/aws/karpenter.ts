import type { Construct } from 'constructs';
import type { KarpenterModel } from '../cluster/karpenter';
import { dnsLabel } from '../internal/names';
import type { MadeCluster } from './control-plane';
import { karpenterPolicies } from './karpenter-policies';
import { partitionOf } from './partition';
import { denyPlainHttp, policy } from './policy-document';
import { accountId, podRole, serviceRole } from './roles';
import { tagsOf } from './stack';
import { tf } from './terraform';

/** Events of EC2 and of AWS Health that say that a node is to go, as Karpenter's own template has them. */
const EVENTS: { readonly [name: string]: { readonly source: string; readonly detailType: string } } = {
  health: { source: 'aws.health', detailType: 'AWS Health Event' },
  spot: { source: 'aws.ec2', detailType: 'EC2 Spot Instance Interruption Warning' },
  rebalance: { source: 'aws.ec2', detailType: 'EC2 Instance Rebalance Recommendation' },
  state: { source: 'aws.ec2', detailType: 'EC2 Instance State-change Notification' },
  reservation: { source: 'aws.ec2', detailType: 'EC2 Capacity Reservation Instance Interruption Warning' },
};

/** Who the controller is in the cluster, as its Helm chart has it. */
export const KARPENTER_PODS = { namespace: 'kube-system', serviceAccount: 'karpenter' } as const;

/** What an older message says is over. */
const MESSAGE_SECONDS = 300;

/** The name of the role of its controller. */
export function karpenterRoleName(clusterName: string): string {
  return `KarpenterController-${clusterName}`;
}

export interface KarpenterContext extends MadeCluster {
  readonly discoveryTags: { readonly [key: string]: string };
}

/**
 * What Karpenter needs beside itself: the role of its nodes under the name that EC2NodeClasses state, and their access; the
 * role of its controller; and the queue of interruptions, under the name of the cluster.
 */
export function makeKarpenter(scope: Construct, context: KarpenterContext, { nodeRoleName }: KarpenterModel): void {
  const { name, clusterName, region, tags } = context;
  const { role: nodeRole } = serviceRole(scope, 'karpenter-node-role', 'ec2.amazonaws.com', {
    name: nodeRoleName,
    description: `Nodes that Karpenter makes for the cluster ${name}`,
    region,
    tags,
    managed: NODE_POLICIES,
  });
  new tf.EksAccessEntry(scope, 'karpenter-nodes', {
    region: region.name,
    clusterName,
    principalArn: nodeRole.arn,
    type: 'EC2_LINUX',
    tags: tagsOf(tags),
  });
  const queueArn = makeQueue(scope, context);
  podRole(
    scope,
    'karpenter',
    { clusterName, ...KARPENTER_PODS },
    {
      name: karpenterRoleName(name),
      description: `Karpenter of the cluster ${name}`,
      region,
      tags,
      documents: karpenterPolicies({
        partition: partitionOf(region).name,
        region: region.name,
        accountId: accountId(scope),
        clusterName: name,
        nodeRoleArn: nodeRole.arn,
        queueArn,
      }),
    },
  );
  for (const [key, value] of Object.entries(context.discoveryTags)) {
    new tf.Ec2Tag(scope, `security-group-${dnsLabel(key)}`, {
      region: region.name,
      resourceId: context.securityGroupId,
      key,
      value,
    });
  }
}

/** What nodes may do; the CNI has a role of its own. */
export const NODE_POLICIES = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonSSMManagedInstanceCore',
];

function makeQueue(scope: Construct, { name, region, tags }: KarpenterContext): string {
  const queue = new tf.SqsQueue(scope, 'interruptions', {
    region: region.name,
    name,
    messageRetentionSeconds: MESSAGE_SECONDS,
    sqsManagedSseEnabled: true,
    tags: tagsOf(tags),
  });
  new tf.SqsQueuePolicy(scope, 'interruptions-policy', {
    region: region.name,
    queueUrl: queue.url,
    policy: JSON.stringify(
      policy(
        {
          Sid: 'Events',
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'sqs.amazonaws.com'] },
          Action: 'sqs:SendMessage',
          Resource: queue.arn,
        },
        denyPlainHttp('sqs:*', [queue.arn]),
      ),
    ),
  });
  for (const [id, { source, detailType }] of Object.entries(EVENTS)) {
    const rule = new tf.CloudwatchEventRule(scope, `interruptions-${id}`, {
      region: region.name,
      name: `Karpenter-${name}-${id}`,
      eventPattern: JSON.stringify({ source: [source], 'detail-type': [detailType] }),
      tags: tagsOf(tags),
    });
    new tf.CloudwatchEventTarget(scope, `interruptions-${id}-target`, {
      region: region.name,
      rule: rule.name,
      targetId: 'KarpenterInterruptionQueueTarget',
      arn: queue.arn,
    });
  }
  return queue.arn;
}
