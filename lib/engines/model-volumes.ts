import type { JobSpec } from 'kubernetes-types/batch/v1';
import type {
  Container,
  EnvVar,
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
  VolumeMount,
} from 'kubernetes-types/core/v1';
import { WRITABLE_PATH } from '../bento/container-contract';
import type { ComponentModel, MountedModelVolume, PodModel } from '../component/component-model';
import type { VolumeWithImage } from '../internal/kube';
import { bytesQuantity } from '../internal/quantity';
import { inRegion } from '../placement/affinity';
import type { Region } from '../placement/region';
import { FilledBy, type ModelVolumeModel } from '../storage/model-volume';
import { kubeAffinity } from './affinity';
import {
  image,
  pullSecrets,
  resources,
  restrictedContainer,
  restrictedPod,
  WAITER_SIZE,
  WRITABLE_MOUNT,
  WRITABLE_VOLUME,
} from './container';
import { unlessEmpty } from './unless-empty';

/** Written last, when all files are there. */
const MARKER = '.complete';
const DOWNLOAD_PATH = '/mnt/model';
/** The Mountpoint driver ignores it, the API asks for it. */
const ANY_SIZE = '1Ti';

type Download = Extract<ModelVolumeModel, { kind: 'download' }>;

/** Whether it is an object of its own; other kinds lie in the pods. */
export function isShared(volume: ModelVolumeModel): boolean {
  return volume.kind === 's3' || (volume.kind === 'download' && volume.filledBy === FilledBy.JOB);
}

/** Volumes of a pod with weights. */
export function modelVolumes({ pod }: ComponentModel): VolumeWithImage[] {
  return pod.volumes.map(({ volume, claimName }) => ({ name: volumeName(volume), ...volumeSource(volume, claimName) }));
}

function volumeSource(volume: ModelVolumeModel, claimName: string): Omit<VolumeWithImage, 'name'> {
  switch (volume.kind) {
    case 'csi':
      return { csi: { driver: volume.driver, readOnly: true, volumeAttributes: { ...volume.attributes } } };
    case 'image':
      return { image: { reference: volume.image.reference, pullPolicy: image(volume.image).imagePullPolicy } };
    case 'download':
      return volume.filledBy === FilledBy.JOB
        ? { persistentVolumeClaim: { claimName } }
        : { ephemeral: { volumeClaimTemplate: { spec: downloadClaimSpec(volume) } } };
    case 'claim':
    case 's3':
      return { persistentVolumeClaim: { claimName } };
  }
}

/** Where a container finds the weights; read-only, whatever the volume would allow. */
export function modelMounts({ pod }: ComponentModel): VolumeMount[] {
  return pod.volumes.map(({ volume }) => ({
    name: volumeName(volume),
    mountPath: volume.mountPath,
    readOnly: true,
    ...(volume.kind === 'claim' && volume.subPath !== undefined && { subPath: volume.subPath }),
  }));
}

/** Init containers that fill a pod's own volumes, or wait for the Job that fills a shared one. */
export function modelContainers({ pod, contract }: ComponentModel): Container[] {
  return pod.volumes.flatMap(({ volume }): Container[] => {
    if (volume.kind !== 'download') return [];
    if (volume.filledBy === FilledBy.INIT_CONTAINER) return [downloadContainer(volume, pod)];
    return [
      {
        name: `wait-for-${volume.name}`,
        ...image(contract.image),
        // As an argument: the shell must not read a path as anything else.
        command: ['sh', '-c', 'until [ -e "$0" ]; do sleep 5; done', `${volume.mountPath}/${MARKER}`],
        resources: resources(WAITER_SIZE),
        securityContext: restrictedContainer(true),
        volumeMounts: [{ name: volumeName(volume), mountPath: volume.mountPath, readOnly: true }],
      },
    ];
  });
}

/** The `spec` of the claim that a download fills. */
export function downloadClaimSpec(volume: Download): PersistentVolumeClaimSpec {
  return {
    accessModes: [volume.filledBy === FilledBy.JOB ? 'ReadWriteMany' : 'ReadWriteOnce'],
    resources: { requests: { storage: bytesQuantity(volume.sizeBytes) } },
    storageClassName: volume.storageClassName,
  };
}

/** What the pod of a download has beside what those that serve have. */
export interface DownloadPod {
  readonly labels: { [key: string]: string };
  /** The part of the cluster that it is bound to; undefined: all of it. */
  readonly region?: Region;
}

/** The `spec` of the Job that fills a shared claim once. */
export function downloadJobSpec(
  { volume, claimName }: MountedModelVolume,
  pod: PodModel,
  { labels, region }: DownloadPod,
): JobSpec {
  const download = volume as Download;
  const container = downloadContainer(download, pod);
  return {
    backoffLimit: 6,
    template: {
      metadata: { labels },
      spec: {
        // A volume that is made where its first pod runs stays there.
        affinity: kubeAffinity(region === undefined ? [] : [inRegion(region)]),
        automountServiceAccountToken: false,
        containers: [
          {
            ...container,
            name: 'mark',
            command: ['touch', `${DOWNLOAD_PATH}/${MARKER}`],
            args: undefined,
            env: undefined,
            resources: resources(WAITER_SIZE),
          },
        ],
        enableServiceLinks: false,
        imagePullSecrets: pullSecrets(pod),
        initContainers: [container],
        nodeSelector: unlessEmpty({ ...download.nodeSelector }),
        restartPolicy: 'OnFailure',
        securityContext: restrictedPod(pod),
        serviceAccountName: pod.serviceAccountName,
        tolerations: unlessEmpty([...download.tolerations]),
        volumes: [WRITABLE_VOLUME, { name: volumeName(volume), persistentVolumeClaim: { claimName } }],
      },
    },
  };
}

/** The `spec` of the volume that stands for a bucket; it takes no other claim than ours. */
export function bucketVolumeSpec(
  { volume, claimName }: MountedModelVolume,
  pod: PodModel,
  volumeName: string,
  namespace: string | undefined,
): PersistentVolumeSpec {
  const { bucket, prefix, region } = volume as Extract<ModelVolumeModel, { kind: 's3' }>;
  return {
    accessModes: ['ReadOnlyMany'],
    capacity: { storage: ANY_SIZE },
    ...(namespace !== undefined && { claimRef: { name: claimName, namespace } }),
    csi: { driver: 's3.csi.aws.com', volumeAttributes: { bucketName: bucket }, volumeHandle: volumeName },
    mountOptions: [
      'read-only',
      'allow-other',
      `uid=${pod.user}`,
      `gid=${pod.group}`,
      ...(region === undefined ? [] : [`region ${region}`]),
      ...(prefix === undefined ? [] : [`prefix ${prefix.endsWith('/') ? prefix : `${prefix}/`}`]),
    ],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: '',
  };
}

/** The `spec` of the claim on a bucket's volume. */
export function bucketClaimSpec(volumeName: string): PersistentVolumeClaimSpec {
  return {
    accessModes: ['ReadOnlyMany'],
    resources: { requests: { storage: ANY_SIZE } },
    // Empty, not absent: the default class would make a volume of its own.
    storageClassName: '',
    volumeName,
  };
}

function downloadContainer(volume: Download, pod: PodModel): Container {
  const target = volume.filledBy === FilledBy.JOB ? DOWNLOAD_PATH : volume.mountPath;
  return {
    name: `download-${volume.name}`,
    ...image(volume.image),
    args: [volume.source.uri, target],
    env: [
      ...[...volume.source.env, ...volume.env].map(({ _model }) => _model as EnvVar),
      ...(volume.source.uri.startsWith('hf://') ? [{ name: 'HF_HOME', value: `${WRITABLE_PATH}/huggingface` }] : []),
      { name: 'HOME', value: WRITABLE_PATH },
    ],
    resources: resources(volume.downloadSize),
    securityContext: restrictedContainer(pod.readOnlyRoot),
    volumeMounts: [WRITABLE_MOUNT, { name: volumeName(volume), mountPath: target }],
  };
}

function volumeName(volume: ModelVolumeModel): string {
  return `model-${volume.name}`;
}
