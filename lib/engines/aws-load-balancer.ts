import { besideBackends, type DoorContext, type DoorObject } from '../component/door';
import type { AwsLoadBalancer } from '../exposure/door-model';
import { PROXY_NAMES, type ProxyKind } from '../exposure/proxy-support';
import { requireDnsLabel, requireInteger } from '../internal/checks';
import { digest } from '../internal/digest';
import { errors } from '../internal/errors';
import { HealthCheck, type HealthCheckModel } from '../traffic/health-check';

/** Forward secrecy and TLS 1.2 at least; there in every region, unlike those of later years. */
export const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06';

/** Kinds of load balancers that share what stands here. */
export type AwsProxyKind = Extract<ProxyKind, 'network-load-balancer' | 'application-load-balancer'>;

/** Ranges of target groups, from API_TargetGroupAttribute and API_CreateTargetGroup of Elastic Load Balancing. */
const MAX_DEREGISTRATION_SECONDS = 3600;

/** Attributes as the controller reads them: `key=value,key=value`. */
export function attributeList(attributes: { readonly [key: string]: string | number | boolean }): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** What the load balancer asks of pods where the user said nothing: often enough to take a dead one out in 30 seconds. */
export function healthCheckOf({ upstream, healthPath }: DoorContext): HealthCheckModel & { readonly path: string } {
  const stated = upstream.healthCheck ?? HealthCheck.http()._model;
  return { ...stated, path: stated.path ?? healthPath };
}

/** Throws where the load balancer or its target group cannot have what the door would need of it. */
export function requireTargetGroup(kind: AwsProxyKind, { sourceCidrs }: AwsLoadBalancer, context: DoorContext): void {
  const { deregistrationSeconds, upstream } = context;
  const six = sourceCidrs?.find((cidr) => cidr.includes(':'));
  if (six !== undefined) {
    throw errors.invalidText('exposure.sourceCidrs', 'blocks of IPv4, as the load balancer has no IPv6', six);
  }
  if (deregistrationSeconds > MAX_DEREGISTRATION_SECONDS) {
    throw errors.outOfRange(
      'apiServer.drain',
      `at most ${MAX_DEREGISTRATION_SECONDS} seconds in all behind ${PROXY_NAMES[kind]}, which cuts requests to leaving pods then`,
      `${deregistrationSeconds} seconds`,
      'lower `gracefulShutdown`, `traffic.timeout` or `traffic.streaming.maxDuration`',
    );
  }
  if (upstream.healthCheck !== undefined) requireHealthCheck(`${context.property}.healthCheck`, upstream.healthCheck);
}

function requireHealthCheck(property: string, check: HealthCheckModel): void {
  const { intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } = check;
  requireInteger(`${property}.interval`, intervalSeconds, 5, 300);
  requireInteger(`${property}.timeout`, timeoutSeconds, 2, 120);
  requireInteger(`${property}.healthyThreshold`, healthyThreshold, 2, 10);
  requireInteger(`${property}.unhealthyThreshold`, unhealthyThreshold, 2, 10);
  if (timeoutSeconds >= intervalSeconds) {
    throw errors.outOfRange(
      `${property}.timeout`,
      `below the interval of ${intervalSeconds} seconds for a load balancer of AWS`,
      `${timeoutSeconds} seconds`,
      'lower it, or raise `interval`',
    );
  }
}

/**
 * The pods in somebody else's target group. The controller looks its name up once, when the object is made, and never
 * again: another target group is another object.
 */
export function targetGroupBinding(targetGroupName: string, door: AwsLoadBalancer, context: DoorContext): DoorObject {
  const { backends, containerPort } = context;
  if (backends.length > 1) {
    throw errors.notByEngine(
      'exposure.targetGroupName',
      'several Services at once',
      'one target group has the pods of one',
      'leave it out, or use Exposure.gateway()',
    );
  }
  // At most 63: the name is in a condition of pods.
  const name = `${context.name}-${digest(targetGroupName, 8)}`;
  requireDnsLabel('name', name);
  return {
    id: 'TargetGroupBinding',
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    name,
    ...besideBackends(context),
    content: {
      spec: {
        networking: {
          ingress: [
            {
              from: door.subnetCidrs.map((cidr) => ({ ipBlock: { cidr } })),
              ports: [{ port: containerPort, protocol: 'TCP' }],
            },
          ],
        },
        serviceRef: { name: backends[0]!.service, port: backends[0]!.port },
        targetGroupName,
        targetType: 'ip',
      },
    },
  };
}
