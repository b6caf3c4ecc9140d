import { Duration } from 'cdk8s';
import { expect, it } from 'vitest';
import { BentoDeployment, CanaryStep, ClusterProfile, Release } from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

it.each(['scaleDownDelay', 'abortScaleDownDelay'])('%s is refused where replicas make the weights', (name) => {
  const define = (more: object) =>
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.33', argoRollouts: {} }));
      const release = Release.canary({ steps: [CanaryStep.weight(10)], weightsByReplicas: true, ...more });
      new BentoDeployment(chart, 'Rag', { bento: single(), release });
    });
  expect(() => define({ [name]: Duration.minutes(5) })).toThrow(
    `[ConflictingOptions] 'release.${name}' must not be given together with 'release.weightsByReplicas'; pods of one version take the place of those of the other, and none stays: leave the former out (at test/Rag)`,
  );
  const { canary } = define({}).get('Rollout', 'rag').spec.strategy;
  expect(canary).toEqual({ maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 10 }] });
});
