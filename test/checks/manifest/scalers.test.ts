import { describe, expect, it } from 'vitest';
import { deployment, found, foundInFiles, hpa, rollout, scaledObject, service } from './manifests';

describe('ScaleTargetMissing', () => {
  const rule = 'ScaleTargetMissing';

  it('finds a name that no workload has', () => {
    expect(found(rule, deployment('a'), hpa('b'))).toEqual([
      "HorizontalPodAutoscaler/b spec.scaleTargetRef: 'spec.scaleTargetRef' must name an object of namespace ml in the folder, got Deployment b of apiVersion 'apps/v1'",
    ]);
  });

  it.each([
    ['another namespace', [deployment('a', { namespace: 'other' }), hpa('a')]],
    [
      'another API',
      [deployment('a'), hpa('a', { scaleTargetRef: { apiVersion: 'v1', kind: 'Deployment', name: 'a' } })],
    ],
    ['no API', [deployment('a'), hpa('a', { scaleTargetRef: { kind: 'Deployment', name: 'a' } })]],
    ['a ScaledObject', [deployment('a'), scaledObject('b')]],
    ['a Deployment that is a Rollout', [rollout('a'), hpa('a')]],
    ['a Deployment that is a Rollout, by KEDA', [rollout('a'), scaledObject('a')]],
  ])('finds one of %s', (_, objects) => expect(found(rule, ...objects)).toHaveLength(1));

  it.each([
    ['a Deployment', [deployment('a'), hpa('a')]],
    // https://keda.sh/docs/latest/reference/scaledobject-spec/#scaletargetref: apps/v1 and Deployment by default
    ['what KEDA defaults to', [deployment('a'), scaledObject('a')]],
    [
      'a Rollout',
      [rollout('a'), hpa('a', { scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'a' } })],
    ],
    ['a folder without the kind', [service('a'), hpa('b')]],
    ['no target at all', [deployment('a'), hpa('a', { scaleTargetRef: undefined })]],
  ])('takes %s', (_, objects) => expect(found(rule, ...objects)).toEqual([]));
});

describe('TwoScalers', () => {
  const rule = 'TwoScalers';
  const second = hpa('second', { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } });

  it('finds two HPAs of one Deployment', () => {
    expect(found(rule, hpa('a'), second)).toEqual([
      "HorizontalPodAutoscaler/second spec.scaleTargetRef: 'spec.scaleTargetRef' must name a target that no other scaler has, got Deployment a, which HorizontalPodAutoscaler/ml/a scales too",
    ]);
  });

  it('finds an HPA beside a ScaledObject', () => expect(found(rule, scaledObject('a'), hpa('a'))).toHaveLength(1));

  it('takes two targets', () => expect(found(rule, hpa('a'), hpa('b'), scaledObject('c'))).toEqual([]));

  // https://keda.sh/docs/latest/concepts/scaling-deployments/#transfer-ownership-of-an-existing-hpa
  it('takes an HPA that KEDA is to take over', () => {
    const owner = scaledObject(
      'a',
      { advanced: { horizontalPodAutoscalerConfig: { name: 'second' } } },
      { 'scaledobject.keda.sh/transfer-hpa-ownership': 'true' },
    );
    expect(found(rule, owner, second)).toEqual([]);
    expect(found(rule, owner, hpa('a'))).toHaveLength(1);
  });

  it('takes the same scaler for two clusters', () => {
    expect(foundInFiles(rule, { 'eu.yaml': [hpa('a')], 'us.yaml': [hpa('a')] })).toEqual([]);
  });
});

describe('ReplicasWithScaler', () => {
  const rule = 'ReplicasWithScaler';

  it.each([
    [undefined, 0],
    // https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation
    [0, 0],
    [1, 1],
    [3, 1],
  ])('judges %s replicas', (replicas, count) => {
    expect(found(rule, deployment('a', { replicas }), hpa('a'))).toHaveLength(count);
    expect(found(rule, deployment('a', { replicas }), scaledObject('a'))).toHaveLength(count);
    expect(found(rule, deployment('a', { replicas }), hpa('b'))).toEqual([]);
  });

  it('names the scaler, once per workload', () => {
    expect(found(rule, deployment('a', { replicas: 3 }), hpa('a'), scaledObject('a'))).toEqual([
      "Deployment/a spec.replicas: 'spec.replicas' must be absent where HorizontalPodAutoscaler/ml/a owns it, got 3",
    ]);
  });
});

describe('ScalerBounds', () => {
  const rule = 'ScalerBounds';

  it.each([
    [hpa('a', { minReplicas: 9 }), 0],
    [hpa('a', { minReplicas: 10 }), 0],
    [hpa('a', { minReplicas: 11 }), 1],
    // 1 by default
    [hpa('a', { minReplicas: undefined, maxReplicas: 0 }), 1],
    [hpa('a', { maxReplicas: undefined }), 0],
    [scaledObject('a', { minReplicaCount: 100 }), 0],
    [scaledObject('a', { minReplicaCount: 101 }), 1],
    [scaledObject('a', { minReplicaCount: 5, maxReplicaCount: 4 }), 1],
    [scaledObject('a', { minReplicaCount: 1, idleReplicaCount: 0 }), 0],
    [scaledObject('a', { minReplicaCount: 1, idleReplicaCount: 1 }), 1],
    [scaledObject('a', { idleReplicaCount: 0 }), 1],
  ])('judges bounds: %#', (scaler, count) => expect(found(rule, scaler)).toHaveLength(count));

  it('says both bounds', () => {
    expect(found(rule, hpa('a', { minReplicas: 11 }))).toEqual([
      "HorizontalPodAutoscaler/a spec.minReplicas: 'spec.minReplicas' must be at most 'spec.maxReplicas' (10), got 11",
    ]);
  });
});
