import type { TerraformStack } from 'cdktf';
import { aws } from '../../lib';
import { cluster, EAST } from '../aws/clusters';
import { endpoint } from '../aws/endpoints';
import { type Stack, terraform } from '../terraform/synth';

const made = (build: (stack: TerraformStack) => void): Stack => terraform(build);
const plain = () => made((stack) => cluster(stack));
const zones = ['us-east-1a', 'us-east-1b'];
const global = () =>
  made((stack) => {
    new aws.GlobalEndpoint(stack, 'E', { hostname: 'a.example.com', endpoints: [endpoint('us-east-1')] });
  });

/** What happens where a property of `aws` is left out, as the text of its documentation. */
export const OBSERVED_AWS: { [property: string]: (text: string) => unknown } = {
  'CreateNetworkOptions.cidr': () =>
    made((stack) => cluster(stack, { network: aws.ClusterNetwork.create({ zones }) })).get('aws_vpc').cidr_block,
  'CreateNetworkOptions.natGateways': (text) => plain().all('aws_nat_gateway').length === 3 && text,
  'ServingClusterProps.logRetentionDays': () => plain().all('aws_cloudwatch_log_group')[0].retention_in_days,
  'ServingClusterProps.deletionProtection': () => plain().get('aws_eks_cluster').deletion_protection,
  'SystemNodesOptions.nodes': () => plain().get('aws_eks_node_group').scaling_config.min_size,
  'SystemNodesOptions.criticalAddonsOnly': () => plain().get('aws_eks_node_group').taint?.length > 0,
  'ManagedNodesOptions.minNodes': () =>
    made((stack) => {
      new aws.NodeGroup(stack, 'Group', { cluster: cluster(stack), instanceTypes: ['m6i.large'], maxNodes: 2 });
    }).get('aws_eks_node_group', 'node_group_name', 'group').scaling_config.min_size,
  'GlobalEndpointProps.deletionProtection': () => global().get('aws_lb').enable_deletion_protection,
  'AcceleratorOptions.clientAffinity': () =>
    global().get('aws_globalaccelerator_listener').client_affinity === 'SOURCE_IP',
  'ModelBucketProps.keepOldVersionsDays': () =>
    made((stack) => {
      new aws.ModelBucket(stack, 'B', { name: 'bucket', region: EAST });
    }).get('aws_s3_bucket_lifecycle_configuration').rule[0].noncurrent_version_expiration[0].noncurrent_days,
  'ImageRepositoryProps.keepImages': () => {
    const stack = made((scope) => {
      new aws.ImageRepository(scope, 'Images', { region: EAST, accountId: '111122223333' });
    });
    return JSON.parse(stack.get('aws_ecr_lifecycle_policy').policy).rules[0].selection.countNumber;
  },
};
