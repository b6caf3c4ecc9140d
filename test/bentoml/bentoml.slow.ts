import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../tools/run';
import { BentoMl, type BuiltBento, fixtures } from './build';
import {
  limitedTextSearch,
  type Synthesized,
  search,
  textSearch,
  WEIGHTS_CLAIM,
  waitingCommand,
  wordIndex,
} from './definitions';
import { Lab, loopbackAddress } from './lab';
import { load, loadUntil, post, statuses } from './load';
import { sample } from './metrics';
import type { Pod } from './pod';
import { isolates, runnable } from './sandbox';

const CONCURRENCY = 24;

// A pod of these definitions that computes nothing is told to end after 3 seconds, and takes about one.
const IDLE_END_SECONDS = 5;

describe.skipIf(!runnable('the real BentoML'))('the real BentoML', () => {
  const bentos: Record<string, BuiltBento> = {};
  let home: string;
  let bentoml: BentoMl;

  beforeAll(async () => {
    if (!isolates) console.warn('no mount namespaces here: without read-only roots, and as the current user');
    home = mkdtempSync(join(tmpdir(), 'bentoml-'));
    chmodSync(home, 0o755);
    bentoml = await BentoMl.install(home);
    const services = { 'text-search': 'Gateway', search: 'SearchApi', 'word-index': 'WordIndex' };
    await Promise.all(
      Object.entries(services).map(async ([name, service]) => {
        bentos[name] = await bentoml.build(name, service);
      }),
    );
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const folder = (name: string) => {
    const path = join(home, name);
    mkdirSync(path);
    return path;
  };
  const image = (bento: string) => {
    const built = bentos[bento];
    if (built === undefined) throw new Error(`no Bento '${bento}'`);
    return built.image;
  };
  const metrics = async (url: string) => (await fetch(url)).text();

  it.each(['text-search', 'search', 'word-index'])('builds the bento.yaml that stands for %s in our tests', (name) => {
    const timeless = (yaml: string | undefined) => yaml?.replaceAll(/creation_time: .*/g, 'creation_time: -');
    const committed = readFileSync(join(fixtures, name, 'bento.yaml'), 'utf8');
    expect(timeless(bentos[name]?.bentoYaml)).toBe(timeless(committed));
  });

  describe('an API server and its runner', () => {
    let definition: Synthesized;
    let lab: Lab;
    let embedder: Synthesized['apiServer'];

    beforeAll(async () => {
      definition = textSearch();
      embedder = runner(definition, 'Embedder');
      lab = new Lab(definition.manifests, { bentoml, image: image('text-search'), scratch: folder('text-search') });
      await lab.start(definition.apiServer.workload, embedder.workload);
    });

    afterAll(() => lab.stop());

    const api = (path: string) => lab.url(definition.apiServer.service, path);
    const similarity = () => post(api('/similarity'), { left: 'ant', right: 'bee' });

    it('pass the probes of their manifests', async () => {
      for (const { workload } of [definition.apiServer, embedder]) {
        for (const pod of lab.podsOf(workload)) {
          expect([workload, await pod.ready(), await pod.alive()]).toEqual([workload, true, true]);
        }
      }
    });

    it('answer every one of 1,500 requests, and the runner computes them', async () => {
      const [pod] = lab.podsOf(embedder.workload);
      const computed = async () =>
        sample(await metrics(pod!.url('/metrics')), 'bentoml_service_request_total', {
          endpoint: '/embed',
          http_response_code: '200',
          runner_name: 'Embedder',
        });
      const before = await computed();
      expect(statuses(await load(1_500, CONCURRENCY, similarity))).toEqual({ 200: 1_500 });
      expect(await computed()).toBe(before + 1_500);
    });

    it('would be caught if the API server computed in its own process', async () => {
      const [pod] = lab.podsOf(embedder.workload);
      const before = await metrics(pod!.url('/metrics'));
      const wrong = JSON.parse(JSON.stringify(definition.manifests).replaceAll('Embedder=http', 'embedder=http'));
      const miswired = new Lab(wrong, { bentoml, image: image('text-search'), scratch: folder('miswired') });
      try {
        await miswired.start(definition.apiServer.workload);
        const { status } = await post(miswired.url(definition.apiServer.service, '/similarity'), {
          left: 'ant',
          right: 'bee',
        });
        expect(status).toBe(200);
      } finally {
        await miswired.stop();
      }
      const embedded = { endpoint: '/embed' };
      const total = 'bentoml_service_request_total';
      expect(sample(await metrics(pod!.url('/metrics')), total, embedded)).toBe(sample(before, total, embedded));
    });

    it('lose nothing when a pod of the API server ends', async () => {
      const [leaving] = lab.podsOf(definition.apiServer.workload);
      await lab.addPod(definition.apiServer.workload);
      const slow = post(leaving!.url('/sleep'), { seconds: 7 });
      const deletion = leaving!.delete();
      const answers = await loadUntil(deletion, CONCURRENCY, similarity);
      expect(await deletion).toMatchObject({ exitCode: 0, killed: false });
      expect((await deletion).seconds).toBeGreaterThan(IDLE_END_SECONDS);
      expect(await slow).toMatchObject({ status: 200 });
      expect(Object.keys(statuses(answers))).toEqual(['200']);
    });

    it('lose no request that a pod of the runner computes when it ends', async () => {
      const [leaving] = lab.podsOf(embedder.workload);
      // Before there is another pod that could get it.
      const slow = post(api('/ponder'), { seconds: 20 });
      await lab.addPod(embedder.workload);
      const deletion = leaving!.delete();
      const answers = await loadUntil(deletion, CONCURRENCY, similarity);
      expect(await deletion).toMatchObject({ exitCode: 0, killed: false });
      expect((await deletion).seconds).toBeGreaterThan(IDLE_END_SECONDS);
      expect(await slow).toMatchObject({ status: 200 });
      // BentoML's server closes kept-alive connections when it ends, and its client never repeats what it had just
      // written to one: at most one request on each. Everything that had arrived is answered.
      const { 200: ok = 0, 500: cut = 0, ...others } = statuses(answers);
      expect(others).toEqual({});
      expect(ok).toBeGreaterThan(cut);
      expect(cut).toBeLessThanOrEqual(CONCURRENCY);
      expect(statuses(await load(50, CONCURRENCY, similarity))).toEqual({ 200: 50 });
    });

    // Why averages of an autoscaler lie behind a ClusterIP: the guide on scaling has these numbers.
    it('send a pool that grows nearly all requests where they went before', async () => {
      const [old] = lab.podsOf(embedder.workload);
      await load(200, CONCURRENCY, similarity);
      const growing = Promise.all([lab.addPod(embedder.workload), lab.addPod(embedder.workload)]);
      // Connections that nobody uses meanwhile would be made anew.
      await loadUntil(growing, CONCURRENCY, similarity);
      const added = await growing;
      const computed = async (pod: Pod) =>
        sample(await metrics(pod.url('/metrics')), 'bentoml_service_request_total', { endpoint: '/embed' });
      const pods = [old!, ...added];
      const before = await Promise.all(pods.map(computed));
      expect(statuses(await load(1_500, CONCURRENCY, similarity))).toEqual({ 200: 1_500 });
      const shares = (await Promise.all(pods.map(computed))).map((count, index) => (count - before[index]!) / 1_500);
      console.log(
        `shares of 3 pods, 2 of them new: ${shares.map((share) => `${Math.round(share * 100)} %`).join(', ')}`,
      );
      expect(shares[0]).toBeGreaterThan(1 / 2);
    });
  });

  describe('a pool that wakes with its function', () => {
    it('is waited for until it accepts connections', async () => {
      const [program, flag, script, host, port] = waitingCommand();
      expect([program, flag, host, port]).toEqual(['python', '-c', 'lab-embedder', '3000']);
      const address = loopbackAddress();
      const server = createServer();
      const began = performance.now();
      const waiting = run(bentoml.interpreterOfImages, [flag!, script!, address, '3000'], { timeoutSeconds: 30 });
      await new Promise((done) => setTimeout(done, 2_000));
      server.listen(3000, address);
      await waiting;
      expect(performance.now() - began).toBeGreaterThan(2_000);
      server.close();
    });
  });

  describe('limits that the definition states', () => {
    let definition: Synthesized;
    let lab: Lab;

    beforeAll(async () => {
      definition = limitedTextSearch();
      lab = new Lab(definition.manifests, { bentoml, image: image('text-search'), scratch: folder('limits') });
      await lab.start(definition.apiServer.workload);
    });

    afterAll(() => lab.stop());

    const api = (path: string) => lab.url(definition.apiServer.service, path);
    const pod = () => lab.podsOf(definition.apiServer.workload)[0]!;

    it('do not wait for the runner: the API server is ready before it', async () => {
      expect(await pod().ready()).toBe(true);
      expect(await post(api('/similarity'), { left: 'ant', right: 'bee' })).toMatchObject({ status: 500 });
      await lab.addPod(runner(definition, 'Embedder').workload);
      expect(await post(api('/similarity'), { left: 'ant', right: 'bee' })).toMatchObject({ status: 200 });
    });

    it('end a request of the API server with 504', async () => {
      const { status, body, seconds } = await post(api('/sleep'), { seconds: 9 });
      expect({ status, body }).toEqual({ status: 504, body: expect.stringContaining('in 4 seconds') });
      expect(seconds).toBeLessThan(6);
    });

    it('end a request of the runner with 504', async () => {
      const { status, seconds } = await post(api('/ponder'), { seconds: 9 });
      expect(status).toBe(504);
      expect(seconds).toBeLessThan(3.5);
      const [embedder] = lab.podsOf(runner(definition, 'Embedder').workload);
      const ended = { endpoint: '/ponder', http_response_code: '504' };
      const counted = async () =>
        sample(await metrics(embedder!.url('/metrics')), 'bentoml_service_request_total', ended);
      await expect.poll(counted, { timeout: 5_000 }).toBe(1);
    });

    it('refuse what is over the maximum with 429, and stay ready', async () => {
      const answers = load(6, 6, () => post(api('/sleep'), { seconds: 2 }));
      expect(await pod().ready()).toBe(true);
      expect(statuses(await answers)).toEqual({ 200: 2, 429: 4 });
    });

    it('make the log quiet or talkative', () => {
      const [embedder] = lab.podsOf(runner(definition, 'Embedder').workload);
      const lines = (log = '', level: string) => log.split('\n').filter((line) => line.includes(level));
      expect(lines(pod().log, '[INFO]')).toEqual([]);
      expect(lines(embedder?.log, 'DEBUG')).not.toEqual([]);
    });
  });

  // The outside service's host is in the Bento's code: only a hosts file of its own can map it.
  describe.skipIf(!isolates)('a chain of services under a path prefix', () => {
    let definition: Synthesized;
    let lab: Lab;
    const outside = createServer((_, response) =>
      response.setHeader('content-type', 'application/json').end('{"routes": []}'),
    );

    beforeAll(async () => {
      const address = loopbackAddress();
      await new Promise<void>((done) => outside.listen(3000, address, done));
      definition = search();
      lab = new Lab(definition.manifests, {
        bentoml,
        image: image('search'),
        scratch: folder('search'),
        hosts: { 'fallback.example.com': address },
      });
      const { apiServer, runners } = definition;
      await lab.start(apiServer.workload, ...Object.values(runners).map(({ workload }) => workload));
    });

    afterAll(async () => {
      await lab.stop();
      outside.close();
    });

    it('passes the probes of its manifests', async () => {
      for (const { workload } of [definition.apiServer, ...Object.values(definition.runners)]) {
        const [pod] = lab.podsOf(workload);
        expect([workload, await pod!.ready(), await pod!.alive()]).toEqual([workload, true, true]);
      }
    });

    it('calls through to the last service', async () => {
      const url = lab.url(definition.apiServer.service, '/v1/search');
      const { status, body } = await post(url, { query: 'q', documents: ['three', 'of', 'them'] });
      expect({ status, lengths: JSON.parse(body) }).toEqual({ status: 200, lengths: [2, 4, 5] });
      const count = async (service: string, metric: string, endpoint: string) =>
        sample(await metrics(lab.podsOf(runner(definition, service).workload)[0]!.url('/metrics')), metric, {
          endpoint,
          http_response_code: '200',
        });
      expect(await count('Reranker', 'reranker_request_total', '/rank')).toBe(1);
      expect(await count('Encoder', 'bentoml_service_request_total', '/encode')).toBe(1);
      const api = await metrics(lab.url(definition.apiServer.service, '/v1/metrics'));
      const searched = { endpoint: '/v1/search', http_response_code: '200', runner_name: 'search-api' };
      expect(sample(api, 'bentoml_service_request_total', searched)).toBe(1);
    });
  });

  describe('a Bento with a model', () => {
    let definition: Synthesized;
    let lab: Lab;

    beforeAll(async () => {
      const weights = folder('weights');
      writeFileSync(join(weights, 'ant'), '0.25');
      definition = wordIndex();
      lab = new Lab(definition.manifests, {
        bentoml,
        image: image('word-index'),
        scratch: folder('word-index'),
        claims: { [WEIGHTS_CLAIM]: weights },
      });
      await lab.start(definition.apiServer.workload);
    });

    afterAll(() => lab.stop());

    const call = (path: string, body: object) => post(lab.url(definition.apiServer.service, path), body);

    it('finds the model that its image carries', async () => {
      expect(await call('/find', { word: 'bee' })).toMatchObject({ status: 200, body: '1' });
    });

    it('reads weights from its volume', async () => {
      expect(await call('/weigh', { name: 'ant' })).toMatchObject({ status: 200, body: '0.25' });
    });

    it.skipIf(!isolates)('runs as the user of its image, and writes nowhere but to caches', async () => {
      expect(JSON.parse((await call('/user', {})).body)).toEqual({ uid: 1034, gid: 1034 });
      expect(JSON.parse((await call('/store', {})).body)).toEqual({
        HF_HOME: 'written',
        XDG_CACHE_HOME: 'written',
        TORCHINDUCTOR_CACHE_DIR: 'written',
        TRITON_CACHE_DIR: 'written',
        tempfile: 'written',
        weights: 'Read-only file system',
        bento: 'Read-only file system',
        root: 'Read-only file system',
      });
    });

    it("keeps BentoML's own files where it can write: monitoring and tasks", async () => {
      expect(await call('/observe', { word: 'ant' })).toMatchObject({ status: 200, body: 'ant' });
      const submitted = await call('/rebuild/submit', { rounds: 3 });
      expect(submitted.status).toBe(200);
      const { task_id } = JSON.parse(submitted.body);
      const result = lab.url(definition.apiServer.service, `/rebuild/get?task_id=${task_id}`);
      await expect.poll(async () => (await fetch(result)).text(), { timeout: 10_000 }).toBe('3');
    });
  });
});

function runner(definition: Synthesized, service: string): Synthesized['apiServer'] {
  const names = definition.runners[service];
  if (names === undefined) throw new Error(`no runner '${service}'`);
  return names;
}
