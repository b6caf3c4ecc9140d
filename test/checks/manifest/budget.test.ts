import { describe, expect, it } from 'vitest';
import { budget, deployment, found, foundInFiles, hpa, job, scaledObject } from './manifests';

describe('BudgetOverlap', () => {
  const rule = 'BudgetOverlap';
  const all = budget('all', { selector: {} });

  it('finds two budgets for the same pods', () => {
    expect(found(rule, deployment('a'), budget('a'), all)).toEqual([
      "PodDisruptionBudget/all spec.selector: 'spec.selector' must match pods that no other budget matches, got those of Deployment/ml/a, which PodDisruptionBudget/ml/a has too",
    ]);
  });

  it('finds it whichever comes first', () => expect(found(rule, all, deployment('a'), budget('a'))).toHaveLength(1));

  it('finds one per budget, however many pods they share', () => {
    expect(found(rule, deployment('a'), deployment('b'), all, budget('more', { selector: {} }))).toHaveLength(1);
  });

  it.each([
    ['one each', [deployment('a'), budget('a'), deployment('b'), budget('b')]],
    ['a second that selects nothing', [deployment('a'), budget('a'), budget('b')]],
    ['no selector: no pods', [deployment('a'), budget('a'), budget('none', { selector: undefined })]],
  ])('takes %s', (_, objects) => expect(found(rule, ...objects)).toEqual([]));

  it('takes the same budget for two clusters', () => {
    const cluster = [deployment('a'), budget('a')];
    expect(foundInFiles(rule, { 'eu.yaml': cluster, 'us.yaml': cluster })).toEqual([]);
  });

  it('takes what folders with a file for each object hold for two clusters, though other budgets differ', () => {
    const own = (folder: string, name: string) => ({
      [`out/${folder}/deployment.yaml`]: [deployment('a')],
      [`out/${folder}/budget.yaml`]: [budget(name, { selector: { matchLabels: { app: 'a' } } })],
    });
    expect(foundInFiles(rule, { ...own('eu', 'a'), ...own('us', 'other') })).toEqual([]);
    expect(
      foundInFiles(rule, { ...own('eu', 'a'), 'out/eu/more.yaml': [budget('more', { selector: {} })] }),
    ).toHaveLength(1);
    const apart = { 'out/eu/deployment.yaml': [deployment('a')], 'out/eu/budget.yaml': [budget('a')] };
    expect(foundInFiles(rule, { ...apart, 'out/us/budget.yaml': [budget('all', { selector: {} })] })).toHaveLength(1);
  });
});

describe('BudgetBlocksEviction', () => {
  const rule = 'BudgetBlocksEviction';

  // https://kubernetes.io/docs/tasks/run-application/configure-pdb/#rounding-logic-when-specifying-percentages
  it.each([
    [{ maxUnavailable: 0 }, 3, 1],
    [{ maxUnavailable: '0%' }, 3, 1],
    [{ maxUnavailable: 1 }, 3, 0],
    [{ maxUnavailable: '1%' }, 1, 0],
    [{ minAvailable: 1 }, 3, 0],
    [{ minAvailable: 2 }, 3, 0],
    [{ minAvailable: 3 }, 3, 1],
    [{ minAvailable: 4 }, 3, 1],
    [{ minAvailable: '100%' }, 3, 1],
    [{ minAvailable: '99%' }, 3, 1],
    [{ minAvailable: '66%' }, 3, 0],
    [{ minAvailable: '67%' }, 3, 1],
    [{ minAvailable: '50%' }, 1, 1],
    [{ minAvailable: '50%' }, 2, 0],
    [{ minAvailable: 0 }, 1, 0],
    [{ minAvailable: 1 }, undefined, 1],
    [{ minAvailable: 1 }, 0, 0],
  ])('judges %j of %s replicas', (spec, replicas, count) => {
    const tested = budget('a', { maxUnavailable: undefined, ...spec });
    expect(found(rule, deployment('a', { replicas }), tested)).toHaveLength(count);
  });

  it('says field, bound and value', () => {
    expect(
      found(rule, deployment('a', { replicas: 2 }), budget('a', { maxUnavailable: undefined, minAvailable: 2 })),
    ).toEqual([
      "PodDisruptionBudget/a spec.minAvailable: 'spec.minAvailable' must be below the 2 pods that there are at most, got 2: no pod could ever be evicted",
    ]);
  });

  it.each([
    [hpa('a', { maxReplicas: 3 }), 3, 1],
    [hpa('a', { maxReplicas: 4 }), 3, 0],
    [scaledObject('a', { maxReplicaCount: 3 }), 3, 1],
    // https://keda.sh/docs/latest/reference/scaledobject-spec/#maxreplicacount: 100 by default
    [scaledObject('a'), 99, 0],
    [scaledObject('a'), 100, 1],
  ])('counts what a scaler allows at most: %#', (scaler, minAvailable, count) => {
    const tested = budget('a', { maxUnavailable: undefined, minAvailable });
    expect(found(rule, deployment('a'), scaler, tested)).toHaveLength(count);
  });

  it('adds up the workloads of one budget', () => {
    const pods = (name: string) => deployment(name, { labels: { app: 'x', track: name }, replicas: 1 });
    const both = (minAvailable: number) => budget('x', { maxUnavailable: undefined, minAvailable });
    expect(found(rule, pods('a'), pods('b'), both(1))).toEqual([]);
    expect(found(rule, pods('a'), pods('b'), both(2))).toHaveLength(1);
  });

  it('leaves alone what has no number', () => {
    const one = budget('a', { maxUnavailable: undefined, minAvailable: 1 });
    expect(found(rule, deployment('a', { kind: 'DaemonSet' }), one)).toEqual([]);
    expect(found(rule, job('a', { app: 'a' }), one)).toEqual([]);
    expect(found(rule, one)).toEqual([]);
  });
});
