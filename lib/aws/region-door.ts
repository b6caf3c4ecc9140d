import type { LbTargetGroupConfig } from '@cdktf/provider-aws/lib/lb-target-group';
import type { Construct } from 'constructs';
import { TLS_POLICY } from '../engines/aws-load-balancer';
import { LoadBalancerKind, type ServingEndpoint } from '../exposure/serving-endpoint';
import { requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';
import { HealthCheck } from '../traffic/health-check';
import type { EndpointNetworkModel } from './models';
import { SUBNET_TAGS } from './network';
import { tagsOf } from './stack';
import { tf } from './terraform';

/** What stands in a region before its target group. */
export interface RegionDoor {
  readonly region: string;
  readonly arn: string;
  readonly dnsName: string;
  readonly zoneId: string;
  readonly healthPath: string;
  readonly application: boolean;
}

export interface RegionDoorOptions {
  readonly region: string;
  readonly endpoint: ServingEndpoint;
  readonly network: EndpointNetworkModel;
  /** Whether an accelerator is before it: what can is not reached from the internet then. */
  readonly accelerated: boolean;
  readonly certificateArn: string;
  readonly sourceCidrs: readonly string[];
  readonly deletionProtection: boolean;
  readonly accessLogBucket?: string;
  readonly tags: { readonly [key: string]: string };
}

/** Of target groups and of load balancers. */
const MAX_NAME = 32;
const PORT = 443;
const TLS_IDLE_SECONDS = 350;
const DEFAULT_IDLE_SECONDS = 60;
const MAX_IDLE_SECONDS = 4000;
const MAX_DEREGISTRATION_SECONDS = 3600;

/** Throws where AWS would refuse what the deployment needs. */
export function requireDoor(property: string, { targetGroupName, loadBalancer, ...endpoint }: ServingEndpoint): void {
  if (!/^[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?$/.test(targetGroupName) || targetGroupName.length > MAX_NAME) {
    const rule = `at most ${MAX_NAME} letters, digits and dashes`;
    throw errors.invalidName(`${property}.targetGroupName`, rule, targetGroupName);
  }
  const deregistration = endpoint.deregistrationDelay.toSeconds({ integral: false });
  requireInteger(`${property}.deregistrationDelay`, Math.ceil(deregistration), 0, MAX_DEREGISTRATION_SECONDS);
  const silence = endpoint.idleTimeout.toSeconds({ integral: false });
  if (loadBalancer === LoadBalancerKind.NETWORK && silence > TLS_IDLE_SECONDS) {
    throw errors.tooSilent(
      `${property}.idleTimeout`,
      'a Network Load Balancer that ends TLS',
      silence,
      TLS_IDLE_SECONDS,
      'let answers come in pieces with a shorter `streaming.idleTimeout`, or use Exposure.applicationLoadBalancer()',
    );
  }
  if (idleSeconds(silence) > MAX_IDLE_SECONDS) {
    throw errors.tooSilent(
      `${property}.idleTimeout`,
      'an Application Load Balancer',
      idleSeconds(silence),
      MAX_IDLE_SECONDS,
      'let answers come in pieces with a shorter `streaming.idleTimeout`',
    );
  }
}

function idleSeconds(silence: number): number {
  return Math.max(DEFAULT_IDLE_SECONDS, Math.ceil(silence));
}

/** The load balancer of a region, its listener and the target group that the cluster binds by its name. */
export function makeRegionDoor(scope: Construct, options: RegionDoorOptions): RegionDoor {
  const { region, endpoint, certificateArn, tags } = options;
  const application = endpoint.loadBalancer === LoadBalancerKind.APPLICATION;
  // An accelerator reaches a Network Load Balancer that ends TLS through the internet alone.
  const closed = options.accelerated && application;
  const place = placeOf(scope, options, closed);
  const targets = new tf.LbTargetGroup(scope, 'targets', {
    region,
    name: endpoint.targetGroupName,
    vpcId: place.vpcId,
    ...targetGroup(endpoint, application),
    tags: tagsOf(tags),
  });
  const balancer = new tf.Lb(scope, 'load-balancer', {
    region,
    name: endpoint.targetGroupName,
    loadBalancerType: endpoint.loadBalancer,
    internal: closed,
    subnets: place.subnetIds,
    securityGroups: [securityGroup(scope, options, place)],
    enableDeletionProtection: options.deletionProtection,
    enableCrossZoneLoadBalancing: true,
    ...(application && {
      dropInvalidHeaderFields: true,
      idleTimeout: idleSeconds(endpoint.idleTimeout.toSeconds({ integral: false })),
    }),
    ...(options.accessLogBucket !== undefined && { accessLogs: { bucket: options.accessLogBucket, enabled: true } }),
    tags: tagsOf(tags),
  });
  new tf.LbListener(scope, 'listener', {
    region,
    loadBalancerArn: balancer.arn,
    port: PORT,
    protocol: application ? 'HTTPS' : 'TLS',
    certificateArn,
    sslPolicy: TLS_POLICY,
    defaultAction: [{ type: 'forward', targetGroupArn: targets.arn }],
    tags: tagsOf(tags),
  });
  const { arn, dnsName, zoneId } = balancer;
  return { region, arn, dnsName, zoneId, healthPath: endpoint.healthPath, application };
}

/** What the deployment said that its pods need, as they leave above all. */
function targetGroup(endpoint: ServingEndpoint, application: boolean): Partial<LbTargetGroupConfig> {
  const check = HealthCheck.http()._model;
  return {
    targetType: 'ip',
    port: endpoint.containerPort,
    protocol: application ? 'HTTP' : 'TCP',
    deregistrationDelay: String(Math.ceil(endpoint.deregistrationDelay.toSeconds({ integral: false }))),
    // Network policies let in the subnets of the load balancer, not clients.
    ...(!application && { preserveClientIp: 'false' }),
    healthCheck: {
      protocol: 'HTTP',
      port: 'traffic-port',
      path: endpoint.healthPath,
      matcher: '200',
      interval: check.intervalSeconds,
      timeout: check.timeoutSeconds,
      healthyThreshold: check.healthyThreshold,
      unhealthyThreshold: check.unhealthyThreshold,
    },
  };
}

interface Place {
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly nodeSecurityGroupId: string;
}

function placeOf(scope: Construct, { region, network }: RegionDoorOptions, closed: boolean): Place {
  if (network.kind === 'given') return network;
  if (network.kind === 'cluster') {
    const subnetIds = closed ? network.internalSubnetIds : network.publicSubnetIds;
    if (subnetIds.length > 0) return { ...network, subnetIds };
    throw errors.missingOption(
      'publicSubnetIds',
      `in the network of the cluster of ${region}, for a load balancer that the internet reaches`,
      'state them in ClusterNetwork.given(), or put an accelerator before Exposure.applicationLoadBalancer()',
    );
  }
  const cluster = new tf.DataAwsEksCluster(scope, 'cluster', { region, name: network.clusterName });
  const { vpcId, clusterSecurityGroupId } = cluster.vpcConfig.get(0);
  const subnets = new tf.DataAwsSubnets(scope, 'subnets', {
    region,
    filter: [
      { name: 'vpc-id', values: [vpcId] },
      { name: 'tag-key', values: [closed ? SUBNET_TAGS.internal : SUBNET_TAGS.public] },
    ],
  });
  return { vpcId, subnetIds: subnets.ids, nodeSecurityGroupId: clusterSecurityGroupId };
}

/** Clients come in at one port, and nothing goes out but to the pods. */
function securityGroup(
  scope: Construct,
  { region, endpoint, sourceCidrs, tags }: RegionDoorOptions,
  place: Place,
): string {
  const name = `${endpoint.targetGroupName}-load-balancer`;
  const group = new tf.SecurityGroup(scope, 'security-group', {
    region,
    name,
    description: `Load balancer of ${endpoint.targetGroupName}`,
    vpcId: place.vpcId,
    tags: tagsOf(tags, name),
  });
  for (const cidr of sourceCidrs) {
    const six = cidr.includes(':');
    new tf.VpcSecurityGroupIngressRule(scope, `from-${cidr}`, {
      region,
      securityGroupId: group.id,
      description: 'Clients',
      ipProtocol: 'tcp',
      fromPort: PORT,
      toPort: PORT,
      ...(six ? { cidrIpv6: cidr } : { cidrIpv4: cidr }),
      tags: tagsOf(tags),
    });
  }
  new tf.VpcSecurityGroupEgressRule(scope, 'to-pods', {
    region,
    securityGroupId: group.id,
    description: 'Pods',
    ipProtocol: 'tcp',
    fromPort: endpoint.containerPort,
    toPort: endpoint.containerPort,
    referencedSecurityGroupId: place.nodeSecurityGroupId,
    tags: tagsOf(tags),
  });
  return group.id;
}
