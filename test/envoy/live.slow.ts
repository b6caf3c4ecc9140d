import { createServer, connect as tcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EnvoyModel, retryBodyBytes } from '../../lib/engines/envoy';
import { BreakerStatuses } from '../../lib/traffic/circuit-breaker';
import { RateUnit } from '../../lib/traffic/rate-limit';
import type { UpstreamModel } from '../../lib/traffic/upstream';
import { runnable } from '../bentoml/sandbox';
import { installEnvoy } from '../tools/envoy';
import { countStatuses, keptConnections, type Reply, send, sendMany } from './client';
import { Hop } from './hop';
import { MEMORY, UPSTREAM } from './models';
import type { Behavior } from './pods';

const answer =
  (status: number): Behavior =>
  (request, response) => {
    request.resume();
    response.writeHead(status).end();
  };

const waiting = (ms: number) => ({ headers: { 'x-wait-ms': String(ms) } });
const ejection = (options: object = {}) => ({
  circuitBreaker: {
    ejection: {
      failures: 5,
      openSeconds: 3,
      statuses: BreakerStatuses.GATEWAY_ERRORS,
      maxEjectedPercent: 100,
      ...options,
    },
  },
});

describe.skipIf(!runnable('live traffic through Envoy'))('the real Envoy', () => {
  let binary: string;
  let hop: Hop;

  beforeAll(async () => {
    binary = await installEnvoy();
  });

  afterEach(() => hop.stop());

  const start = async (pods: number, upstream: Partial<UpstreamModel> = {}, model: Partial<EnvoyModel> = {}) => {
    hop = await Hop.start(binary, pods, upstream, model);
    return hop;
  };
  const burst = (count: number, ms: number) =>
    Promise.all(Array.from({ length: count }, () => send(hop.url, waiting(ms))));
  const inTurn = async (count: number): Promise<Reply[]> => sendMany(count, 1, () => send(hop.url));

  describe('pods that come and go', () => {
    it('get their share over connections that were there before them', async () => {
      await start(1);
      const agent = keptConnections();
      await sendMany(100, 24, () => send(hop.url, { agent }));
      await hop.addPod();
      await hop.addPod();
      await hop.resolved();
      hop.received();
      expect(countStatuses(await sendMany(1_500, 24, () => send(hop.url, { agent })))).toEqual({ 200: 1_500 });
      const received = hop.received();
      console.log(
        `shares of 3 pods, 2 of them new: ${received.map((count) => `${Math.round(count / 15)} %`).join(', ')}`,
      );
      for (const count of received) expect(count).toBeGreaterThan(400);
      agent.destroy();
    });

    it('lose nothing when they leave the DNS before they end', async () => {
      await start(3);
      const agent = keptConnections();
      let over = false;
      const replies: Reply[] = [];
      const client = async () => {
        while (!over) replies.push(await send(hop.url, { agent, ...waiting(5) }));
      };
      const clients = Promise.all(Array.from({ length: 16 }, client));
      const [leaving] = hop.pods;
      await sleep(500);
      const slow = burst(6, 5_000);
      await sleep(100);
      hop.leave(leaving!);
      await hop.resolved();
      leaving!.received = 0;
      await leaving!.end();
      await sleep(500);
      over = true;
      await clients;
      expect(Object.keys(countStatuses(replies))).toEqual(['200']);
      expect(countStatuses(await slow)).toEqual({ 200: 6 });
      expect(leaving!.received).toBe(0);
      agent.destroy();
    });

    it('are asked of the DNS whatever the lifetime of its records, and answered 503 at once when there are none', async () => {
      await start(1);
      const before = hop.dns.queries;
      await sleep(6_000);
      expect(hop.dns.queries - before).toBeGreaterThanOrEqual(2);
      hop.leave(hop.pods[0]!);
      await hop.resolved();
      const reply = await send(hop.url);
      expect([reply.status, reply.body]).toEqual([503, 'no healthy upstream']);
      expect(reply.seconds).toBeLessThan(0.5);
    });
  });

  describe('the circuit breaker', () => {
    it('takes a pod out after five failures in a row, and gives it back after its time', async () => {
      await start(2, ejection());
      const [ill] = hop.pods;
      ill!.behavior = answer(503);
      await inTurn(40);
      expect(ill!.received).toBeGreaterThanOrEqual(5);
      expect(ill!.received).toBeLessThan(15);
      expect(countStatuses(await inTurn(20))).toEqual({ 200: 20 });
      expect(await hop.metrics()).toMatch(/outlier_detection_ejections_active\{[^}]*rag-embedder"\} 1/);
      ill!.behavior = undefined;
      hop.received();
      await sleep(4_500);
      await inTurn(40);
      expect(hop.received()[0]).toBeGreaterThan(5);
    });

    it('is open for the same time each time', async () => {
      await start(2, ejection({ openSeconds: 2 }));
      hop.pods[0]!.behavior = answer(502);
      for (let round = 0; round < 3; round++) {
        hop.received();
        await inTurn(40);
        expect(hop.received()[0]).toBeGreaterThanOrEqual(5);
        await sleep(3_500);
      }
    });

    it('answers 503 at once when the only pod is out', async () => {
      await start(1, ejection());
      hop.pods[0]!.behavior = answer(504);
      const replies = (await inTurn(20)).map(({ status }) => status);
      expect(replies.slice(0, 5)).toEqual([504, 504, 504, 504, 504]);
      // Some are on their way while the pod is taken out.
      expect(new Set(replies.slice(15))).toEqual(new Set([503]));
      expect(hop.pods[0]!.received).toBeLessThan(15);
    });

    it('leaves in what a percentage of ejections keeps', async () => {
      await start(3, ejection({ maxEjectedPercent: 40 }));
      for (const pod of hop.pods) pod.behavior = answer(503);
      await inTurn(60);
      expect(await hop.metrics()).toMatch(/outlier_detection_ejections_active\{[^}]*rag-embedder"\} 1/);
    });

    it('counts connections that fail', async () => {
      await start(2, { ...ejection({ openSeconds: 30 }), retries: { attempts: 0, statuses: [] } });
      await hop.pods[0]!.crash();
      const { 503: failed } = countStatuses(await inTurn(60));
      // Some are on their way while the pod is taken out.
      expect(failed).toBeGreaterThanOrEqual(5);
      expect(failed).toBeLessThan(15);
    });

    it('keeps pods whose model fails on the input of one client', async () => {
      await start(2, ejection());
      for (const pod of hop.pods) pod.behavior = answer(500);
      expect(countStatuses(await inTurn(30))).toEqual({ 500: 30 });
    });

    it('takes them out where that is asked for', async () => {
      await start(2, ejection({ statuses: BreakerStatuses.SERVER_ERRORS }));
      for (const pod of hop.pods) pod.behavior = answer(500);
      const replies = countStatuses(await inTurn(60));
      // One or two are on their way while a pod is taken out.
      expect(replies[500]).toBeLessThan(25);
      expect(replies[503]).toBe(60 - replies[500]!);
    });

    it('bounds requests in flight where that is stated, and nothing otherwise', async () => {
      await start(2, { circuitBreaker: { maxRequests: 6 } });
      await burst(6, 50);
      expect(countStatuses(await burst(20, 500))).toEqual({ 200: 6, 503: 14 });
      await hop.stop();
      await start(2);
      expect(countStatuses(await burst(1_500, 1_500))).toEqual({ 200: 1_500 });
    });
  });

  describe('timeouts', () => {
    const timeouts = (options: Partial<UpstreamModel['timeouts']>) => ({
      timeouts: { ...UPSTREAM.timeouts, ...options },
    });
    /** By the route's timeout, which the breaker counts. */
    const timedOut = async () =>
      Number(/upstream_rq_timeout\{[^}]*rag-embedder"\} (\d+)/.exec(await hop.metrics())?.[1]);
    const stream =
      (chunks: number, gapMs: number): Behavior =>
      async (request, response) => {
        request.resume();
        for (let index = 0; index < chunks; index++) {
          response.write(`${index}\n`);
          await sleep(gapMs);
        }
        response.end();
      };

    it('end a request with 504, and do not send it again', async () => {
      await start(2, timeouts({ request: 1 }));
      const reply = await send(hop.url, waiting(3_000));
      expect(reply.status).toBe(504);
      expect(reply.seconds).toBeGreaterThan(0.9);
      expect(await timedOut()).toBe(1);
      expect(hop.received().reduce((sum, count) => sum + count)).toBe(1);
    });

    it('let a stream go on as long as pieces come', async () => {
      await start(1, timeouts({ request: 10, streamIdle: 1 }));
      hop.pods[0]!.behavior = stream(12, 300);
      const reply = await send(hop.url);
      expect([reply.status, reply.body.split('\n').length]).toEqual([200, 13]);
      expect(reply.seconds).toBeGreaterThan(3);
    });

    it('end a stream that falls silent, and one that goes on for too long', async () => {
      await start(1, timeouts({ request: 4, streamIdle: 1 }));
      hop.pods[0]!.behavior = stream(3, 2_000);
      const silent = await send(hop.url);
      expect([silent.status, silent.seconds < 2]).toEqual([0, true]);
      hop.pods[0]!.behavior = stream(30, 300);
      const long = await send(hop.url);
      expect(long.status).toBe(0);
      expect(long.seconds).toBeGreaterThan(3.5);
      expect(await timedOut()).toBe(1);
    });

    it('close connections to pods before the pods do, and those of callers after them', async () => {
      await start(1, timeouts({ connectionIdle: 2 }), { keepAliveSeconds: 3 });
      const agent = keptConnections();
      await send(hop.url, { agent });
      expect(hop.pods[0]!.connections).toBe(1);
      await sleep(3_000);
      expect(hop.pods[0]!.connections).toBe(0);
      expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
      // Three seconds, and five in which a request that comes late is still answered.
      await sleep(3_000);
      expect(await send(hop.url, { agent })).toMatchObject({ status: 200, headers: { connection: 'close' } });
      expect(Object.values(agent.freeSockets).flat()).toHaveLength(0);
      agent.destroy();
    });
  });

  describe('retries', () => {
    it('find another pod for a connection that fails', async () => {
      await start(3);
      await hop.pods[0]!.crash();
      expect(countStatuses(await sendMany(90, 6, () => send(hop.url)))).toEqual({ 200: 90 });
      expect(hop.received().reduce((sum, count) => sum + count)).toBe(90);
    });

    it('do not repeat what a pod has taken and cut', async () => {
      await start(2);
      for (const pod of hop.pods) pod.behavior = (request) => request.socket.resetAndDestroy();
      expect((await send(hop.url)).status).toBe(503);
      expect(hop.received().reduce((sum, count) => sum + count)).toBe(1);
    });

    it('repeat a status that is stated, on another pod, and never 429', async () => {
      await start(2, { retries: { attempts: 3, statuses: [503] } });
      hop.pods[0]!.behavior = answer(503);
      expect(countStatuses(await inTurn(30))).toEqual({ 200: 30 });
      for (const pod of hop.pods) pod.behavior = answer(429);
      hop.received();
      expect(countStatuses(await inTurn(10))).toEqual({ 429: 10 });
      expect(hop.received().reduce((sum, count) => sum + count)).toBe(10);
    });

    it('find another pod under load, though the one that is gone has the fewest requests', async () => {
      await start(3);
      const agent = keptConnections();
      await sendMany(100, 24, () => send(hop.url, { agent }));
      await hop.pods[0]!.crash();
      const replies = await sendMany(2_000, 24, () => send(hop.url, { agent, ...waiting(10) }));
      expect(countStatuses(replies)).toEqual({ 200: 2_000 });
      agent.destroy();
    });

    it('come to an end with a single pod', async () => {
      await start(1);
      await hop.pods[0]!.crash();
      const replies = await inTurn(5);
      expect(countStatuses(replies)).toEqual({ 503: 5 });
      expect(replies.every(({ seconds }) => seconds < 1)).toBe(true);
    });

    it('carry bodies to the other pod', async () => {
      await start(2);
      await hop.pods[0]!.crash();
      const body = Buffer.alloc(retryBodyBytes(MEMORY) - 1_000);
      expect(countStatuses(await sendMany(12, 2, () => send(hop.url, { body })))).toEqual({ 200: 12 });
    });

    it('carry no body that is too large to be held, which arrives nevertheless', async () => {
      await start(2);
      const body = Buffer.alloc(16 * retryBodyBytes(MEMORY));
      expect(countStatuses(await sendMany(12, 2, () => send(hop.url, { body })))).toEqual({ 200: 12 });
    });

    it('are none where none are wanted', async () => {
      await start(2, { retries: { attempts: 0, statuses: [] } });
      await hop.pods[0]!.crash();
      expect(countStatuses(await inTurn(40))[503]).toBeGreaterThan(5);
    });
  });

  describe('a queue', () => {
    const queue = { maxConcurrency: 4, maxPending: 12 };

    it('holds what pods have no room for, and refuses the rest at once', async () => {
      await start(3, queue);
      await burst(12, 200);
      await burst(12, 200);
      const replies = await burst(40, 500);
      const { 200: served, 503: refused, ...others } = countStatuses(replies);
      expect([served! + refused!, others]).toEqual([40, {}]);
      // 12 in flight, 12 waiting, and as many more as fill a pod where all come at the same moment.
      expect(served).toBeGreaterThanOrEqual(24);
      expect(served).toBeLessThanOrEqual(28);
      for (const { status, seconds } of replies) expect(status === 200 || seconds < 0.3).toBe(true);
      expect(hop.pods.map(({ busiest }) => busiest)).toEqual([4, 4, 4]);
    });

    it('lets nothing wait while a pod has room', async () => {
      await start(3, queue);
      await burst(12, 200);
      await burst(12, 200);
      const agent = keptConnections();
      const replies = await sendMany(120, 12, () => send(hop.url, { agent, ...waiting(100) }));
      expect(countStatuses(replies)).toEqual({ 200: 120 });
      const waited = replies.filter(({ seconds }) => seconds > 0.19).length;
      console.log(`${waited} of 120 requests waited beside free room`);
      expect(waited).toBeLessThan(12);
      agent.destroy();
    });

    it('takes a burst that finds no connection yet', async () => {
      await start(1, { maxConcurrency: 8, maxPending: 1 });
      expect(countStatuses(await burst(8, 200))).toEqual({ 200: 8 });
    });
  });

  describe('balancing', () => {
    const shares = async (key: (index: number) => Record<string, string>) => {
      await sendMany(
        300,
        6,
        (() => {
          let index = 0;
          return () => send(hop.url, { headers: key(index++) });
        })(),
      );
      return hop.received();
    };

    it('goes in turn', async () => {
      await start(3, { loadBalancing: { kind: 'round-robin' } });
      expect(await shares(() => ({}))).toEqual([100, 100, 100]);
    });

    it('sends the same value of a header to the same pod, also when another one comes', async () => {
      await start(3, { loadBalancing: { kind: 'hash', by: { kind: 'header', name: 'x-session' } } });
      const podOf = async (session: number) =>
        (await send(hop.url, { headers: { 'x-session': `s-${session}` } })).headers['x-pod'];
      const sessions = Array.from({ length: 120 }, (_, index) => index);
      const before = await Promise.all(sessions.map(podOf));
      expect(await Promise.all(sessions.map(podOf))).toEqual(before);
      for (const count of hop.received()) expect(count).toBeGreaterThan(40);
      await hop.addPod();
      await hop.resolved();
      const after = await Promise.all(sessions.map(podOf));
      const moved = sessions.filter((session) => before[session] !== after[session]).length;
      console.log(`${moved} of 120 sessions moved to a fourth pod`);
      expect(moved).toBeGreaterThan(10);
      expect(moved).toBeLessThan(60);
      expect(
        new Set(await Promise.all(sessions.map(() => send(hop.url).then(({ headers }) => headers['x-pod'])))).size,
      ).toBe(4);
    });

    it('spares a pod that is new', async () => {
      await start(2, { loadBalancing: { kind: 'least-request', slowStartSeconds: 10 } });
      await sleep(11_000);
      await hop.addPod();
      await hop.resolved();
      hop.received();
      const [first, second, fresh] = await shares(() => ({}));
      console.log(`a pod in its first seconds of 10: ${fresh} of 300 requests`);
      expect(fresh! * 2).toBeLessThan(Math.min(first!, second!));
    });

    it('asks pods itself where that is wanted, and leaves those that are not ready', async () => {
      const check = { intervalSeconds: 1, timeoutSeconds: 1, healthyThreshold: 1, unhealthyThreshold: 2 };
      await start(2, { healthCheck: check });
      const [ill] = hop.pods;
      ill!.behavior = (request, response) => answer(request.url === '/readyz' ? 503 : 200)(request, response);
      await sleep(3_500);
      const replies = await inTurn(20);
      expect(new Set(replies.map(({ headers }) => headers['x-pod']))).toEqual(new Set([hop.pods[1]!.address]));
    });
  });

  it('lets through as many as the rate says, and answers 429 to others', async () => {
    await start(1, { rateLimit: { scope: 'total', requests: 10, unit: RateUnit.MINUTE } });
    expect(countStatuses(await inTurn(15))).toEqual({ 200: 10, 429: 5 });
  });

  it('changes nothing of requests and answers', async () => {
    await start(1);
    let seen: unknown;
    hop.pods[0]!.behavior = (request, response) => {
      request.resume();
      seen = { url: request.url, headers: request.headers };
      response.setHeader('server', 'uvicorn');
      answer(200)(request, response);
    };
    const headers = { host: 'embedder', 'x-request-id': 'a-1', 'content-length': '2' };
    const { headers: received } = await send(hop.url, { headers, path: '/a//b/../c?x=%2F' });
    // Envoy has no switch for the last of them.
    expect(seen).toEqual({
      url: '/a//b/../c?x=%2F',
      headers: { ...headers, connection: undefined, 'x-forwarded-proto': 'http' },
    });
    expect(Object.keys(received).sort()).toEqual(['connection', 'date', 'server', 'transfer-encoding', 'x-pod']);
    expect(received.server).toBe('uvicorn');
  });

  it('passes WebSockets', async () => {
    await start(1);
    const pod = hop.pods[0]!;
    await pod.crash();
    const echo = createServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
        socket.on('data', (data) => socket.write(data));
      });
    }).listen(pod.port, pod.address);
    const { port } = new URL(hop.url);
    const client = tcp(Number(port), '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
    const next = () => new Promise<string>((done) => client.once('data', (data) => done(data.toString())));
    expect(await next()).toMatch(/^HTTP\/1.1 101 /);
    client.write('hello');
    expect(await next()).toBe('hello');
    client.destroy();
    echo.close();
  });

  it('shows probes and metrics, and nothing else of its inside', async () => {
    await start(1);
    await inTurn(3);
    const status = async (path: string, method = 'GET') => (await send(`${hop.statusUrl}${path}`, { method })).status;
    for (const path of ['/ready', '/live', '/stats/prometheus']) {
      expect([path, await status(path), await status(path, 'POST')]).toEqual([path, 200, 404]);
    }
    for (const path of ['/', '/stats', '/config_dump', '/clusters', '/logging', '/quitquitquit', '/drain_listeners']) {
      expect([path, await status(path), await status(path, 'POST')]).toEqual([path, 404, 404]);
    }
    const lines = (await hop.metrics()).split('\n').filter((line) => /^\w/.test(line));
    console.log(`${lines.length} lines of metrics for one pool`);
    expect(lines.length).toBeLessThan(120);
    expect(lines.join('\n')).toMatch(/envoy_cluster_upstream_rq_total\{envoy_cluster_name="rag-embedder"\} 3\n/);
  });

  it('cuts what is in flight when it is told to end', async () => {
    await start(1);
    const request = send(hop.url, waiting(3_000));
    await sleep(300);
    hop.envoy.terminate();
    expect((await request).status).toBe(0);
    expect((await request).seconds).toBeLessThan(1);
    expect(await hop.envoy.exit).toBe(0);
  });
});
