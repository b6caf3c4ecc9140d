import { App, Chart, Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Authentication,
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  Exposure,
  Gateway,
  type GatewayExposureOptions,
  GatewayImplementation,
  LoadBalancing,
  Retries,
  RouteNamespaces,
  ScaleToZeroFunction,
  SecretRef,
  ServingGateway,
  type ServingGatewayProps,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import { SMALL } from '../bentos';
import { CLUSTER, ENGINES } from '../functions';
import { synthesize } from '../tree';

const PLACE = { name: 'public', namespace: 'gateways' };
const OPEN = Gateway.envoyGateway(PLACE);
const SECURE = Gateway.envoyGateway({ ...PLACE, httpsListener: 'https', httpListener: 'http' });
const KEYS = SecretRef.named('keys');
const TOKENS = Authentication.bearerTokens(KEYS);
const SECRET = Tls.secret(SecretRef.named('rag-tls'));
const BENTO = Bento.fromImage('registry.example.com/rag:v1', {
  services: [BentoService.named('Gateway', { size: SMALL, extraPorts: [50_051] })],
});

const deploy = (options: Partial<GatewayExposureOptions>, traffic: TrafficPolicy = {}) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ gateway: OPEN }));
    const exposure = Exposure.gateway({ hosts: ['rag.example.com'], ...options });
    new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure, apiServer: { traffic } });
  });

describe('tokens', () => {
  it.each([
    ["the door's own certificate", { tls: SECRET }],
    ['a listener that is named', { tls: Tls.listener('https') }],
    ['a Gateway whose listener is known', { gateway: SECURE }],
  ])('go over TLS by %s', (_, options) => {
    const [route] = deploy({ authentication: TOKENS, ...options }).of('HTTPRoute');
    for (const { sectionName } of route!.spec.parentRefs) expect(sectionName).toMatch(/^https/);
  });

  it.each([{}, { gateway: Gateway.envoyGateway({ ...PLACE, httpListener: 'http' }) }])(
    'fail where nothing is known of TLS: %#',
    (options) => {
      expect(() => deploy({ authentication: TOKENS, ...options })).toThrow(
        "[TokenOverHttp] 'exposure.authentication' must not be given without 'tls': whoever listens would have the tokens; " +
          'state `tls`, or use a Gateway whose listener for these hosts has a certificate: Tls.listener() (at test/Rag)',
      );
    },
  );

  it('fail over listeners for other hosts, and over a Gateway of plain http', () => {
    const over = (hosts: string[], tls?: Tls) =>
      synthesize((chart) => {
        const edge = new ServingGateway(chart, 'Edge', { gatewayClassName: 'eg', hosts, ...(tls && { tls }) });
        const exposure = Exposure.gateway({
          gateway: edge.gateway,
          hosts: ['rag.example.com'],
          authentication: TOKENS,
        });
        new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure });
      });
    expect(() => over(['*.example.com'], SECRET)).not.toThrow();
    expect(() => over(['other.example.com'], SECRET)).toThrow('[TokenOverHttp]');
    expect(() => over(['rag.example.com'])).toThrow('[TokenOverHttp]');
  });

  it('fail over a listener that is known to be one for plain http', () => {
    const known = Gateway.envoyGateway({ ...PLACE, httpListener: 'web', httpsListener: 'sec' });
    const text = (listener: string, name: string) =>
      `[TokenOverHttp] 'exposure.authentication' must not be given with 'tls' of "${listener}", a listener of the Gateway ${name} ` +
      'for plain http: whoever listens would have the tokens; name a listener with a certificate (at test/Rag)';
    expect(() => deploy({ gateway: known, tls: Tls.listener('web'), authentication: TOKENS })).toThrow(
      text('web', 'public'),
    );
    for (const name of ['sec', 'other']) {
      expect(() => deploy({ gateway: known, tls: Tls.listener(name), authentication: TOKENS })).not.toThrow();
    }
    const over = (edge: Partial<ServingGatewayProps>, name: string) =>
      synthesize((chart) => {
        const hosts = ['rag.example.com'];
        const { gateway } = new ServingGateway(chart, 'Edge', { gatewayClassName: 'eg', hosts, ...edge });
        const exposure = Exposure.gateway({ gateway, hosts, tls: Tls.listener(name), authentication: TOKENS });
        new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure });
      });
    expect(() => over({}, 'http-0')).toThrow(text('http-0', 'edge'));
    expect(() => over({ tls: SECRET }, 'http-0')).toThrow(text('http-0', 'edge'));
    expect(() => over({ tls: SECRET }, 'https-0')).not.toThrow();
  });

  it('fail over an Application Load Balancer without a certificate', () => {
    const authentication = Authentication.jwt({ issuer: 'a', jwksUrl: 'https://a/keys' });
    const exposure = Exposure.applicationLoadBalancer({
      hosts: ['rag.example.com'],
      subnetCidrs: ['10.0.0.0/20'],
      authentication,
    });
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure });
      }),
    ).toThrow("[TokenOverHttp] 'exposure.authentication'");
  });

  it('are named by the key of their door', () => {
    expect(() =>
      synthesize((chart) => {
        const open = Exposure.gateway({ gateway: OPEN, hosts: ['rag.example.com'], authentication: TOKENS });
        new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure: Exposure.several({ public: open }) });
      }),
    ).toThrow("[TokenOverHttp] 'exposure.public.authentication'");
  });
});

describe('a redirect that is asked for', () => {
  it.each([
    ['brings its own listener', { tls: SECRET }],
    ['has the listener that is named', { tls: Tls.listener('https', { httpListener: 'http' }) }],
    ['has that of the Gateway', { gateway: SECURE }],
  ])('%s', (_, options) => {
    expect(deploy({ redirectHttp: true, ...options }).find('HTTPRoute', 'rag-redirect')).toBeDefined();
  });

  it.each([
    [{ tls: Tls.listener('https') }, "'exposure.tls.httpListener'"],
    [{ gateway: Gateway.envoyGateway({ ...PLACE, httpsListener: 'https' }) }, "'exposure.gateway.httpListener'"],
    // That of the ClusterProfile knows nothing.
    [{}, "'exposure.tls'"],
    [{ gateway: Gateway.envoyGateway({ ...PLACE, httpListener: 'http' }) }, "'exposure.tls'"],
  ])('fails where it is not possible: %#', (options, property) => {
    expect(() => deploy({ redirectHttp: true, ...options })).toThrow(
      `[MissingOption] ${property} must be given with 'exposure.redirectHttp'; no listener for`,
    );
    expect(() => deploy(options)).not.toThrow();
  });
});

describe('gRPC', () => {
  it('leads to a further port of the Bento, which the door may reach', () => {
    const objects = deploy({ grpcPort: 50_051 });
    const [{ port }] = objects.get('GRPCRoute', 'rag').spec.rules[0].backendRefs;
    expect(objects.get('Service', 'rag').spec.ports.map((one: { port: number }) => one.port)).toContain(port);
    const [{ ports }] = objects.get('NetworkPolicy', 'rag').spec.ingress;
    expect(ports).toContainEqual({ port: 50_051, protocol: 'TCP' });
  });

  it.each([3000, 50_052])('fails at %d, where no gRPC is', (grpcPort) => {
    expect(() => deploy({ grpcPort })).toThrow(
      `[OutOfRange] 'exposure.grpcPort' must be one of the further ports of the Bento (50051), got ${grpcPort}; ` +
        'state it as `extraPorts` of its BentoService, or as `extra_ports` in its code',
    );
  });

  // Envoy Gateway: such listeners offer HTTP/1.1 alone, so that no client takes one connection for two hosts.
  it('fails where hosts share a certificate', () => {
    const hosts = ['a.example.com', 'b.example.com'];
    expect(() => deploy({ grpcPort: 50_051, hosts, tls: SECRET })).toThrow(
      "[NotByEngine] 'exposure.grpcPort' must not be stated for Exposure.gateway() with Gateway.envoyGateway(): listeners " +
        'whose certificates are for the same hosts speak HTTP/1.1 alone, and gRPC is HTTP/2; give each host a ' +
        'certificate and an exposure of its own',
    );
    expect(() => deploy({ grpcPort: 50_051, hosts: hosts.slice(1), tls: SECRET })).not.toThrow();
    expect(() => deploy({ grpcPort: 50_051, hosts })).not.toThrow();
  });

  it.each([
    [GatewayImplementation.envoyGateway(), ['a.example.com', 'b.example.com'], false],
    [GatewayImplementation.envoyGateway(), ['a.example.com'], true],
    [GatewayImplementation.standard(), ['a.example.com', 'b.example.com'], true],
  ])('passes a Gateway of our own with hosts of its own certificate: %#', (implementation, hosts, passes) => {
    const made = () =>
      synthesize((chart) => {
        const edge = new ServingGateway(chart, 'Edge', { gatewayClassName: 'eg', hosts, tls: SECRET, implementation });
        const exposure = Exposure.gateway({ gateway: edge.gateway, hosts: ['a.example.com'], grpcPort: 50_051 });
        new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure });
      });
    if (passes) expect(made).not.toThrow();
    else expect(made).toThrow("[NotByEngine] 'exposure.grpcPort'");
  });

  it.each([
    [{ maxConcurrency: 4, queue: { maxPending: 8 } }, 'queue', 'one connection carries any number of calls'],
    [
      { retries: Retries.connectionFailures({ statuses: [503] }) },
      'retries.statuses',
      'every answer has the status 200',
    ],
  ])('fails with what HTTP alone has: %#', (traffic, property, why) => {
    const gateway = Gateway.envoyGateway({ ...PLACE, proxies: 1 });
    expect(() => deploy({ gateway, grpcPort: 50_051 }, traffic)).toThrow(
      `[NotByEngine] 'apiServer.traffic.${property}' must not be stated for gRPC: ${why}`,
    );
    expect(() => deploy({ gateway }, traffic)).not.toThrow();
  });

  it('fails before a function, whose requests something else holds', () => {
    expect(() =>
      synthesize((chart) => {
        ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
        const exposure = Exposure.gateway({ gateway: OPEN, hosts: ['rag.example.com'], grpcPort: 50_051 });
        new ScaleToZeroFunction(chart, 'Rag', { bento: BENTO, maxReplicas: 2, ...ENGINES['keda-http'], exposure });
      }),
    ).toThrow("[NotByEngine] 'exposure.grpcPort' must not be stated for what holds the requests of a function");
  });
});

describe('headers', () => {
  const secure = { gateway: SECURE };

  // headers.withUnderscoresAction of ClientTrafficPolicy is RejectRequest by default.
  it('fail with an underscore, which Envoy Gateway refuses', () => {
    expect(() => deploy(secure, { loadBalancing: LoadBalancing.hashByHeader('x_session') })).toThrow(
      "[InvalidName] 'apiServer.traffic.loadBalancing' must be a header without _: Envoy Gateway answers 400 to all that have it",
    );
    const authentication = Authentication.apiKeys(KEYS, { header: 'x_key' });
    expect(() => deploy({ ...secure, authentication })).toThrow(
      "[InvalidName] 'exposure.authentication' must be a header without _",
    );
    // The pods get it, nobody sends it.
    const named = Authentication.apiKeys(KEYS, { clientIdHeader: 'x_client_id' });
    expect(() => deploy({ ...secure, authentication: named })).not.toThrow();
  });

  it.each([
    [Authentication.bearerTokens(KEYS), 'authorization'],
    [Authentication.jwt({ issuer: 'a', jwksUrl: 'https://a/keys' }), 'Authorization'],
    [Authentication.apiKeys(KEYS), 'X-API-Key'],
  ])('fail as keys of balancing where the door takes them off: %#', (authentication, name) => {
    const hashed = (header: string) => () =>
      deploy({ ...secure, authentication }, { loadBalancing: LoadBalancing.hashByHeader(header) });
    expect(hashed(name)).toThrow(
      "[ConflictingOptions] 'apiServer.traffic.loadBalancing' must not be given together with 'exposure.authentication'; " +
        'the header is gone when a replica is chosen: hash by `clientIdHeader`, the id of the client',
    );
    expect(hashed('x-client-id')).not.toThrow();
  });
});

// SecurityPolicy: audiences maxItems 8, remoteJWKS.uri maxLength 253.
describe('JSON Web Tokens', () => {
  const through = (audiences: number, url: number, gateway = SECURE) => {
    const authentication = Authentication.jwt({
      issuer: 'a',
      jwksUrl: `https://a/${'k'.repeat(url - 'https://a/'.length)}`,
      audiences: Array.from({ length: audiences }, (_, index) => `a${index}`),
    });
    return () => deploy({ gateway, authentication });
  };

  it('are bounded as Envoy Gateway bounds them', () => {
    expect(through(8, 253)).not.toThrow();
    expect(through(9, 253)).toThrow(
      "[OutOfRange] 'exposure.authentication.audiences' must be at most 8 with Envoy Gateway, got 9",
    );
    expect(through(8, 254)).toThrow(
      "[InvalidText] 'exposure.authentication.jwksUrl' must be at most 253 characters with Envoy Gateway, got \"https://a/k",
    );
  });
});

// A route that no listener takes says so in its status, where nobody looks.
describe('a listener that is named', () => {
  const on = (tls: Tls, hosts: string[], edge: Partial<ServingGatewayProps> = { tls: SECRET }) =>
    synthesize((chart) => {
      const { gateway } = new ServingGateway(chart, 'Edge', {
        gatewayClassName: 'eg',
        hosts: ['rag.example.com', '*.chat.example.com'],
        ...edge,
      });
      new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure: Exposure.gateway({ gateway, hosts, tls }) });
    });
  const RAG = ['rag.example.com'];

  it('must be there, where the Gateway knows all that it has', () => {
    const its = '(https-0, https-1, http-0, http-1)';
    expect(() => on(Tls.listener('nope'), RAG)).toThrow(
      `[OutOfRange] 'exposure.tls' must be a listener of the Gateway edge ${its}, got "nope" (at test/Rag)`,
    );
    expect(() => on(Tls.listener('https-0', { httpListener: 'nope' }), RAG)).toThrow(
      `[OutOfRange] 'exposure.tls.httpListener' must be a listener of the Gateway edge ${its}, got "nope"`,
    );
    expect(() => on(Tls.listener('https-0'), RAG, {})).toThrow('a listener of the Gateway edge (http-0, http-1)');
    expect(() => on(Tls.listener('https-0', { httpListener: 'http-0' }), RAG)).not.toThrow();
  });

  it('must take the hosts', () => {
    expect(() => on(Tls.listener('https-1'), RAG)).toThrow(
      "[OutOfRange] 'exposure.hosts' must be hosts of the listener https-1 of the Gateway edge (*.chat.example.com), " +
        'got "rag.example.com"; leave `tls` out for the listeners of each host',
    );
    expect(() => on(Tls.listener('https-1'), ['a.chat.example.com'])).not.toThrow();
  });

  it('may have any name where the Gateway knows only some', () => {
    expect(() => deploy({ gateway: SECURE, tls: Tls.listener('other', { httpListener: 'web' }) })).not.toThrow();
  });
});

describe('a Gateway of our own', () => {
  const beside = (edge: Partial<ServingGatewayProps>, options: Partial<GatewayExposureOptions>, elsewhere = false) => {
    const app = new App();
    const here = new Chart(app, 'here', { namespace: 'ml' });
    const there = elsewhere ? new Chart(app, 'there', { namespace: 'gateways' }) : here;
    const { gateway } = new ServingGateway(there, 'Edge', {
      gatewayClassName: 'eg',
      hosts: ['rag.example.com', '*.chat.example.com'],
      ...edge,
    });
    new BentoDeployment(here, 'Rag', {
      bento: BENTO,
      exposure: Exposure.gateway({ gateway, hosts: ['rag.example.com'], ...options }),
    });
  };

  it.each([
    [{}, 'it takes no routes of ml but those of gateways'],
    [{ routeNamespaces: RouteNamespaces.named(['web']) }, 'it takes no routes of ml'],
  ])('fails on routes of namespaces that it does not take: %#', (edge, text) => {
    expect(() => beside(edge, {}, true)).toThrow(
      `[ConflictingOptions] 'exposure.gateway' must not be given together with 'routeNamespaces' of 'edge'; ${text} (at here/Rag)`,
    );
  });

  it.each([RouteNamespaces.all(), RouteNamespaces.named(['ml'])])(
    'takes routes of others where it says so: %#',
    (routeNamespaces) => {
      expect(() => beside({ routeNamespaces }, {}, true)).not.toThrow();
    },
  );

  it('takes routes of its own namespace', () => {
    expect(() => beside({}, {})).not.toThrow();
    expect(() => beside({ tls: SECRET }, {})).not.toThrow();
  });

  it('takes the hosts that it has', () => {
    for (const hosts of [['a.chat.example.com'], ['*.chat.example.com'], ['*.a.chat.example.com']]) {
      expect(() => beside({}, { hosts })).not.toThrow();
    }
    for (const edge of [{}, { tls: SECRET }]) {
      expect(() => beside(edge, { hosts: ['rag.example.com', 'chat.example.com'] })).toThrow(
        "[OutOfRange] 'exposure.hosts' must be hosts of the Gateway edge (rag.example.com, *.chat.example.com), got " +
          '"chat.example.com"; state it there too (at here/Rag)',
      );
    }
  });

  it('takes certificates of doors where it has none', () => {
    expect(() => beside({}, { hosts: ['other.test'], tls: SECRET })).not.toThrow();
    expect(() => beside({ tls: SECRET }, { tls: SECRET })).toThrow(
      "[ConflictingOptions] 'exposure.tls' must not be given together with 'tls' of 'edge'; its listeners have a certificate: leave one out",
    );
  });

  it('finishes requests before its proxies go', () => {
    const drained = (minutes: number, streamed: number) => () => {
      const chart = new Chart(new App(), 'here', { namespace: 'ml' });
      const { gateway } = new ServingGateway(chart, 'Edge', {
        gatewayClassName: 'eg',
        hosts: ['rag.example.com'],
        implementation: GatewayImplementation.envoyGateway({ proxies: 2, drainTimeout: Duration.minutes(minutes) }),
      });
      const traffic = { streaming: { maxDuration: Duration.minutes(streamed) } };
      const exposure = Exposure.gateway({ gateway, hosts: ['rag.example.com'] });
      new BentoDeployment(chart, 'Rag', { bento: BENTO, exposure, apiServer: { traffic } });
    };
    expect(drained(10, 9)).not.toThrow();
    expect(drained(10, 10)).toThrow(
      "[TimeoutBelow] 'drainTimeout' of 'edge' must be at least 'requests through exposure' (610 s), got 600 s; " +
        'raise the former or lower the latter (at here/Rag)',
    );
  });
});
