import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  CanaryStep,
  ClusterProfile,
  Exposure,
  Gateway,
  ModelVolume,
  Release,
  Version,
} from '../../lib';
import { single } from '../bentos';
import { type Objects, synthesize } from '../tree';

const weights = (prefix: string) => ModelVolume.s3Bucket('weights', { bucket: 'models', prefix, mountPath: '/models' });

const define = (props: Partial<BentoDeploymentProps>): Objects =>
  synthesize((chart) => {
    const profile = new ClusterProfile({
      kubernetesVersion: '1.33',
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
      argoRollouts: { gatewayApiPlugin: {} },
    });
    ClusterProfile.set(chart, profile);
    const exposure = Exposure.gateway({ hosts: ['rag.example.com'] });
    new BentoDeployment(chart, 'Rag', { bento: single(), exposure, ...props });
  });

const canary = (previous?: Version) => Release.canary({ previous, steps: [CanaryStep.weight(10)] });

const claims = (objects: Objects) => objects.of('PersistentVolumeClaim').map(({ metadata }) => metadata.name);

describe('what pods of the version before mount', () => {
  it.each([
    ['the model weights', { apiServer: { models: [weights('v2')] } }],
    ['files', { apiServer: { files: { '/etc/rag.yaml': 'x' } } }],
  ])('must be known: %s', (what, props) => {
    const text = `[PreviousMounts] 'release.previous' must be stated, for pods of the old version that start anew mount what it had (${what}), got none; state Version.of() with the Bento that runs now and what it mounts, or Version.absent() at the first release and when one is over (at test/Rag)`;
    expect(() => define({ ...props, release: canary() })).toThrow(text);
    expect(() => define({ ...props, release: Release.blueGreen() })).toThrow(text);
    expect(() => define({ ...props, versionKey: 'v2', release: canary(Version.absent()) })).not.toThrow();
  });

  it('stays until it is over', () => {
    const first = define({
      versionKey: 'v1',
      apiServer: { models: [weights('v1')] },
      release: canary(Version.absent()),
    });
    const [old] = claims(first);
    const second = define({
      versionKey: 'v2',
      apiServer: { models: [weights('v2')] },
      release: canary(Version.of({ bento: single(), versionKey: 'v1', apiServer: { models: [weights('v1')] } })),
    });
    expect(claims(second)).toHaveLength(2);
    expect(claims(second)).toContain(old);
    const { volumes } = second.get('Rollout', 'rag').spec.template.spec;
    expect(JSON.stringify(volumes)).not.toContain(old);
  });
});
