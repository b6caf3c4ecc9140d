import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  type DownloadVolumeOptions,
  EnvVar,
  InstanceSize,
  ModelSource,
  ModelVolume,
  SecretRef,
  ServiceAccountRef,
  Toleration,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const volume = (options: Partial<DownloadVolumeOptions> = {}) =>
  ModelVolume.download('llama', {
    source: ModelSource.huggingFace('meta-llama/Llama-3.1-8B'),
    mountPath: '/models/llama',
    size: Size.gibibytes(40),
    storageClassName: 'efs',
    ...options,
  });

it('takes environment, size and placement of its own', () => {
  const options = {
    env: [EnvVar.value('HTTPS_PROXY', 'http://proxy:3128')],
    downloadSize: InstanceSize.named('cpu.8'),
    nodeSelector: { disk: 'fast' },
    tolerations: [Toleration.exists('batch')],
  };
  const objects = synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), models: [volume(options)] });
  });
  const pod = objects.of('Job')[0]!.spec.template.spec;
  expect(pod.nodeSelector).toEqual({ disk: 'fast' });
  expect(pod.tolerations).toEqual([{ key: 'batch', operator: 'Exists' }]);
  expect(pod.initContainers[0].env).toContainEqual({ name: 'HTTPS_PROXY', value: 'http://proxy:3128' });
  expect(pod.initContainers[0].resources.requests).toEqual({ cpu: '4', memory: '16Gi' });
});

function jobOf(options: Partial<DownloadVolumeOptions>, props: Partial<BentoDeploymentProps> = {}): string {
  const objects = synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), models: [volume(options)], ...props });
  });
  const [job] = objects.of('Job');
  const [claim] = objects.of('PersistentVolumeClaim');
  expect(job!.metadata.name).toBe(claim!.metadata.name);
  return job!.metadata.name;
}

// The template of a Job cannot be changed: whatever changes it must change the name, or the apply fails.
describe('the name of a download', () => {
  it.each<[string, Partial<DownloadVolumeOptions>, Partial<BentoDeploymentProps>]>([
    ['source', { source: ModelSource.huggingFace('meta-llama/Llama-3.1-70B') }, {}],
    ['token', { source: ModelSource.huggingFace('meta-llama/Llama-3.1-8B', { token: SecretRef.named('hub') }) }, {}],
    ['image', { image: 'registry.example.com/downloader:1' }, {}],
    ['storage class', { storageClassName: 'fsx' }, {}],
    ['environment', { env: [EnvVar.value('HTTPS_PROXY', 'http://proxy:3128')] }, {}],
    ['size', { downloadSize: InstanceSize.named('cpu.8') }, {}],
    ['nodes', { nodeSelector: { disk: 'fast' } }, {}],
    ['tolerations', { tolerations: [Toleration.exists('batch')] }, {}],
    ['user', {}, { security: { runAsUser: 2000 } }],
    ['service account', {}, { serviceAccount: ServiceAccountRef.named('rag-reader') }],
    ['pull secrets', {}, { imagePullSecrets: [SecretRef.named('registry')] }],
    ['root file system', {}, { security: { readOnlyRootFilesystem: false } }],
  ])('changes with its %s', (_, options, props) => {
    expect(jobOf(options, props)).not.toBe(jobOf({}));
  });

  it('stays where nothing of the Job changes', () => {
    expect(jobOf({ mountPath: '/models/other' }, { nodeSelector: { disk: 'fast' } })).toBe(jobOf({}));
  });
});

// The source of a volume cannot be changed either, and pods would not notice.
describe('the name of the volume of a bucket', () => {
  const nameOf = (options: { bucket?: string; prefix?: string; region?: string }, runAsUser?: number) =>
    synthesize((chart) => {
      const models = [ModelVolume.s3Bucket('w', { bucket: 'weights', mountPath: '/models', ...options })];
      new BentoDeployment(chart, 'Rag', { bento: single(), models, security: { runAsUser } });
    }).of('PersistentVolume')[0]!.metadata.name;

  it.each([{ bucket: 'others' }, { prefix: 'llama' }, { region: 'us-east-1' }])('changes with %j', (options) => {
    expect(nameOf(options)).not.toBe(nameOf({}));
  });

  it('changes with the user, who owns its files', () => {
    expect(nameOf({}, 2000)).not.toBe(nameOf({}));
  });
});
