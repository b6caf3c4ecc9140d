import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CALLER_IDLE_SECONDS } from '../../lib/component/hops';
import { CALLER_CONNECTION_SECONDS, tierLingerSeconds } from '../../lib/component/pool-hop';
import { type EnvoyModel, envoyConfig } from '../../lib/engines/envoy';
import { SIDECAR_SIZE } from '../../lib/traffic/runner-proxy';
import type { UpstreamModel } from '../../lib/traffic/upstream';
import { runnable } from '../bentoml/sandbox';
import { installEnvoy } from '../tools/envoy';
import { run } from '../tools/run';
import { countStatuses, keptConnections, type Reply, send, sendMany } from './client';
import { Hop } from './hop';
import { envoyModel, envoyModels, HOST, UPSTREAM } from './models';

const ENVOY = !runnable('configurations of Envoy');
const waiting = (ms: number) => ({ headers: { 'x-wait-ms': String(ms) } });

describe.skipIf(ENVOY)('configurations', () => {
  let binary: string;
  let folder: string;

  beforeAll(async () => {
    binary = await installEnvoy();
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const validated = async (text: string) => {
    folder = mkdtempSync(join(tmpdir(), 'envoy-'));
    const path = join(folder, 'envoy.yaml');
    writeFileSync(path, text);
    const { stdout, stderr } = await run(binary, ['--mode', 'validate', '--config-path', path, '-l', 'warn'], {
      expect: [0, 1],
      timeoutSeconds: 30,
    });
    rmSync(folder, { recursive: true, force: true });
    return `${stdout}${stderr}`.replaceAll(path, 'envoy.yaml').trim();
  };

  it('are accepted by the real Envoy without a warning, whatever the model', async () => {
    await fc.assert(
      fc.asyncProperty(envoyModels, async (model) => {
        const text = Yaml.stringify(JSON.parse(JSON.stringify(envoyConfig(model))));
        expect(await validated(text)).toBe("configuration 'envoy.yaml' OK");
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it('would be refused with a field that Envoy does not have', async () => {
    const text = JSON.stringify(envoyConfig(envoyModel())).replace('dns_refresh_rate', 'dns_refresh_interval');
    expect(await validated(text)).toContain('dns_refresh_interval');
  });
});

describe.skipIf(ENVOY)('a hop', () => {
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

  describe('and the DNS', () => {
    it('asks for the whole name alone, whatever the search domains of its pod', async () => {
      await start(1);
      await hop.resolved();
      expect([...hop.dns.asked]).toEqual([HOST]);
    });

    it('finds a name without a namespace in the search domains of its pod', async () => {
      const [label] = HOST.split('.');
      await start(1, { host: label! });
      expect((await send(hop.url)).status).toBe(200);
    });

    it('is ready before there is any pod, and serves once there is', async () => {
      hop = await Hop.start(binary, 0);
      expect((await send(hop.url)).status).toBe(503);
      await hop.addPod();
      await hop.resolved();
      expect((await send(hop.url)).status).toBe(200);
    });

    it('keeps to the pods that it knows while the DNS is silent', async () => {
      await start(2);
      hop.dns.silent = true;
      await sleep(12_000);
      expect(countStatuses(await sendMany(20, 4, () => send(hop.url)))).toEqual({ 200: 20 });
      hop.dns.silent = false;
    });

    it('leaves the pods of a name that is no more', async () => {
      await start(1);
      delete hop.dns.records[HOST];
      await hop.resolved();
      expect((await send(hop.url)).status).toBe(503);
    });
  });

  it('spares a pod that is slow', async () => {
    await start(3);
    const [slow] = hop.pods;
    slow!.behavior = async (request, response) => {
      request.resume();
      await sleep(400);
      response.end();
    };
    const agent = keptConnections();
    await sendMany(600, 12, () => send(hop.url, { agent, ...waiting(20) }));
    const [least, ...others] = hop.received();
    console.log(`a pod that takes 20 times as long: ${least} of 600 requests`);
    for (const count of others) expect(count).toBeGreaterThan(least! * 2);
    agent.destroy();
  });

  it('keeps to a pod by the address of the caller', async () => {
    await start(3, { loadBalancing: { kind: 'hash', by: { kind: 'source' } } }, { loopback: false });
    const podOf = async (from: string) => (await send(hop.url, { from })).headers['x-pod'];
    const callers = Array.from({ length: 30 }, (_, index) => `127.0.0.${index + 10}`);
    const before = await Promise.all(callers.map(podOf));
    expect(await Promise.all(callers.map(podOf))).toEqual(before);
    expect(new Set(before).size).toBe(3);
  });

  it('makes no more connections than are stated, and lets as many requests wait', async () => {
    await start(2, { circuitBreaker: { maxConnections: 6 } });
    const counts = countStatuses(await Promise.all(Array.from({ length: 30 }, () => send(hop.url, waiting(400)))));
    expect(hop.pods.reduce((sum, { busiest }) => sum + busiest, 0)).toBeLessThanOrEqual(6);
    expect(counts[200]! + counts[503]!).toBe(30);
    expect(counts[200]).toBeGreaterThanOrEqual(6);
    expect(counts[200]).toBeLessThanOrEqual(12);
  });

  it('takes many large bodies at a time within the memory of its container', async () => {
    const { memoryBytes } = SIDECAR_SIZE;
    await start(2, {}, { memoryBytes: memoryBytes! });
    for (const pod of hop.pods) {
      pod.behavior = async (request, response) => {
        await sleep(1_500);
        request.resume().on('end', () => response.end());
      };
    }
    const body = Buffer.alloc(4 * 2 ** 20);
    const replies = await Promise.all(Array.from({ length: 64 }, () => send(hop.url, { body })));
    expect(countStatuses(replies)).toEqual({ 200: 64 });
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${hop.envoy.pid}/status`, 'utf8'))?.[1]) / 1024;
    console.log(`64 bodies of 4 MiB at a time: ${Math.round(peak)} MiB at the most`);
    expect(peak).toBeLessThan(memoryBytes! / 2 ** 20);
  });

  it('heeds no header by which callers could change timeouts and retries', async () => {
    await start(1);
    const shorter = { 'x-wait-ms': '300', 'x-envoy-upstream-rq-timeout-ms': '50' };
    // Behind a proxy, too, whose clients Envoy may take for its own.
    for (const headers of [shorter, { ...shorter, 'x-forwarded-for': '10.0.0.1' }]) {
      expect((await send(hop.url, { headers })).status).toBe(200);
    }
  });

  it('ends WebSockets that are silent, and those that go on for too long', async () => {
    await start(1, { timeouts: { ...UPSTREAM.timeouts, request: 3, streamIdle: 1 } });
    const pod = hop.pods[0]!;
    await pod.crash();
    const echo = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
        socket.on('data', (data) => socket.write(data));
      });
    }).listen(pod.port, pod.address);
    const seconds = async (talks: boolean): Promise<number> => {
      const client = tcp(Number(new URL(hop.url).port), '127.0.0.1');
      const began = Date.now();
      client.write('GET / HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
      client.resume().on('error', () => client.destroy());
      const talking = setInterval(() => talks && client.write('hello'), 200);
      await new Promise((done) => client.once('close', done));
      clearInterval(talking);
      return (Date.now() - began) / 1000;
    };
    const [silent, talkative] = await Promise.all([seconds(false), seconds(true)]);
    echo.close();
    expect(silent).toBeGreaterThan(0.9);
    expect(silent).toBeLessThan(2.5);
    // Its timeout, and a second.
    expect(talkative).toBeGreaterThan(3.5);
    expect(talkative).toBeLessThan(6);
  });

  it('ends a request whose body never comes to its end', async () => {
    await start(1, { timeouts: { ...UPSTREAM.timeouts, request: 2 } });
    const client = tcp(Number(new URL(hop.url).port), '127.0.0.1');
    client.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n');
    const drip = setInterval(() => client.write('a'), 200);
    const answer = await new Promise<string>((done) => client.once('data', (data) => done(data.toString())));
    clearInterval(drip);
    client.destroy();
    expect(answer).toMatch(/^HTTP\/1.1 (408|504) /);
  });

  it('of a tier that is going answers all that may still come, and then ends', async () => {
    const removal = 1;
    const answer = { firstByte: 2, total: 2, silence: 2, streams: false };
    await start(2, { timeouts: { ...UPSTREAM.timeouts, request: 2.01 } }, { loopback: false });
    const linger = tierLingerSeconds(removal, answer);
    const began = Date.now();
    const at = (seconds: number) => sleep(Math.max(0, began + seconds * 1000 - Date.now()));
    const last: Reply[] = [];

    /** A caller's connection, as kept ones are used: until it is told that it was the last time. */
    const connection = async (uses: () => AsyncGenerator<void>): Promise<void> => {
      const agent = keptConnections();
      for await (const _ of uses()) {
        const reply = await send(hop.url, { agent, ...waiting(1_500) });
        last.push(reply);
        if (reply.headers.connection === 'close') break;
      }
      agent.destroy();
    };
    // In use all the time, from the last moment on at which kube-proxy leads to the pod.
    const busy = connection(async function* () {
      await at(removal);
      while (Date.now() < began + 60_000) yield;
    });
    // As late as a connection may be used that its caller closes after so much idleness.
    const idle = connection(async function* () {
      await at(removal);
      yield;
      await at(removal + CALLER_CONNECTION_SECONDS - 2);
      yield;
      await at(removal + CALLER_CONNECTION_SECONDS + CALLER_IDLE_SECONDS - 1);
      yield;
    });
    const ended = at(linger).then(() => {
      hop.envoy.terminate();
      return hop.pods.map(({ active }) => active);
    });
    await Promise.all([busy, idle]);
    const answered = (Date.now() - began) / 1000;
    expect(await ended).toEqual([0, 0]);
    expect(Object.keys(countStatuses(last))).toEqual(['200']);
    expect(last.filter(({ headers }) => headers.connection === 'close')).toHaveLength(2);
    console.log(`a tier that goes on for ${linger} s answered the last request after ${answered.toFixed(1)} s`);
    expect(answered).toBeLessThan(linger);
    expect(await hop.envoy.exit).toBe(0);
  });
});
