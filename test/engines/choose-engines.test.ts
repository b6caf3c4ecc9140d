import { describe, expect, it } from 'vitest';
import type { ComponentModel } from '../../lib/component/component-model';
import { planComponent, replicaClaims, scaleTarget } from '../../lib/engines/choose-engines';
import { ScalingMetric } from '../../lib/scaling/scaling-metric';
import { Schedule } from '../../lib/scaling/schedule';

type Scaling = ComponentModel['scaling'];
const auto = (...metrics: ScalingMetric[]): Scaling => ({
  kind: 'auto',
  minReplicas: 1,
  maxReplicas: 2,
  metrics: metrics.map(({ _model }) => _model),
  fallbackReplicas: 1,
});
const onDemand = (engine: 'keda-http' | 'knative'): Scaling => ({
  kind: 'on-demand',
  engine,
  functionName: 'rag',
  minReplicas: 0,
  maxReplicas: 2,
  target: { concurrency: 1 },
  idleSeconds: 300,
  metrics: [],
});
const model = (scaling: Scaling, terminated = false) =>
  ({
    identity: { namespace: 'ml', workloadName: 'rag', scalerName: 'rag-scaler' },
    scaling,
    terminated,
  }) as ComponentModel;
const cpu = ScalingMetric.cpu(70);
const external = ScalingMetric.external({ metric: 'a', value: 1 });

describe('planComponent', () => {
  it.each<[string, Scaling, string, string]>([
    ['fixed', { kind: 'fixed', replicas: 2 }, 'deployment', 'none'],
    ['unmanaged', { kind: 'unmanaged' }, 'deployment', 'none'],
    ['CPU', auto(cpu), 'deployment', 'hpa'],
    ['pods', auto(ScalingMetric.pods({ metric: 'a', averageValue: 1 })), 'deployment', 'hpa'],
    ['external', auto(external), 'deployment', 'hpa'],
    ['CPU and requests', auto(cpu, ScalingMetric.concurrency(1)), 'deployment', 'keda'],
    ['hours', auto(ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'UTC' }))), 'deployment', 'keda'],
    ['a query', auto(ScalingMetric.prometheus({ query: 'up', threshold: 1 })), 'deployment', 'keda'],
    ['a ratio', auto(ScalingMetric.apiServerReplicas(1)), 'deployment', 'keda'],
    ['a function by the HTTP add-on', onDemand('keda-http'), 'deployment', 'keda'],
    ['a function by Knative', onDemand('knative'), 'knative', 'none'],
  ])('of %s', (_, scaling, workload, scaler) => {
    expect(planComponent(model(scaling))).toEqual({ workload, scaler });
  });
});

describe('planComponent of what Argo Rollouts replaces', () => {
  it.each<[string, Scaling, string]>([
    ['fixed', { kind: 'fixed', replicas: 2 }, 'none'],
    ['external', auto(external), 'hpa'],
    ['requests', auto(ScalingMetric.concurrency(1)), 'keda'],
  ])('of %s', (_, scaling, scaler) => {
    const rollout = { kind: 'canary' } as ComponentModel['rollout'];
    const plan = planComponent({ ...model(scaling), rollout });
    expect(plan).toEqual({ workload: 'rollout', scaler });
    expect(scaleTarget(plan, model(scaling).identity)).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'rag',
    });
  });

  it('claims the replicas of the Rollout', () => {
    const rolled = model({ kind: 'fixed', replicas: 2 });
    expect(replicaClaims(rolled, { workload: 'rollout', scaler: 'none' }, 'c')).toEqual([
      { resource: 'replicas', target: expect.stringContaining('Rollout rag'), owner: 'Rollout rag' },
    ]);
  });
});

describe('scaleTarget', () => {
  it('is the workload', () => {
    const { identity } = model({ kind: 'unmanaged' });
    expect(scaleTarget({ workload: 'deployment', scaler: 'hpa' }, identity)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'rag',
    });
    expect(scaleTarget({ workload: 'knative', scaler: 'none' }, identity)).toEqual({
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      name: 'rag',
    });
  });
});

describe('replicaClaims', () => {
  const owners = (scaling: Scaling, terminated: boolean) => {
    const component = model(scaling, terminated);
    return replicaClaims(component, planComponent(component), 'prod').map(({ owner }) => owner);
  };

  it.each<[string, Scaling, string[], string[]]>([
    ['fixed', { kind: 'fixed', replicas: 2 }, ['Deployment rag'], ['Deployment rag']],
    ['unmanaged', { kind: 'unmanaged' }, [], []],
    // An autoscaler whose target is at zero is disabled.
    ['auto by the HPA', auto(cpu), ['HorizontalPodAutoscaler rag-scaler'], ['Deployment rag']],
    ['auto by KEDA', auto(ScalingMetric.concurrency(1)), ['ScaledObject rag-scaler'], ['ScaledObject rag-scaler']],
    ['a function by KEDA', onDemand('keda-http'), ['ScaledObject rag-scaler'], ['ScaledObject rag-scaler']],
    ['a function by Knative', onDemand('knative'), ['Service rag'], ['Service rag']],
  ])('of %s have one owner, running and terminated', (_, scaling, running, terminated) => {
    expect(owners(scaling, false)).toEqual(running);
    expect(owners(scaling, true)).toEqual(terminated);
  });

  it('are about the workload in its place', () => {
    const component = model({ kind: 'fixed', replicas: 1 });
    const [claim] = replicaClaims(component, planComponent(component), 'prod');
    expect(claim).toMatchObject({ resource: 'replicas' });
    for (const part of ['prod', 'ml', 'Deployment rag']) expect(claim!.target.split('\n')).toContain(part);
  });
});
