import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { RequestMatch, StickyKey } from '../../lib';
import { MAX_COPIED_BYTES, MAX_COPIES } from '../../lib/component/split-times';
import type { NginxSplitModel } from '../../lib/engines/nginx-split';
import { requireTool } from '../tools/require-tool';
import { NGINX_TOOLS } from './build';
import { until } from './lab';
import { get, pipeline } from './pipeline';
import type { Asked } from './pods';
import { SplitLab } from './split-lab';
import { mirror, split, splitModel, weight } from './split-models';

const tools = NGINX_TOOLS.every((tool) => requireTool(tool, 'nginx'));

const PODS = { main: ['127.0.0.2'], v2: ['127.0.0.4'], v3: ['127.0.0.5'] };
const sleep = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

let lab: SplitLab;

const start = async (model: NginxSplitModel = splitModel(split({ v2: mirror(100) }))) => {
  const known = Object.entries(PODS).filter(([key]) => model.versions.some((version) => version.key === key));
  lab = await SplitLab.start(model, Object.fromEntries(known));
};

/** What came to a version. */
const asked = (key: string): Asked[] => lab.pods.asked.filter(({ pod }) => lab.versionOf(pod) === key);

afterEach(() => lab.stop());

describe.skipIf(!tools)('a copy', () => {
  it.each([10, 100_000, MAX_COPIED_BYTES])('has all of a request with a body of %d bytes', async (bytes) => {
    await start();
    const body = randomBytes(bytes);
    const headers = {
      'x-user': 'ann',
      host: 'rag.example.com',
      'x-forwarded-for': '192.0.2.1',
      authorization: 'Bearer a',
    };
    const answer = await lab.nginx.ask('/predict?a=%20b&c', { method: 'PUT', body, headers });
    expect(answer.body.toString()).toBe('main');
    await until(() => asked('v2').length === 1);
    const [copy] = asked('v2');
    const [original] = asked('main');
    expect(copy!.body.equals(body)).toBe(true);
    expect(original!.body.equals(body)).toBe(true);
    expect(copy).toMatchObject({ method: 'PUT', path: '/predict?a=%20b&c' });
    const { connection: _, ...same } = original!.headers;
    expect(copy!.headers).toMatchObject(same);
  });

  it('is made of what goes to each version, and leads to no answer', async () => {
    const shares = { v2: { kind: 'match' as const, match: RequestMatch.query('v', '2')._model }, v3: mirror(100) };
    await start(splitModel(split(shares, StickyKey.header('x-user')._model)));
    for (const [path, version] of [
      ['/?v=2', 'v2'],
      ['/', 'main'],
    ] as const) {
      expect((await lab.nginx.ask(path)).body.toString()).toBe(version);
    }
    await until(() => asked('v3').length === 2);
    expect(
      asked('v3')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/', '/?v=2']);
  });

  it('is made of so many percent, of each version by itself', async () => {
    await start(splitModel(split({ v2: mirror(30), v3: mirror(50) })));
    const answers = await pipeline(lab.nginx.port, Array(2000).fill(get('/')), 4);
    expect(answers.every(({ body }) => body === 'main')).toBe(true);
    await sleep(1);
    // Six deviations.
    expect(Math.abs(asked('v2').length / 20 - 30)).toBeLessThan(6.2);
    expect(Math.abs(asked('v3').length / 20 - 50)).toBeLessThan(6.8);
    expect(asked('main').length).toBe(2000);
  });

  it('is not made of what is too long, or of unknown length, nor of a WebSocket', async () => {
    await start();
    const large = Buffer.alloc(MAX_COPIED_BYTES + 1, 'x');
    await lab.nginx.ask('/large', { body: large });
    await lab.nginx.ask('/chunked', { body: 'x', chunked: true });
    await lab.nginx.ask('/ws', { headers: { connection: 'upgrade', upgrade: 'websocket' } });
    await lab.nginx.ask('/last');
    await until(() => asked('v2').length > 0);
    expect(asked('v2').map(({ path }) => path)).toEqual(['/last']);
    expect(asked('main').map(({ path }) => path)).toEqual(['/large', '/chunked', '/ws', '/last']);
    expect(asked('main')[0]!.body.length).toBe(large.length);
  });

  it('is in the log with the status that nobody got', async () => {
    await start();
    lab.pods.answer = ({ pod }, response) => {
      response.statusCode = lab.versionOf(pod) === 'v2' ? 503 : 200;
      response.end();
    };
    await lab.nginx.ask('/predict');
    await until(() => lab.nginx.log.length === 2);
    expect(lab.nginx.log).toContainEqual(expect.objectContaining({ version: 'v2', copy: true, upstreamStatus: '503' }));
    expect(lab.nginx.log).toContainEqual(expect.objectContaining({ version: 'main', status: 200 }));
  });

  it('is never asked for by a client', async () => {
    await start();
    for (const path of ['/.well-known/split-copies/v2', '/.well-known/split-copies']) {
      const { status } = await lab.nginx.ask(path);
      expect(status).toBe(path.endsWith('v2') ? 404 : 200);
    }
  });
});

describe.skipIf(!tools)('a version that gets copies', () => {
  it('reaches no client with its errors, breaks, or lack of pods', async () => {
    await start();
    let turn = 0;
    lab.pods.answer = ({ pod }, response, socket) => {
      if (lab.versionOf(pod) === 'main') return void response.end('main');
      turn += 1;
      if (turn % 2 === 0) return void socket.destroy();
      response.statusCode = 500;
      response.end('no');
    };
    const fine = async () => {
      const answers = await pipeline(lab.nginx.port, Array(300).fill(get('/')), 3);
      expect(answers.filter(({ status, body }) => status !== 200 || body !== 'main')).toEqual([]);
    };
    await fine();
    await until(() => asked('v2').length >= 250);
    lab.point('v2', ['127.0.0.9']);
    await sleep(3);
    await fine();
    lab.point('v2', []);
    await sleep(3);
    await fine();
  });

  it('keeps no connection of a client waiting while it hangs, and gets no more than it may hold', async () => {
    await start();
    lab.pods.answer = ({ pod }, response) => {
      if (lab.versionOf(pod) === 'main') response.end('main');
    };
    const began = Date.now();
    const answers = await pipeline(lab.nginx.port, Array(400).fill(get('/')), 2);
    expect(answers.every(({ body }) => body === 'main')).toBe(true);
    // 66 seconds a copy otherwise.
    expect(Date.now() - began).toBeLessThan(20_000);
    await sleep(0.5);
    expect(asked('v2').length).toBe(MAX_COPIES);
    expect(asked('main').length).toBe(400);
  });

  // ngx_http_mirror_module: its subrequests are `header_only`.
  it('is let go with the first piece of an answer that it streams', async () => {
    await start();
    let pieces = 0;
    lab.pods.answer = async ({ pod }, response, socket) => {
      if (lab.versionOf(pod) === 'main') return void response.end('main');
      while (!socket.destroyed && pieces < 100) {
        response.write('piece');
        pieces += 1;
        await sleep(0.1);
      }
    };
    await lab.nginx.ask('/stream');
    await until(() => lab.nginx.log.some(({ copy }) => copy === true));
    await sleep(0.5);
    expect(pieces).toBeLessThan(10);
  });

  it('shares weights with others as if it were not there', async () => {
    await start(splitModel(split({ v2: weight(30), v3: mirror(100) })));
    const answers = await pipeline(lab.nginx.port, Array(2000).fill(get('/')), 4);
    const percent = answers.filter(({ body }) => body === 'v2').length / 20;
    expect(Math.abs(percent - 30)).toBeLessThan(6.2);
  });
});
