import {
  besideBackends,
  COOKIE_SECONDS,
  type DoorBackend,
  type DoorContext,
  type DoorObject,
  targetGroupSeconds,
  WEIGHTED_ACTION,
} from '../component/door';
import type { ApplicationLoadBalancerDoor } from '../exposure/door-model';
import { requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';
import { byPrecedence } from '../release/precedence';
import type { RequestMatchModel } from '../release/split-model';
import type { HashKeyModel, LoadBalancingModel } from '../traffic/load-balancing';
import { attributeList, healthCheckOf, requireTargetGroup, TLS_POLICY, targetGroupBinding } from './aws-load-balancer';
import { ingressRules } from './ingress';

const KIND = 'application-load-balancer';

const PREFIX = 'alb.ingress.kubernetes.io/';

/** The cookie of a load balancer's own, whose name nobody chooses. */
const OWN_COOKIE = 'AWSALB';

/** A week. */
const MAX_COOKIE_SECONDS = 604_800;

/** The Ingress that becomes an Application Load Balancer, or the binding to a target group that is there. */
export function applicationLoadBalancerObjects(door: ApplicationLoadBalancerDoor, context: DoorContext): DoorObject[] {
  if (door.targetGroupName !== undefined) return [targetGroupBinding(door.targetGroupName, door, context)];
  requireApplicationLoadBalancer(door, context);
  return [
    {
      id: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      name: context.name,
      ...besideBackends(context),
      annotations: {
        ...listeners(door),
        ...loadBalancer(door, context),
        ...targetGroups(context),
        ...healthCheck(context),
        ...weights(context),
        ...conditions(context),
        ...jwtValidation(door),
      },
      content: { spec: { ingressClassName: door.className, rules: ingressRules(door.hosts, ...backendsOf(context)) } },
    },
  ];
}

/**
 * Throws where AWS would refuse the load balancer.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
 */
function requireApplicationLoadBalancer(door: ApplicationLoadBalancerDoor, context: DoorContext): void {
  requireBackends(context);
  requireTargetGroup(KIND, door, context);
  requireBalancing(`${context.property}.loadBalancing`, context.upstream.loadBalancing);
  requireTokens(door);
}

function requireBackends({ backends, matched = [] }: DoorContext): void {
  const [first, ...others] = [...backends, ...matched.map(({ backend }) => backend)];
  const other = others.find(({ namespace }) => namespace !== first!.namespace);
  if (other !== undefined) {
    throw errors.notByEngine(
      'exposure',
      'Exposure.applicationLoadBalancer()',
      `its Ingress leads to Services of one namespace, not to both ${first!.service} and ${other.service}`,
      'use Exposure.gateway()',
    );
  }
}

function requireBalancing(property: string, balancing: LoadBalancingModel): void {
  if (balancing.kind === 'hash') requireCookie(property, balancing.by);
  if (balancing.kind !== 'round-robin' && balancing.kind !== 'least-request') return;
  if (balancing.slowStartSeconds === undefined) return;
  requireInteger(`${property}.slowStart`, balancing.slowStartSeconds, 30, 900);
  if (balancing.kind === 'least-request') {
    throw errors.notByEngine(
      `${property}.slowStart`,
      'LoadBalancing.leastRequest() behind Exposure.applicationLoadBalancer()',
      'AWS starts new targets slowly by round robin alone',
      'use LoadBalancing.roundRobin(), or leave it out',
    );
  }
}

function requireCookie(property: string, by: HashKeyModel): void {
  if (by.kind !== 'cookie') return;
  if (by.ttlSeconds !== undefined) {
    requireInteger(`${property}.ttl`, by.ttlSeconds, 1, MAX_COOKIE_SECONDS);
    if (by.name !== OWN_COOKIE) {
      throw errors.invalidName(
        property,
        `${OWN_COOKIE} with \`ttl\`, as the load balancer names its own cookie`,
        by.name,
        'leave `ttl` out for a cookie of the application',
      );
    }
  } else if (by.name.startsWith(OWN_COOKIE)) {
    throw errors.invalidName(
      property,
      `another name without \`ttl\`: ${OWN_COOKIE}... are the load balancer's own`,
      by.name,
    );
  }
}

function requireTokens({ authentication, tls }: ApplicationLoadBalancerDoor): void {
  if (authentication?.kind !== 'jwt') return;
  const { jwksUrl, audiences = [] } = authentication;
  if (tls === undefined) {
    throw errors.tokenOverHttp('exposure');
  }
  if (jwksUrl.length > 256 || !/^https:\/\/[^/]+\/./.test(jwksUrl)) {
    throw errors.invalidText(
      'exposure.authentication.jwksUrl',
      'an address with a path, at most 256 characters for AWS',
      jwksUrl,
    );
  }
  if (audiences.length > 10) {
    throw errors.outOfRange('exposure.authentication.audiences', 'at most 10 for AWS', audiences.length);
  }
}

function listeners({ tls, redirect, groupName, sourceCidrs }: ApplicationLoadBalancerDoor): { [key: string]: string } {
  return {
    ...(groupName !== undefined && { [`${PREFIX}group.name`]: groupName }),
    ...(sourceCidrs !== undefined && { [`${PREFIX}inbound-cidrs`]: sourceCidrs.join(',') }),
    [`${PREFIX}listen-ports`]: JSON.stringify([
      ...(tls === undefined || redirect ? [{ HTTP: 80 }] : []),
      ...(tls === undefined ? [] : [{ HTTPS: 443 }]),
    ]),
    ...(tls?.kind === 'acm' && {
      [`${PREFIX}certificate-arn`]: tls.arns.join(','),
      [`${PREFIX}ssl-policy`]: TLS_POLICY,
    }),
    ...(redirect && { [`${PREFIX}ssl-redirect`]: '443' }),
  };
}

function loadBalancer(
  { scheme }: ApplicationLoadBalancerDoor,
  { silenceSeconds }: DoorContext,
): { [key: string]: string } {
  return {
    [`${PREFIX}scheme`]: scheme,
    [`${PREFIX}load-balancer-attributes`]: attributeList({
      'idle_timeout.timeout_seconds': Math.max(1, Math.ceil(silenceSeconds)),
    }),
  };
}

function targetGroups({ deregistrationSeconds, upstream }: DoorContext): { [key: string]: string } {
  return {
    [`${PREFIX}target-type`]: 'ip',
    [`${PREFIX}target-group-attributes`]: attributeList({
      'deregistration_delay.timeout_seconds': Math.ceil(deregistrationSeconds),
      ...balancingAttributes(upstream.loadBalancing),
    }),
  };
}

function balancingAttributes(balancing: LoadBalancingModel): { [key: string]: string | number | boolean } {
  const algorithm = balancing.kind === 'least-request' ? 'least_outstanding_requests' : 'round_robin';
  return {
    'load_balancing.algorithm.type': algorithm,
    ...((balancing.kind === 'round-robin' || balancing.kind === 'least-request') &&
      balancing.slowStartSeconds !== undefined && { 'slow_start.duration_seconds': balancing.slowStartSeconds }),
    ...(balancing.kind === 'hash' && stickiness(balancing.by)),
  };
}

function stickiness(by: HashKeyModel): { [key: string]: string | number | boolean } {
  if (by.kind !== 'cookie') return {};
  if (by.ttlSeconds !== undefined) {
    return {
      'stickiness.enabled': true,
      'stickiness.type': 'lb_cookie',
      'stickiness.lb_cookie.duration_seconds': by.ttlSeconds,
    };
  }
  return {
    'stickiness.enabled': true,
    'stickiness.type': 'app_cookie',
    'stickiness.app_cookie.cookie_name': by.name,
    'stickiness.app_cookie.duration_seconds': COOKIE_SECONDS,
  };
}

function healthCheck(context: DoorContext): { [key: string]: string } {
  const { path, intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } = healthCheckOf(context);
  return {
    [`${PREFIX}healthcheck-protocol`]: 'HTTP',
    [`${PREFIX}healthcheck-port`]: 'traffic-port',
    [`${PREFIX}healthcheck-path`]: path,
    [`${PREFIX}healthcheck-interval-seconds`]: String(intervalSeconds),
    [`${PREFIX}healthcheck-timeout-seconds`]: String(timeoutSeconds),
    [`${PREFIX}healthy-threshold-count`]: String(healthyThreshold),
    [`${PREFIX}unhealthy-threshold-count`]: String(unhealthyThreshold),
    [`${PREFIX}success-codes`]: '200',
  };
}

/** In the order in which the load balancer looks at them: rules of one path keep the order of the Ingress. */
function backendsOf({ backends, matched = [] }: DoorContext): object[] {
  const single = ({ service, port }: DoorBackend) => ({ service: { name: service, port: { number: port } } });
  const [first, ...others] = backends;
  const rest = { service: { name: WEIGHTED_ACTION, port: { name: 'use-annotation' } } };
  return [...byPrecedence(matched).map(({ backend }) => single(backend)), others.length === 0 ? single(first!) : rest];
}

/** Conditions are those of the Service that they are called after. */
function conditions({ matched = [] }: DoorContext): { [key: string]: string } {
  return Object.fromEntries(
    matched.map(({ match, backend }) => [
      `${PREFIX}conditions.${backend.service}`,
      JSON.stringify([conditionOf(match)]),
    ]),
  );
}

function conditionOf({ kind, name, value }: RequestMatchModel): object {
  if (kind === 'query') return { field: 'query-string', queryStringConfig: { values: [{ key: name, value }] } };
  return { field: 'http-header', httpHeaderConfig: { httpHeaderName: name, values: [value] } };
}

function weights({ backends, upstream }: DoorContext): { [key: string]: string } {
  if (backends.length === 1) return {};
  const seconds = targetGroupSeconds(upstream.loadBalancing);
  return {
    [`${PREFIX}actions.${WEIGHTED_ACTION}`]: JSON.stringify({
      type: 'forward',
      forwardConfig: {
        targetGroups: backends.map(weightedTarget),
        ...(seconds !== undefined && {
          targetGroupStickinessConfig: { enabled: true, durationSeconds: seconds },
        }),
      },
    }),
  };
}

function weightedTarget({ service, port, weight = 1 }: DoorBackend): object {
  return { serviceName: service, servicePort: port, weight };
}

function jwtValidation({ authentication }: ApplicationLoadBalancerDoor): { [key: string]: string } {
  if (authentication?.kind !== 'jwt') return {};
  const { issuer, jwksUrl, audiences } = authentication;
  return {
    [`${PREFIX}jwt-validation`]: JSON.stringify({
      jwksEndpoint: jwksUrl,
      issuer,
      // A claim is either one text or a list to AWS, and issuers write one audience as a text.
      ...(audiences !== undefined && {
        additionalClaims: [{ name: 'aud', format: 'single-string', values: [...audiences] }],
      }),
    }),
  };
}
