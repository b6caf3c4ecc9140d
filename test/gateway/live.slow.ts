import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  credentials,
  Server as GrpcServer,
  Metadata,
  makeGenericClientConstructor,
  ServerCredentials,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { Duration } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Authentication,
  Bento,
  BentoDeployment,
  BentoService,
  CircuitBreaker,
  ClusterProfile,
  Exposure,
  Gateway,
  GatewayImplementation,
  HealthCheck,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Retries,
  SecretRef,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import type { EnvoyImplementationModel } from '../../lib/cluster/gateway-implementation';
import { gatewayRouteObjects } from '../../lib/engines/gateway-api';
import { clientTrafficPolicySpec } from '../../lib/engines/serving-gateway';
import { loopbackAddress } from '../bentoml/lab';
import { runnable } from '../bentoml/sandbox';
import { SMALL, single } from '../bentos';
import { doorContext } from '../engines/door-context';
import type { FakePod } from '../envoy/pods';
import { egctlBinary } from '../tools/egctl';
import { installEnvoy } from '../tools/envoy';
import { requireTool } from '../tools/require-tool';
import { synthesize } from '../tree';
import { type Answer, type AskOptions, type Endpoint, GatewayLab, openPods } from './lab';
import { clusterObjects, foreignGateway, secret, selfSigned, tlsSecret } from './translator';

const PLACE = { name: 'public', namespace: 'gateways' };
/** Routes hang on all its listeners. */
const OPEN = Gateway.envoyGateway({ ...PLACE, proxies: 1 });
/** Routes hang on that for https. */
const SECURE = Gateway.envoyGateway({ ...PLACE, proxies: 1, httpsListener: 'https', httpListener: 'http' });

const TOKENS = SecretRef.named('tokens');
const CLIENT_ID = { clientIdHeader: 'x-client-id' };
const ISSUER = 'https://auth.example.com';

const ejection = (failures: number, seconds: number) =>
  CircuitBreaker.consecutiveErrors({ failures, openFor: Duration.seconds(seconds) });

/** Deployments behind plain http, by name, with what their doors are to do. */
const TRAFFIC: { readonly [name: string]: TrafficPolicy } = {
  shared: { loadBalancing: LoadBalancing.roundRobin() },
  ejecting: { circuitBreaker: ejection(3, 4), retries: Retries.never(), loadBalancing: LoadBalancing.roundRobin() },
  asked: {
    healthCheck: HealthCheck.http({ interval: Duration.seconds(1), unhealthyThreshold: 1, healthyThreshold: 1 }),
    retries: Retries.never(),
  },
  slow: { timeout: Duration.seconds(1) },
  streaming: {
    timeout: Duration.seconds(1),
    streaming: { maxDuration: Duration.seconds(3), idleTimeout: Duration.seconds(1) },
  },
  retrying: { loadBalancing: LoadBalancing.roundRobin() },
  insisting: { retries: Retries.connectionFailures({ statuses: [503] }), loadBalancing: LoadBalancing.roundRobin() },
  sticky: { loadBalancing: LoadBalancing.hashByCookie('lab-session', { ttl: Duration.hours(1) }) },
  hashed: { loadBalancing: LoadBalancing.hashByHeader('x-session-id') },
  limited: { rateLimit: RateLimit.total(5, RateUnit.HOUR) },
  fair: { rateLimit: RateLimit.perClient(3, RateUnit.HOUR) },
  queued: { maxConcurrency: 2, queue: { maxPending: 3 } },
  socket: {},
};

const DOORS: { readonly [name: string]: Exposure } = {
  bearer: Exposure.gateway({
    gateway: SECURE,
    hosts: ['bearer.example.com'],
    authentication: Authentication.bearerTokens(TOKENS, CLIENT_ID),
  }),
  keys: Exposure.gateway({
    gateway: SECURE,
    hosts: ['keys.example.com'],
    authentication: Authentication.apiKeys(TOKENS, CLIENT_ID),
  }),
  jwt: Exposure.gateway({
    gateway: SECURE,
    hosts: ['jwt.example.com'],
    authentication: Authentication.jwt({
      issuer: ISSUER,
      jwksUrl: `${ISSUER}/keys`,
      audiences: ['lab'],
      ...CLIENT_ID,
    }),
  }),
  own: Exposure.gateway({ gateway: OPEN, hosts: ['own.test'], tls: Tls.secret(SecretRef.named('own-tls')) }),
  grpc: Exposure.gateway({
    gateway: OPEN,
    hosts: ['grpc.test'],
    tls: Tls.secret(SecretRef.named('grpc-tls')),
    grpcPort: 50_051,
    authentication: Authentication.apiKeys(TOKENS),
  }),
};

/** The same client goes to the same pod, by what the door knows of it. */
const BY_CLIENT: TrafficPolicy = { loadBalancing: LoadBalancing.hashByHeader('x-client-id') };

function definitions() {
  return synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ gateway: OPEN }));
    for (const [name, traffic] of Object.entries(TRAFFIC)) {
      const exposure = Exposure.gateway({ hosts: [`${name}.example.com`] });
      new BentoDeployment(chart, name, { bento: single(), exposure, apiServer: { traffic } });
    }
    const grpc = Bento.fromImage('registry.example.com/grpc:v1', {
      services: [BentoService.named('Speaker', { size: SMALL, extraPorts: [50_051] })],
    });
    for (const [name, exposure] of Object.entries(DOORS)) {
      const traffic = name === 'keys' ? BY_CLIENT : name === 'grpc' ? { healthCheck: HealthCheck.http() } : {};
      new BentoDeployment(chart, name, {
        bento: name === 'grpc' ? grpc : single(),
        exposure,
        apiServer: { traffic },
      });
    }
  }).all;
}

/** What a Gateway of our own says of its clients. */
function clients() {
  const { clients: model } = GatewayImplementation.envoyGateway()._model as EnvoyImplementationModel;
  return {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'ClientTrafficPolicy',
    metadata: PLACE,
    spec: clientTrafficPolicySpec(PLACE.name, model),
  };
}

/** A route that shares requests out among two Services, as a release has it. */
function split() {
  const backends = [
    { service: 'split-old', port: 80, weight: 9 },
    { service: 'split-new', port: 80, weight: 1 },
    { service: 'split-off', port: 80, weight: 0 },
  ];
  const door = { kind: 'gateway', hosts: ['split.example.com'], redirect: false } as const;
  const made = gatewayRouteObjects(door, OPEN._model, doorContext({ name: 'split', backends }));
  return [
    ...made.map(({ apiVersion, kind, name, content }) => ({
      apiVersion,
      kind,
      metadata: { name, namespace: 'ml' },
      ...content,
    })),
    ...backends.map(({ service, port }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service, namespace: 'ml' },
      spec: { ports: [{ name: 'http', port, protocol: 'TCP' }] },
    })),
  ];
}

const answering =
  (code: number) =>
  (sent: IncomingMessage, response: ServerResponse): void => {
    sent.resume();
    response.writeHead(code).end();
  };

/** Answers with what it was asked. */
const mirror = (sent: IncomingMessage, response: ServerResponse): void => {
  sent.resume();
  response.end(JSON.stringify(sent.headers));
};

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims: object, key = keys.privateKey): string {
  const content = `${base64({ alg: 'RS256', kid: 'lab', typ: 'JWT' })}.${base64(claims)}`;
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}

const CLAIMS = { iss: ISSUER, aud: 'lab', sub: 'alice', exp: Math.floor(Date.now() / 1000) + 3600 };

const skipped = !(
  runnable('live traffic through Envoy Gateway') && requireTool('go', 'live traffic through Envoy Gateway')
);

describe.skipIf(skipped)('the configuration of Envoy Gateway in the real Envoy', () => {
  const edge = selfSigned(['*.example.com']);
  const own = selfSigned(['own.test']);
  const speaking = selfSigned(['grpc.test']);
  const issuer = selfSigned(['auth.example.com']);
  const pods: { [name: string]: FakePod[] } = {};
  let lab: GatewayLab;
  let jwks: Server;
  let socketPod: Server;
  let speaker: GrpcServer;

  beforeAll(async () => {
    const names = [...Object.keys(TRAFFIC), ...Object.keys(DOORS), 'split-old', 'split-new', 'split-off'];
    for (const name of names) pods[name] = await openPods(name === 'queued' ? 1 : 3, loopbackAddress);
    behave('asked', (sent, response) => answering(sent.url === '/readyz' ? 503 : 200)(sent, response), 0, 1);
    const jwk = keys.publicKey.export({ format: 'jwk' });
    jwks = createHttps({ cert: issuer.certificate, key: issuer.key }, (_, response) => {
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'lab', alg: 'RS256', use: 'sig' }] }));
    });
    await once(jwks.listen(0, '127.0.0.1'), 'listening');
    socketPod = upgrading();
    const [socketAddress, speakerAddress] = [loopbackAddress(), loopbackAddress()];
    await once(socketPod.listen(3000, socketAddress), 'listening');
    speaker = await echoing(speakerAddress, 50_051);
    const [well] = await openPods(1, () => speakerAddress);
    pods.well = [well!];
    const endpoints: { [service: string]: readonly Endpoint[] } = Object.fromEntries(
      Object.entries(pods).map(([name, those]) => [`ml/${name}`, those]),
    );
    lab = await GatewayLab.start({
      egctl: await egctlBinary(),
      envoy: await installEnvoy(),
      gateway: 'gateways/public',
      objects: [
        ...clusterObjects(['ml', 'gateways']),
        foreignGateway(PLACE.name, PLACE.namespace, 'edge-tls'),
        clients(),
        ...definitions(),
        ...split(),
        secret('tokens', { alice: 'first-token', bob: 'second-token' }),
        tlsSecret('edge-tls', edge, 'gateways'),
        tlsSecret('own-tls', own),
        tlsSecret('grpc-tls', speaking),
      ] as never,
      certificates: { 'gateways/edge-tls': edge, 'ml/own-tls': own, 'ml/grpc-tls': speaking },
      outside: {
        'auth.example.com': { port: (jwks.address() as AddressInfo).port, authority: issuer.certificate },
      },
      pods: {
        ...endpoints,
        'ml/socket': [{ address: socketAddress, port: 3000 }],
        'ml/grpc': [{ address: speakerAddress, port: 50_051, healthPort: 3000 }],
      },
    });
  });

  const many = (count: number, host: string, options: AskOptions = {}): Promise<Answer[]> =>
    Promise.all(Array.from({ length: count }, () => lab.ask(host, options)));
  const inTurn = async (count: number, host: string, options: AskOptions = {}): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let index = 0; index < count; index++) answers.push(await lab.ask(host, options));
    return answers;
  };
  const statuses = (answers: readonly Answer[]): { [code: number]: number } => {
    const counts: { [code: number]: number } = {};
    for (const { status: code } of answers) counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  };
  /** Takes what pods have received since the last time. */
  const received = (name: string): number[] =>
    pods[name]!.map((pod) => {
      const count = pod.received;
      pod.received = 0;
      return count;
    });
  const behave = (name: string, behavior: FakePod['behavior'], ...indexes: number[]): void => {
    for (const [index, pod] of pods[name]!.entries()) {
      if (indexes.length === 0 || indexes.includes(index)) pod.behavior = behavior;
    }
  };
  const secure = (headers: Record<string, string> = {}): AskOptions => ({
    tls: true,
    authority: edge.certificate,
    headers,
  });

  describe('balancing', () => {
    it('shares requests, not connections, out among pods', async () => {
      expect(statuses(await inTurn(90, 'shared.example.com'))).toEqual({ 200: 90 });
      expect(received('shared')).toEqual([30, 30, 30]);
    });

    it('follows the weights of Services, and 0 is nothing', async () => {
      for (let round = 0; round < 40; round++)
        expect(statuses(await many(25, 'split.example.com'))).toEqual({ 200: 25 });
      const [old, fresh, off] = ['split-old', 'split-new', 'split-off'].map((name) =>
        received(name).reduce((sum, count) => sum + count),
      );
      console.log(`weights of 9, 1 and 0: ${old}, ${fresh} and ${off} of 1000 requests`);
      expect(old! + fresh!).toBe(1000);
      expect(off).toBe(0);
      // Five standard deviations.
      expect(Math.abs(fresh! - 100)).toBeLessThan(48);
    });

    it('leads one value of a header to one pod', async () => {
      for (const session of ['a', 'b', 'c', 'd']) {
        await inTurn(10, 'hashed.example.com', { headers: { 'x-session-id': session } });
        expect(received('hashed').sort()).toEqual([0, 0, 10]);
      }
    });

    it('hands out a cookie for all paths, and leads it to one pod', async () => {
      const [first] = await inTurn(1, 'sticky.example.com');
      const cookie = first!.headers['set-cookie']![0]!;
      expect(cookie).toMatch(/^lab-session="[0-9a-f]+"; Max-Age=3600; /);
      expect(cookie).toContain('Path=/');
      expect(cookie).toContain('HttpOnly');
      const { 'x-pod': pod } = first!.headers;
      const again = await inTurn(10, 'sticky.example.com', { headers: { cookie: cookie.split(';')[0]! } });
      expect(again.map(({ headers }) => headers['x-pod'])).toEqual(Array(10).fill(pod));
      expect(again.every(({ headers }) => headers['set-cookie'] === undefined)).toBe(true);
    });
  });

  describe('a circuit breaker', () => {
    it('takes a pod out after its failures, and back in after its time', async () => {
      behave('ejecting', answering(503), 0);
      const sick = statuses(await inTurn(30, 'ejecting.example.com'));
      // Each third request met it, until its third failure.
      expect(sick).toEqual({ 200: 27, 503: 3 });
      received('ejecting');
      expect(statuses(await inTurn(30, 'ejecting.example.com'))).toEqual({ 200: 30 });
      expect(received('ejecting')[0]).toBe(0);
      behave('ejecting', undefined, 0);
      await sleep(6_500);
      expect(statuses(await inTurn(30, 'ejecting.example.com'))).toEqual({ 200: 30 });
      expect(received('ejecting')).toEqual([10, 10, 10]);
    });

    it('does not count answers that say that the input is bad', async () => {
      behave('ejecting', answering(500), 1);
      expect(statuses(await inTurn(30, 'ejecting.example.com'))).toEqual({ 200: 20, 500: 10 });
      expect(received('ejecting')).toEqual([10, 10, 10]);
      behave('ejecting', undefined, 1);
    });

    it('takes every pod out that fails, for there is no panic', async () => {
      behave('ejecting', answering(502));
      await inTurn(12, 'ejecting.example.com');
      // Envoy gathers the news of a second before it acts on them.
      await sleep(1_200);
      received('ejecting');
      expect(statuses(await inTurn(5, 'ejecting.example.com'))).toEqual({ 503: 5 });
      expect(received('ejecting')).toEqual([0, 0, 0]);
      behave('ejecting', undefined);
    });
  });

  it('asks pods whether they are well before it sends them anything', async () => {
    const answers = await inTurn(20, 'asked.example.com');
    expect(new Set(answers.map(({ headers }) => headers['x-pod']))).toEqual(new Set([pods.asked![2]!.address]));
  });

  describe('limits', () => {
    it('answers 429 to what is beyond a rate', async () => {
      expect(statuses(await inTurn(8, 'limited.example.com'))).toEqual({ 200: 5, 429: 3 });
    });

    it('counts the requests of each client', async () => {
      for (const source of ['127.0.0.2', '127.0.0.3']) {
        expect(statuses(await inTurn(4, 'fair.example.com', { source }))).toEqual({ 200: 3, 429: 1 });
      }
    });

    it('lets as many requests wait as the queue holds, and a pod have no more than it takes', async () => {
      const waiting = { headers: { 'x-wait-ms': '1500' } };
      // Where requests come before connections are there, those wait too that have room.
      const atWork = many(2, 'queued.example.com', waiting);
      await sleep(500);
      expect(statuses(await many(7, 'queued.example.com', waiting))).toEqual({ 200: 3, 503: 4 });
      expect(statuses(await atWork)).toEqual({ 200: 2 });
      expect(pods.queued![0]!.busiest).toBe(2);
    });
  });

  describe('time', () => {
    it('ends a request that takes longer than it may, and sends it once', async () => {
      const { status: code, seconds } = await lab.ask('slow.example.com', { headers: { 'x-wait-ms': '12000' } });
      expect(code).toBe(504);
      // The deployment's second, and the margin of 5 s for the hop.
      expect(seconds).toBeGreaterThan(5.9);
      expect(received('slow').sort()).toEqual([0, 0, 1]);
    });

    it('lets a stream go on for as long as it may, and no longer', async () => {
      behave('streaming', (sent, response) => {
        sent.resume();
        let count = Number(sent.headers['x-pieces']);
        const timer = setInterval(() => {
          response.write('.');
          count -= 1;
          if (count > 0) return;
          clearInterval(timer);
          response.end();
        }, 250);
        response.on('close', () => clearInterval(timer));
      });
      const stream = (pieces: string) => lab.ask('streaming.example.com', { headers: { 'x-pieces': pieces } });
      const [whole, cut] = await Promise.all([stream('16'), stream('60')]);
      expect(whole).toMatchObject({ status: 200, body: '.'.repeat(16) });
      expect(cut.body).not.toContain('.'.repeat(60));
      // Three seconds and the margin of 5 s.
      expect(cut.seconds).toBeGreaterThan(7.5);
    });
  });

  describe('retries', () => {
    it('send what did not reach a pod to another one', async () => {
      const [dead] = pods.retrying!;
      await dead!.crash();
      expect(statuses(await inTurn(30, 'retrying.example.com'))).toEqual({ 200: 30 });
      const body = Buffer.alloc(300_000, 'x');
      expect(statuses(await inTurn(12, 'retrying.example.com', { body }))).toEqual({ 200: 12 });
      // More than is held of it.
      const larger = Buffer.alloc(3_000_000, 'x');
      const failed = (await inTurn(12, 'retrying.example.com', { body: larger })).filter(
        ({ status: code }) => code !== 200,
      );
      expect(failed).toHaveLength(4);
      for (const { status: code } of failed) expect([503, 507]).toContain(code);
      received('retrying');
    });

    it.each([429, 500, 503, 504])('leave %d as it is', async (code) => {
      behave('retrying', answering(code));
      expect(statuses(await inTurn(6, 'retrying.example.com'))).toEqual({ [code]: 6 });
      expect(received('retrying').reduce((sum, count) => sum + count)).toBe(6);
      behave('retrying', undefined);
    });

    it('send statuses again that are named, and no other', async () => {
      behave('insisting', answering(503), 0);
      expect(statuses(await inTurn(12, 'insisting.example.com'))).toEqual({ 200: 12 });
      behave('insisting', answering(429), 0);
      expect(statuses(await inTurn(12, 'insisting.example.com'))).toEqual({ 200: 8, 429: 4 });
      behave('insisting', undefined, 0);
    });
  });

  describe('authentication', () => {
    const seen = (answer: Answer): { [header: string]: string } => {
      expect(answer.status).toBe(200);
      return JSON.parse(answer.body);
    };

    it('takes bearer tokens, says whose they are, and keeps them', async () => {
      behave('bearer', mirror);
      const headers = seen(await lab.ask('bearer.example.com', secure({ authorization: 'Bearer second-token' })));
      expect(headers['x-client-id']).toBe('bob');
      expect(headers).not.toHaveProperty('authorization');
    });

    it.each([{}, { authorization: 'Bearer third-token' }, { authorization: 'Bearer' }, { 'x-api-key': 'first-token' }])(
      'refuses what has no token that it knows: %j',
      async (headers) => {
        received('bearer');
        expect((await lab.ask('bearer.example.com', secure(headers as never))).status).toBe(401);
        expect(received('bearer')).toEqual([0, 0, 0]);
      },
    );

    it('takes API keys, and lets nobody say who they are', async () => {
      behave('keys', mirror);
      const spoofed = { 'x-api-key': 'first-token', 'x-client-id': 'root' };
      const headers = seen(await lab.ask('keys.example.com', secure(spoofed)));
      expect(headers['x-client-id']).toBe('alice');
      expect(headers).not.toHaveProperty('x-api-key');
      expect((await lab.ask('keys.example.com', secure({ 'x-api-key': 'x' }))).status).toBe(401);
      expect((await lab.ask('keys.example.com', secure({ 'x-client-id': 'alice' }))).status).toBe(401);
    });

    it('leads each client to a pod of its own', async () => {
      for (const key of ['first-token', 'second-token']) {
        received('keys');
        await inTurn(10, 'keys.example.com', secure({ 'x-api-key': key }));
        expect(received('keys').sort()).toEqual([0, 0, 10]);
      }
    });

    it('takes JSON Web Tokens of the issuer, says whose they are, and keeps them', async () => {
      behave('jwt', mirror);
      const sent = { authorization: `Bearer ${token(CLAIMS)}`, 'x-client-id': 'root' };
      const headers = seen(await lab.ask('jwt.example.com', secure(sent)));
      expect(headers['x-client-id']).toBe('alice');
      expect(headers).not.toHaveProperty('authorization');
    });

    it.each([
      ['none', undefined],
      ['one that is over', { ...CLAIMS, exp: 1_000_000_000 }],
      ['one of another issuer', { ...CLAIMS, iss: 'https://evil.example.com' }],
      ['one for someone else', { ...CLAIMS, aud: 'other' }],
    ])('refuses %s', async (_, claims) => {
      const headers = claims === undefined ? {} : { authorization: `Bearer ${token(claims)}` };
      expect([401, 403]).toContain((await lab.ask('jwt.example.com', secure(headers as never))).status);
    });

    it('refuses a token that someone else has signed', async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const forged = { authorization: `Bearer ${token(CLAIMS, privateKey)}` };
      expect((await lab.ask('jwt.example.com', secure(forged))).status).toBe(401);
    });

    it('does not refuse in the clear what it redirects', async () => {
      const { status: code, headers } = await lab.ask('bearer.example.com', { path: '/predict?top=1' });
      expect([code, headers.location]).toEqual([301, 'https://bearer.example.com/predict?top=1']);
    });
  });

  describe('TLS', () => {
    it("ends with the door's own certificate, and redirects plain http", async () => {
      expect((await lab.ask('own.test', { tls: true, authority: own.certificate })).status).toBe(200);
      expect((await lab.ask('own.test', { tls: true, authority: edge.certificate })).status).toBe(0);
      const { status: code, headers } = await lab.ask('own.test');
      expect([code, headers.location]).toEqual([301, 'https://own.test/predict']);
    });

    it('serves no host that nobody has stated', async () => {
      expect((await lab.ask('other.example.com')).status).toBe(404);
      expect((await lab.ask('other.example.com', secure())).status).toBe(404);
    });
  });

  it('passes WebSockets on', async () => {
    const sent = request({
      host: '127.0.0.1',
      port: lab.port(80),
      path: '/ws',
      agent: false,
      headers: {
        host: 'socket.example.com',
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
      },
    });
    sent.end();
    const [response, socket] = await once(sent, 'upgrade');
    expect(response.statusCode).toBe(101);
    // The example of RFC 6455, section 1.3.
    expect(response.headers['sec-websocket-accept']).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    socket.write('to and fro');
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toBe('to and fro');
    socket.destroy();
  });

  describe('gRPC', () => {
    const say = (key?: string) => {
      const Client = makeGenericClientConstructor(ECHO, 'Echo');
      const client = new Client(
        `127.0.0.1:${lab.port(443)}`,
        credentials.createSsl(Buffer.from(speaking.certificate)),
        { 'grpc.ssl_target_name_override': 'grpc.test', 'grpc.default_authority': 'grpc.test' },
      );
      const metadata = new Metadata();
      if (key !== undefined) metadata.set('x-api-key', key);
      return new Promise<string | number>((done) => {
        client.say!(
          Buffer.from('hello'),
          metadata,
          { deadline: Date.now() + 5_000 },
          (error: ServiceError | null, value: Buffer) => {
            done(error === null ? value.toString() : error.code);
            client.close();
          },
        );
      });
    };

    it('reaches the further port of the pods, with a key', async () => {
      expect(await say('first-token')).toBe('hello');
    });

    it('is refused without', async () => {
      expect(await say()).toBe(status.UNAUTHENTICATED);
    });
  });

  afterAll(async () => {
    await lab?.stop();
    speaker?.forceShutdown();
    for (const server of [jwks, socketPod]) server?.close();
    await Promise.all(
      Object.values(pods)
        .flat()
        .map((pod) => pod.crash()),
    );
  });
});

async function echoing(address: string, port: number): Promise<GrpcServer> {
  const server = new GrpcServer();
  server.addService(ECHO, {
    say: (call: { request: Buffer }, reply: (error: null, value: Buffer) => void) => reply(null, call.request),
  });
  await new Promise<void>((done, fail) => {
    server.bindAsync(`${address}:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? fail(error) : done(),
    );
  });
  return server;
}

const bytes = (value: Buffer) => value;
const ECHO = {
  say: {
    path: '/lab.Echo/Say',
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  },
};

/** A server that changes to another protocol, in which it says everything back. */
function upgrading(): Server {
  return createServer().on('upgrade', (sent, socket) => {
    const key = createHash('sha1')
      .update(`${sent.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
    );
    socket.pipe(socket);
  });
}
