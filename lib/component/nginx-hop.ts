import { PORT } from '../bento/container-contract';
import { PROXY_NAMES, refusal, requireSupport } from '../exposure/proxy-support';
import { errors } from '../internal/errors';
import { BreakerStatuses } from '../traffic/circuit-breaker';
import { NGINX_VARIABLE } from '../traffic/http-names';
import type { TrafficIntent } from '../traffic/traffic-policy';
import type { UpstreamModel, UpstreamTimeouts } from '../traffic/upstream';
import type { AnswerModel } from './answer';
import type { ComponentModel } from './component-model';
import { BY_CLIENT, hashedHeader, requirePassed } from './door-rules';
import { doorProperty, type ResolvedDoor } from './doors';
import { HOP_MARGIN_SECONDS, KEEP_ALIVE_STEP_SECONDS } from './hops';
import { headlessHost } from './pool-hop';
import { DEFAULT_RETRIES, doorDemands, upstreamDemands, upstreamOf } from './resolve-traffic';
import type { Warning } from './warning';

/** The user and the group of the unprivileged images. */
export const NGINX_USER = 101;

/** Throws where nginx cannot carry what the user asks of the hop to the pods; `remedy` is another way than to leave it out. */
export function requireNginxHop(property: string, { traffic }: ComponentModel, remedy: string): void {
  for (const [name, feature] of upstreamDemands(traffic)) {
    const why = refusal('nginx', feature);
    if (why === undefined) continue;
    throw errors.notByEngine(`${property}.${name}`, PROXY_NAMES.nginx, why, `leave it out, or ${remedy}`);
  }
  const by = traffic.loadBalancing?.kind === 'hash' ? traffic.loadBalancing.by : undefined;
  if (by?.kind !== 'cookie' || NGINX_VARIABLE.test(by.name)) return;
  throw errors.invalidName(
    `${property}.loadBalancing`,
    'by a cookie of letters, digits and _, as nginx reads cookies',
    by.name,
    `name the cookie so, or ${remedy}`,
  );
}

/** Throws where a door brings what nginx does not take, or keeps a header from it by which a replica is chosen. */
export function requireNginxDoors(property: string, traffic: TrafficIntent, doors: readonly ResolvedDoor[]): void {
  for (const door of doors) {
    const of = doorProperty(door);
    for (const [name, feature] of doorDemands(door)) {
      if (feature === 'grpc') requireSupport(`${of}.${name}`, 'nginx', feature);
    }
    for (const name of hashedHeader(traffic.loadBalancing)) {
      requirePassed(of, door, `${property}.loadBalancing`, name, BY_CLIENT);
    }
  }
}

/** How nginx passes requests on to the pods of a component, to which it keeps connections for less than so many seconds. */
export function nginxUpstream(
  property: string,
  { identity, cluster, traffic, answer }: ComponentModel,
  keepAliveSeconds: number,
  proxiesEntry: string,
): UpstreamModel {
  const { loadBalancing, retries = DEFAULT_RETRIES, circuitBreaker } = traffic;
  return upstreamOf({
    property,
    name: identity.name,
    host: headlessHost(identity, cluster),
    port: PORT,
    traffic: {
      retries,
      ...(loadBalancing !== undefined && { loadBalancing }),
      ...(circuitBreaker !== undefined && { circuitBreaker }),
    },
    timeouts: timeouts(answer, retries.attempts, keepAliveSeconds),
    healthPath: '',
    proxiesEntry,
  });
}

/** How long it waits for the pods. All tries for a connection fit into the margin, for nginx bounds each alone. */
function timeouts(answer: AnswerModel, attempts: number, keepAliveSeconds: number): UpstreamTimeouts {
  return {
    connect: Math.floor((HOP_MARGIN_SECONDS / (attempts + 1)) * 1000) / 1000,
    request: answer.total + HOP_MARGIN_SECONDS,
    streamIdle: answer.silence + HOP_MARGIN_SECONDS,
    connectionIdle: keepAliveSeconds - KEEP_ALIVE_STEP_SECONDS,
  };
}

/** What nginx counts of what a breaker is to count. */
export function breakerWarnings(property: string, { circuitBreaker }: TrafficIntent, where: string): Warning[] {
  if (circuitBreaker?.ejection?.statuses !== BreakerStatuses.GATEWAY_ERRORS) return [];
  return [
    {
      id: 'BreakerCountsNoStatus',
      text: `'${property}.circuitBreaker' counts connections that fail and answers that do not come: nginx, which carries it where there is ${where}, counts no 502, 503 and 504`,
    },
  ];
}
