import { type Chart, Duration } from 'cdk8s';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Authentication,
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  Exposure,
  Gateway,
  GatewayImplementation,
  RateLimit,
  RateUnit,
  RouteNamespaces,
  ScaleToZeroFunction,
  SecretRef,
  ServingGateway,
  Tls,
} from '../../lib';
import { SMALL, single } from '../bentos';
import type { Body } from '../cluster/client';
import { CLUSTER, ENGINES } from '../functions';
import { egctlBinary } from '../tools/egctl';
import { synthesizedExamples } from '../tools/examples';
import { requireTool } from '../tools/require-tool';
import { synthesize } from '../tree';
import { type Asked, asked, policyOf } from './policies';
import {
  balancingOf,
  clusterObjects,
  foreignGateway,
  protocolOptions,
  routesOf,
  secret,
  selfSigned,
  surroundingsOf,
  type Translation,
  tlsSecret,
  translate,
  type Xds,
} from './translator';

const PROXIES = 2;
const PLACE = { name: 'public', namespace: 'gateways' };
const OPEN = Gateway.envoyGateway({ ...PLACE, proxies: PROXIES });
const SECURE = Gateway.envoyGateway({ ...PLACE, proxies: PROXIES, httpsListener: 'https', httpListener: 'http' });
const INTERCEPTOR = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'keda-add-ons-http-interceptor-proxy', namespace: 'keda' },
  spec: { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] },
};
const KEYS = SecretRef.named('keys');
const GRPC_PORT = 50_051;
const SPEAKER = Bento.fromImage('registry.example.com/speaker:v1', {
  services: [BentoService.named('Speaker', { size: SMALL, extraPorts: [GRPC_PORT] })],
});

const skipped = !requireTool('go', "Envoy Gateway's translator");

const { examples, remove } = synthesizedExamples();
const routed = examples.filter(({ manifests }) =>
  manifests.some(({ object }) => /^(HTTP|GRPC)Route$/.test(object.kind)),
);

/** What Envoy Gateway makes of a definition beside a Gateway of somebody else. */
async function translated(define: (chart: Chart) => void, others: readonly object[] = []): Promise<Translation> {
  const { all } = synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ ...CLUSTER, gateway: OPEN }));
    define(chart);
  });
  const edge = tlsSecret('edge-tls', selfSigned(['*.example.com']), 'gateways');
  const surroundings = [
    ...clusterObjects(['gateways', 'keda', 'ml']),
    foreignGateway(PLACE.name, PLACE.namespace, 'edge-tls'),
    INTERCEPTOR,
    edge,
    secret('keys', { alice: 'one', bob: 'two' }),
  ];
  return translate(await egctlBinary(), [...surroundings, ...all, ...others] as never);
}

const clusterOf = ({ clusters }: Xds, name: string): Body => clusters.find((cluster) => cluster.name.includes(name))!;
const inSeconds = (duration: string | undefined) => (duration === undefined ? undefined : Number.parseFloat(duration));
const share = (limit: number) => Math.floor(limit / PROXIES);
const UNIT_SECONDS = { second: 1, minute: 60, hour: 3600 };
const UNLIMITED = 4_294_967_295;

describe.skipIf(skipped)("Envoy Gateway's own translator", () => {
  beforeAll(async () => {
    await egctlBinary();
  });

  describe('of examples', () => {
    afterAll(remove);

    it('sees some', () => {
      expect(routed.length).toBeGreaterThan(2);
    });

    it.each(routed)('refuses nothing of $name', async ({ manifests }) => {
      const objects = manifests.map(({ object }) => object);
      const { refusals } = await translate(await egctlBinary(), [...surroundingsOf(objects), ...objects]);
      expect(refusals).toEqual([]);
    });
  });

  describe('of random traffic', () => {
    const wishes = fc.sample(asked(PROXIES), { numRuns: 40, seed: 5 });
    const named = wishes.map((wish, index) => ({ name: `rag-${index}-end`, wish }));
    let translation: Translation;
    let xds: Xds;

    beforeAll(async () => {
      translation = await translated((chart) => {
        for (const { name, wish } of named) {
          const exposure = Exposure.gateway({ hosts: [`${name}.example.com`] });
          new BentoDeployment(chart, name, { bento: single(), exposure, apiServer: { traffic: policyOf(wish) } });
        }
      });
      xds = translation.proxies['gateways/public']!;
    });

    it('refuses nothing', () => {
      expect(translation.refusals).toEqual([]);
    });

    it.each(named)('$name has what was asked for', ({ name, wish }) => {
      const cluster = clusterOf(xds, `/${name}/`);
      const [route, ...others] = routesOf(xds, `${name}.example.com`);
      // One on each listener.
      expect(others).toHaveLength(1);
      expectTimes(route!.route, cluster, wish);
      expectBalancing(route!.route, cluster, wish);
      expectBreaker(cluster, wish);
      expectRetries(route!.route, wish);
      expectRate(route!, wish);
      expectHealth(cluster, wish);
    });
  });

  describe('of doors', () => {
    let translation: Translation;
    beforeAll(async () => {
      translation = await translated(defineDoors, [
        tlsSecret('own-tls', selfSigned(['own.test', 'second.own.test'])),
        tlsSecret('speaker-tls', selfSigned(['speaker.test'])),
        tlsSecret('edge-own-tls', selfSigned(['rag.edge.test', '*.edge.test'])),
      ]);
    });

    it('refuses nothing', () => {
      expect(translation.refusals).toEqual([]);
    });

    const chains = (gateway: string) =>
      translation.proxies[gateway]!.listeners.flatMap(({ filterChains = [], defaultFilterChain }) =>
        [...filterChains, defaultFilterChain].filter((chain: Body) => chain !== undefined),
      ) as Body[];
    const filters = (gateway: string): Body[] =>
      chains(gateway).flatMap(({ filters: [manager] }) => manager.typedConfig.httpFilters ?? []);
    const perRoute = (host: string): Body[] =>
      routesOf(translation.proxies['gateways/public']!, host).map(({ typedPerFilterConfig: config }) => config);

    it('redirects from the listener for http alone, and asks for nothing there', () => {
      const routes = routesOf(translation.proxies['gateways/public']!, 'bearer.example.com');
      const [redirect, ...others] = routes.filter(({ redirect }) => redirect !== undefined);
      expect(redirect!.redirect).toEqual({ schemeRedirect: 'https' });
      expect(redirect!.typedPerFilterConfig).toBeUndefined();
      expect(others).toEqual([]);
      expect(routes).toHaveLength(2);
    });

    it('asks for bearer tokens and for keys, under their names, and hides them', () => {
      const credentials = [
        { client: 'alice', key: 'one' },
        { client: 'bob', key: 'two' },
      ];
      const of = (host: string) =>
        perRoute(host)
          .map((config) => config?.['envoy.filters.http.api_key_auth'])
          .find((config) => config !== undefined);
      expect(of('bearer.example.com')).toMatchObject({
        credentials,
        forwarding: { header: 'x-client-id', hideCredentials: true },
        keySources: [{ header: 'Authorization' }],
      });
      expect(of('keys.example.com')).toMatchObject({
        credentials,
        forwarding: { hideCredentials: true },
        keySources: [{ header: 'x-token' }],
      });
    });

    it('asks for tokens of the issuer, whose keys it fetches over TLS', () => {
      const { typedConfig } = filters('gateways/public').find(({ name }) => name === 'envoy.filters.http.jwt_authn')!;
      const [provider] = Object.values<Body>(typedConfig.providers);
      expect(provider).toMatchObject({
        issuer: 'https://auth.example.com',
        audiences: ['rag'],
        claimToHeaders: [{ claimName: 'sub', headerName: 'x-client-id' }],
        remoteJwks: { cacheDuration: '300s', httpUri: { uri: 'https://auth.example.com/keys' } },
      });
      expect(clusterOf(translation.proxies['gateways/public']!, 'auth_example_com').transportSocket.name).toBe(
        'envoy.transport_sockets.tls',
      );
      const [route] = routesOf(translation.proxies['gateways/public']!, 'jwt.example.com').filter(
        (one) => one.route !== undefined,
      );
      expect(route!.requestHeadersToRemove).toEqual(['Authorization']);
      expect(route!.typedPerFilterConfig).toHaveProperty(['envoy.filters.http.jwt_authn']);
    });

    it('speaks HTTP/2 to the further port of the pods, and asks the first whether they are well', () => {
      const xds = translation.proxies['gateways/public']!;
      const cluster = clusterOf(xds, 'grpcroute/ml/speaker/');
      expect(protocolOptions(cluster).explicitHttpConfig).toHaveProperty('http2ProtocolOptions');
      const { endpoints } = xds.endpoints.find(({ clusterName }) => clusterName === cluster.name)!;
      const [{ endpoint }] = endpoints[0].lbEndpoints;
      expect(endpoint.address.socketAddress.portValue).toBe(GRPC_PORT);
      expect(endpoint.healthCheckConfig).toEqual({ portValue: 3000 });
      const [route] = routesOf(xds, 'speaker.test').filter((one) => one.route !== undefined);
      expect(route!.route.timeout).toBe('70s');
    });

    it('offers HTTP/2 where gRPC is stated, and HTTP/1.1 alone where hosts share a certificate', () => {
      const alpn = (host: string, gateway = 'gateways/public') =>
        chains(gateway).find(({ filterChainMatch: match }) => match?.serverNames?.includes(host))!.transportSocket
          .typedConfig.commonTlsContext.alpnProtocols;
      expect(alpn('speaker.test')).toEqual(['h2', 'http/1.1']);
      expect(alpn('own.test')).toEqual(['http/1.1']);
      expect(alpn('rag.edge.test', 'ml/edge')).toEqual(['http/1.1']);
    });

    it('leads a function to what holds its requests, in another namespace', () => {
      const xds = translation.proxies['gateways/public']!;
      const { endpoints } = xds.endpoints.find(({ clusterName }) => clusterName.includes('/upscaler/'))!;
      expect(endpoints[0].lbEndpoints[0].endpoint.address.socketAddress).toEqual({
        address: translation.addresses['keda/keda-add-ons-http-interceptor-proxy'],
        portValue: 8080,
      });
    });

    it('gives listeners that doors bring what the Gateway says of clients', () => {
      const listeners = translation.proxies['ml/bare']!.listeners.filter(({ name }) => !name.includes('proxy-ready'));
      expect(listeners.map(({ name }) => name).sort()).toEqual(['ml/bare/http-0', 'ml/bare/ml/bare-two/https-0']);
      for (const listener of listeners) expect(listener.perConnectionBufferLimitBytes).toBe(1_048_576);
    });

    it('gives a Gateway of our own its clients, and their limits', () => {
      const xds = translation.proxies['ml/edge']!;
      const listeners = xds.listeners.filter(({ name }) => !name.includes('proxy-ready'));
      expect(listeners.length).toBeGreaterThan(1);
      for (const listener of listeners) expect(listener.perConnectionBufferLimitBytes).toBe(1_048_576);
      for (const { filters: those } of chains('ml/edge').filter(({ name }) => !name?.includes('ready'))) {
        const manager = those.find(({ name }: Body) => name === 'envoy.filters.network.http_connection_manager');
        if (manager.typedConfig.statPrefix === 'eg-ready-http') continue;
        expect(manager.typedConfig).toMatchObject({
          commonHttpProtocolOptions: { idleTimeout: '600s' },
          requestTimeout: '120s',
          streamIdleTimeout: '3600s',
        });
        const limit = those.find(({ name }: Body) => name === 'envoy.filters.network.connection_limit');
        expect(Number(limit.typedConfig.maxConnections)).toBe(1000);
      }
    });
  });
});

function defineDoors(chart: Chart): void {
  const deploy = (id: string, exposure: Exposure, bento = single(), traffic = {}) =>
    new BentoDeployment(chart, id, { bento, exposure, apiServer: { traffic } });
  const secured = (name: string, authentication: Authentication) =>
    deploy(name, Exposure.gateway({ gateway: SECURE, hosts: [`${name}.example.com`], authentication }));
  secured('bearer', Authentication.bearerTokens(KEYS, { clientIdHeader: 'x-client-id' }));
  secured('keys', Authentication.apiKeys(KEYS, { header: 'x-token' }));
  secured(
    'jwt',
    Authentication.jwt({
      issuer: 'https://auth.example.com',
      jwksUrl: 'https://auth.example.com/keys',
      audiences: ['rag'],
      clientIdHeader: 'x-client-id',
    }),
  );
  deploy(
    'own',
    Exposure.gateway({ hosts: ['own.test', 'second.own.test'], tls: Tls.secret(SecretRef.named('own-tls')) }),
  );
  deploy('unredirected', Exposure.gateway({ gateway: SECURE, hosts: ['alone.example.com'], redirectHttp: false }));
  const listener = Tls.listener('https', { httpListener: 'http' });
  deploy('listening', Exposure.gateway({ hosts: ['listening.example.com'], tls: listener, redirectHttp: true }));
  deploy(
    'speaker',
    Exposure.gateway({
      hosts: ['speaker.test'],
      tls: Tls.secret(SecretRef.named('speaker-tls')),
      grpcPort: GRPC_PORT,
      authentication: Authentication.apiKeys(KEYS),
    }),
    SPEAKER,
    { healthCheck: policyOf({ ...NOTHING, health: { interval: 5, healthy: 2, unhealthy: 2 } }).healthCheck },
  );
  deploy(
    'twice',
    Exposure.several({
      internal: Exposure.gateway({ hosts: ['internal.example.com'] }),
      public: Exposure.gateway({
        gateway: SECURE,
        hosts: ['twice.example.com'],
        authentication: Authentication.apiKeys(KEYS),
      }),
    }),
  );
  new ScaleToZeroFunction(chart, 'Upscaler', {
    bento: single(),
    maxReplicas: 4,
    ...ENGINES['keda-http'],
    exposure: Exposure.gateway({
      gateway: SECURE,
      hosts: ['upscaler.example.com'],
      authentication: Authentication.bearerTokens(KEYS),
    }),
    apiServer: { traffic: { rateLimit: RateLimit.total(100, RateUnit.SECOND) } },
  });
  defineGateways(chart, deploy);
}

const NOTHING: Asked = { timeout: 60, attempts: 0, statuses: [], balancing: 'least-request' };

/** Gateways of our own: with a certificate, and with none, where doors bring theirs. */
function defineGateways(chart: Chart, deploy: (id: string, exposure: Exposure) => void): void {
  const edge = new ServingGateway(chart, 'Edge', {
    gatewayClassName: 'envoy-gateway',
    hosts: ['rag.edge.test', '*.edge.test'],
    tls: Tls.secret(SecretRef.named('edge-own-tls')),
    routeNamespaces: RouteNamespaces.named(['ml']),
    implementation: GatewayImplementation.envoyGateway({
      proxies: 3,
      drainTimeout: Duration.minutes(10),
      maxClientConnections: 1000,
      requestReceivedTimeout: Duration.minutes(2),
      clientIdleTimeout: Duration.minutes(10),
    }),
  });
  deploy('edged', Exposure.gateway({ gateway: edge.gateway, hosts: ['rag.edge.test', 'second.edge.test'] }));
  const bare = new ServingGateway(chart, 'Bare', { gatewayClassName: 'envoy-gateway', hosts: ['bare.test'] });
  deploy('bare-one', Exposure.gateway({ gateway: bare.gateway, hosts: ['bare.test'] }));
  const tls = Tls.secret(SecretRef.named('own-tls'));
  deploy('bare-two', Exposure.gateway({ gateway: bare.gateway, hosts: ['own.test'], tls }));
}

/** Envoy Gateway has one time for all tries: 10 s more than the pods have. */
function expectTimes(route: Body, cluster: Body, { timeout, stream }: Asked): void {
  expect(inSeconds(route.timeout)).toBe((stream?.max ?? timeout) + 10);
  expect(route.maxStreamDuration).toBeUndefined();
  expect(inSeconds(route.idleTimeout)).toBe((stream?.silence ?? timeout) + 10);
  expect(cluster.connectTimeout).toBe('5s');
  expect(protocolOptions(cluster).commonHttpProtocolOptions.idleTimeout).toBe('60s');
}

const POLICIES = {
  'round-robin': 'round_robin.v3.RoundRobin',
  'least-request': 'least_request.v3.LeastRequest',
  header: 'maglev.v3.Maglev',
  cookie: 'maglev.v3.Maglev',
  source: 'maglev.v3.Maglev',
};

function expectBalancing(route: Body, cluster: Body, { balancing, slowStart }: Asked): void {
  const policy = balancingOf(cluster);
  expect(policy['@type']).toContain(POLICIES[balancing]);
  const starts = balancing === 'round-robin' || balancing === 'least-request';
  expect(inSeconds(policy.slowStartConfig?.slowStartWindow)).toBe(starts ? slowStart : undefined);
  const keys = {
    header: [{ header: { headerName: 'x-session-id' } }],
    cookie: [{ cookie: { name: 'session', ttl: '600s', attributes: [{ name: 'Path', value: '/' }] } }],
    source: [{ connectionProperties: { sourceIp: true } }],
  };
  expect(route.hashPolicy).toEqual(starts ? undefined : keys[balancing]);
}

function expectBreaker(cluster: Body, { queue, breaker, limits }: Asked): void {
  const { thresholds, perHostThresholds } = cluster.circuitBreakers;
  expect(thresholds).toEqual([
    {
      maxConnections: limits === undefined ? UNLIMITED : share(limits.connections),
      maxPendingRequests: queue === undefined ? UNLIMITED : share(queue.pending),
      maxRequests: limits === undefined ? UNLIMITED : share(limits.requests),
      maxRetries: UNLIMITED,
    },
  ]);
  expect(perHostThresholds).toEqual(queue && [{ maxConnections: share(queue.concurrency) }]);
  const outlier = cluster.outlierDetection;
  if (breaker === undefined) {
    expect(outlier).toBeUndefined();
    return;
  }
  expect(outlier).toMatchObject({ interval: '1s', maxEjectionPercent: breaker.percent });
  expect(inSeconds(outlier.baseEjectionTime)).toBe(breaker.open);
  expect(outlier.consecutive5xx).toBe(breaker.all ? breaker.failures : 2_147_483_647);
  expect(outlier.consecutiveGatewayFailure).toBe(breaker.all ? undefined : breaker.failures);
  expect(outlier.enforcingConsecutiveGatewayFailure).toBe(breaker.all ? undefined : 100);
  // A message without a value is 0.
  expect(cluster.commonLbConfig.healthyPanicThreshold).toEqual({});
}

function expectRetries({ retryPolicy }: Body, { attempts, statuses }: Asked): void {
  if (attempts === 0) {
    expect(retryPolicy).toBeUndefined();
    return;
  }
  expect(retryPolicy.numRetries).toBe(attempts);
  const reasons = ['connect-failure', 'refused-stream', 'reset-before-request'];
  expect(retryPolicy.retryOn.split(',')).toEqual([
    ...reasons,
    ...(statuses.length > 0 ? ['retriable-status-codes'] : []),
  ]);
  expect(retryPolicy.retriableStatusCodes ?? []).toEqual(statuses);
}

function expectRate({ typedPerFilterConfig: filters = {} }: Body, { rate }: Asked): void {
  const limit = filters['envoy.filters.http.local_ratelimit'];
  if (rate === undefined) {
    expect(limit).toBeUndefined();
    return;
  }
  const bucket = {
    fillInterval: `${UNIT_SECONDS[rate.unit]}s`,
    maxTokens: share(rate.requests),
    tokensPerFill: share(rate.requests),
  };
  if (rate.perClient) {
    expect(limit.descriptors.map(({ tokenBucket }: Body) => tokenBucket)).toEqual([bucket, bucket]);
    expect(limit.tokenBucket.maxTokens).toBe(UNLIMITED);
  } else {
    expect(limit.descriptors).toBeUndefined();
    expect(limit.tokenBucket).toEqual(bucket);
  }
}

function expectHealth({ healthChecks }: Body, { health }: Asked): void {
  if (health === undefined) {
    expect(healthChecks).toBeUndefined();
    return;
  }
  expect(healthChecks).toHaveLength(1);
  expect(healthChecks[0]).toMatchObject({
    healthyThreshold: health.healthy,
    unhealthyThreshold: health.unhealthy,
    httpHealthCheck: { path: '/readyz', method: 'GET', expectedStatuses: [{ start: '200', end: '201' }] },
  });
  expect(inSeconds(healthChecks[0].interval)).toBe(health.interval);
}
