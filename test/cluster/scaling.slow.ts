import { Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  FunctionEngine,
  Gateway,
  Overflow,
  Release,
  Runner,
  RunState,
  ScaleToZeroFunction,
  type ScaleToZeroFunctionProps,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  Version,
  Warnings,
} from '../../lib';
import { pair, single } from '../bentos';
import { requireTool } from '../tools/require-tool';
import { standardErrorOf } from '../tree';
import type { KubernetesObject } from './client';
import { until } from './client';
import { Cluster } from './cluster';
import { installCrds } from './crds';
import { ExternalScaler } from './external-scaler';
import { KedaLab } from './keda-lab';
import { type MetricsServer, serveMetrics } from './metrics';
import type { Answer } from './prometheus';

const CLUSTER: ClusterProfileProps = {
  kubernetesVersion: '1.36',
  keda: { version: '2.20' },
  kedaHttpAddOn: { version: '0.16' },
  prometheus: { address: 'http://prometheus.monitoring:9090', operatorLabels: { release: 'kps' } },
};
/** Nothing to wait for on the way down. */
const QUICK = ScalingBehavior.of({ scaleDown: { stabilizationWindow: Duration.seconds(0) } });

function synthesize(namespace: string, define: (chart: Chart) => void, profile = CLUSTER): KubernetesObject[] {
  const chart = new Chart(Testing.app(), namespace, { namespace });
  let objects: KubernetesObject[] = [];
  standardErrorOf(() => {
    ClusterProfile.set(chart, new ClusterProfile(profile));
    define(chart);
    objects = Testing.synth(chart);
  });
  return objects;
}

const deployment = (namespace: string, props: Partial<BentoDeploymentProps>, profile?: ClusterProfileProps) =>
  synthesize(namespace, (chart) => void new BentoDeployment(chart, 'Rag', { bento: single(), ...props }), profile);

const onConcurrency = (options: { fallbackReplicas?: number } = {}) => ({
  apiServer: {
    scaling: Scaling.auto({
      minReplicas: 1,
      maxReplicas: 8,
      metrics: [ScalingMetric.concurrency(4)],
      behavior: QUICK,
      ...options,
    }),
  },
});

/** The first query of a ScaledObject. */
function queryOf(objects: KubernetesObject[], name: string): string {
  const scaled = objects.find((object) => object.kind === 'ScaledObject' && object.metadata.name === name)!;
  return scaled.spec.triggers.find(({ type }: { type: string }) => type === 'prometheus').metadata.query;
}

describe.skipIf(!requireTool('go', 'scaling on the control plane'))('scaling by KEDA', () => {
  let lab: KedaLab;
  let scaler: ExternalScaler;
  const answers = new Map<string, Answer>();
  beforeAll(async () => {
    lab = await KedaLab.up();
    lab.prometheus.answer = (query) => answers.get(query) ?? 0;
    scaler = await ExternalScaler.up();
  });
  afterAll(async () => {
    scaler?.close();
    await lab?.down();
  });

  /** Applies, with the add-on's scaler played by this process. */
  const apply = (objects: KubernetesObject[]) => {
    const played = structuredClone(objects);
    for (const { spec } of played.filter(({ kind }) => kind === 'ScaledObject')) {
      for (const { type, metadata } of spec.triggers) {
        if (type === 'external-push') metadata.scalerAddress = scaler.address;
      }
    }
    return lab.apply(played);
  };

  test('asks Prometheus what was synthesized, and follows the answer up and down', async () => {
    const objects = deployment('follow', onConcurrency());
    const query = queryOf(objects, 'rag');
    answers.set(query, 9);
    await apply(objects);
    await lab.reaches('follow/rag', 3);
    answers.set(query, 40);
    await lab.reaches('follow/rag', 8);
    answers.set(query, 0);
    await lab.reaches('follow/rag', 1);
    expect(lab.prometheus.asked.some((asked) => asked.query === query)).toBe(true);
  });

  test.each<Answer>(['error', 'empty', 'hang', Number.NaN])(
    'holds what runs while Prometheus says %s',
    async (outage) => {
      const namespace = `outage-${String(outage).toLowerCase()}`;
      const objects = deployment(namespace, onConcurrency());
      const query = queryOf(objects, 'rag');
      answers.set(query, 20);
      await apply(objects);
      await lab.reaches(`${namespace}/rag`, 5);
      answers.set(query, outage);
      await lab.holds(`${namespace}/rag`, 5, 15_000);
      answers.set(query, 4);
      await lab.reaches(`${namespace}/rag`, 1);
    },
  );

  test('raises what runs to the fallback in an outage', async () => {
    const objects = deployment('fallback', onConcurrency({ fallbackReplicas: 3 }));
    const query = queryOf(objects, 'rag');
    answers.set(query, 1);
    await apply(objects);
    await lab.reaches('fallback/rag', 1);
    answers.set(query, 'error');
    await lab.reaches('fallback/rag', 3, 120_000);
  });

  test('moves an autoscaler of Kubernetes to KEDA without a dip', async () => {
    const scaling = (metrics: ScalingMetric[]) => ({
      apiServer: { scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 8, metrics, behavior: QUICK }) },
    });
    const before = deployment('move', scaling([ScalingMetric.cpu(70)]));
    await apply(before);
    await lab.reaches('move/rag', 3);
    const after = deployment('move', scaling([ScalingMetric.cpu(70), ScalingMetric.concurrency(4)]));
    const query = queryOf(after, 'rag');
    answers.set(query, 12);
    const moments = await lab.during('move/rag', async () => {
      // As `kubectl apply` does it, which prunes nothing.
      await apply(after);
      await until('KEDA owns the autoscaler', async () =>
        (await lab.autoscalers('move')).some(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'ScaledObject'),
      );
      answers.set(query, 20);
      await lab.reaches('move/rag', 5);
    });
    expect(moments.map(({ replicas }) => replicas)).toEqual([3, 5]);
    expect((await lab.autoscalers('move')).map(({ metadata }) => metadata.name)).toEqual(['rag']);
  });

  test('stops at 0 where it is terminated, and comes back', async () => {
    const running = onConcurrency();
    const objects = deployment('stop', running);
    answers.set(queryOf(objects, 'rag'), 12);
    await apply(objects);
    await lab.reaches('stop/rag', 3);
    await apply(deployment('stop', { ...running, state: RunState.TERMINATED }));
    await lab.reaches('stop/rag', 0);
    await lab.holds('stop/rag', 0, 5_000);
    await apply(objects);
    await lab.reaches('stop/rag', 3);
  });

  const upscaler = (namespace: string, props: Partial<ScaleToZeroFunctionProps> = {}) =>
    synthesize(namespace, (chart) => {
      const made = new ScaleToZeroFunction(chart, 'Upscaler', {
        bento: pair(),
        maxReplicas: 4,
        targetConcurrency: 1,
        idleTimeout: Duration.seconds(10),
        behavior: QUICK,
        coldStart: { maxPending: 10 },
        exposure: Exposure.gateway({
          hosts: ['upscaler.example.com'],
          gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
        }),
        runners: { Embedder: Runner.pool({ scaling: Scaling.withFunction({ maxReplicas: 2, behavior: QUICK }) }) },
        ...props,
      });
      Warnings.acknowledge(made, 'IdleShorterThanColdStart');
      // A minute is long for a test.
      made.runnerPool('Embedder').scaler?.addJsonPatch(JsonPatch.replace('/spec/cooldownPeriod', 15));
    });

  test('takes a function and its pool from 0 to 1 to n to 0', async () => {
    scaler.set('wake/upscaler', { inFlight: 0, perReplica: 1 });
    await apply(upscaler('wake'));
    await lab.reaches('wake/upscaler', 0, 90_000);
    await lab.reaches('wake/upscaler-embedder', 0, 90_000);
    scaler.set('wake/upscaler', { inFlight: 1, perReplica: 1 });
    // At the same time: the function does not wait for its own replica to call the pool.
    await Promise.all([lab.reaches('wake/upscaler', 1), lab.reaches('wake/upscaler-embedder', 1)]);
    scaler.set('wake/upscaler', { inFlight: 6, perReplica: 1 });
    await Promise.all([lab.reaches('wake/upscaler', 4), lab.reaches('wake/upscaler-embedder', 2)]);
    scaler.set('wake/upscaler', { inFlight: 0, perReplica: 1 });
    await lab.reaches('wake/upscaler', 0, 120_000);
    await lab.reaches('wake/upscaler-embedder', 0, 120_000);
  });

  test('wakes each version of a split by its own requests, and lets it sleep by itself', async () => {
    const requests = (name: string, inFlight: number) => scaler.set(`split/${name}`, { inFlight, perReplica: 1 });
    for (const name of ['upscaler', 'upscaler-v2']) requests(name, 0);
    const versions = { v2: Version.weighted(10, { bento: pair(), serving: true }) };
    await apply(upscaler('split', { release: Release.split({ versions }) }));
    await Promise.all(['upscaler', 'upscaler-v2'].map((name) => lab.reaches(`split/${name}`, 0, 90_000)));
    requests('upscaler-v2', 1);
    await Promise.all(['upscaler-v2', 'upscaler-embedder-v2'].map((name) => lab.reaches(`split/${name}`, 1)));
    await lab.holds('split/upscaler', 0, 3_000);
    requests('upscaler', 2);
    requests('upscaler-v2', 0);
    await lab.reaches('split/upscaler', 2);
    await lab.reaches('split/upscaler-v2', 0, 120_000);
    await lab.holds('split/upscaler', 2, 1_000);
  });

  test('wakes no function that is terminated', async () => {
    scaler.set('dead/upscaler', { inFlight: 3, perReplica: 1 });
    await apply(upscaler('dead', { state: RunState.TERMINATED, exposure: undefined }));
    await lab.reaches('dead/upscaler', 0);
    await lab.holds('dead/upscaler', 0, 5_000);
  });
});

describe.skipIf(!requireTool('go', 'autoscalers on the control plane'))('scaling by Kubernetes alone', () => {
  let cluster: Cluster;
  let metrics: MetricsServer;
  const load = { cpu: '70m', pods: 10, object: 10, external: 10 };
  beforeAll(async () => {
    cluster = await Cluster.up({ featureGates: 'HPAScaleToZero=true' });
    metrics = await serveMetrics(cluster.client, {
      usage: (pod) =>
        Object.fromEntries(
          pod.spec.containers.map(({ name }: { name: string }) => [name, { cpu: load.cpu, memory: '1Mi' }]),
        ),
      pod: ({ metric }) => (metric === 'packets' ? load.pods : undefined),
      object: ({ metric, name }) => (metric === 'depth' && name === 'queue' ? load.object : undefined),
      external: ({ metric, selector }) =>
        metric === 'jobs' && selector.includes('queue=rag') ? load.external : undefined,
    });
  });
  afterAll(async () => {
    await metrics?.close();
    await cluster?.down();
  });

  const replicas = async (namespace: string): Promise<number> =>
    (await cluster.client.get(`/apis/apps/v1/namespaces/${namespace}/deployments/rag`)).spec.replicas;
  const reaches = (namespace: string, wanted: number) =>
    until(`${namespace}/rag at ${wanted}`, async () => (await replicas(namespace)) === wanted, 60_000);
  const apply = async (namespace: string, objects: KubernetesObject[]) => {
    await cluster.client.namespace(namespace, {});
    for (const object of objects) await cluster.client.apply(object);
  };

  // Each metric alone: its value as the test serves it, and the replicas that the autoscaler's formula gives.
  test.each([
    ['a metric of pods', 'pods', ScalingMetric.pods({ metric: 'packets', averageValue: 5 }), 4],
    [
      'a metric of an object',
      'object',
      ScalingMetric.ofObject({ apiVersion: 'v1', kind: 'Service', name: 'queue', metric: 'depth', averageValue: 5 }),
      2,
    ],
    [
      'a metric from outside',
      'external',
      ScalingMetric.external({ metric: 'jobs', averageValue: 2, labels: { queue: 'rag' } }),
      5,
    ],
  ] as const)('follows %s', async (_, kind, metric, expected) => {
    const namespace = `own-${kind}`;
    const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 5, metrics: [metric], behavior: QUICK });
    const objects = deployment(namespace, { apiServer: { scaling } }, { kubernetesVersion: '1.36' });
    if (kind === 'pods') load.pods = 10;
    await apply(namespace, objects);
    // 10 per pod where 5 are wanted doubles 2 once; later syncs would double again, for the value stays.
    if (kind === 'pods') {
      await until('more pods', async () => (await replicas(namespace)) >= expected, 60_000);
      load.pods = 1;
      await reaches(namespace, 2);
    } else await reaches(namespace, expected);
  });

  test('takes a function to zero and back', async () => {
    const namespace = 'own-function';
    const objects = synthesize(
      namespace,
      (chart) => {
        const made = new ScaleToZeroFunction(chart, 'Rag', {
          bento: single(),
          maxReplicas: 4,
          metrics: [ScalingMetric.external({ metric: 'jobs', averageValue: 5, labels: { queue: 'rag' } })],
          behavior: QUICK,
          engine: FunctionEngine.hpa(),
        });
        Warnings.acknowledge(made, 'NoQueue');
      },
      { kubernetesVersion: '1.37' },
    );
    load.external = 10;
    await apply(namespace, objects);
    await reaches(namespace, 2);
    load.external = 0;
    await reaches(namespace, 0);
    load.external = 20;
    await reaches(namespace, 4);
  });

  // Fields of 0.16 are unknown to it, and its rules want more of a cold start.
  test.each([
    ['nothing said', {}],
    ['rejection', { coldStart: { overflow: Overflow.reject() } }],
    ['a placeholder', { coldStart: { overflow: Overflow.placeholder({ headers: { 'Retry-After': '60' } }) } }],
    ['a fallback', { coldStart: { overflow: Overflow.fallback({ service: 'small' }) } }],
    ['its end', { state: RunState.TERMINATED }],
  ])('gives the add-on 0.15 an InterceptorRoute that it knows, with %s', async (name, props) => {
    await installCrds(cluster.client, ['keda-http-add-on-0.15.0']);
    const namespace = `add-on-${name.replace(/ /g, '-')}`;
    const objects = synthesize(
      namespace,
      (chart) =>
        void new ScaleToZeroFunction(chart, 'Rag', { bento: single(), maxReplicas: 1, targetConcurrency: 1, ...props }),
      { keda: {}, kedaHttpAddOn: { version: '0.15' } },
    );
    await cluster.client.namespace(namespace, {});
    const route = objects.find(({ kind }) => kind === 'InterceptorRoute')!;
    expect((await cluster.client.createStrictly(route, JSON.stringify(route))).warnings).toEqual([]);
  });
});
