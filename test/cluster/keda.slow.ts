import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireTool } from '../tools/require-tool';
import { type Body, type KubernetesObject, until } from './client';
import { KedaLab } from './keda-lab';
import type { Answer } from './prometheus';

// Statements about KEDA that our engines build on, each seen to be so.
describe.skipIf(!requireTool('go', 'KEDA on the control plane'))('KEDA', () => {
  let lab: KedaLab;
  const loads = new Map<string, Answer>();
  beforeAll(async () => {
    lab = await KedaLab.up();
    lab.prometheus.answer = (query) => loads.get(query) ?? 0;
  });
  afterAll(() => lab?.down());

  const scaled = (namespace: string, spec: Body = {}, annotations = {}): KubernetesObject => ({
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'app', namespace, annotations },
    spec: {
      scaleTargetRef: { name: 'app' },
      pollingInterval: 1,
      cooldownPeriod: 2,
      minReplicaCount: 0,
      maxReplicaCount: 8,
      advanced: { horizontalPodAutoscalerConfig: { behavior: QUICK } },
      triggers: [prometheus(namespace)],
      ...spec,
    },
  });
  /** A pod that carries the load of its namespace: how many it is for. */
  const load = (namespace: string, answer: Answer) => loads.set(namespace, answer);
  const working = async (namespace: string, spec: Body, replicas: number) => {
    load(namespace, replicas * 10);
    await lab.apply([deployment(namespace), scaled(namespace, spec)]);
    await lab.reaches(`${namespace}/app`, replicas);
  };

  test('scales from zero by its activation threshold, up and down by the autoscaler, and back to zero', async () => {
    load('cycle', 1);
    await lab.apply([deployment('cycle'), scaled('cycle')]);
    await lab.reaches('cycle/app', 0);
    load('cycle', 2);
    await lab.holds('cycle/app', 0, 3_000);
    const moments = await lab.during('cycle/app', async () => {
      load('cycle', 45);
      await lab.reaches('cycle/app', 5);
      load('cycle', 15);
      await lab.reaches('cycle/app', 2);
      load('cycle', 0);
      await lab.reaches('cycle/app', 0);
    });
    expect(moments.slice(0, 2).map(({ replicas }) => replicas)).toEqual([0, 1]);
    const [autoscaler] = await lab.autoscalers('cycle');
    expect(autoscaler.metadata.name).toBe('keda-hpa-app');
    expect(autoscaler.spec.minReplicas).toBe(1);
    expect(autoscaler.spec.metrics[0].external).toEqual({
      metric: { name: 's0-prometheus', selector: { matchLabels: { 'scaledobject.keda.sh/name': 'app' } } },
      target: { type: 'AverageValue', averageValue: '10' },
    });
  });

  test('sends Prometheus the query as it is written, with the token of a TriggerAuthentication', async () => {
    const query = 'sum(rate(bentoml_service_request_total{namespace="asked"}[1m])) or 0 * sum(up{job="a+b"} == 1)';
    const authentication = { name: 'prometheus', namespace: 'asked' };
    const trigger = prometheus(query, { authModes: 'bearer', namespace: 'tenant' });
    await lab.apply([
      { apiVersion: 'v1', kind: 'Secret', metadata: authentication, stringData: { token: 'of-the-test' } },
      {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'TriggerAuthentication',
        metadata: authentication,
        spec: { secretTargetRef: [{ parameter: 'bearerToken', name: 'prometheus', key: 'token' }] },
      },
      deployment('asked'),
      scaled('asked', { triggers: [{ ...trigger, authenticationRef: { name: 'prometheus' } }] }),
    ]);
    await lab.reaches('asked/app', 0);
    const asked = lab.prometheus.asked.find((a) => a.query === query)!;
    expect(asked.headers.authorization).toBe('Bearer of-the-test');
    expect(asked.parameters.get('namespace')).toBe('tenant');
  });

  test.each<Answer>(['error', 'empty', Number.NaN, 'hang'])(
    'holds the replicas when Prometheus answers with %s, by a fallback to those there are',
    async (answer) => {
      const namespace = `hold-${String(answer).toLowerCase()}`;
      // Where Prometheus hangs, a cooldown that is over before the fallback sets in ends at zero.
      await working(namespace, { fallback: FALLBACK, cooldownPeriod: 10 }, 4);
      load(namespace, answer);
      await lab.holds(`${namespace}/app`, 4, 12_000);
      const { status } = await lab.scaledObject(`${namespace}/app`);
      expect(condition(status, 'Fallback')).toBe('True');
      load(namespace, 10);
      await lab.reaches(`${namespace}/app`, 1);
    },
  );

  // Since KEDA 2.19; before, it woke nothing.
  test('a fallback raises what is below it, and wakes what sleeps', async () => {
    await working('raise', { fallback: FALLBACK }, 1);
    load('raise', 'error');
    await lab.reaches('raise/app', 2);
    load('asleep', 0);
    await lab.apply([deployment('asleep'), scaled('asleep', { fallback: FALLBACK })]);
    await lab.reaches('asleep/app', 0);
    load('asleep', 'error');
    await lab.reaches('asleep/app', 2);
  });

  test('without a fallback an error holds the replicas, too', async () => {
    await working('bare', {}, 3);
    load('bare', 'error');
    await lab.holds('bare/app', 3, 8_000);
  });

  // So what may be at zero needs a fallback, and a cooldown that is longer than its failures take.
  test('without a fallback a Prometheus that hangs ends at zero after the cooldown', async () => {
    await working('bare-hang', {}, 3);
    load('bare-hang', 'hang');
    await lab.reaches('bare-hang/app', 0);
  });

  test('a fallback to zero replicas scales to zero on an error', async () => {
    await working('zero', { fallback: { failureThreshold: 3, replicas: 0 } }, 3);
    load('zero', 'error');
    await lab.reaches('zero/app', 0);
  });

  test('null values that are ignored are a load of zero', async () => {
    await working(
      'ignored',
      { fallback: FALLBACK, triggers: [prometheus('ignored', { ignoreNullValues: 'true' })] },
      3,
    );
    load('ignored', 'empty');
    await lab.reaches('ignored/app', 0);
  });

  test('is paused at zero by an annotation, whatever the load, and goes on without it', async () => {
    await working('paused', {}, 3);
    await lab.apply([scaled('paused', {}, { 'autoscaling.keda.sh/paused-replicas': '0' })]);
    await lab.reaches('paused/app', 0);
    expect(await lab.autoscalers('paused')).toEqual([]);
    await lab.holds('paused/app', 0, 3_000);
    await lab.apply([scaled('paused')]);
    await lab.reaches('paused/app', 3);
  });

  test('takes an autoscaler over without a dip, and gives the workload back', async () => {
    const autoscaler = plainAutoscaler('moved', 4);
    await lab.apply([deployment('moved'), autoscaler]);
    await lab.reaches('moved/app', 4);
    load('moved', 40);
    const advanced = { horizontalPodAutoscalerConfig: { name: 'app', behavior: QUICK } };
    const over = scaled('moved', { minReplicaCount: 4, advanced }, TRANSFER);
    const { uid } = (await lab.autoscalers('moved'))[0].metadata;
    const moments = await lab.during('moved/app', async () => {
      await lab.apply([over]);
      await until(
        'an external metric',
        async () => (await lab.autoscalers('moved'))[0].spec.metrics[0].type === 'External',
      );
      load('moved', 60);
      await lab.reaches('moved/app', 6);
    });
    expect(Math.min(...moments.map(({ replicas }) => replicas))).toBe(4);
    const taken = await lab.autoscalers('moved');
    expect(taken.map(({ metadata }) => [metadata.name, metadata.uid])).toEqual([['app', uid]]);
    expect(taken[0].metadata.ownerReferences[0].kind).toBe('ScaledObject');

    // As a GitOps tool would: what is new first, then what is to go, and with it goes its autoscaler, ours by now or
    // not. The workload stays as it is until the next sync brings ours back.
    const back = await lab.during('moved/app', async () => {
      await lab.apply([autoscaler]);
      await lab.delete(over);
      await until('no autoscaler', async () => (await lab.autoscalers('moved')).length === 0);
      await lab.apply([autoscaler]);
      await until('the other autoscaler', async () => (await lab.autoscalers('moved'))[0].status?.currentReplicas);
    });
    expect(Math.min(...back.map(({ replicas }) => replicas))).toBeGreaterThanOrEqual(4);
    await lab.reaches('moved/app', 4);
  });

  test('keeps a schedule', async () => {
    const hours = (from: number, to: number) => ({
      type: 'cron',
      metadata: { timezone: 'UTC', start: hour(from), end: hour(to), desiredReplicas: '3' },
    });
    await lab.apply([deployment('cron'), scaled('cron', { triggers: [hours(-2, 2)] })]);
    await lab.reaches('cron/app', 3);
    await lab.apply([scaled('cron', { triggers: [hours(2, 4)] })]);
    await lab.reaches('cron/app', 0);
  });

  test('follows the pods of another workload', async () => {
    const busy = deployment('follow', 'busy', 4);
    const trigger = { type: 'kubernetes-workload', metadata: { podSelector: 'app=busy', value: '2' } };
    await lab.apply([busy, deployment('follow'), scaled('follow', { triggers: [trigger] })]);
    await lab.reaches('follow/app', 2);
    await lab.apply([deployment('follow', 'busy', 0)]);
    await lab.reaches('follow/app', 0);
  });
});

const QUICK = { scaleDown: { stabilizationWindowSeconds: 1 } };
const FALLBACK = { failureThreshold: 3, replicas: 2, behavior: 'currentReplicasIfHigher' };
const TRANSFER = { 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' };

const prometheus = (query: string, metadata: Record<string, string> = {}): Body => ({
  type: 'prometheus',
  metadata: {
    serverAddress: 'http://prometheus.monitoring:9090',
    query,
    threshold: '10',
    activationThreshold: '2',
    ignoreNullValues: 'false',
    timeout: '1s',
    ...metadata,
  },
});

const deployment = (namespace: string, name = 'app', replicas?: number): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'server', image: 'example.com/app:1', resources: { requests: { cpu: '100m' } } }] },
    },
  },
});

const plainAutoscaler = (namespace: string, minReplicas: number): KubernetesObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'app', namespace },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' },
    minReplicas,
    maxReplicas: 8,
    metrics: [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 100 } } },
    ],
    behavior: QUICK,
  },
});

const condition = (status: Body, type: string) => status.conditions.find((c: Body) => c.type === type)?.status;

/** Every day at an hour so many from now, by the clock of UTC. */
const hour = (fromNow: number) => `0 ${(new Date().getUTCHours() + fromNow + 24) % 24} * * *`;
