import { besideBackends, type DoorContext, type DoorObject } from '../component/door';
import type { NetworkLoadBalancerDoor } from '../exposure/door-model';
import { requireDnsLabel } from '../internal/checks';
import { errors } from '../internal/errors';
import { attributeList, healthCheckOf, requireTargetGroup, TLS_POLICY, targetGroupBinding } from './aws-load-balancer';

const KIND = 'network-load-balancer';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

/** Ends the name of the Service, for that inside the cluster has the deployment's. */
const SUFFIX = '-nlb';

/** The lowest that AWS takes. */
const MIN_IDLE_SECONDS = 60;

/** The Service that becomes a Network Load Balancer, or the binding to a target group that is there. */
export function networkLoadBalancerObjects(door: NetworkLoadBalancerDoor, context: DoorContext): DoorObject[] {
  if (door.targetGroupName !== undefined) return [targetGroupBinding(door.targetGroupName, door, context)];
  requireNetworkLoadBalancer(door, context);
  const name = `${context.name}${SUFFIX}`;
  requireDnsLabel('name', name);
  return [
    {
      id: 'Service',
      apiVersion: 'v1',
      kind: 'Service',
      name,
      ...besideBackends(context),
      annotations: { ...listener(door, context), ...targetGroup(context), ...healthCheck(context) },
      content: { spec: serviceSpec(door, context) },
    },
  ];
}

/** Throws where AWS would refuse the load balancer. */
function requireNetworkLoadBalancer(door: NetworkLoadBalancerDoor, context: DoorContext): void {
  requireTargetGroup(KIND, door, context);
  if (context.upstream.loadBalancing.kind === 'hash' && door.tls !== undefined) {
    throw errors.notByEngine(
      `${context.property}.loadBalancing`,
      'Exposure.networkLoadBalancer() with `tls`',
      'its TLS listeners know no stickiness',
      'leave it out, or end TLS elsewhere',
    );
  }
}

function serviceSpec({ port, sourceCidrs }: NetworkLoadBalancerDoor, context: DoorContext): object {
  return {
    // Targets are pods: no node listens.
    allocateLoadBalancerNodePorts: false,
    externalTrafficPolicy: 'Cluster',
    loadBalancerClass: 'service.k8s.aws/nlb',
    ...(sourceCidrs !== undefined && { loadBalancerSourceRanges: [...sourceCidrs] }),
    ports: [{ name: context.portName, port, protocol: 'TCP', targetPort: context.containerPort }],
    selector: { ...context.selector },
    type: 'LoadBalancer',
  };
}

function listener(door: NetworkLoadBalancerDoor, { silenceSeconds }: DoorContext): { [key: string]: string } {
  const { port, scheme, crossZone, tls } = door;
  return {
    [`${PREFIX}scheme`]: scheme,
    [`${PREFIX}attributes`]: attributeList({ 'load_balancing.cross_zone.enabled': crossZone }),
    ...(tls?.kind === 'acm'
      ? {
          [`${PREFIX}ssl-cert`]: tls.arns.join(','),
          [`${PREFIX}ssl-ports`]: String(port),
          [`${PREFIX}ssl-negotiation-policy`]: TLS_POLICY,
        }
      : {
          // Not there for TLS listeners, whose timeout is fixed.
          [`${PREFIX}listener-attributes.TCP-${port}`]: attributeList({
            'tcp.idle_timeout.seconds': Math.max(MIN_IDLE_SECONDS, Math.ceil(silenceSeconds)),
          }),
        }),
  };
}

function targetGroup({ deregistrationSeconds, upstream }: DoorContext): { [key: string]: string } {
  const draining = Math.ceil(deregistrationSeconds);
  return {
    [`${PREFIX}nlb-target-type`]: 'ip',
    [`${PREFIX}target-group-attributes`]: attributeList({
      'deregistration_delay.timeout_seconds': draining,
      // Kept connections would go on to a pod that has left.
      'deregistration_delay.connection_termination.enabled': true,
      // Pods see addresses of the load balancer's subnets, which is what their network policy lets in.
      'preserve_client_ip.enabled': false,
      // A pod that is too busy to answer health checks still answers what it has begun.
      'target_health_state.unhealthy.connection_termination.enabled': false,
      'target_health_state.unhealthy.draining_interval_seconds': draining,
      ...(upstream.loadBalancing.kind === 'hash' && { 'stickiness.enabled': true, 'stickiness.type': 'source_ip' }),
    }),
  };
}

function healthCheck(context: DoorContext): { [key: string]: string } {
  const { path, intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } = healthCheckOf(context);
  return {
    [`${PREFIX}healthcheck-protocol`]: 'http',
    [`${PREFIX}healthcheck-port`]: 'traffic-port',
    [`${PREFIX}healthcheck-path`]: path,
    [`${PREFIX}healthcheck-interval`]: String(intervalSeconds),
    [`${PREFIX}healthcheck-timeout`]: String(timeoutSeconds),
    [`${PREFIX}healthcheck-healthy-threshold`]: String(healthyThreshold),
    [`${PREFIX}healthcheck-unhealthy-threshold`]: String(unhealthyThreshold),
    [`${PREFIX}healthcheck-success-codes`]: '200',
  };
}
