import { Size } from 'cdk8s';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  LoadBalancing,
  ResponseCache,
} from '../../lib';
import type { NginxModel } from '../../lib/engines/nginx';
import { BreakerStatuses } from '../../lib/traffic/circuit-breaker';
import { CacheSharing } from '../../lib/traffic/response-cache';
import type { UpstreamModel } from '../../lib/traffic/upstream';
import { single } from '../bentos';
import { requireTool } from '../tools/require-tool';
import { synthesize } from '../tree';
import { NGINX_TOOLS } from './build';
import { NameServer } from './dns';
import { Nginx, type NginxFiles, until } from './lab';
import { nginxModel } from './models';
import { Connection, Pods } from './pods';

const tools = NGINX_TOOLS.every((tool) => requireTool(tool, 'nginx'));

const [A, B, C, D] = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];
const sleep = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

let pods: Pods;
let names: NameServer;
let nginx: Nginx;

/** nginx before pods, as a cluster has them. */
async function start(model: NginxModel, addresses: readonly string[] = [A, B, C]): Promise<void> {
  pods = await Pods.start(addresses);
  names = await NameServer.start(addresses, pods.port);
  nginx = await Nginx.start({ ...model, upstream: { ...model.upstream, port: pods.port } }, names.port);
  await until(() => names.asked > 0);
  await sleep(0.1);
}

afterEach(async () => {
  await nginx?.stop();
  await pods?.stop();
  await names?.stop();
});

const gets = (count: number, headers: Record<string, string> = {}) =>
  Promise.all(Array.from({ length: count }, () => nginx.ask('/info', { headers })));

describe.skipIf(!tools)('the configuration', () => {
  it.each<[string, NginxModel]>([
    ['as it comes', nginxModel()],
    ['of least requests', nginxModel({ loadBalancing: { kind: 'least-request' } })],
    ['of a header', nginxModel({ loadBalancing: { kind: 'hash', by: { kind: 'header', name: 'X-Session-Id' } } })],
    ['of a cookie', nginxModel({ loadBalancing: { kind: 'hash', by: { kind: 'cookie', name: 'session' } } })],
    ['of the source', nginxModel({ loadBalancing: { kind: 'hash', by: { kind: 'source' } } })],
    ['without retries', nginxModel({ retries: { attempts: 0, statuses: [] } })],
    [
      'with fractions',
      nginxModel({ timeouts: { connect: 0.5, request: 61.5, streamIdle: 61.5, connectionIdle: 0.5 } }),
    ],
    ['with the smallest cache', nginxModel({}, { maxSize: Size.mebibytes(1), maxBodySize: Size.kibibytes(1) })],
    ['with the largest cache', nginxModel({}, { maxSize: Size.gibibytes(4), maxBodySize: Size.kibibytes(48) })],
    [
      'with odd paths',
      nginxModel({}, { paths: ['/', '/a-b._~@+=!*()/v1', '/predict/'], identityHeaders: ['X-Tenant'] }),
    ],
  ])('is taken %s', async (_, model) => {
    expect(await Nginx.verdict(model)).toBe('');
  });
});

describe.skipIf(!tools)('balancing', () => {
  it('goes round', async () => {
    await start(nginxModel());
    await gets(30);
    expect(pods.shares()).toEqual({ [A]: 10, [B]: 10, [C]: 10 });
  });

  it('spares the pod that is busy', async () => {
    await start(nginxModel({ loadBalancing: { kind: 'least-request' } }));
    pods.answer = async ({ pod }, response) => {
      if (pod === A) await sleep(3);
      response.end();
    };
    const slow = gets(3);
    await until(() => pods.asked.length === 3);
    for (let i = 0; i < 10; i += 1) await nginx.ask('/info');
    expect(pods.shares()).toEqual({ [A]: 1, [B]: 6, [C]: 6 });
    await slow;
  });

  it.each<[string, UpstreamModel['loadBalancing'], (who: string) => Record<string, string>]>([
    ['header', { kind: 'hash', by: { kind: 'header', name: 'X-Session-Id' } }, (who) => ({ 'x-session-id': who })],
    ['cookie', { kind: 'hash', by: { kind: 'cookie', name: 'session' } }, (who) => ({ cookie: `a=b; session=${who}` })],
    ['client', { kind: 'hash', by: { kind: 'source' } }, (who) => ({ 'x-forwarded-for': `192.0.2.${who}` })],
  ])('gives the same pod to the same %s', async (_, loadBalancing, headers) => {
    await start(nginxModel({ loadBalancing }));
    const homes = new Map<string, string>();
    for (let who = 0; who < 20; who += 1) {
      pods.asked.length = 0;
      await gets(3, headers(String(who)));
      expect(Object.keys(pods.shares())).toHaveLength(1);
      homes.set(String(who), pods.asked[0]!.pod);
    }
    expect(new Set(homes.values()).size).toBe(3);
    if (loadBalancing.kind !== 'hash' || loadBalancing.by.kind === 'source') return;
    pods.asked.length = 0;
    await gets(9);
    expect(pods.shares()).toEqual({ [A]: 3, [B]: 3, [C]: 3 });
  });

  it('gives the same pod in every replica, and moves few when a pod comes', async () => {
    const model = nginxModel({ loadBalancing: { kind: 'hash', by: { kind: 'header', name: 'X-Session-Id' } } });
    await start(model);
    names.addresses = [C, A, B];
    const other = await Nginx.start({ ...model, upstream: { ...model.upstream, port: pods.port } }, names.port);
    const homes = async (replica: Nginx): Promise<string[]> => {
      const asked = Array.from({ length: 60 }, (_, who) => replica.ask('/', { headers: { 'x-session-id': `${who}` } }));
      return (await Promise.all(asked)).map(({ body }) => body.toString().split(' ')[0]!);
    };
    try {
      await until(async () => (await other.ask('/')).status === 200);
      const before = await homes(nginx);
      expect(await homes(other)).toEqual(before);
      await pods.add(D);
      names.addresses = [D, C, B, A];
      await until(async () => (await homes(nginx)).includes(D));
      const after = await homes(nginx);
      const moved = after.filter((home, index) => home !== before[index]);
      // Some move among the others, too: CoreDNS gives each pod 100/n of the ring, in whole numbers.
      expect(moved.filter((home) => home === D).length).toBeGreaterThan(0);
      expect(moved.length).toBeLessThan(36);
    } finally {
      await other.stop();
    }
  });

  it('hears of pods that come and go, and keeps what it knows while the name server fails', async () => {
    await start(nginxModel(), [A, B]);
    await pods.add(C);
    await pods.add(D);
    names.addresses = [B, C, D];
    await until(async () => {
      pods.asked.length = 0;
      await gets(6);
      return Object.keys(pods.shares()).join() === [B, C, D].join();
    });
    names.failing = true;
    const before = names.asked;
    await until(() => names.asked > before + 1);
    expect((await gets(6)).map(({ status }) => status)).toEqual(Array(6).fill(200));
  });

  it('loses no request while pods come and go', async () => {
    await start(nginxModel(), [A, B]);
    pods.answer = async (_, response) => {
      await sleep(0.05);
      response.end();
    };
    let going = true;
    const statuses: number[] = [];
    const clients = Array.from({ length: 6 }, async (_, client) => {
      while (going) {
        const path = client % 2 === 0 ? '/predict' : '/info';
        statuses.push((await nginx.ask(path, { body: `${statuses.length}` })).status);
      }
    });
    await pods.add(C);
    names.addresses = [B, C];
    // As the API server's pods: they end once names that nginx has been told are forgotten.
    await sleep(6.5);
    const last = pods.asked.filter(({ pod }) => pod === A).length;
    await sleep(0.5);
    expect(pods.asked.filter(({ pod }) => pod === A).length).toBe(last);
    await pods.kill(A);
    await sleep(1);
    going = false;
    await Promise.all(clients);
    expect(statuses.length).toBeGreaterThan(100);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(pods.shares()[C]).toBeGreaterThan(20);
  });

  it('keeps connections to pods, and closes idle ones before the pods do', async () => {
    const timeouts = { connect: 2, request: 66, streamIdle: 66, connectionIdle: 1 };
    await start(nginxModel({ timeouts }), [A, B]);
    for (let i = 0; i < 20; i += 1) await nginx.ask(i % 2 === 0 ? '/info' : '/predict', { body: `${i}` });
    expect(pods.connections.made).toBeLessThanOrEqual(4);
    await until(() => pods.connections.open === 0, 5);
  });

  it('keeps connections of the door for longer than it is told that the door does', async () => {
    await start(nginxModel({}, {}, { clientIdleSeconds: 2 }));
    const connection = await Connection.to(nginx.port);
    await connection.get('/info');
    await sleep(1);
    await connection.get('/predict');
    expect(connection.closed).toBe(false);
    await until(() => connection.closed, 5);
  });

  it('answers 502 while there is no pod, and goes on with the first', async () => {
    await start(nginxModel(), []);
    expect((await nginx.ask('/info')).status).toBe(502);
    await pods.add(A);
    names.addresses = [A];
    const { upstream } = nginxModel();
    await nginx.stop();
    nginx = await Nginx.start(nginxModel({ ...upstream, port: pods.port }), names.port);
    await until(async () => (await nginx.ask('/info')).status === 200);
    names.addresses = [];
    await until(async () => (await nginx.ask('/info')).status === 502);
    names.addresses = [A];
    await until(async () => (await nginx.ask('/info')).status === 200);
  });
});

describe.skipIf(!tools)('failures', () => {
  const circuitBreaker = {
    ejection: { failures: 3, openSeconds: 3, statuses: BreakerStatuses.GATEWAY_ERRORS, maxEjectedPercent: 100 },
  };

  it('opens for a pod whose connections break, and closes again', async () => {
    await start(nginxModel({ circuitBreaker, retries: { attempts: 0, statuses: [] } }), [A, B]);
    let broken = true;
    pods.answer = ({ pod }, response, socket) => {
      if (pod === A && broken) socket.destroy();
      else response.end();
    };
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) statuses.push((await nginx.ask('/info', { body: '{}' })).status);
    expect(statuses.filter((status) => status === 502)).toHaveLength(3);
    expect(pods.shares()[A]).toBe(3);
    broken = false;
    await sleep(4.5);
    pods.asked.length = 0;
    for (let i = 0; i < 10; i += 1) expect((await nginx.ask('/info', { body: '{}' })).status).toBe(200);
    expect(pods.shares()[A]).toBeGreaterThanOrEqual(4);
  });

  it('stays closed for a pod that is alone', async () => {
    await start(nginxModel({ circuitBreaker }), [A]);
    pods.answer = (_, __, socket) => void socket.destroy();
    for (let i = 0; i < 6; i += 1) expect((await nginx.ask('/info', { body: '{}' })).status).toBe(502);
    expect(pods.asked).toHaveLength(6);
  });

  it('answers 502 at once while it is open for all', async () => {
    await start(nginxModel({ circuitBreaker, retries: { attempts: 0, statuses: [] } }), [A, B]);
    pods.answer = (_, __, socket) => void socket.destroy();
    for (let i = 0; i < 10; i += 1) expect((await nginx.ask('/info', { body: '{}' })).status).toBe(502);
    expect(pods.asked).toHaveLength(6);
  });

  it('passes every status on, 429 first, and takes no pod out for it', async () => {
    await start(nginxModel({ circuitBreaker }), [A, B]);
    for (const status of [429, 500, 502, 503, 504]) {
      pods.answer = (_, response) => void response.writeHead(status).end('busy');
      for (let i = 0; i < 8; i += 1) expect((await nginx.ask('/predict', { body: '{}' })).status).toBe(status);
    }
    expect(pods.shares()).toEqual({ [A]: 20, [B]: 20 });
  });

  it('tries another pod where one takes no connection', async () => {
    await start(nginxModel(), [A, B]);
    await pods.kill(A);
    for (const path of ['/predict', '/info']) {
      for (let i = 0; i < 6; i += 1) {
        expect((await nginx.ask(path, { body: `${path} ${i}` })).status).toBe(200);
      }
    }
    expect(pods.asked).toHaveLength(12);
  });

  it.each(['/predict', '/info'])('sends a POST of %s once, whatever becomes of it', async (path) => {
    await start(nginxModel());
    pods.answer = (_, __, socket) => void socket.destroy();
    expect((await nginx.ask(path, { body: '{}' })).status).toBe(502);
    expect(pods.asked).toHaveLength(1);
  });

  it.each([0.5, 1.5])('asks again for nothing that answers late, with %d s for a connection', async (connect) => {
    const timeouts = { connect, request: 2, streamIdle: 2, connectionIdle: 60 };
    await start(nginxModel({ timeouts }));
    pods.answer = () => undefined;
    expect((await nginx.ask('/info')).status).toBe(504);
    expect((await nginx.ask('/predict', { body: '{}' })).status).toBe(504);
    expect(pods.asked).toHaveLength(2);
  });
});

describe.skipIf(!tools)('what passes through', () => {
  it('keeps what the door said of the client', async () => {
    await start(nginxModel());
    const headers = { host: 'rag.example.com:8443', 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' };
    for (const path of ['/predict', '/info']) await nginx.ask(path, { headers });
    for (const { headers } of pods.asked) {
      expect(headers).toMatchObject({
        host: 'rag.example.com:8443',
        'x-forwarded-for': '192.0.2.7, 127.0.0.1',
        'x-forwarded-proto': 'https',
        'x-real-ip': '127.0.0.1',
      });
    }
  });

  it('hands on pieces as they come, both ways', async () => {
    await start(nginxModel());
    pods.answer = async (_, response) => {
      for (const piece of ['one', 'two', 'three']) {
        response.write(piece);
        await sleep(0.7);
      }
      response.end();
    };
    const began = Date.now();
    const times: number[] = [];
    await nginx.ask('/stream', { onPiece: () => times.push(Date.now() - began) });
    expect(times).toHaveLength(3);
    expect(times[0]).toBeLessThan(500);
    expect(times[2]! - times[0]!).toBeGreaterThan(1000);
  });

  it('hands on large bodies without keeping them, up to the bound', async () => {
    await start(nginxModel({}, { maxRequestSize: Size.mebibytes(8) }));
    pods.answer = ({ body }, response) => void response.end(String(body.length));
    for (const chunked of [false, true]) {
      const body = Buffer.alloc(6 * 2 ** 20, 'x');
      expect((await nginx.ask('/upload', { body, chunked })).body.toString()).toBe(String(body.length));
    }
    const status = nginx.ask('/upload', { body: Buffer.alloc(9 * 2 ** 20) }).then(
      (answered) => answered.status,
      () => 413,
    );
    expect(await status).toBe(413);
  });

  it('lets a connection turn into a WebSocket', async () => {
    await start(nginxModel());
    pods.answer = ({ headers }, response) => void response.end(`${headers.upgrade} ${headers.connection}`);
    const headers = { connection: 'upgrade', upgrade: 'websocket' };
    expect((await nginx.ask('/ws', { headers })).body.toString()).toBe('websocket upgrade');
  });

  it('answers what it has begun when it is stopped, and takes nothing new', async () => {
    await start(nginxModel());
    pods.answer = async (_, response) => {
      await sleep(2);
      response.end('late');
    };
    const begun = [nginx.ask('/info'), nginx.ask('/predict', { body: '{}' })];
    await until(() => pods.asked.length === 2);
    const ended = nginx.quit();
    await sleep(0.3);
    await expect(nginx.ask('/info')).rejects.toThrow('ECONNREFUSED');
    expect((await Promise.all(begun)).map(({ body }) => body.toString())).toEqual(['late', 'late']);
    expect(await ended).toBe(0);
  });

  it('ends by its bound where requests do not', async () => {
    await start(nginxModel({}, {}, { drainSeconds: 1 }));
    pods.answer = () => undefined;
    const begun = nginx.ask('/info').catch((error: Error) => error.message);
    await until(() => pods.asked.length === 1);
    const began = Date.now();
    expect(await nginx.quit()).toBe(0);
    expect(Date.now() - began).toBeLessThan(5000);
    await begun;
  });
});

describe.skipIf(!tools)('the sharing of answers', () => {
  it('is among all clients where the user says so, but for the headers that are named', async () => {
    await start(nginxModel({}, { sharing: CacheSharing.ALL_CLIENTS, identityHeaders: ['X-Tenant'] }));
    const of = async (headers: Record<string, string>) => (await nginx.ask('/predict', { body: '{}', headers })).cache;
    expect(await of({ authorization: 'Bearer a', 'x-tenant': '1' })).toBe('MISS');
    expect(await of({ authorization: 'Bearer b', 'x-tenant': '1' })).toBe('HIT');
    expect(await of({ authorization: 'Bearer a', 'x-tenant': '2' })).toBe('MISS');
  });
});

/** What a deployment emits for its cache. */
function emitted(props: Partial<BentoDeploymentProps>): NginxFiles {
  const objects = synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), cache: ResponseCache.of({ paths: ['/predict'] }), ...props });
  });
  const { data } = objects.get('ConfigMap', 'rag-cache-nginx');
  return { config: data['nginx.conf'], resolverTemplate: data['resolver.conf.template'], port: pods.port };
}

describe.skipIf(!tools)('what a deployment emits', () => {
  const balancing = [
    undefined,
    LoadBalancing.roundRobin(),
    LoadBalancing.hashByHeader('x_session'),
    LoadBalancing.hashByCookie('session', { setByApplication: true }),
    LoadBalancing.hashBySource(),
  ];

  it.each(balancing)('is taken, and leads to all pods, with %j', async (loadBalancing) => {
    pods = await Pods.start([A, B, C]);
    names = await NameServer.start([A, B, C], pods.port);
    nginx = await Nginx.start(emitted({ apiServer: { traffic: { loadBalancing } } }), names.port);
    await until(async () => (await nginx.ask('/info')).status === 200);
    pods.asked.length = 0;
    for (let i = 0; i < 30; i += 1) {
      await nginx.ask('/info', { headers: { x_session: `${i}`, cookie: `session=${i}`, 'x-forwarded-for': `${i}` } });
    }
    expect(Object.keys(pods.shares()).sort()).toEqual([A, B, C]);
    expect(pods.asked[0]!.headers.x_session).toBe('0');
    // The name is asked for once nginx runs.
    expect(nginx.errors.filter((line) => !line.includes('no live upstreams'))).toEqual([]);
  });

  it('keeps answers of one image from the callers of another', async () => {
    pods = await Pods.start([A]);
    names = await NameServer.start([A], pods.port);
    nginx = await Nginx.start(emitted({}), names.port);
    await until(async () => (await nginx.ask('/info')).status === 200);
    const predict = async () => (await nginx.ask('/predict', { body: '{}' })).cache;
    expect([await predict(), await predict()]).toEqual(['MISS', 'HIT']);
    await nginx.restart(emitted({}));
    await until(async () => (await nginx.ask('/info')).status === 200);
    expect(await predict()).toBe('HIT');
    const bento = Bento.fromImage('registry.example.com/rag:v2', { services: [BentoService.named('Gateway')] });
    await nginx.restart(emitted({ bento }));
    await until(async () => (await nginx.ask('/info')).status === 200);
    expect([await predict(), await predict()]).toEqual(['MISS', 'HIT']);
  });
});
