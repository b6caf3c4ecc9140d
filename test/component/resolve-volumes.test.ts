import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  type DownloadVolumeOptions,
  ModelSource,
  ModelVolume,
  SecretRef,
  ServiceAccountRef,
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
