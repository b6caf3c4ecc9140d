import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { RequestMatch, StickyKey } from '../../lib';
import type { NginxSplitModel } from '../../lib/engines/nginx-split';
import type { ShareModel, SplitModel } from '../../lib/release/split-model';
import type { LoadBalancingModel } from '../../lib/traffic/load-balancing';
import { requireTool } from '../tools/require-tool';
import { NGINX_TOOLS } from './build';
import { Nginx, until } from './lab';
import { get, pipeline } from './pipeline';
import { SplitLab } from './split-lab';
import { mirror, split, splitFiles, splitModel, weight } from './split-models';

const tools = NGINX_TOOLS.every((tool) => requireTool(tool, 'nginx'));

const MAIN = ['127.0.0.2', '127.0.0.3'];
const [C, D, E, NOBODY] = ['127.0.0.4', '127.0.0.5', '127.0.0.6', '127.0.0.9'];
const sleep = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

let lab: SplitLab;

const start = async (model: NginxSplitModel, addresses: { readonly [key: string]: readonly string[] }) => {
  lab = await SplitLab.start(model, addresses);
};

const body = async (path: string, headers: Record<string, string> = {}) =>
  (await lab.nginx.ask(path, { headers })).body.toString();

const match = (model: RequestMatch): ShareModel => ({ kind: 'match', match: model._model });

describe.skipIf(!tools)('requests', () => {
  afterEach(() => lab.stop());

  it('are shared out one by one by their weights', async () => {
    await start(splitModel(split({ v2: weight(20), v3: weight(0), v4: weight(5) })), {
      main: MAIN,
      v2: [C],
      v3: [D],
      v4: [E],
    });
    const answers = await pipeline(lab.nginx.port, Array(8000).fill(get('/predict')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { main = 0, v2 = 0, v3 = 0, v4 = 0 } = lab.shares();
    expect(v3).toBe(0);
    // Six deviations.
    expect(Math.abs(v2 / 80 - 20)).toBeLessThan(2.7);
    expect(Math.abs(v4 / 80 - 5)).toBeLessThan(1.5);
    expect(main + v2 + v4).toBe(8000);
  });

  it('all go to the only one with a weight of a hundred', async () => {
    await start(splitModel(split({ v2: weight(100) })), { main: MAIN, v2: [C] });
    await pipeline(lab.nginx.port, Array(300).fill(get('/')));
    expect(lab.shares()).toEqual({ v2: 300 });
  });

  it('without the key go to the own version', async () => {
    await start(splitModel(split({ v2: weight(50), v3: weight(49) }, StickyKey.cookie('session')._model)), {
      ...{ main: MAIN, v2: [C], v3: [D] },
    });
    const odd: Record<string, string>[] = [
      {},
      { cookie: 'a=b' },
      { cookie: 'session=' },
      { cookie: 'my-session=4' },
      { cookie: 'SESSION=4' },
    ];
    for (let times = 0; times < 10; times += 1) {
      for (const headers of odd) expect(await body('/', headers)).toBe('main');
    }
  });

  it('go where they ask to, whatever their weights and keys say', async () => {
    await start(
      splitModel(
        split(
          {
            a: match(RequestMatch.header('X-Version', '2.0')),
            b: match(RequestMatch.query('v', '2')),
            c: match(RequestMatch.cookie('be.ta', 'yes')),
            d: weight(100),
          },
          StickyKey.header('x-user')._model,
        ),
      ),
      { main: MAIN, a: [C], b: [D], c: [E], d: ['127.0.0.7'] },
    );
    const user = { 'x-user': 'ann' };
    const cases: [string, Record<string, string>, string][] = [
      ['/', user, 'd'],
      ['/', {}, 'main'],
      ['/', { ...user, 'x-version': '2.0' }, 'a'],
      ['/', { ...user, 'x-version': '2x0' }, 'd'],
      ['/', { ...user, 'x-version': '2.01' }, 'd'],
      ['/?v=2', user, 'b'],
      ['/?a=1&v=2&b=3', user, 'b'],
      ['/?V=2', user, 'd'],
      ['/?av=2', user, 'd'],
      ['/?v=22', user, 'd'],
      ['/', { ...user, cookie: 'be.ta=yes' }, 'c'],
      ['/', { ...user, cookie: 'a=b; be.ta=yes; c=d' }, 'c'],
      ['/', { ...user, cookie: 'be.ta=YES' }, 'd'],
      ['/', { ...user, cookie: 'bexta=yes' }, 'd'],
      // Headers before cookies, cookies before parameters.
      ['/?v=2', { ...user, 'x-version': '2.0', cookie: 'be.ta=yes' }, 'a'],
      ['/?v=2', { ...user, cookie: 'be.ta=yes' }, 'c'],
    ];
    for (const [path, headers, version] of cases) {
      expect(await body(path, headers), `${path} ${JSON.stringify(headers)}`).toBe(version);
    }
  });

  it('are in the log with their versions', async () => {
    await start(splitModel(split({ v2: weight(100) })), { main: MAIN, v2: [C] });
    await body('/predict?secret=1');
    await until(() => lab.nginx.log.length === 1);
    expect(lab.nginx.log[0]).toMatchObject({ path: '/predict', status: 200, version: 'v2' });
    expect(JSON.stringify(lab.nginx.log)).not.toContain('secret');
  });
});

describe.skipIf(!tools)('a version', () => {
  afterEach(() => lab.stop());

  it('has its requests tried again at its own pods alone', async () => {
    const model = split({ v2: match(RequestMatch.header('x-v', '2')), v3: match(RequestMatch.header('x-v', '3')) });
    await start(splitModel(model), { main: MAIN, v2: [C], v3: [D] });
    lab.point('v2', [C, NOBODY]);
    lab.point('v3', [NOBODY]);
    await until(async () => (await lab.nginx.ask('/', { headers: { 'x-v': '3' } })).status === 502);
    lab.pods.asked.length = 0;
    const two = await pipeline(lab.nginx.port, Array(200).fill(get('/', { 'x-v': '2' })));
    expect(two.every(({ body: from }) => from === 'v2')).toBe(true);
    const three = await pipeline(lab.nginx.port, Array(50).fill(get('/', { 'x-v': '3' })));
    expect(three.every(({ status }) => status === 502)).toBe(true);
    expect(lab.shares()).toEqual({ v2: 200 });
  });

  it('without pods costs its share alone, at once, and has it back with the first', async () => {
    await start(splitModel(split({ v2: weight(50) }, StickyKey.header('x-user')._model)), { main: MAIN, v2: [C] });
    const users = Array.from({ length: 200 }, (_, index) => get('/', { 'x-user': `${index}` }));
    const before = await pipeline(lab.nginx.port, users);
    lab.point('v2', []);
    await until(async () => (await pipeline(lab.nginx.port, users)).some(({ status }) => status === 502));
    const without = await pipeline(lab.nginx.port, users);
    expect(without.map(({ status }) => (status === 200 ? 'main' : 'v2'))).toEqual(before.map(({ body: from }) => from));
    lab.point('v2', [C]);
    await until(async () => (await pipeline(lab.nginx.port, users)).every(({ status }) => status === 200));
    expect(await pipeline(lab.nginx.port, users)).toEqual(before);
  });

  it('sends a POST once, whatever becomes of it', async () => {
    await start(splitModel(split({ v2: weight(100) })), { main: MAIN, v2: [C, D] });
    lab.pods.answer = (_, __, socket) => void socket.destroy();
    expect((await lab.nginx.ask('/predict', { body: '{}' })).status).toBe(502);
    expect(lab.pods.asked.length).toBe(1);
  });
});

describe.skipIf(!tools)('what passes through', () => {
  afterEach(() => lab.stop());

  const all = splitModel(split({ v2: weight(100) }));

  it('comes in pieces as they are made', async () => {
    await start(all, { main: MAIN, v2: [C] });
    lab.pods.answer = async (_, response) => {
      for (const piece of ['a', 'b', 'c']) {
        response.write(piece);
        await sleep(0.3);
      }
      response.end();
    };
    const times: number[] = [];
    await lab.nginx.ask('/stream', { onPiece: () => times.push(Date.now()) });
    expect(times).toHaveLength(3);
    expect(times[2]! - times[0]!).toBeGreaterThan(400);
  });

  it('goes up in pieces, however large it is', async () => {
    await start(all, { main: MAIN, v2: [C] });
    const socket = connect(lab.nginx.port, '127.0.0.1');
    socket.write('POST /upload HTTP/1.1\r\nhost: rag\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    await until(() => lab.pods.pieces === 1);
    socket.write('6\r\nsecond\r\n');
    await until(() => lab.pods.pieces === 2);
    expect(lab.pods.asked).toEqual([]);
    socket.write('0\r\n\r\n');
    await until(() => lab.pods.asked.length === 1);
    expect(lab.pods.asked[0]!.body.toString()).toBe('firstsecond');
    socket.destroy();
  });

  it('goes up once a client that waits for leave has it', async () => {
    await start(all, { main: MAIN, v2: [C] });
    const socket = connect(lab.nginx.port, '127.0.0.1');
    let heard = '';
    socket.on('data', (piece) => {
      heard += piece.toString();
    });
    socket.write('POST /upload HTTP/1.1\r\nhost: rag\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n');
    await until(() => heard.startsWith('HTTP/1.1 100 '));
    socket.write('first');
    await until(() => heard.includes('HTTP/1.1 200 OK'));
    expect(lab.pods.asked[0]!.body.toString()).toBe('first');
    socket.destroy();
  });

  it('is whole with a body of megabytes', async () => {
    await start(all, { main: MAIN, v2: [C] });
    const large = Buffer.alloc(20 * 2 ** 20, 'x');
    for (const chunked of [false, true]) {
      await lab.nginx.ask('/upload', { body: large, chunked });
      expect(lab.pods.asked.at(-1)!.body.equals(large)).toBe(true);
    }
  });

  it('turns into a WebSocket', async () => {
    await start(all, { main: MAIN, v2: [C] });
    lab.pods.answer = ({ headers }, response) => void response.end(`${headers.upgrade} ${headers.connection}`);
    expect(await body('/ws', { connection: 'upgrade', upgrade: 'websocket' })).toBe('websocket upgrade');
  });

  it('tells pods who asked, with the proxies between; a cache behind it does that itself', async () => {
    const [main, v2] = all.versions;
    for (const cached of [false, true]) {
      await start({ ...all, versions: [main!, { ...v2!, cached }] }, { main: MAIN, v2: [C] });
      lab.pods.answer = (_, response) => {
        response.setHeader('X-Cache-Status', 'HIT');
        response.end();
      };
      const headers = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https', host: 'rag.example.com:8443' };
      expect((await lab.nginx.ask('/', { headers })).cache).toBe('HIT');
      expect(lab.pods.asked[0]!.headers).toMatchObject({
        ...headers,
        'x-forwarded-for': cached ? '192.0.2.1' : '192.0.2.1, 127.0.0.1',
      });
      if (!cached) await lab.stop();
    }
  });

  it('is answered before the tier ends', async () => {
    await start(all, { main: MAIN, v2: [C] });
    lab.pods.answer = async (_, response) => {
      await sleep(1.5);
      response.end('late');
    };
    const begun = body('/');
    await until(() => lab.pods.asked.length === 1);
    const ended = lab.nginx.quit();
    expect(await begun).toBe('late');
    expect(await ended).toBe(0);
  });
});

describe.skipIf(!tools)('any split', () => {
  const KEY = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
  const header = fc.stringMatching(/^x[-_a-zA-Z0-9]{0,20}$/);
  const query = fc.stringMatching(/^[-._~A-Za-z0-9]{1,20}$/);
  const cookie = fc.stringMatching(/^[-!#$%&'*+.^_`|~0-9A-Za-z]{1,20}$/);
  const key = fc.oneof(header.map(StickyKey.header), query.map(StickyKey.query), cookie.map(StickyKey.cookie));
  const matches = fc.oneof(
    fc
      .tuple(header, fc.stringMatching(/^[-._~:/A-Za-z0-9]{1,20}$/))
      .map(([name, value]) => RequestMatch.header(name, value)),
    fc.tuple(query, query).map(([name, value]) => RequestMatch.query(name, value)),
    fc.tuple(cookie, query).map(([name, value]) => RequestMatch.cookie(name, value)),
  );
  const share = fc.oneof(
    fc.integer({ min: 0, max: 20 }).map(weight),
    fc.integer({ min: 1, max: 100 }).map(mirror),
    matches.map(match),
  );

  const loadBalancing: fc.Arbitrary<LoadBalancingModel> = fc.constantFrom(
    { kind: 'round-robin' },
    { kind: 'least-request' },
    { kind: 'hash', by: { kind: 'header', name: 'X-Session-Id' } },
    { kind: 'hash', by: { kind: 'cookie', name: 'session' } },
    { kind: 'hash', by: { kind: 'source' } },
  );

  it('is taken by nginx', { timeout: 120_000 }, async () => {
    const splits = fc
      .tuple(fc.dictionary(KEY, share, { maxKeys: 4, noNullPrototype: true }), fc.option(key, { nil: undefined }))
      .map(([shares, sticky]): SplitModel => {
        const { main: _, ...others } = shares;
        return split(Object.fromEntries(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))), sticky?._model);
      });
    await fc.assert(
      fc.asyncProperty(splits, loadBalancing, async (model, balancing) => {
        expect(await Nginx.verdict(splitFiles(splitModel(model, { loadBalancing: balancing })))).toBe('');
      }),
      { numRuns: 40 },
    );
  });
});
