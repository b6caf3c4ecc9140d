import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RolloutModel } from '../../lib/component/rollout-model';
import { requireTool } from '../tools/require-tool';
import { type Body, type KubernetesObject, sleep } from './client';
import type { Answer } from './prometheus';
import { blueGreen, canary, type Definition, gate, gated, release } from './release-objects';
import { type Capacity, RolloutsLab } from './rollouts-lab';

// What the controller does that our definitions are built on, by gates that are asked each second; definitions as they are
// emitted are tested in release-definitions.slow.ts.

const here = requireTool('go', 'Argo Rollouts on the control plane');

describe.skipIf(!here)('the controller of Argo Rollouts', () => {
  let lab: RolloutsLab;
  const loads = new Map<string, number>();
  const ratios = new Map<string, Answer>();
  beforeAll(async () => {
    lab = await RolloutsLab.up({ external: (_, namespace) => loads.get(namespace) });
    lab.prometheus.answer = (query) => ratios.get(/namespace="(.*)"/.exec(query)?.[1] ?? '') ?? 1;
  });
  afterAll(() => lab?.down());

  const apply = (definition: Definition) => lab.apply(gate(definition.namespace), ...release(definition).objects);
  const released = async (definition: Definition) => {
    await apply(definition);
    await lab.settles(definition.namespace);
  };
  const leads = (namespace: string, replicas: number) =>
    lab.cluster.wait('endpoints', async () => (await lab.capacity(namespace, 0)).behind.rag === replicas);
  /** A first version with four replicas. */
  const first = async (namespace: string, rollout: RolloutModel) => {
    loads.set(namespace, 35);
    await apply({ namespace, version: 1, rollout });
    await lab.reaches(namespace, 'four replicas', ({ availableReplicas }, { replicas }) => {
      return replicas === 4 && availableReplicas === 4;
    });
    await lab.settles(namespace);
    await leads(namespace, 4);
  };
  const pods = async (namespace: string): Promise<string[]> => {
    const { items } = await lab.cluster.client.get(`/api/v1/namespaces/${namespace}/pods`);
    return items
      .filter(({ metadata }: Body) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }: Body) => metadata.name)
      .sort();
  };
  const runs = async (namespace: string): Promise<Body[]> =>
    (await lab.cluster.client.get(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/analysisruns`)).items;
  const least = (moments: Capacity[], service: string) =>
    Math.min(...moments.map(({ behind }) => behind[service] ?? 0));
  const weights = (moments: Capacity[]) => {
    const seen = moments.map(({ weight }) => weight);
    return seen.filter((weight, index) => weight !== seen[index - 1]);
  };

  test.concurrent('a canary that never gets ready is aborted without a request', async () => {
    const rollout = canary({ progressDeadlineSeconds: 4 });
    await first('late', rollout);
    const moments = await lab.during('late', async () => {
      await apply({ namespace: 'late', version: 2, rollout, readyAfter: '1h' });
      const { message } = await lab.reaches('late', 'aborted', ({ phase }) => phase === 'Degraded');
      expect(message).toMatch(/RolloutAborted.*timed out progressing/);
    });
    expect(weights(moments)).toEqual([0]);
    expect(least(moments, 'rag')).toBe(4);
  });

  test.concurrent('a canary that is paused without a verdict is not scaled, which is why no data must not pause it', async () => {
    const rollout = canary();
    await first('frozen', rollout);
    ratios.set('frozen', 'empty');
    await lab.apply(gate('frozen', 1));
    await lab.apply(...release({ namespace: 'frozen', version: 2, rollout }).objects);
    const reason = 'InconclusiveAnalysisRun';
    await lab.reaches('frozen', 'paused', ({ pauseConditions = [] }) => pauseConditions[0]?.reason === reason);
    loads.set('frozen', 60);
    await lab.reaches('frozen', 'six replicas', (_, { replicas }) => replicas === 6);
    await sleep(2_000);
    expect((await lab.capacity('frozen', 0)).behind.rag).toBe(4);
    // To promote it passes over the gate.
    await lab.command('frozen', 'promote', 'rag');
    await leads('frozen', 6);
    expect((await lab.rollout('frozen')).status.currentStepIndex).toBeGreaterThan(2);
  });

  test.concurrent('blue-green waits for its gate, and goes back without a start', async () => {
    const rollout = blueGreen({ afterPromotion: gated(2) });
    await first('colors', rollout);
    const blue = await pods('colors');
    ratios.set('colors', 'empty');
    const moments = await lab.during('colors', async () => {
      await apply({ namespace: 'colors', version: 2, rollout });
      await lab.reaches(
        'colors',
        'gate',
        ({ blueGreen: { prePromotionAnalysisRunStatus } }) => prePromotionAnalysisRunStatus,
      );
      await sleep(2_000);
      const { status } = await lab.rollout('colors');
      expect(status.blueGreen.activeSelector).toBe(status.stableRS);
      expect(status.blueGreen.previewSelector).toBe(status.currentPodHash);
      ratios.set('colors', 1);
      await lab.settles('colors');
      const both = await pods('colors');
      expect(both).toHaveLength(8);
      // The gate failing now does not matter: to go back to a version that is still there asks nobody.
      ratios.set('colors', 2);
      await released({ namespace: 'colors', version: 1, rollout });
      expect(await pods('colors')).toEqual(both);
    });
    expect(blue.every((pod) => pod !== undefined)).toBe(true);
    expect(least(moments, 'rag')).toBe(4);
  });

  test.concurrent('a selector of our own would lead all requests past the gate', async () => {
    const rollout = blueGreen();
    await first('astray', rollout);
    ratios.set('astray', 2);
    const definition = release({ namespace: 'astray', version: 2, rollout });
    const { selector } = definition.model.identity;
    const stated = ({ spec, ...object }: KubernetesObject) => ({ ...object, spec: { ...spec, selector } });
    await lab.apply(...definition.objects.map((object) => (object.kind === 'Service' ? stated(object) : object)));
    await lab.reaches('astray', 'promoted', ({ stableRS, currentPodHash }, { template }) => {
      return stableRS === currentPodHash && template.spec.containers[0].image.endsWith(':v2');
    });
    expect(await runs('astray')).toEqual([]);
  });
});
