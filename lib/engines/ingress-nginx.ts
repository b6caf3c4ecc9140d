import { besideBackends, type DoorBackend, type DoorContext, type DoorObject } from '../component/door';
import type { IngressNginxDoor } from '../exposure/door-model';
import { errors } from '../internal/errors';
import type { RequestMatchModel } from '../release/split-model';
import { NGINX_VARIABLE } from '../traffic/http-names';
import type { HashKeyModel, LoadBalancingModel } from '../traffic/load-balancing';
import { type RateLimitModel, RateUnit } from '../traffic/rate-limit';
import { ingressRules } from './ingress';
import { header } from './nginx-text';

const PREFIX = 'nginx.ingress.kubernetes.io/';

/** What the controller writes into its configuration; with any other letter it takes a cookie of its own name. */
const COOKIE_NAME = /^[-._~a-zA-Z0-9]+$/;

type Annotations = { [name: string]: string };

/** The Ingress, without snippets, which controllers refuse by default, and one for the version beside the main one. */
export function ingressNginxObjects(door: IngressNginxDoor, context: DoorContext): DoorObject[] {
  requireIngressNginx(door, context);
  const { hosts, tls } = door;
  const settings: Annotations = {
    ...redirects(door),
    ...timeouts(context),
    ...bodies(),
    ...retries(context),
    ...balancing(context),
    ...limits(context.upstream.rateLimit),
  };
  const secret = tls?.kind === 'secret' && { tls: [{ hosts: [...hosts], secretName: tls.secret }] };
  const main = ingress('Ingress', context.name, settings, door, context.backends[0]!, context);
  return [{ ...main, content: { spec: { ...(main.content.spec as object), ...secret } } }, ...canaries(door, context)];
}

function ingress(
  id: string,
  name: string,
  settings: Annotations,
  { hosts, className }: IngressNginxDoor,
  { service, port }: DoorBackend,
  context: DoorContext,
): DoorObject {
  return {
    id,
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    name,
    ...besideBackends(context),
    annotations: Object.fromEntries(Object.entries(settings).map(([setting, value]) => [`${PREFIX}${setting}`, value])),
    content: {
      spec: {
        ingressClassName: className,
        rules: ingressRules(hosts, { service: { name: service, port: { number: port } } }),
      },
    },
  };
}

/**
 * The controller takes all but balancing from the main Ingress of the same hosts and paths, and TLS, too.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary
 */
function canaries(door: IngressNginxDoor, context: DoorContext): DoorObject[] {
  const { name, backends, matched = [] } = context;
  const [main, ...others] = backends;
  const weighted = others.map((backend) => ({ backend, share: canaryWeight(main!, backend) }));
  const chosen = matched.map(({ key, match, backend }) => ({
    backend: { ...backend, key },
    share: canaryMatch(match),
  }));
  return [...weighted, ...chosen].map(({ backend, share }) => {
    const key = backend.key ?? backend.service;
    const settings = { canary: 'true', ...share, ...balancing(context) };
    return ingress(`Ingress-${key}`, `${name}-${key}`, settings, door, backend, context);
  });
}

/** The total that the controller takes at the least: below it counts to 100. */
const LEAST_TOTAL = 100;

function canaryWeight({ weight: rest = 1 }: DoorBackend, { weight = 1 }: DoorBackend): Annotations {
  const times = Math.ceil(LEAST_TOTAL / (rest + weight));
  return {
    'canary-weight': String(weight * times),
    'canary-weight-total': String((rest + weight) * times),
  };
}

function canaryMatch({ kind, name, value }: RequestMatchModel): Annotations {
  if (kind === 'cookie') return { 'canary-by-cookie': name };
  return { 'canary-by-header': name.toLowerCase(), 'canary-by-header-value': value };
}

/** Throws where the controller would take something else than what is asked for, for it refuses nothing. */
function requireIngressNginx(door: IngressNginxDoor, context: DoorContext): void {
  const { backends, upstream, namespace } = context;
  const elsewhere = backends[0]!.namespace;
  if (door.tls !== undefined && elsewhere !== undefined && elsewhere !== namespace) {
    throw errors.notByEngine(
      'exposure.tls',
      `Exposure.ingressNginx() of what is reached through the namespace ${elsewhere}`,
      'its Ingress lies there, and reads Secrets of its own namespace alone',
      'leave it out, or use Exposure.gateway()',
    );
  }
  if (upstream.loadBalancing.kind === 'hash')
    requireHashKey(`${context.property}.loadBalancing`, upstream.loadBalancing.by);
  if (upstream.rateLimit !== undefined) requireLimit(`${context.property}.rateLimit`, upstream.rateLimit);
}

function requireHashKey(property: string, by: HashKeyModel): void {
  if (by.kind === 'header' && by.name.includes('_')) {
    throw errors.invalidName(
      property,
      'a name without _ behind Exposure.ingressNginx(), which drops such headers',
      by.name,
    );
  }
  if (by.kind !== 'cookie') return;
  const own = by.ttlSeconds !== undefined;
  if (!(own ? COOKIE_NAME : NGINX_VARIABLE).test(by.name)) {
    throw errors.invalidName(
      property,
      `letters, digits${own ? ', -, ., _ and ~' : ' and _'} behind Exposure.ingressNginx()`,
      by.name,
    );
  }
}

/** It counts by the second and by the minute. */
function requireLimit(property: string, limit: RateLimitModel): void {
  if (limitOf(limit).requests >= 1) return;
  throw errors.outOfRange(
    property,
    'at least a request a minute for each controller of ingress-nginx, which counts no longer than that',
    `${limit.requests} an hour for each`,
    'raise it, or use Exposure.gateway()',
  );
}

function redirects({ redirect }: IngressNginxDoor): Annotations {
  // Without `tls` of the Ingress the first one does nothing: TLS may end before the controller.
  return { 'ssl-redirect': String(redirect), 'force-ssl-redirect': String(redirect) };
}

function timeouts({ upstream, silenceSeconds }: DoorContext): Annotations {
  // Whole seconds: of any other value the controller takes its default. They bound silence, not the whole answer.
  const silence = String(Math.ceil(silenceSeconds));
  return {
    'proxy-connect-timeout': String(Math.ceil(upstream.timeouts.connect)),
    'proxy-read-timeout': silence,
    'proxy-send-timeout': silence,
  };
}

function bodies(): Annotations {
  return {
    // 1 MiB by default: images are larger.
    'proxy-body-size': '0',
    // Pieces of an answer go on as they come.
    'proxy-buffering': 'off',
    // A body that is still on its way could not be sent to another pod.
    'proxy-request-buffering': 'on',
  };
}

/** `error` alone: nginx would send a GET that timed out again, and counts a 429 against the pod. */
function retries({ upstream }: DoorContext): Annotations {
  const { attempts } = upstream.retries;
  if (attempts === 0) return { 'proxy-next-upstream': 'off' };
  return {
    'proxy-next-upstream': 'error',
    'proxy-next-upstream-timeout': String(Math.ceil(upstream.timeouts.request)),
    // With the first one; 0 would be without end.
    'proxy-next-upstream-tries': String(attempts + 1),
  };
}

function balancing({ upstream: { loadBalancing, retries } }: DoorContext): Annotations {
  if (loadBalancing.kind !== 'hash') return { 'load-balance': algorithm(loadBalancing) };
  const { by } = loadBalancing;
  if (by.kind === 'header') return { 'upstream-hash-by': header(by.name) };
  if (by.kind === 'source') return { 'upstream-hash-by': '$remote_addr' };
  if (by.ttlSeconds === undefined) return { 'upstream-hash-by': `$cookie_${by.name}` };
  return {
    affinity: 'cookie',
    'affinity-mode': 'balanced',
    'session-cookie-name': by.name,
    'session-cookie-expires': String(by.ttlSeconds),
    'session-cookie-max-age': String(by.ttlSeconds),
    'session-cookie-change-on-failure': String(retries.attempts > 0),
  };
}

/** It does not count requests in flight, and by latency a pod that fails at once would get the most: only where asked. */
function algorithm({ kind }: Exclude<LoadBalancingModel, { kind: 'hash' }>): string {
  return kind === 'latency-aware' ? 'ewma' : 'round_robin';
}

function limits(limit: RateLimitModel | undefined): Annotations {
  if (limit === undefined) return {};
  const { name, requests } = limitOf(limit);
  // A burst of five times as many by default.
  return { [name]: String(requests), 'limit-burst-multiplier': '1' };
}

/** The share of one controller, never more than stated. */
function limitOf({ requests, unit }: RateLimitModel): { name: string; requests: number } {
  if (unit === RateUnit.SECOND) return { name: 'limit-rps', requests };
  return { name: 'limit-rpm', requests: unit === RateUnit.MINUTE ? requests : Math.floor(requests / 60) };
}
