import { ApiObject, type Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { BentoDeployment, ClusterProfile, Release, Scaling } from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const ROLLOUT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

function define(
  chart: Chart,
  scaleTargetRef: object,
  options: { kind?: string; scaling?: Scaling; namespace?: string } = {},
) {
  const { kind = 'HorizontalPodAutoscaler', scaling = Scaling.unmanaged(), namespace } = options;
  ClusterProfile.set(chart, new ClusterProfile({ argoRollouts: {} }));
  new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { scaling }, release: Release.blueGreen() });
  new ApiObject(chart, 'Scaler', {
    apiVersion: kind === 'ScaledObject' ? 'keda.sh/v1alpha1' : 'autoscaling/v2',
    kind,
    metadata: { name: 'mine', namespace },
    spec: { scaleTargetRef },
  });
}

describe('a scaler of the user', () => {
  it.each([
    ['an autoscaler of the Deployment', { ...DEPLOYMENT, name: 'rag' }, {}, 'HorizontalPodAutoscaler mine'],
    ['a ScaledObject of the Deployment', { ...DEPLOYMENT, name: 'rag' }, { kind: 'ScaledObject' }, 'ScaledObject mine'],
    // https://keda.sh/docs/latest/reference/scaledobject-spec/#scaletargetref: a Deployment by default
    ['a ScaledObject that names no kind', { name: 'rag' }, { kind: 'ScaledObject' }, 'ScaledObject mine'],
  ])('fails as %s, which is a Rollout', (_, target, options, scaler) => {
    expect(() => synthesize((chart) => define(chart, target, options))).toThrow(
      `[WrongScaleTarget] 'scaleTargetRef' of ${scaler} must be the Rollout rag, got the Deployment of that name; state apiVersion argoproj.io/v1alpha1 and kind Rollout, as \`scaleTarget\` of the component has them (at test/Scaler)`,
    );
  });

  it.each([
    ['of the Rollout', { ...ROLLOUT, name: 'rag' }, {}],
    ['of another Deployment', { ...DEPLOYMENT, name: 'other' }, {}],
    ['of a Deployment in another namespace', { ...DEPLOYMENT, name: 'rag' }, { namespace: 'other' }],
  ])('is taken as one %s', (_, target, options) => {
    expect(() => synthesize((chart) => define(chart, target, options))).not.toThrow();
  });

  it('fails beside the scaler of the Rollout', () => {
    const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 5 });
    expect(() => synthesize((chart) => define(chart, { ...ROLLOUT, name: 'rag' }, { scaling }))).toThrow(
      '[TwoOwners] replicas of Rollout rag must have one owner, got HorizontalPodAutoscaler rag and HorizontalPodAutoscaler mine',
    );
  });

  it('is told the target by the component', () => {
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ argoRollouts: {} }));
      const { apiServer } = new BentoDeployment(chart, 'Rag', { bento: single(), release: Release.blueGreen() });
      expect(apiServer.scaleTarget).toEqual({ ...ROLLOUT, name: 'rag' });
    });
  });
});
