import type { KubernetesVersion } from '../cluster/kubernetes-version';
import { digest } from '../internal/digest';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import type { EnvVar } from '../refs/env-var';
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
  const parts = identityOf(volume, downloader);
  if (parts === undefined) return `${owner}-${volume.name}`;
  const name = `${owner}-${volume.name}-${digest(JSON.stringify(parts), 8)}`;
  // A Job is called so too, and its name is a label of its pods.
  if (name.length > MAX_LABEL_LENGTH) {
    throw errors.invalidName(
      `${prefix}models`,
      `short enough for the claim ${name} (${MAX_LABEL_LENGTH} characters)`,
      volume.name,
      'shorten the name of the volume or of the deployment',
    );
  }
  return name;
}

/**
 * What cannot change under a name: neither Jobs nor volumes of a bucket can be changed, and what is filled once is never
 * filled again, under those who read it. Anything else is another claim. Undefined where no object stands for it.
 */
function identityOf(volume: ModelVolumeModel, downloader: Downloader): unknown[] | undefined {
  const { user, group, readOnlyRoot, serviceAccountName, imagePullSecrets } = downloader;
  if (volume.kind === 's3') return [volume.bucket, volume.prefix, volume.region, user, group];
  if (volume.kind !== 'download' || volume.filledBy !== FilledBy.JOB) return undefined;
  return [
    DOWNLOAD_REVISION,
    volume.source.uri,
    [...volume.source.env, ...volume.env].map(identityOfEnv),
    volume.image.reference,
    volume.storageClassName,
    [volume.downloadSize.cpuCores, volume.downloadSize.memoryBytes, volume.downloadSize.cpuLimitCores],
    sortedEntries(volume.nodeSelector),
    volume.tolerations.map(({ key, operator, value, effect, tolerationSeconds }) => [
      key,
      operator,
      value,
      effect,
      tolerationSeconds,
    ]),
    [user, group, readOnlyRoot, serviceAccountName, imagePullSecrets],
  ];
}

function identityOfEnv({ _model: { name, value, valueFrom } }: EnvVar): unknown[] {
  const { secretKeyRef: secret, configMapKeyRef: configMap, fieldRef } = valueFrom ?? {};
  return [name, value, secret?.name, secret?.key, configMap?.name, configMap?.key, fieldRef?.fieldPath];
}
