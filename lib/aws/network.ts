import type { Construct } from 'constructs';
import { errors } from '../internal/errors';
import type { Region } from '../placement/region';
import { zoneBlocks } from './cidr';
import type { ClusterNetworkModel, CreatedNetworkModel, GivenNetworkModel, Network } from './models';
import { NatGateways } from './nat-gateways';
import { assumedBy, policy } from './policy-document';
import { tagsOf } from './stack';
import { tf } from './terraform';

export interface NetworkContext {
  readonly clusterName: string;
  readonly region: Region;
  readonly tags: { readonly [key: string]: string };
  /** Tags by which Karpenter finds subnets of nodes. */
  readonly discoveryTags: { readonly [key: string]: string };
  /** Whether given subnets are to get them, or have them. */
  readonly tagsGiven: boolean;
  /** By which logs are encrypted. */
  readonly kmsKeyArn: string;
  readonly logRetentionDays: number;
}

/** Tags by which the AWS Load Balancer Controller and `GlobalEndpoint` find subnets. */
export const SUBNET_TAGS = {
  internal: 'kubernetes.io/role/internal-elb',
  public: 'kubernetes.io/role/elb',
  cluster: (name: string) => `kubernetes.io/cluster/${name}`,
} as const;

/** The name of the group of flow logs, which the policy of the key names too. */
export function flowLogGroupName(clusterName: string): string {
  return `/aws/vpc/${clusterName}/flow-logs`;
}

export function makeNetwork(scope: Construct, model: ClusterNetworkModel, context: NetworkContext): Network {
  return model.kind === 'create' ? createdNetwork(scope, model, context) : givenNetwork(scope, model, context);
}

function givenNetwork(scope: Construct, model: GivenNetworkModel, context: NetworkContext): Network {
  const { region, discoveryTags, tagsGiven } = context;
  if (tagsGiven) {
    model.nodeSubnetIds.forEach((resourceId, index) => {
      for (const [key, value] of Object.entries(discoveryTags)) {
        new tf.Ec2Tag(scope, `subnet-${index}-${key}`, { region: region.name, resourceId, key, value });
      }
    });
  }
  return model;
}

function createdNetwork(scope: Construct, model: CreatedNetworkModel, context: NetworkContext): Network {
  const { clusterName, region, tags } = context;
  const wrong = model.zones.find((zone) => !new RegExp(`^${region.name}[a-z]$`).test(zone));
  if (wrong !== undefined)
    throw errors.invalidText('network.zones', `zones of ${region.name}, as ${region.name}a`, wrong);
  const vpc = new tf.Vpc(scope, 'vpc', {
    region: region.name,
    cidrBlock: model.cidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: tagsOf(tags, clusterName),
  });
  const zones = makeZones(scope, vpc.id, model, context);
  makeFlowLogs(scope, vpc.id, context);
  // Without rules: what is in no other group reaches nothing.
  new tf.DefaultSecurityGroup(scope, 'default-security-group', {
    region: region.name,
    vpcId: vpc.id,
    tags: tagsOf(tags, `${clusterName}-default`),
  });
  return {
    vpcId: vpc.id,
    nodeSubnetIds: zones.map(({ nodes }) => nodes),
    internalSubnetIds: zones.map(({ internal }) => internal),
    publicSubnetIds: zones.map(({ open }) => open),
  };
}

function makeZones(
  scope: Construct,
  vpcId: string,
  { zones, cidr, natGateways }: CreatedNetworkModel,
  { clusterName, region: { name: region }, tags, discoveryTags }: NetworkContext,
): { nodes: string; internal: string; open: string }[] {
  const internetGateway = new tf.InternetGateway(scope, 'internet-gateway', {
    region,
    vpcId,
    tags: tagsOf(tags, clusterName),
  });
  const publicRoutes = new tf.RouteTable(scope, 'public-routes', {
    region,
    vpcId,
    route: [{ cidrBlock: '0.0.0.0/0', gatewayId: internetGateway.id }],
    tags: tagsOf(tags, `${clusterName}-public`),
  });
  const blocks = zoneBlocks(cidr, zones.length);
  const shared = { [SUBNET_TAGS.cluster(clusterName)]: 'shared' };
  let natGatewayId: string | undefined;
  const routeTableIds: string[] = [];
  const made = zones.map((zone, index) => {
    const letter = zone.slice(region.length);
    const subnet = (kind: string, cidrBlock: string, more: { [key: string]: string }): string =>
      new tf.Subnet(scope, `${kind}-${letter}`, {
        region,
        vpcId,
        availabilityZone: zone,
        cidrBlock,
        tags: { ...tagsOf(tags, `${clusterName}-${kind}-${letter}`), ...more },
      }).id;
    const nodes = subnet('nodes', blocks[index]!.nodes, { ...shared, ...discoveryTags });
    const open = subnet('public', blocks[index]!.publicLoadBalancers, { ...shared, [SUBNET_TAGS.public]: '1' });
    const internal = subnet('internal', blocks[index]!.internalLoadBalancers, {
      ...shared,
      [SUBNET_TAGS.internal]: '1',
    });
    const routes = (kind: string, subnetId: string, routeTableId: string): void => {
      new tf.RouteTableAssociation(scope, `${kind}-routes-${letter}`, { region, subnetId, routeTableId });
    };
    if (natGatewayId === undefined || natGateways === NatGateways.ONE_PER_ZONE) {
      const name = tagsOf(tags, `${clusterName}-nat-${letter}`);
      const address = new tf.Eip(scope, `nat-address-${letter}`, { region, domain: 'vpc', tags: name });
      natGatewayId = new tf.NatGateway(scope, `nat-${letter}`, {
        region,
        allocationId: address.allocationId,
        subnetId: open,
        tags: name,
        dependsOn: [internetGateway],
      }).id;
    }
    const privateRoutes = new tf.RouteTable(scope, `private-routes-${letter}`, {
      region,
      vpcId,
      route: [{ cidrBlock: '0.0.0.0/0', natGatewayId }],
      tags: tagsOf(tags, `${clusterName}-private-${letter}`),
    });
    routeTableIds.push(privateRoutes.id);
    routes('nodes', nodes, privateRoutes.id);
    routes('internal', internal, privateRoutes.id);
    routes('public', open, publicRoutes.id);
    return { nodes, internal, open };
  });
  // Layers of images and weights lie in S3: through a NAT gateway each byte would be paid for.
  new tf.VpcEndpoint(scope, 's3', {
    region,
    vpcId,
    serviceName: `com.amazonaws.${region}.s3`,
    vpcEndpointType: 'Gateway',
    routeTableIds,
    tags: tagsOf(tags, `${clusterName}-s3`),
  });
  return made;
}

function makeFlowLogs(
  scope: Construct,
  vpcId: string,
  { clusterName, region: { name: region }, tags, kmsKeyArn, logRetentionDays }: NetworkContext,
): void {
  const group = new tf.CloudwatchLogGroup(scope, 'flow-log-group', {
    region,
    name: flowLogGroupName(clusterName),
    retentionInDays: logRetentionDays,
    kmsKeyId: kmsKeyArn,
    tags: tagsOf(tags),
  });
  const role = new tf.IamRole(scope, 'flow-log-role', {
    name: `VpcFlowLogs-${clusterName}`,
    assumeRolePolicy: JSON.stringify(assumedBy('vpc-flow-logs.amazonaws.com')),
    tags: tagsOf(tags),
  });
  new tf.IamRolePolicy(scope, 'flow-log-policy', {
    name: 'write',
    role: role.name,
    policy: JSON.stringify(
      policy({
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
        Resource: `${group.arn}:*`,
      }),
    ),
  });
  new tf.FlowLog(scope, 'flow-log', {
    region,
    vpcId,
    trafficType: 'ALL',
    iamRoleArn: role.arn,
    logDestination: group.arn,
    tags: tagsOf(tags, clusterName),
  });
}
