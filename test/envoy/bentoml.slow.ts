import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chart, Duration, Testing } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  EnvVar,
  Runner,
  RunnerProxy,
  Scaling,
  ScalingMetric,
  type ServingComponent,
} from '../../lib';
import { DNS_REFRESH_SECONDS } from '../../lib/component/pool-hop';
import { BentoMl, type BuiltBento, fixtures } from '../bentoml/build';
import type { ComponentNames } from '../bentoml/definitions';
import { Lab } from '../bentoml/lab';
import { load, loadUntil, post, statuses } from '../bentoml/load';
import { sample } from '../bentoml/metrics';
import type { Pod } from '../bentoml/pod';
import { runnable } from '../bentoml/sandbox';
import { installEnvoy } from '../tools/envoy';

const CONCURRENCY = 24;
const REQUESTS = 1_500;

// As a cluster would have it with a DNS that keeps nothing: endpoints are gone after a second, and Envoy asks every other.
const drain = { endpointRemoval: Duration.seconds(6) };

/** A pool that an autoscaler may grow, and what stands before it. */
function textSearch(proxy?: RunnerProxy): { manifests: unknown[]; api: ComponentNames; embedder: ComponentNames } {
  const bento = Bento.fromFile(join(fixtures, 'text-search', 'bento.yaml'), {
    image: 'registry.example.com/text-search:v1',
  });
  const chart = new Chart(Testing.app(), 'lab', { namespace: 'lab' });
  const deployment = new BentoDeployment(chart, 'Lab', {
    bento,
    env: [EnvVar.value('API_KEY', 'k')],
    runners: {
      Embedder: Runner.pool({
        drain,
        scaling: Scaling.auto({ minReplicas: 1, maxReplicas: 3, metrics: [ScalingMetric.cpu(70)] }),
        ...(proxy !== undefined && { proxy }),
      }),
    },
  });
  const names = ({ workload, service }: ServingComponent) => ({ workload: workload.name, service: service.name });
  return {
    manifests: Testing.synth(chart),
    api: names(deployment.apiServer),
    embedder: names(deployment.runnerPool('Embedder')),
  };
}

describe.skipIf(!runnable('the real BentoML behind the real Envoy'))('the real BentoML', () => {
  let home: string;
  let bentoml: BentoMl;
  let envoy: string;
  let built: BuiltBento;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'bentoml-envoy-'));
    chmodSync(home, 0o755);
    [bentoml, envoy] = await Promise.all([BentoMl.install(home), installEnvoy()]);
    built = await bentoml.build('text-search', 'Gateway');
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** Until Envoy has asked the DNS again. */
  const resolved = () => sleep(DNS_REFRESH_SECONDS * 1000 + 500);
  const computed = async (pod: Pod) =>
    sample(await (await fetch(pod.url('/metrics'))).text(), 'bentoml_service_request_total', { endpoint: '/embed' });

  describe.each([
    ['with the Envoy that it has by default', undefined],
    ['without a proxy', RunnerProxy.direct()],
  ])('and a pool %s', (name, proxy) => {
    const definition = textSearch(proxy);
    let lab: Lab;
    const similarity = () => post(lab.url(definition.api.service, '/similarity'), { left: 'ant', right: 'bee' });
    const pods = () => lab.podsOf(definition.embedder.workload);

    /** The share of each pod of the next requests. */
    const shares = async (): Promise<number[]> => {
      const all = pods();
      const before = await Promise.all(all.map(computed));
      expect(statuses(await load(REQUESTS, CONCURRENCY, similarity))).toEqual({ 200: REQUESTS });
      const after = await Promise.all(all.map(computed));
      const counts = after.map((count, index) => (count - before[index]!) / REQUESTS);
      console.log(`${name}, shares of the pods: ${counts.map((share) => `${(share * 100).toFixed(1)} %`).join(', ')}`);
      return counts;
    };

    beforeAll(async () => {
      const scratch = join(home, proxy === undefined ? 'envoy' : 'direct');
      mkdirSync(scratch);
      lab = new Lab(definition.manifests, { bentoml, image: built.image, scratch, envoy });
      await lab.start(definition.api.workload, definition.embedder.workload);
      await resolved();
      expect(statuses(await load(200, CONCURRENCY, similarity))).toEqual({ 200: 200 });
    });

    afterAll(() => lab.stop());

    if (proxy !== undefined) {
      it('leaves pods that come under load without any', async () => {
        const growing = (async () => {
          await lab.addPod(definition.embedder.workload);
          await lab.addPod(definition.embedder.workload);
        })();
        expect(Object.keys(statuses(await loadUntil(growing, CONCURRENCY, similarity)))).toEqual(['200']);
        const [old, ...added] = await shares();
        expect(old).toBeGreaterThan(1 / 2);
        for (const share of added) expect(share).toBeLessThan(0.15);
      });
      return;
    }

    it('gives pods that come under load their share', async () => {
      const growing = (async () => {
        await lab.addPod(definition.embedder.workload);
        await lab.addPod(definition.embedder.workload);
        await resolved();
      })();
      expect(Object.keys(statuses(await loadUntil(growing, CONCURRENCY, similarity)))).toEqual(['200']);
      for (const share of await shares()) expect(share).toBeGreaterThan(0.15);
    });

    it('loses no request while a pod leaves', async () => {
      const [leaving] = pods();
      const slow = Promise.all([1, 2, 3].map(() => post(lab.url(definition.api.service, '/ponder'), { seconds: 9 })));
      const deletion = leaving!.delete();
      const answers = await loadUntil(deletion, CONCURRENCY, similarity);
      expect(await deletion).toMatchObject({ exitCode: 0, killed: false });
      expect(statuses(answers)).toEqual({ 200: answers.length });
      expect(statuses(await slow)).toEqual({ 200: 3 });
      console.log(`${name}: ${answers.length} requests while a pod left, none lost`);
      expect(await shares()).toHaveLength(2);
    });

    it('loses no request while a pod of the API server leaves, with its Envoy', async () => {
      const [leaving] = lab.podsOf(definition.api.workload);
      await lab.addPod(definition.api.workload);
      const slow = post(leaving!.url('/ponder'), { seconds: 12 });
      await sleep(200);
      const deletion = leaving!.delete();
      const answers = await loadUntil(deletion, CONCURRENCY, similarity);
      expect(await deletion).toMatchObject({ exitCode: 0, killed: false });
      expect(await slow).toMatchObject({ status: 200 });
      expect(statuses(answers)).toEqual({ 200: answers.length });
    });
  });
});
