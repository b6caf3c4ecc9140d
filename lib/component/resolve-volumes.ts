import { createHash } from 'node:crypto';
import type { KubernetesVersion } from '../cluster/kubernetes-version';
import { errors } from '../internal/errors';
import { FilledBy, type ModelVolume, type ModelVolumeModel } from '../storage/model-volume';
import type { MountedModelVolume, PodModel } from './component-model';

/** Kubernetes' limit on the value of a label. */
const MAX_LABEL_LENGTH = 63;

/** To be raised with every change of what a download Job is made of: Kubernetes lets nobody change a Job. */
const DOWNLOAD_REVISION = 1;

/** What of a pod its downloads take over. */
type Downloader = Pick<PodModel, 'user' | 'group' | 'readOnlyRoot' | 'serviceAccountName' | 'imagePullSecrets'>;

/** Weights with the claims that hold them. */
export function resolveVolumes(
  prefix: string,
  owner: string,
  volumes: readonly ModelVolume[],
  downloader: Downloader,
  kubernetes: KubernetesVersion,
): MountedModelVolume[] {
  return volumes.map(({ _model: volume }) => {
    if (volume.kind === 'image') kubernetes.require(`${prefix}models`, 'imageVolume', 'use ModelVolume.download()');
    return { volume, claimName: claimName(prefix, owner, volume, downloader) };
  });
}

function claimName(prefix: string, owner: string, volume: ModelVolumeModel, downloader: Downloader): string {
  if (volume.kind === 'claim') return volume.claim;
  if (volume.kind !== 'download' || volume.filledBy !== FilledBy.JOB) return `${owner}-${volume.name}`;
  const name = `${owner}-${volume.name}-${digest(volume, downloader)}`;
  // The Job is called so too, and its name is a label of its pods.
  if (name.length > MAX_LABEL_LENGTH) {
    const room = MAX_LABEL_LENGTH - (name.length - volume.name.length);
    throw errors.invalidName(`${prefix}models`, `a name of at most ${room} characters`, volume.name);
  }
  return name;
}

/** What is filled once is never filled again, under those who read it: another download is another claim. */
function digest(volume: Extract<ModelVolumeModel, { kind: 'download' }>, downloader: Downloader): string {
  const { user, group, readOnlyRoot, serviceAccountName, imagePullSecrets } = downloader;
  const parts = [
    DOWNLOAD_REVISION,
    volume.source.uri,
    volume.source.env.map(({ _model: { name, value, valueFrom } }) => [name, value ?? valueFrom?.secretKeyRef?.name]),
    volume.image.reference,
    volume.storageClassName,
    [user, group, readOnlyRoot, serviceAccountName, imagePullSecrets],
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}
