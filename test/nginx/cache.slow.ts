import type { ServerResponse } from 'node:http';
import { Duration, Size } from 'cdk8s';
import { afterEach, describe, expect, it } from 'vitest';
import type { NginxModel } from '../../lib/engines/nginx';
import type { ResponseCacheOptions } from '../../lib/traffic/response-cache';
import { requireTool } from '../tools/require-tool';
import { NGINX_TOOLS } from './build';
import { NameServer } from './dns';
import { Nginx, until } from './lab';
import { nginxModel } from './models';
import { type Ask, ask, Pods } from './pods';

const tools = NGINX_TOOLS.every((tool) => requireTool(tool, 'the response cache'));

const ADDRESSES = ['127.0.0.2', '127.0.0.3'];
const sleep = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

let pods: Pods;
let names: NameServer;
let nginx: Nginx;

async function start(cache: Partial<ResponseCacheOptions> = {}, rest: Partial<NginxModel> = {}): Promise<void> {
  pods = await Pods.start(ADDRESSES);
  // What was asked, and how often that was done.
  pods.answer = ({ body }, response) => void response.end(`${pods.asked.length} ${body}`);
  names = await NameServer.start(ADDRESSES, pods.port);
  nginx = await Nginx.start(nginxModel({ port: pods.port }, cache, rest), names.port);
  await until(async () => (await nginx.ask('/info')).status === 200);
  pods.asked.length = 0;
}

afterEach(async () => {
  await nginx?.stop();
  await pods?.stop();
  await names?.stop();
});

const JSON_HEADERS = { 'content-type': 'application/json' };
const predict = async (body: Buffer | string, options: Ask = {}) => {
  const answered = await nginx.ask('/predict', { body, headers: JSON_HEADERS, ...options });
  return { ...answered, text: answered.body.toString() };
};

describe.skipIf(!tools)('an answer', () => {
  it('is given again to the same question', async () => {
    await start();
    const [first, second] = [await predict('{"x":1}'), await predict('{"x":1}')];
    expect([first.cache, second.cache]).toEqual(['MISS', 'HIT']);
    expect(second.text).toBe(first.text);
    expect(pods.asked).toHaveLength(1);
    expect(pods.asked[0]!.body.toString()).toBe('{"x":1}');
  });

  it.each<[string, string, Ask]>([
    ['body', '/predict', { body: '{"x":2}', headers: JSON_HEADERS }],
    ['query', '/predict?a=1', { body: '{"x":1}', headers: JSON_HEADERS }],
    ['content type', '/predict', { body: '{"x":1}', headers: { 'content-type': 'text/plain' } }],
    ['content encoding', '/predict', { body: '{"x":1}', headers: { ...JSON_HEADERS, 'content-encoding': 'zstd' } }],
    ['kind of answer', '/predict', { body: '{"x":1}', headers: { ...JSON_HEADERS, accept: 'text/csv' } }],
    ['host', '/predict', { body: '{"x":1}', headers: { ...JSON_HEADERS, host: 'other.example.com' } }],
    ['method', '/predict', { headers: JSON_HEADERS }],
    ['authorization', '/predict', { body: '{"x":1}', headers: { ...JSON_HEADERS, authorization: 'Bearer b' } }],
    ['cookie', '/predict', { body: '{"x":1}', headers: { ...JSON_HEADERS, cookie: 'session=b' } }],
    ['named header', '/predict', { body: '{"x":1}', headers: { ...JSON_HEADERS, 'x-tenant': 'b' } }],
  ])('is not given to another %s', async (_, path, options) => {
    await start({ identityHeaders: ['x-tenant'] });
    await predict('{"x":1}');
    expect((await nginx.ask(path, options)).cache).toBe('MISS');
    expect((await nginx.ask(path, options)).cache).toBe('HIT');
    expect(pods.asked).toHaveLength(2);
  });

  it('is not found by moving what belongs to one part of a question into the next', async () => {
    await start();
    const headers = (accept: string, authorization: string) => ({ headers: { accept, authorization } });
    await predict('x', headers('a', 'b c'));
    expect((await predict('x', headers('a b', 'c'))).cache).toBe('MISS');
    expect((await predict('c\nx', headers('a', 'b'))).cache).toBe('MISS');
    expect((await predict('x', headers('a', 'b'))).cache).toBe('MISS');
  });

  it('goes in one spelling to all clients', async () => {
    await start();
    await predict('{}', { headers: { 'accept-encoding': 'gzip' } });
    expect((await predict('{}', { headers: { 'accept-encoding': 'br' } })).cache).toBe('HIT');
    expect(pods.asked[0]!.headers['accept-encoding']).toBeUndefined();
  });

  it('lives as long as it may', async () => {
    await start({ ttl: Duration.seconds(2) });
    await predict('{}');
    expect((await predict('{}')).cache).toBe('HIT');
    await sleep(3.1);
    expect((await predict('{}')).cache).toBe('MISS');
    expect((await predict('{}')).cache).toBe('HIT');
  });

  it('says itself how long it lives', async () => {
    await start();
    pods.answer = (_, response) => void response.setHeader('cache-control', 'max-age=1').end();
    await predict('{}');
    await sleep(2.1);
    expect((await predict('{}')).cache).toBe('MISS');
  });

  it.each<[string, string]>([
    ['set-cookie', 'session=1'],
    ['cache-control', 'no-store'],
    ['cache-control', 'private'],
    ['vary', '*'],
  ])('that says %s: %s is not kept', async (name, value) => {
    await start();
    pods.answer = (_, response) => void response.setHeader(name, value).end();
    expect((await predict('{}')).cache).toBe('MISS');
    expect((await predict('{}')).cache).toBe('MISS');
  });

  it.each([201, 204, 302, 400, 404, 429, 500, 503])('of %d is not kept, even if it says so', async (status) => {
    await start();
    pods.answer = (_, response) => {
      response.statusCode = status;
      response.setHeader('cache-control', 'max-age=60').end(status === 204 ? undefined : 'of known length');
    };
    for (let i = 0; i < 3; i += 1) expect(await predict('{}')).toMatchObject({ status, cache: 'MISS' });
    expect(pods.asked).toHaveLength(3);
  });

  it('of unknown length, or too large for its share of the disk, is handed on and not kept', async () => {
    await start({ maxSize: Size.mebibytes(1) });
    const answers: Record<string, (response: ServerResponse) => void> = {
      pieces: (response) => {
        response.write('one');
        response.end('two');
      },
      large: (response) => void response.end(Buffer.alloc(65_537)),
      largest: (response) => void response.end(Buffer.alloc(65_536)),
    };
    pods.answer = ({ body }, response) => answers[body.toString()]!(response);
    const twice = async (what: string) => [await predict(what), await predict(what)].map(({ cache }) => cache);
    expect(await twice('pieces')).toEqual(['MISS', 'MISS']);
    expect(await twice('large')).toEqual(['MISS', 'MISS']);
    expect(await twice('largest')).toEqual(['MISS', 'HIT']);
    expect(nginx.cachedBytes).toBeLessThan(2 ** 18);
  });

  it('to HEAD is never given to GET', async () => {
    await start();
    expect((await nginx.ask('/predict', { method: 'HEAD' })).cache).toBe('MISS');
    const got = await nginx.ask('/predict');
    expect([got.cache, got.body.toString()]).toEqual(['MISS', '2 ']);
  });

  it('is given by what it varies with', async () => {
    await start();
    pods.answer = ({ headers }, response) =>
      void response.setHeader('vary', 'accept-language').end(headers['accept-language']);
    const of = async (language: string) =>
      predict('{}', { headers: { ...JSON_HEADERS, 'accept-language': language } }).then(({ text, cache }) => [
        text,
        cache,
      ]);
    expect(await of('de')).toEqual(['de', 'MISS']);
    expect(await of('fr')).toEqual(['fr', 'MISS']);
    expect(await of('de')).toEqual(['de', 'HIT']);
    expect(await of('fr')).toEqual(['fr', 'HIT']);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('to %s is not kept', async (method) => {
    await start();
    for (let i = 0; i < 2; i += 1) expect((await predict('{}', { method })).cache).toBe('BYPASS');
    expect(pods.asked).toHaveLength(2);
  });

  it('is made once for all that wait for it', async () => {
    await start();
    pods.answer = async (_, response) => {
      await sleep(1.5);
      response.end('once');
    };
    const all = await Promise.all(Array.from({ length: 20 }, () => predict('{}')));
    expect(all.map(({ text }) => text)).toEqual(Array(20).fill('once'));
    expect(all.filter(({ cache }) => cache === 'MISS')).toHaveLength(1);
    expect(pods.asked).toHaveLength(1);
  });

  it('is waited for no longer than stated, and then asked for', async () => {
    await start({}, { lockSeconds: 1 });
    pods.answer = async (_, response) => {
      await sleep(3);
      response.end('late');
    };
    const all = await Promise.all(Array.from({ length: 5 }, () => predict('{}')));
    expect(all.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(pods.asked.length).toBeGreaterThan(1);
  });

  it('that fails keeps nobody who waits for it from asking', async () => {
    await start();
    pods.answer = async (_, response) => {
      await sleep(0.2);
      response.statusCode = pods.asked.length === 1 ? 500 : 200;
      response.end('done');
    };
    const all = await Promise.all(Array.from({ length: 6 }, () => predict('{}')));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 500]);
    expect(pods.asked).toHaveLength(2);
  });

  it('of one generation is never given for another, though the disk stays', async () => {
    await start({}, { generation: 'rag:1' });
    await predict('{}');
    expect((await predict('{}')).cache).toBe('HIT');
    await nginx.restart(nginxModel({ port: pods.port }, {}, { generation: 'rag:1' }));
    expect((await predict('{}')).cache).toBe('HIT');
    await nginx.restart(nginxModel({ port: pods.port }, {}, { generation: 'rag:2' }));
    expect((await predict('{}')).cache).toBe('MISS');
  });

  it('goes when others need its room, the one that was not asked for the longest first', async () => {
    await start({ maxSize: Size.mebibytes(1) });
    pods.answer = (_, response) => void response.end(Buffer.alloc(64 * 1024));
    await predict('first');
    for (let i = 0; i < 40; i += 1) {
      await predict(`other ${i}`);
      if (i % 10 === 9) await sleep(1.1);
    }
    await until(() => nginx.cachedBytes <= 2 ** 20, 30);
    expect((await predict('other 39')).cache).toBe('HIT');
    expect((await predict('first')).cache).toBe('MISS');
  });

  it('keeps its place as long as it lives, though nobody asks', async () => {
    await start({ ttl: Duration.seconds(30) });
    await predict('{}');
    await sleep(12);
    expect((await predict('{}')).cache).toBe('HIT');
  });
});

/** Bodies that differ in their last byte alone. */
const large = (bytes: number, last: string) => Buffer.concat([Buffer.alloc(bytes - 1, 'x'), Buffer.from(last)]);

describe.skipIf(!tools)('a body', () => {
  it.each<[number, number]>([
    [32, 8 * 1024],
    [32, 17 * 1024],
    [32, 32 * 1024],
    [48, 48 * 1024],
  ])('of the %d KiB that may be kept is told apart to its last of %d bytes', async (limit, bytes) => {
    await start({ maxBodySize: Size.kibibytes(limit) });
    for (const last of ['a', 'b']) {
      expect((await predict(large(bytes, last))).cache).toBe('MISS');
      const again = await predict(large(bytes, last));
      expect(again.cache).toBe('HIT');
      expect(again.text.endsWith(last)).toBe(true);
    }
    expect(pods.asked).toHaveLength(2);
  });

  it.each([32 * 1024 + 1, 100 * 1024, 5 * 2 ** 20])('of %d bytes passes by, whole', async (bytes) => {
    await start();
    for (const last of ['a', 'b', 'a']) {
      const answered = await predict(large(bytes, last));
      expect([answered.status, answered.cache, answered.text.at(-1)]).toEqual([200, 'BYPASS', last]);
    }
    expect(pods.asked.map(({ body }) => body.length)).toEqual([bytes, bytes, bytes]);
  });

  it.each([10, 20 * 1024, 200 * 1024])('of %d bytes in pieces passes by, whole', async (bytes) => {
    await start();
    for (const last of ['a', 'b']) {
      const answered = await predict(large(bytes, last), { chunked: true });
      expect([answered.status, answered.cache, answered.text.at(-1)]).toEqual([200, 'BYPASS', last]);
    }
    expect(pods.asked.map(({ body }) => body.length)).toEqual([bytes, bytes]);
  });

  it('passes by where the other parts of its question are too large for a key', async () => {
    await start();
    const headers = { authorization: 'x'.repeat(14_000), cookie: 'y'.repeat(4000) };
    for (let i = 0; i < 2; i += 1) {
      const { status, cache } = await predict(large(32 * 1024, 'a'), { headers });
      expect([status, cache]).toEqual([200, 'BYPASS']);
    }
  });
});

describe.skipIf(!tools)('statistics', () => {
  it('are in the log, a line a request, without what may be secret', async () => {
    await start();
    const headers = { authorization: 'Bearer hidden', ...JSON_HEADERS };
    for (const body of ['1', '2', '1', '1']) await predict(body, { headers });
    await nginx.ask('/predict?key=hidden', { body: large(64 * 1024, 'a') });
    await nginx.ask('/predict', { body: '1', method: 'PUT' });
    await until(() => nginx.log.filter(({ path }) => path === '/predict').length === 6);
    const of = (result: string) =>
      nginx.log.filter(({ path, cache }) => path === '/predict' && cache === result).length;
    expect([of('HIT'), of('MISS'), of('BYPASS')]).toEqual([2, 2, 2]);
    expect(JSON.stringify(nginx.log)).not.toContain('hidden');
  });

  it('of connections are on a port of their own', async () => {
    await start();
    expect((await ask(nginx.statusPort, '/status')).body.toString()).toMatch(/^Active connections: \d+/);
    expect((await ask(nginx.statusPort, '/predict')).status).toBe(404);
    expect((await ask(nginx.port, '/cache-health')).status).toBe(200);
    expect(pods.asked).toHaveLength(0);
    expect((await nginx.ask('/status')).body.toString()).toMatch(/^\d+ $/);
  });
});
