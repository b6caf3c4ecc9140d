import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  CanaryStep,
  ClusterProfile,
  Exposure,
  Gate,
  Release,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const hosts = ['rag.example.com'];
const deployed = (props: Partial<BentoDeploymentProps>) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.33', argoRollouts: {} }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });
const steps = [CanaryStep.weight(20)];

describe('gates without a pause', () => {
  const smoke = Gate.webhook({
    name: 'smoke',
    url: 'https://example.com',
    jsonPath: '{$.status}',
    successValue: 'ok',
    initialDelay: Duration.seconds(0),
  });
  const successes = ({ args }: { args: { name: string; value?: string }[] }) =>
    args.find(({ name }) => name === 'successes-every-60s')?.value;

  it('pass once before a promotion', () => {
    const objects = deployed({ release: Release.blueGreen({ beforePromotion: [smoke] }) });
    const { blueGreen } = objects.get('Rollout', 'rag').spec.strategy;
    expect(successes(blueGreen.prePromotionAnalysis)).toBe('1');
  });

  it('pass once in a step', () => {
    const exposure = Exposure.ingressNginx({ hosts });
    const objects = deployed({ exposure, release: Release.canary({ steps, gates: [smoke] }) });
    const { canary } = objects.get('Rollout', 'rag').spec.strategy;
    expect(successes(canary.steps[2].analysis)).toBe('1');
  });
});
