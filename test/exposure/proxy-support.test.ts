import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Authentication,
  BentoDeployment,
  BreakerStatuses,
  CircuitBreaker,
  Exposure,
  Gateway,
  type GatewayExposureOptions,
  HealthCheck,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Retries,
  SecretRef,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import { PROXY_NAMES, PROXY_SUPPORT, type ProxyKind, refusal, requireSupport } from '../../lib/exposure/proxy-support';
import { single } from '../bentos';
import { synthesize } from '../tree';

const KINDS = Object.keys(PROXY_SUPPORT) as ProxyKind[];

describe('the support table', () => {
  it.each(KINDS)('names each feature of %s once, with reasons for others alone', (kind) => {
    const { can, because = {} } = PROXY_SUPPORT[kind];
    expect(new Set(can).size).toBe(can.length);
    for (const feature of Object.keys(because)) expect(can).not.toContain(feature);
  });

  it('says why, and names what can', () => {
    expect(() => requireSupport('exposure.authentication', 'gateway-api', 'jwt')).toThrow(
      "[NotByEngine] 'exposure.authentication' must not be stated for Exposure.gateway() with Gateway.standard(): " +
        'Gateway API has no field for it that every implementation knows; leave it out, or use Exposure.gateway() with ' +
        'Gateway.envoyGateway() or Exposure.applicationLoadBalancer()',
    );
    expect(() => requireSupport('runners.A.traffic.queue', 'direct', 'queue')).toThrow(
      `leave it out, or use ${PROXY_NAMES.envoy}`,
    );
  });

  it('says nothing of what a proxy can do', () => {
    expect(refusal('envoy-gateway', 'jwt')).toBeUndefined();
    expect(() => requireSupport('exposure.authentication', 'envoy-gateway', 'jwt')).not.toThrow();
  });
});

const KEYS = SecretRef.named('keys');
const PLACE = { name: 'public', namespace: 'gateways', httpsListener: 'https', httpListener: 'http' };
const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';
const CLIENT_ID = { clientIdHeader: 'x-client-id' };

const TRAFFIC: [string, TrafficPolicy][] = [
  ['queue', { maxConcurrency: 4, queue: { maxPending: 8 } }],
  ['retries', { retries: Retries.connectionFailures() }],
  ['retries', { retries: Retries.connectionFailures({ statuses: [503] }) }],
  ['loadBalancing', { loadBalancing: LoadBalancing.roundRobin() }],
  ['loadBalancing', { loadBalancing: LoadBalancing.leastRequest({ slowStart: Duration.seconds(30) }) }],
  ['loadBalancing', { loadBalancing: LoadBalancing.latencyAware() }],
  ['loadBalancing', { loadBalancing: LoadBalancing.hashByHeader('x-session-id') }],
  ['loadBalancing', { loadBalancing: LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1) }) }],
  ['loadBalancing', { loadBalancing: LoadBalancing.hashByCookie('session', { setByApplication: true }) }],
  ['loadBalancing', { loadBalancing: LoadBalancing.hashBySource() }],
  ['circuitBreaker', { circuitBreaker: CircuitBreaker.consecutiveErrors() }],
  ['circuitBreaker', { circuitBreaker: CircuitBreaker.consecutiveErrors({ statuses: BreakerStatuses.SERVER_ERRORS }) }],
  ['circuitBreaker', { circuitBreaker: CircuitBreaker.consecutiveErrors({ maxEjectedPercent: 50 }) }],
  ['circuitBreaker.maxConnections', { circuitBreaker: CircuitBreaker.limits({ maxConnections: 1000 }) }],
  ['circuitBreaker.maxRequests', { circuitBreaker: CircuitBreaker.limits({ maxRequests: 1000 }) }],
  ['rateLimit', { rateLimit: RateLimit.total(100, RateUnit.SECOND) }],
  ['rateLimit', { rateLimit: RateLimit.perClient(100, RateUnit.SECOND) }],
  ['healthCheck', { healthCheck: HealthCheck.http() }],
];

const DOORS: [string, Partial<GatewayExposureOptions>][] = [
  ['authentication', { authentication: Authentication.bearerTokens(KEYS) }],
  ['authentication', { authentication: Authentication.apiKeys(KEYS, CLIENT_ID) }],
  ['authentication', { authentication: Authentication.jwt({ issuer: 'a', jwksUrl: 'https://a/keys' }) }],
  ['tls', { tls: Tls.acm([ARN]) }],
];

const deploy = (gateway: Gateway, traffic: TrafficPolicy, options: Partial<GatewayExposureOptions> = {}) =>
  synthesize((chart) => {
    const exposure = Exposure.gateway({ hosts: ['rag.example.com'], gateway, ...options });
    new BentoDeployment(chart, 'Rag', { bento: single(), exposure, apiServer: { traffic } });
  });

// Gateway API 1.7: HTTPRoute has timeouts, filters and weights; retry and sessionPersistence are experimental, and there
// is no field for balancing, breakers, limits, health checks and authentication.
describe('plain Gateway API', () => {
  const plain = Gateway.standard(PLACE);

  it.each(TRAFFIC)('cannot say %s: %#', (property, traffic) => {
    expect(() => deploy(plain, traffic)).toThrow(
      `[NotByEngine] 'apiServer.traffic.${property}' must not be stated for Exposure.gateway() with Gateway.standard()`,
    );
  });

  it.each(DOORS)('cannot do %s: %#', (property, options) => {
    expect(() => deploy(plain, {}, options)).toThrow(
      `[NotByEngine] 'exposure.${property}' must not be stated for Exposure.gateway() with Gateway.standard()`,
    );
  });

  it('can say the rest', () => {
    const tls = Tls.secret(SecretRef.named('rag-tls'));
    const traffic = {
      timeout: Duration.seconds(10),
      streaming: { maxDuration: Duration.minutes(1) },
      maxConcurrency: 4,
    };
    const objects = deploy(plain, traffic, { tls });
    expect(objects.all.filter(({ apiVersion }) => apiVersion.startsWith('gateway.envoyproxy.io'))).toEqual([]);
    expect(objects.of('HTTPRoute')).toHaveLength(2);
  });
});

describe('Envoy Gateway', () => {
  const envoy = Gateway.envoyGateway({ ...PLACE, proxies: 2 });

  it.each(TRAFFIC.filter(([, { loadBalancing }]) => loadBalancing?._model.kind !== 'latency-aware'))(
    'can say %s: %#',
    (_, traffic) => {
      expect(deploy(envoy, traffic).of('BackendTrafficPolicy')).toHaveLength(1);
    },
  );

  it.each(DOORS.filter(([property]) => property === 'authentication'))('can do %s: %#', (_, options) => {
    expect(deploy(envoy, {}, options).of('SecurityPolicy')).toHaveLength(1);
  });

  it('cannot balance by latency, nor read certificates of ACM', () => {
    expect(() => deploy(envoy, { loadBalancing: LoadBalancing.latencyAware() })).toThrow(
      "[NotByEngine] 'apiServer.traffic.loadBalancing' must not be stated for Exposure.gateway() with " +
        'Gateway.envoyGateway(): it knows no balancing by latency; leave it out, or use Exposure.ingressNginx()',
    );
    expect(() => deploy(envoy, {}, { tls: Tls.acm([ARN]) })).toThrow(
      'its proxies need the private key, which ACM keeps',
    );
  });

  it.each(TRAFFIC.filter(([property]) => /rateLimit|queue|\.max/.test(property)))(
    'cannot divide %s among proxies that nobody counted: %#',
    (_, traffic) => {
      expect(() => deploy(Gateway.envoyGateway(PLACE), traffic)).toThrow('[UnknownProxies]');
    },
  );
});
