import type { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
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

/** The subnets of a zone. */
interface Zone {
  readonly letter: string;
  readonly nodes: string;
  readonly open: string;
  readonly internal: string;
}

function makeZones(scope: Construct, vpcId: string, model: CreatedNetworkModel, context: NetworkContext): Zone[] {
  const zones = makeSubnets(scope, vpcId, model, context);
  const internetGateway = makePublicRoutes(scope, vpcId, zones, context);
  makePrivateRoutes(scope, vpcId, zones, { ...context, natGateways: model.natGateways, internetGateway });
  return zones;
}

function makeSubnets(
  scope: Construct,
  vpcId: string,
  { zones, cidr }: CreatedNetworkModel,
  { clusterName, region: { name: region }, tags, discoveryTags }: NetworkContext,
): Zone[] {
  const blocks = zoneBlocks(cidr, zones.length);
  const shared = { [SUBNET_TAGS.cluster(clusterName)]: 'shared' };
  return zones.map((availabilityZone, index) => {
    const letter = availabilityZone.slice(region.length);
    const subnet = (kind: string, cidrBlock: string, more: { readonly [key: string]: string }): string =>
      new tf.Subnet(scope, `${kind}-${letter}`, {
        region,
        vpcId,
        availabilityZone,
        cidrBlock,
        tags: { ...tagsOf(tags, `${clusterName}-${kind}-${letter}`), ...shared, ...more },
      }).id;
    const { nodes, publicLoadBalancers, internalLoadBalancers } = blocks[index]!;
    return {
      letter,
      nodes: subnet('nodes', nodes, discoveryTags),
      open: subnet('public', publicLoadBalancers, { [SUBNET_TAGS.public]: '1' }),
      internal: subnet('internal', internalLoadBalancers, { [SUBNET_TAGS.internal]: '1' }),
    };
  });
}

function makePublicRoutes(
  scope: Construct,
  vpcId: string,
  zones: readonly Zone[],
  { clusterName, region: { name: region }, tags }: NetworkContext,
): InternetGateway {
  const gateway = new tf.InternetGateway(scope, 'internet-gateway', { region, vpcId, tags: tagsOf(tags, clusterName) });
  const { id: routeTableId } = new tf.RouteTable(scope, 'public-routes', {
    region,
    vpcId,
    route: [{ cidrBlock: '0.0.0.0/0', gatewayId: gateway.id }],
    tags: tagsOf(tags, `${clusterName}-public`),
  });
  for (const { letter, open } of zones) {
    new tf.RouteTableAssociation(scope, `public-routes-${letter}`, { region, subnetId: open, routeTableId });
  }
  return gateway;
}

interface PrivateRoutesContext extends NetworkContext {
  readonly natGateways: NatGateways;
  readonly internetGateway: InternetGateway;
}

function makePrivateRoutes(
  scope: Construct,
  vpcId: string,
  zones: readonly Zone[],
  context: PrivateRoutesContext,
): void {
  const { clusterName, region, tags, natGateways } = context;
  const gateways = natGateways === NatGateways.SINGLE ? zones.slice(0, 1) : zones;
  const gatewayIds = gateways.map((zone) => makeNatGateway(scope, zone, context));
  const routeTableIds = zones.map(({ letter, nodes, internal }, index) => {
    const { id: routeTableId } = new tf.RouteTable(scope, `private-routes-${letter}`, {
      region: region.name,
      vpcId,
      route: [{ cidrBlock: '0.0.0.0/0', natGatewayId: gatewayIds[index] ?? gatewayIds[0]! }],
      tags: tagsOf(tags, `${clusterName}-private-${letter}`),
    });
    for (const [kind, subnetId] of Object.entries({ nodes, internal })) {
      const association = { region: region.name, subnetId, routeTableId };
      new tf.RouteTableAssociation(scope, `${kind}-routes-${letter}`, association);
    }
    return routeTableId;
  });
  // Layers of images and weights lie in S3: through a NAT gateway each byte would be paid for.
  new tf.VpcEndpoint(scope, 's3', {
    region: region.name,
    vpcId,
    serviceName: `com.amazonaws.${region.name}.s3`,
    vpcEndpointType: 'Gateway',
    routeTableIds,
    tags: tagsOf(tags, `${clusterName}-s3`),
  });
}

function makeNatGateway(
  scope: Construct,
  { letter, open }: Zone,
  { clusterName, region: { name: region }, tags, internetGateway }: PrivateRoutesContext,
): string {
  const own = tagsOf(tags, `${clusterName}-nat-${letter}`);
  const address = new tf.Eip(scope, `nat-address-${letter}`, { region, domain: 'vpc', tags: own });
  return new tf.NatGateway(scope, `nat-${letter}`, {
    region,
    allocationId: address.allocationId,
    subnetId: open,
    tags: own,
    dependsOn: [internetGateway],
  }).id;
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
