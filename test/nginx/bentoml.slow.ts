import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BentoDeployment, ResponseCache } from '../../lib';
import { single } from '../bentos';
import { requireTool } from '../tools/require-tool';
import { venv } from '../tools/venv';
import { synthesize } from '../tree';
import { NGINX_TOOLS } from './build';
import { NameServer } from './dns';
import { freePort, Nginx, until } from './lab';
import { type Ask, ask } from './pods';

const tools = ([...NGINX_TOOLS, 'python3'] as const).every((tool) =>
  requireTool(tool, 'the real BentoML behind nginx'),
);

const ADDRESSES = ['127.0.0.2', '127.0.0.3'];
const PATHS = ['/predict', '/stream', '/fail'];

describe.skipIf(!tools)('the real BentoML behind the cache of a deployment', () => {
  const home = mkdtempSync(join(tmpdir(), 'bento-cached-'));
  const pods: ChildProcess[] = [];
  let names: NameServer;
  let nginx: Nginx;

  beforeAll(async () => {
    const port = await freePort();
    for (const address of ADDRESSES) pods.push(await pod(home, address, port));
    for (const address of ADDRESSES) {
      await until(async () => (await ask(port, '/readyz', {}, address).catch(() => undefined))?.status === 200, 60);
    }
    names = await NameServer.start(ADDRESSES, port);
    const objects = synthesize((chart) => {
      new BentoDeployment(chart, 'Rag', { bento: single(), cache: ResponseCache.of({ paths: PATHS }) });
    });
    const { data } = objects.get('ConfigMap', 'rag-cache-nginx');
    const files = { config: data['nginx.conf'], resolverTemplate: data['resolver.conf.template'], port };
    nginx = await Nginx.start(files, names.port);
    await until(async () => (await nginx.ask('/readyz')).status === 200);
  }, 120_000);

  afterAll(async () => {
    await nginx?.stop();
    await names?.stop();
    await Promise.all(pods.map(end));
    rmSync(home, { recursive: true, force: true });
  });

  const post = (path: string, values: number[], options: Ask = {}) =>
    nginx.ask(path, { body: JSON.stringify({ values }), headers: { 'content-type': 'application/json' }, ...options });

  it('is asked once for equal questions, whichever replica answers', async () => {
    const answers = [await post('/predict', [1, 2]), await post('/predict', [1, 2]), await post('/predict', [1, 2])];
    expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'HIT', 'HIT']);
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1);
    expect(JSON.parse(answers[0]!.body.toString()).sum).toBe(3);
    expect(new Set(answers.map(({ headers }) => headers['x-bentoml-request-id'])).size).toBe(1);
  });

  it('shares other questions among its replicas', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, value) => post('/predict', [value, 0.5])));
    expect(new Set(answers.map(({ body }) => JSON.parse(body.toString()).by))).toEqual(new Set(ADDRESSES));
    expect(answers.every(({ cache }) => cache === 'MISS')).toBe(true);
  });

  it('streams as often as it is asked', async () => {
    for (let i = 0; i < 2; i += 1) {
      const { cache, body } = await post('/stream', [1, 2, 3]);
      expect([cache, body.toString()]).toEqual(['MISS', '1.0\n2.0\n3.0\n']);
    }
  });

  it('fails as often as it is asked, for bad input and for bad code', async () => {
    for (let i = 0; i < 2; i += 1) {
      expect(await post('/predict', ['x' as never])).toMatchObject({ status: 400, cache: 'MISS' });
      expect(await post('/fail', [1])).toMatchObject({ status: 500, cache: 'MISS' });
    }
  });

  it('takes inputs that are too large for a key, and tells them apart', async () => {
    const values = (last: number) => [...Array<number>(20_000).fill(1), last];
    for (const last of [1, 2, 1]) {
      const { cache, body } = await post('/predict', values(last));
      expect([cache, JSON.parse(body.toString()).sum]).toEqual(['BYPASS', 20_000 + last]);
    }
  });

  it('serves its other endpoints as ever', async () => {
    expect((await nginx.ask('/livez')).status).toBe(200);
    expect((await nginx.ask('/docs.json')).body.toString()).toContain('/predict');
    expect((await nginx.ask('/metrics')).body.toString()).toContain('bentoml_service');
  });
});

/** A replica at an address of its own, as a pod has one. */
async function pod(home: string, address: string, port: number): Promise<ChildProcess> {
  const packages = await venv({
    name: 'bentoml',
    packages: ['bentoml==1.4.39'],
    constraints: join(__dirname, '../bentoml/constraints.txt'),
  });
  const cwd = join(__dirname, '../fixtures/cached');
  return spawn(packages.program('bentoml'), ['serve', 'service:Cached', '--host', address, '--port', String(port)], {
    cwd,
    stdio: 'ignore',
    // A group of its own: the supervisor has workers.
    detached: true,
    env: {
      ...process.env,
      BENTOML_HOME: home,
      BENTOML_DO_NOT_TRACK: 'True',
      POD: address,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  process.kill(-child.pid!, 'SIGTERM');
  await ended;
}
