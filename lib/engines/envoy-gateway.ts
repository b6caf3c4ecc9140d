import type { GatewayModel } from '../cluster/gateway';
import type { DoorContext, DoorObject } from '../component/door';
import type { AuthenticationModel } from '../exposure/authentication';
import type { GatewayDoor } from '../exposure/door-model';
import { BreakerStatuses, type CircuitBreakerModel, type EjectionModel } from '../traffic/circuit-breaker';
import type { HealthCheckModel } from '../traffic/health-check';
import type { HashKeyModel, LoadBalancingModel } from '../traffic/load-balancing';
import type { RateLimitModel } from '../traffic/rate-limit';
import type { RetriesModel } from '../traffic/retries';
import type { UpstreamModel } from '../traffic/upstream';
import { retryReasons, UNLIMITED } from './envoy-values';
import { gatewayDuration, routeKind } from './gateway-api';

const GROUP = 'gateway.envoyproxy.io/v1alpha1';

/** More failures in a row than anyone counts: Envoy ejects after five 500s where nothing is said. */
const NEVER = 2_147_483_647;

/** How often Envoy looks whether a replica may come back. */
const EJECTION_SWEEP_SECONDS = 1;

/** How long keys of an issuer are kept: what Envoy Gateway has, written out. */
const JWKS_CACHE_SECONDS = 300;

const RATE_UNITS = { second: 'Second', minute: 'Minute', hour: 'Hour' } as const;

/** Every address, of either family. */
const EVERYBODY = ['0.0.0.0/0', '::/0'];

/**
 * The policies of Envoy Gateway for one door: how its proxies treat the pods behind, and who may send requests. They hang
 * on the route, and not on the redirect beside it: nobody is asked for a token over plain http.
 */
export function envoyGatewayPolicies(door: GatewayDoor, _gateway: GatewayModel, context: DoorContext): DoorObject[] {
  const { authentication } = door;
  const targetRefs = [{ group: 'gateway.networking.k8s.io', kind: routeKind(door), name: context.name }];
  const policy = (id: string, kind: string, spec: object): DoorObject => ({
    id,
    apiVersion: GROUP,
    kind,
    name: context.name,
    content: { spec: { targetRefs, ...spec } },
  });
  return [
    policy('traffic', 'BackendTrafficPolicy', trafficSpec(door, context)),
    ...(authentication === undefined ? [] : [policy('security', 'SecurityPolicy', securitySpec(authentication))]),
  ];
}

function trafficSpec(door: GatewayDoor, context: DoorContext): object {
  const { upstream } = context;
  const { loadBalancing, retries, rateLimit } = upstream;
  return {
    circuitBreaker: circuitBreakerSpec(upstream),
    ...healthCheck(door, context),
    loadBalancer: loadBalancerSpec(loadBalancing),
    ...(rateLimit !== undefined && { rateLimit: { local: { rules: rateLimitRules(rateLimit) } } }),
    // Envoy Gateway has none where nothing is said.
    ...(retries.attempts > 0 && { retry: retrySpec(retries) }),
    timeout: timeoutSpec(context),
  };
}

/**
 * The time of a request runs from its last byte to the last of its answer; a silent WebSocket or upload ends by the idle
 * time of its stream. `maxStreamDuration` would end those that are not silent, but a route that has it has no request
 * timeout any more: Envoy takes one or the other.
 */
function timeoutSpec({ upstream: { timeouts } }: DoorContext): object {
  return {
    http: {
      connectionIdleTimeout: gatewayDuration(timeouts.connectionIdle),
      // An HTTPRoute says so itself, and wins; a GRPCRoute cannot.
      requestTimeout: gatewayDuration(timeouts.request),
      streamIdleTimeout: gatewayDuration(timeouts.streamIdle),
    },
    tcp: { connectTimeout: gatewayDuration(timeouts.connect) },
  };
}

function loadBalancerSpec(model: LoadBalancingModel): object {
  switch (model.kind) {
    case 'round-robin':
      return { type: 'RoundRobin', ...slowStart(model.slowStartSeconds) };
    case 'least-request':
      return { type: 'LeastRequest', ...slowStart(model.slowStartSeconds) };
    case 'hash':
      return { type: 'ConsistentHash', consistentHash: consistentHash(model.by) };
    case 'latency-aware':
      throw new Error('refused by the support table');
  }
}

function slowStart(seconds: number | undefined): object {
  return seconds === undefined ? {} : { slowStart: { window: gatewayDuration(seconds) } };
}

function consistentHash(by: HashKeyModel): object {
  switch (by.kind) {
    case 'header':
      return { type: 'Headers', headers: [{ name: by.name }] };
    case 'cookie': {
      // Without a path browsers send it for what lies beside the first request alone.
      const ttl = by.ttlSeconds !== undefined && { attributes: { Path: '/' }, ttl: gatewayDuration(by.ttlSeconds) };
      return { type: 'Cookie', cookie: { name: by.name, ...ttl } };
    }
    case 'source':
      return { type: 'SourceIP' };
  }
}

function circuitBreakerSpec({ circuitBreaker, maxPending, maxConcurrency }: UpstreamModel): object {
  const { maxConnections, maxRequests }: CircuitBreakerModel = circuitBreaker ?? {};
  // Over HTTP/1.1 a connection carries one request at a time.
  const perPod = maxPending === undefined ? undefined : maxConcurrency;
  return {
    maxConnections: maxConnections ?? UNLIMITED,
    maxParallelRequests: maxRequests ?? UNLIMITED,
    maxParallelRetries: UNLIMITED,
    maxPendingRequests: maxPending ?? UNLIMITED,
    ...(perPod !== undefined && { perEndpoint: { maxConnections: perPod } }),
  };
}

function retrySpec(retries: RetriesModel): object {
  const { attempts, statuses } = retries;
  return {
    numRetries: attempts,
    retryOn: {
      ...(statuses.length > 0 && { httpStatusCodes: [...statuses] }),
      triggers: retryReasons(retries),
    },
  };
}

function healthCheck({ grpcPort }: GatewayDoor, { upstream, healthPath, containerPort }: DoorContext): object {
  const { circuitBreaker, healthCheck: active } = upstream;
  const ejection = circuitBreaker?.ejection;
  if (ejection === undefined && active === undefined) return {};
  // What speaks gRPC does not answer HTTP: the Bento's own port does.
  const overrides = grpcPort !== undefined && { overrides: { port: containerPort } };
  return {
    healthCheck: {
      ...(active !== undefined && { active: { ...activeSpec(active, healthPath), ...overrides } }),
      // Above 0, Envoy sends requests to replicas that it knows to be unwell, once they are many.
      panicThreshold: 0,
      ...(ejection !== undefined && { passive: passiveSpec(ejection) }),
    },
  };
}

/**
 * Failures in a row, by each proxy for itself. A replica that fails again when it is back stays out twice as long, then
 * three times, at the most 5 minutes or `openSeconds` if that is more: Envoy Gateway cannot say otherwise.
 */
function passiveSpec({ failures, openSeconds, statuses, maxEjectedPercent }: EjectionModel): object {
  const serverErrors = statuses === BreakerStatuses.SERVER_ERRORS;
  return {
    baseEjectionTime: gatewayDuration(openSeconds),
    consecutive5XxErrors: serverErrors ? failures : NEVER,
    ...(!serverErrors && { consecutiveGatewayErrors: failures }),
    interval: gatewayDuration(EJECTION_SWEEP_SECONDS),
    maxEjectionPercent: maxEjectedPercent,
    splitExternalLocalOriginErrors: false,
  };
}

/** What servers say that are not well. */
const UNWELL = [429, 500, 502, 503, 504];

function activeSpec(model: HealthCheckModel, healthPath: string): object {
  return {
    healthyThreshold: model.healthyThreshold,
    // A status that is not among these would take a replica out at once, whatever the threshold is.
    http: {
      expectedStatuses: [200],
      method: 'GET',
      path: model.path ?? healthPath,
      retriableStatuses: [...UNWELL],
    },
    interval: gatewayDuration(model.intervalSeconds),
    timeout: gatewayDuration(model.timeoutSeconds),
    type: 'HTTP',
    unhealthyThreshold: model.unhealthyThreshold,
  };
}

function rateLimitRules({ scope, requests, unit }: RateLimitModel): object[] {
  const limit = { requests, unit: RATE_UNITS[unit] };
  if (scope === 'total') return [{ limit }];
  return EVERYBODY.map((value) => ({ clientSelectors: [{ sourceCIDR: { type: 'Distinct', value } }], limit }));
}

function securitySpec(model: AuthenticationModel): object {
  return model.kind === 'jwt' ? { jwt: { providers: [jwtProvider(model)] } } : { apiKeyAuth: apiKeyAuth(model) };
}

function apiKeyAuth(model: Extract<AuthenticationModel, { secret: string }>): object {
  const { secret, clientIdHeader } = model;
  return {
    credentialRefs: [{ group: '', kind: 'Secret', name: secret }],
    // Envoy takes `Bearer ` off what stands in this header.
    extractFrom: [{ headers: [model.kind === 'bearer-tokens' ? 'Authorization' : model.header] }],
    ...(clientIdHeader !== undefined && { forwardClientIDHeader: clientIdHeader }),
    // The pods have no use for it, and would log it.
    sanitize: true,
  };
}

function jwtProvider(model: Extract<AuthenticationModel, { kind: 'jwt' }>): object {
  const { issuer, audiences, jwksUrl, clientIdHeader } = model;
  return {
    ...(audiences !== undefined && { audiences: [...audiences] }),
    ...(clientIdHeader !== undefined && { claimToHeaders: [{ claim: 'sub', header: clientIdHeader }] }),
    issuer,
    name: 'issuer',
    remoteJWKS: { cacheDuration: gatewayDuration(JWKS_CACHE_SECONDS), uri: jwksUrl },
  };
}
