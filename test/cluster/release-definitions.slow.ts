import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duration } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CanaryReleaseOptions,
  CanaryStep,
  Color,
  Exposure,
  Gate,
  Gateway,
  Promotion,
  Release,
  Runner,
  Version,
} from '../../lib';
import { requireTool } from '../tools/require-tool';
import type { Body, KubernetesObject } from './client';
import type { Answer } from './prometheus';
import {
  bentoOf,
  type DefinitionOptions,
  definition,
  MAX_REPLICAS,
  POOL_REPLICAS,
  scaled,
} from './release-definitions';
import { FULL, GOOD, linted, Stage } from './release-stage';
import type { Capacity, RolloutsLab } from './rollouts-lab';

const here = requireTool('go', 'releases on the control plane');

/** As often as can be, and no failure is let pass. */
const QUICK = { interval: Duration.seconds(10), window: Duration.seconds(10), failureLimit: 0, patience: 0 };
const before = (tag: string) => Version.of({ bento: bentoOf(tag) });

const canary = (previous: Version | undefined, options: Partial<CanaryReleaseOptions> = {}) =>
  Release.canary({
    previous,
    steps: [CanaryStep.weight(20), CanaryStep.weight(50)],
    gates: [Gate.latencyRelativeToStable(QUICK), Gate.errorRateRelativeToStable(QUICK)],
    backgroundGates: [Gate.errorRate({ ...QUICK, maxRate: 0.05 })],
    abortScaleDownDelay: Duration.seconds(10),
    ...options,
  });

const atLeast = (moments: Capacity[], replicas: number, service = 'rag') =>
  expect(Math.min(...moments.map(({ behind }) => behind[service] ?? 0))).toBeGreaterThanOrEqual(replicas);
const weights = (moments: Capacity[]) => {
  const seen = moments.map(({ weight }) => weight);
  return seen.filter((weight, index) => weight !== seen[index - 1]);
};
const condition = ({ status }: Body, type: string): Body =>
  (status.conditions ?? []).find((candidate: Body) => candidate.type === type);
const names = (objects: KubernetesObject[], suffix: string) =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).filter((name) => name.endsWith(suffix));

describe.skipIf(!here)('releases of whole definitions', () => {
  let stage: Stage;
  let lab: RolloutsLab;
  let client: RolloutsLab['cluster']['client'];
  /** What a server says of a release, by its path. */
  const approvals = new Map<string, string>();
  const server = http.createServer((request, response) => {
    const status = approvals.get(request.url!.slice(1)) ?? 'pending';
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ status }));
  });
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    stage = await Stage.up();
    lab = stage.lab;
    client = lab.cluster.client;
  });
  afterAll(async () => {
    server.close();
    await lab?.down();
  });

  const pods = async (namespace: string): Promise<Body[]> =>
    (await client.get(`/api/v1/namespaces/${namespace}/pods`)).items
      .filter(({ metadata, status }: Body) => metadata.deletionTimestamp === undefined && status.phase === 'Running')
      .sort((a: Body, b: Body) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const podNames = async (namespace: string, tag: string) =>
    (await pods(namespace))
      .filter(({ spec }) => spec.containers[0].image.endsWith(`:${tag}`))
      .map(({ metadata }) => metadata.name);
  const runs = async (namespace: string): Promise<Body[]> =>
    (await client.get(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/analysisruns`)).items;
  const step = (namespace: string, index: number) =>
    lab.reaches(namespace, `step ${index}`, ({ currentStepIndex }) => currentStepIndex === index);
  const aborted = (namespace: string) => lab.reaches(namespace, 'aborted', ({ phase }) => phase === 'Degraded');
  /** Waits for what a budget says, and takes a pod as a drain does. */
  const evicts = async (namespace: string, name: string, tag: string, expected: number) => {
    const path = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${name}`;
    await lab.cluster.wait(`${namespace}: budget ${name} of ${expected}`, async () => {
      const { status } = await client.get(path);
      return status.expectedPods === expected && status.currentHealthy === expected && status.disruptionsAllowed > 0;
    });
    const { selector } = (await client.get(path)).spec;
    const chosen = (await pods(namespace)).find(
      ({ metadata, spec }) =>
        spec.containers[0].image.endsWith(`:${tag}`) &&
        Object.entries(selector.matchLabels).every(([key, value]) => metadata.labels[key] === value),
    );
    const { name: pod } = chosen.metadata;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
    const { body } = await client.request('POST', `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`, eviction);
    expect(body.status).toBe('Success');
  };

  /**
   * Containers that wait end at once here, so that nothing shows that requests come after the pools: that pods wait for the
   * pool of their own version, and call it, is read from those of the API server.
   */
  const waitsForOwnPool = async (namespace: string, tag: string) => {
    const isServer = ({ metadata, spec }: Body) =>
      metadata.labels['app.kubernetes.io/component'] === 'api-server' && spec.containers[0].image.endsWith(`:${tag}`);
    const servers = (await pods(namespace)).filter(isServer);
    expect(servers.length).toBeGreaterThan(0);
    for (const { spec } of servers) {
      const [, , , host, replicas] = spec.initContainers[0].command;
      expect(host).toBe(`rag-embedder-${tag}-headless.${namespace}.svc.cluster.local`);
      expect(replicas).toBe(String(POOL_REPLICAS));
      const depends = spec.containers[0].env.find(({ name }: Body) => name === 'BENTOML_SERVE_DEPENDS');
      expect(depends.value).toBe(`Embedder=http://rag-embedder-${tag}:3000`);
    }
  };

  const poolOf = async (namespace: string, name: string) => {
    const { selector } = (await client.get(`/api/v1/namespaces/${namespace}/services/${name}`)).spec;
    const selected = ({ metadata }: Body) =>
      Object.entries(selector).every(([key, value]) => metadata.labels[key] === value);
    return (await pods(namespace)).filter(selected).map(({ metadata }) => metadata.name);
  };

  /** That an edit, by which a release is over, takes a pool out, and touches nothing else. */
  const leavesAlone = async (namespace: string, tag: string, pool: string, edit: () => Promise<string[]>) => {
    const [last, kept] = [stage.last(namespace), await podNames(namespace, tag)];
    const old = last.filter(({ metadata }) => [pool, `${pool}-headless`].includes(metadata.name));
    expect((await edit()).sort()).toEqual(old.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort());
    expect(stage.last(namespace)).toEqual(last.filter((object) => !old.includes(object)));
    expect(await podNames(namespace, tag)).toEqual(kept);
  };

  test.concurrent('a good canary is promoted by what its gates are told, and scaled on the way', async () => {
    await stage.first('good', 'v1', { release: canary(Version.absent()) });
    expect(await runs('good')).toEqual([]);
    const moments = await lab.during('good', async () => {
      await stage.edit('good', 'v2', { release: canary(before('v1')) });
      await step('good', 2);
      // What a drain asks of the budget counts the pods of both versions.
      await evicts('good', 'rag', 'v1', FULL + 2);
      stage.load('good', 60);
      await lab.reaches('good', 'twice as many of the stable version', ({ availableReplicas }, { replicas }) => {
        return replicas === MAX_REPLICAS && availableReplicas >= MAX_REPLICAS;
      });
      await lab.settles('good');
      await stage.leads('good', 'rag', MAX_REPLICAS, 'v2');
    });
    // A drain has taken one of them.
    atLeast(moments, FULL - 1);
    atLeast(moments, POOL_REPLICAS, 'rag-embedder-v1');
    await waitsForOwnPool('good', 'v2');
    expect(weights(moments).slice(0, 3)).toEqual([0, 20, 50]);
    const { currentPodHash } = (await lab.rollout('good')).status;
    const at = (weight: number) => moments.filter((moment) => moment.weight === weight);
    for (const { ready } of at(20)) expect(ready[currentPodHash]).toBeGreaterThanOrEqual(2);
    for (const { ready } of at(50)) expect(ready[currentPodHash]).toBeGreaterThanOrEqual(3);
    // Of two Ingresses for a canary ingress-nginx heeds one: there is none beside the controller's.
    const { items } = await client.get('/apis/networking.k8s.io/v1/namespaces/good/ingresses');
    expect(items.map(({ metadata }: Body) => metadata.name).sort()).toEqual(['rag', 'rag-rag-canary']);
    const inline = (await runs('good')).filter(({ metadata }) => metadata.labels['step-index'] !== undefined);
    expect(inline.map(({ status }) => status.phase)).toEqual(['Successful', 'Successful']);
    expect(await stage.askedAsEmitted('good', 'v2', 'v1')).toBeGreaterThanOrEqual(5);

    await leavesAlone('good', 'v2', 'rag-embedder-v1', () =>
      stage.edit('good', 'v2', { release: canary(Version.absent()) }),
    );
  });

  test.concurrent.each<[string, string, Answer]>([
    ['slow', 'latency-relative-to-stable', 1.2],
    ['faulty', 'error-rate-relative-to-stable', 1.6],
    ['broken', 'error-rate', 0.06],
  ])('a canary that is %s is aborted, and the stable version keeps its capacity', async (namespace, gate, answer) => {
    await stage.first(namespace, 'v1', { release: canary(Version.absent()) });
    const stable = await podNames(namespace, 'v1');
    const moments = await lab.during(namespace, async () => {
      await stage.edit(namespace, 'v2', { release: canary(before('v1')) });
      // The first step has passed.
      await step(namespace, 5);
      stage.say(namespace, gate, answer);
      expect((await aborted(namespace)).message).toMatch(`Metric "${gate}" assessed Failed`);
      // The edit that goes back starts nothing.
      await stage.edit(namespace, 'v1', { release: canary(before('v2')) });
      await lab.settles(namespace);
    });
    expect(weights(moments)).toEqual([0, 20, 50, 0]);
    atLeast(moments, FULL);
    const both = await podNames(namespace, 'v1');
    expect(both).toEqual(stable);
    await stage.askedAsEmitted(namespace, 'v2', 'v1');
  });

  test.concurrent('no data never passes: it holds the canary, which scales on, and aborts it', async () => {
    const namespace = 'mute';
    await stage.first(namespace, 'v1', { release: canary(Version.absent()) });
    for (const gate of Object.keys(GOOD)) stage.say(namespace, gate, 'empty');
    const moments = await lab.during(namespace, async () => {
      await stage.edit(namespace, 'v2', { release: canary(before('v1')) });
      await step(namespace, 2);
      // Applied again, nothing that the controller has written is thrown back.
      await stage.edit(namespace, 'v2', { release: canary(before('v1')) });
      stage.load(namespace, 60);
      await stage.leads(namespace, 'rag', MAX_REPLICAS, 'v1');
      expect((await aborted(namespace)).message).toMatch(/assessed Error/);
      await lab.cluster.wait('no weight', async () => (await lab.capacity(namespace, 0)).weight === 0);
    });
    expect(weights(moments)).toEqual([0, 20, 0]);
    atLeast(moments, FULL);
    expect(moments.at(-1)!.behind.rag).toBe(MAX_REPLICAS);
    expect(moments.at(-1)!.tags.rag).toEqual(['v1']);
  });

  const approval = (namespace: string) =>
    Gate.webhook({
      name: 'approval',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${namespace}`,
      jsonPath: '{$.status}',
      successValue: 'approved',
      failureValue: 'rejected',
      interval: Duration.seconds(10),
      initialDelay: Duration.seconds(0),
      failureLimit: 0,
    });

  /** Does what the program of the gate does, as no pod runs here, and ends its pod as a kubelet would. */
  const playPoolsJob = async (namespace: string) => {
    const isJob = ({ metadata }: Body) => metadata.ownerReferences?.[0]?.kind === 'Job';
    await lab.cluster.wait(`${namespace}: the Job's pod`, async () => (await pods(namespace)).some(isJob));
    const { metadata, spec } = (await pods(namespace)).find(isJob);
    const args: string[] = spec.containers[0].args;
    const pools = args.flatMap((host, index) => (index % 2 === 0 ? [[host, Number(args[index + 1])] as const] : []));
    for (const [host, replicas] of pools) {
      const [service, , domain] = host.split('.');
      expect(domain).toBe('svc');
      await lab.cluster.wait(`${namespace}: ${replicas} of ${service}`, async () => {
        return (await lab.capacity(namespace, 0)).behind[service!]! >= replicas;
      });
    }
    const now = new Date().toISOString();
    const state = { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } };
    const { name, image } = spec.containers[0];
    await client.merge(`/api/v1/namespaces/${namespace}/pods/${metadata.name}/status`, {
      status: {
        phase: 'Succeeded',
        containerStatuses: [{ name, image, imageID: 'sim', ready: false, restartCount: 0, state }],
      },
    });
    return pools;
  };

  test.concurrent('blue-green waits for its pools and its approval, and goes back when it fails after that', async () => {
    const namespace = 'colors';
    const release = (previous: Version) =>
      Release.blueGreen({
        previous,
        beforePromotion: [approval(namespace)],
        afterPromotion: [Gate.errorRate({ ...QUICK, maxRate: 0.05 })],
      });
    const options = (previous: Version) => ({
      release: release(previous),
      runners: { Embedder: Runner.pool({ scaling: scaled('pool') }) },
    });
    await stage.first(namespace, 'v1', options(Version.absent()));
    await stage.leads(namespace, 'rag-embedder-v1', FULL, 'v1');
    stage.say(namespace, 'error-rate', 0.06);
    const moments = await lab.during(namespace, async () => {
      await stage.edit(namespace, 'v2', options(before('v1')));
      // All requests come at once: the new pool is there at its full size, whatever its load is yet.
      expect(await playPoolsJob(namespace)).toEqual([
        [`rag-embedder-v2-headless.${namespace}.svc.cluster.local`, MAX_REPLICAS],
      ]);
      await stage.leads(namespace, 'rag-preview', FULL, 'v2');
      await lab.cluster.wait('the Job has passed', async () =>
        (await runs(namespace)).some(({ status }) =>
          status?.metricResults?.some(({ name, phase }: Body) => name === 'pools' && phase === 'Successful'),
        ),
      );
      // The approval is still to come.
      await stage.leads(namespace, 'rag', FULL, 'v1');
      approvals.set(namespace, 'approved');
      await stage.leads(namespace, 'rag', FULL, 'v2');
      expect((await aborted(namespace)).message).toMatch('Metric "error-rate" assessed Failed');
      await stage.leads(namespace, 'rag', FULL, 'v1');
    });
    atLeast(moments, FULL);
    atLeast(moments, FULL, 'rag-embedder-v1');
    for (const { tags } of moments) expect(tags.rag).toHaveLength(1);
    expect(moments.map(({ tags }) => tags.rag![0]).filter((tag, at, all) => tag !== all[at - 1])).toEqual([
      'v1',
      'v2',
      'v1',
    ]);
    await stage.askedAsEmitted(namespace, 'v2', 'v1');
  });

  test.concurrent('blue-green by hand waits, scales and follows the human; what is rejected never gets requests', async () => {
    const namespace = 'manual';
    const release = Release.blueGreen({ beforePromotion: [approval(namespace)], promotion: Promotion.manual() });
    const options = { alone: true, release };
    approvals.set(namespace, 'rejected');
    await stage.first(namespace, 'v1', options);
    const moments = await lab.during(namespace, async () => {
      await stage.edit(namespace, 'v2', options);
      expect((await aborted(namespace)).message).toMatch('Metric "approval" assessed Failed');
      approvals.set(namespace, 'approved');
      await stage.edit(namespace, 'v3', options);
      await lab.reaches(namespace, 'waits', ({ pauseConditions = [], blueGreen }) => {
        const { status } = blueGreen.prePromotionAnalysisRunStatus ?? {};
        return status === 'Successful' && pauseConditions[0]?.reason === 'BlueGreenPause';
      });
      stage.load(namespace, 60);
      await stage.leads(namespace, 'rag-preview', MAX_REPLICAS, 'v3');
      await stage.leads(namespace, 'rag', MAX_REPLICAS, 'v1');
      await lab.command(namespace, 'promote', 'rag');
      await stage.leads(namespace, 'rag', MAX_REPLICAS, 'v3');
    });
    atLeast(moments, FULL);
    for (const { tags } of moments) expect(['v1', 'v3']).toContain(String(tags.rag));
  });

  test.concurrent('two colours are switched by edits, and the Service never leads to none or to both', async () => {
    const namespace = 'hands';
    const { BLUE, GREEN } = Color;
    const by = (color: Color, previous: Version, promoted?: boolean) => ({
      release: Release.manualBlueGreen({ color, previous, promoted }),
    });
    await stage.first(namespace, 'v1', by(BLUE, Version.absent()));
    const seen = async (happening: () => Promise<unknown>) => {
      const moments = await lab.during(namespace, happening);
      atLeast(moments, FULL);
      for (const { tags } of moments) expect(tags.rag).toHaveLength(1);
    };
    await seen(async () => {
      await stage.edit(namespace, 'v2', by(GREEN, before('v1')));
      // At their full size both, as all requests come at once.
      await stage.leads(namespace, 'rag-preview', MAX_REPLICAS, 'v2');
      await stage.leads(namespace, 'rag', MAX_REPLICAS, 'v1');
    });
    const both = (await pods(namespace)).map(({ metadata }) => metadata.name);
    for (const [promoted, active, other] of [
      [true, 'v2', 'v1'],
      [false, 'v1', 'v2'],
      [true, 'v2', 'v1'],
    ] as const) {
      await seen(async () => {
        expect(await stage.edit(namespace, 'v2', by(GREEN, before('v1'), promoted))).toEqual([]);
        await stage.leads(namespace, 'rag', MAX_REPLICAS, active);
        await stage.leads(namespace, 'rag-preview', MAX_REPLICAS, other);
      });
      expect((await pods(namespace)).map(({ metadata }) => metadata.name)).toEqual(both);
    }
    const objects = stage.last(namespace);
    await seen(async () => {
      const gone = await stage.edit(namespace, 'v2', by(GREEN, Version.absent()));
      expect(gone.sort()).toEqual([...names(objects, '-blue'), 'Service/rag-preview'].sort());
    });
  });

  test.concurrent('a rolling release keeps the pool of the old version until an edit says that it is over', async () => {
    const namespace = 'turn';
    const edit = (tag: string, previous: Version) =>
      stage.edit(namespace, tag, { release: Release.rolling({ previous }) });
    // Its pool has been replaced in place until now.
    await stage.first(namespace, 'v1', {});
    for (const [tag, previous, pool] of [
      ['v2', Version.of({ bento: bentoOf('v1'), versionKey: 'main' }), 'rag-embedder'],
      ['v3', before('v2'), 'rag-embedder-v2'],
    ] as const) {
      const old = await poolOf(namespace, pool);
      const moments = await lab.during(namespace, async () => {
        await edit(tag, previous);
        await stage.leads(namespace, 'rag', FULL, tag);
      });
      // In thirds, as is the default.
      atLeast(moments, FULL - Math.floor(FULL / 3));
      atLeast(moments, POOL_REPLICAS, pool);
      expect(await poolOf(namespace, pool)).toEqual(old);
      await waitsForOwnPool(namespace, tag);
    }
    await leavesAlone(namespace, 'v3', 'rag-embedder-v2', () => edit('v3', Version.absent()));
  });

  test.concurrent('a Deployment becomes a Rollout in two edits', async () => {
    const namespace = 'move';
    // Its pool has been replaced in place until now.
    const previous = Version.of({ bento: bentoOf('v1'), versionKey: 'main' });
    await stage.first(namespace, 'v1', {});
    const moments = await lab.during(namespace, async () => {
      await stage.edit(namespace, 'v1', { release: canary(previous, { besideDeployment: true }) });
      await lab.reaches(namespace, 'all that there may be', ({ availableReplicas }) => {
        return availableReplicas === MAX_REPLICAS;
      });
      // One budget for the pods of both.
      await evicts(namespace, 'rag', 'v1', FULL + MAX_REPLICAS);
      const { currentPodHash } = (await lab.rollout(namespace)).status;
      expect(await stage.edit(namespace, 'v1', { release: canary(previous) })).toContain('Deployment/rag');
      await lab.reaches(namespace, 'told apart', ({ canary: { weights: known } }) => known !== undefined);
      await lab.settles(namespace);
      // That edit was no release.
      expect((await lab.rollout(namespace)).status.currentPodHash).toBe(currentPodHash);
      const { spec } = await client.get(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/rag`);
      expect(spec.scaleTargetRef.kind).toBe('Rollout');
      const gone = await stage.edit(namespace, 'v2', { release: canary(before('v1')) });
      expect(gone).toContain('Deployment/rag-embedder');
      atLeast([await lab.capacity(namespace, 0)], POOL_REPLICAS, 'rag-embedder-v1');
      await lab.settles(namespace);
    });
    atLeast(moments, FULL);
    expect(moments.at(-1)!.ready.deployment).toBeUndefined();
    expect(weights(moments).slice(0, 3)).toEqual([0, 20, 50]);
    await stage.askedAsEmitted(namespace, 'v2', 'v1');
  });

  test.concurrent('versions side by side have scalers and budgets that do not see each other', async () => {
    const namespace = 'share';
    stage.load(namespace, 55, 'load-v2');
    const v2 = { bento: bentoOf('v2'), apiServer: { scaling: scaled('load-v2') } };
    const by = (weight: number, serving?: boolean) => ({
      release: Release.split({ versions: { v2: Version.weighted(weight, { ...v2, serving }) } }),
    });
    await stage.first(namespace, 'v1', {});
    const stable = await podNames(namespace, 'v1');
    const moments = await lab.during(namespace, async () => {
      await stage.edit(namespace, 'v1', by(20));
      await stage.leads(namespace, 'rag-v2', MAX_REPLICAS, 'v2');
      await stage.edit(namespace, 'v1', by(20, true));
      await lab.cluster.wait('weight', async () => (await lab.capacity(namespace, 0)).weight === 20);
    });
    expect(weights(moments)).toEqual([0, 20]);
    atLeast(moments, FULL);
    for (const { tags } of moments) expect(tags.rag).toEqual(['v1']);
    expect(await podNames(namespace, 'v1')).toEqual(stable);
    for (const [name, replicas] of [
      ['rag', FULL],
      ['rag-v2', MAX_REPLICAS],
    ] as const) {
      const path = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`;
      await lab.cluster.wait(`${name} is scaled`, async () => {
        const scaler = await client.get(path);
        return condition(scaler, 'ScalingActive')?.status === 'True' && scaler.status.currentReplicas === replicas;
      });
      await evicts(namespace, name, name === 'rag' ? 'v1' : 'v2', replicas);
    }
    await evicts(namespace, 'rag-embedder', 'v1', POOL_REPLICAS);
    await evicts(namespace, 'rag-embedder-v2', 'v2', POOL_REPLICAS);
    // Taken out again, the other version has seen nothing of it.
    const objects = stage.last(namespace);
    expect((await stage.edit(namespace, 'v1', {})).sort()).toEqual(names(objects, '-v2').sort());
  });

  test("what was applied passes Argo Rollouts' own lint", async () => {
    const rollouts = stage.applied.filter(({ objects }) => objects.some(({ kind }) => kind === 'Rollout'));
    expect(rollouts.length).toBeGreaterThan(15);
    for (const { namespace, objects } of rollouts) {
      expect(`${namespace} ${await linted(objects)}`).toBe(`${namespace} 0`);
    }
  });
});

describe.skipIf(!here)("releases of whole definitions whose replicas are KEDA's", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.up(true);
  });
  afterAll(() => stage?.lab.down());

  test('a Deployment becomes a Rollout, which is a canary that is scaled on the way', async () => {
    const { lab } = stage;
    const namespace = 'keda';
    const options = { alone: true, keda: true };
    const move = canary(undefined, { besideDeployment: true });
    const release = canary(undefined);
    await stage.first(namespace, 'v1', options);
    const moments = await lab.during(namespace, async () => {
      await stage.edit(namespace, 'v1', { ...options, release: move });
      await stage.leads(namespace, 'rag', FULL + MAX_REPLICAS, 'v1');
      await stage.edit(namespace, 'v1', { ...options, release });
      await lab.settles(namespace);
      await stage.edit(namespace, 'v2', { ...options, release });
      await lab.reaches(namespace, 'first gate', ({ currentStepIndex }) => currentStepIndex === 2);
      stage.load(namespace, 60);
      await stage.leads(namespace, 'rag', MAX_REPLICAS, 'v1');
      await lab.settles(namespace);
    });
    atLeast(moments, FULL);
    expect(weights(moments).slice(0, 3)).toEqual([0, 20, 50]);
    await stage.askedAsEmitted(namespace, 'v2', 'v1');
    for (const { objects } of stage.applied.slice(1)) expect(await linted(objects)).toBe('0');
  });
});

describe.skipIf(!here)("Argo Rollouts' own lint", () => {
  const hosts = ['rag.example.com'];
  const steps = [
    CanaryStep.headerRoute('x-version', 'next'),
    CanaryStep.untilPromoted(),
    CanaryStep.weight(100, { untilPromoted: true, replicas: 3 }),
  ];
  const byHeader = canary(undefined, { steps });
  const alb = { loadBalancerCidrs: ['10.0.0.0/16'] };
  const plugin = { argoRollouts: { version: '1.10', gatewayApiPlugin: {} } };
  const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways' });
  const byReplicas = canary(undefined, {
    weightsByReplicas: true,
    minReady: Duration.seconds(5),
    // Nothing stays where pods take the place of others.
    abortScaleDownDelay: undefined,
  });
  const afterwards = Release.blueGreen({ promotion: Promotion.automaticAfter(Duration.minutes(1)) });

  test.each<[string, DefinitionOptions]>([
    ['a load balancer', { exposure: Exposure.applicationLoadBalancer({ hosts }), cluster: alb, release: byHeader }],
    ['Gateway API', { exposure: Exposure.gateway({ hosts, gateway }), cluster: plugin, release: byHeader }],
    ['replicas', { exposure: Exposure.inCluster(), release: byReplicas }],
    ['blue-green after a while', { release: afterwards }],
  ])('accepts a release by %s', async (_, options) => {
    expect(await linted(definition('ml', 'v2', 'http://prometheus:9090', { alone: true, ...options }))).toBe('0');
  });

  test('knows a mistake', async () => {
    const objects = definition('ml', 'v2', 'http://prometheus:9090', { alone: true, release: canary(undefined) });
    const rollout = objects.find(({ kind }) => kind === 'Rollout')!;
    rollout.spec.strategy.canary.canaryService = 'rag';
    expect(await linted(objects)).toMatch(/^1[\s\S]*two different services are required/);
  });
});
