import type { Size } from 'cdk8s';
import { BENTO_PATH, WRITABLE_PATH } from '../bento/container-contract';
import { type ImageModel, imageModel } from '../bento/image';
import { requireAbsolutePath, requireBytes, requireDnsLabel, requireDnsName, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';
import { sortedMap } from '../internal/names';
import type { Toleration, TolerationModel } from '../placement/toleration';
import type { ClaimRef } from '../refs/claim-ref';
import type { EnvVar } from '../refs/env-var';
import type { InstanceSize, SizeModel } from '../sizing/instance-size';
import type { ModelSource, SourceModel } from './model-source';

/** Downloads from S3 and Hugging Face, among others; what KServe uses for the same job. */
const DOWNLOADER_IMAGE = 'kserve/storage-initializer:v0.20.0';

const DOWNLOAD_SIZE: SizeModel = { cpuCores: 0.5, memoryBytes: 2 * 2 ** 30 };

/** Volume names have a prefix before the name. */
const MAX_NAME = 40;

/** Who fills a new claim. */
export enum FilledBy {
  /**
   * One Job, once, into one claim that all replicas read: the storage class must give ReadWriteMany. Pods wait for it.
   */
  JOB = 'Job',
  /** Each pod, before it starts, into a claim of its own that goes with it. */
  INIT_CONTAINER = 'InitContainer',
}

/** Options of `ModelVolume.claim`. */
export interface ClaimVolumeOptions {
  /** The claim, of the workload's namespace; what it holds is nobody's business but yours. */
  readonly claim: ClaimRef;

  /** Where the server finds the weights. */
  readonly mountPath: string;

  /**
   * The folder of the claim that is mounted.
   *
   * @default - all of it
   */
  readonly subPath?: string;
}

/** Options of `ModelVolume.download`. */
export interface DownloadVolumeOptions {
  /** Where the weights come from; a change of it fills a new claim and leaves the old one alone. */
  readonly source: ModelSource;

  /** Where the server finds the weights. */
  readonly mountPath: string;

  /** The size of the claim. */
  readonly size: Size;

  /** The storage class of the claim. */
  readonly storageClassName: string;

  /**
   * Who fills the claim.
   *
   * @default FilledBy.JOB
   */
  readonly filledBy?: FilledBy;

  /**
   * The image that downloads: it is run with source and target folder as its arguments.
   *
   * @default 'kserve/storage-initializer:v0.20.0'
   */
  readonly image?: string;

  /**
   * Environment variables of the download, as a proxy needs them.
   *
   * @default - those of the source
   */
  readonly env?: EnvVar[];

  /**
   * CPU and memory of the download.
   *
   * @default - 500m CPU and 2 GiB
   */
  readonly downloadSize?: InstanceSize;

  /**
   * Labels that nodes must have for the Job; a download before the server runs where the server does.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Taints that keep the Job off no node.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];
}

/** Options of `ModelVolume.s3Bucket`. */
export interface S3BucketVolumeOptions {
  /** The name of the bucket. */
  readonly bucket: string;

  /** Where the server finds the weights. */
  readonly mountPath: string;

  /**
   * The folder of the bucket that is mounted.
   *
   * @default - all of it
   */
  readonly prefix?: string;

  /**
   * The region of the bucket.
   *
   * @default - that of the node
   */
  readonly region?: string;
}

/** Options of `ModelVolume.csi`. */
export interface CsiVolumeOptions {
  /** The driver, as `gcsfuse.csi.storage.gke.io`. */
  readonly driver: string;

  /** Where the server finds the weights. */
  readonly mountPath: string;

  /**
   * Attributes that the driver reads.
   *
   * @default - none
   */
  readonly attributes?: { [key: string]: string };
}

/** Options of `ModelVolume.image`. */
export interface ImageVolumeOptions {
  /** The image, as nodes pull it. */
  readonly image: string;

  /** Where the server finds the weights. */
  readonly mountPath: string;
}

/**
 * Weights that do not lie in the Bento's image, read-only in the server. For code that reads them by a path: models that
 * a Bento declares with `bentoml.models` are in its image, and every pod looks for all of them when it starts.
 *
 * @example
 * ModelVolume.download('llama', {
 *   source: ModelSource.huggingFace('meta-llama/Llama-3.1-8B-Instruct', { token: SecretRef.named('hf-token') }),
 *   mountPath: '/models/llama',
 *   size: Size.gibibytes(40),
 *   storageClassName: 'efs',
 * });
 */
export class ModelVolume {
  /**
   * A claim that exists already.
   *
   * @param name a DNS label of at most 40 characters, once per component
   * @throws InvalidName, InvalidText, ReservedPath
   */
  public static claim(name: string, options: ClaimVolumeOptions): ModelVolume {
    const { subPath } = options;
    if (subPath !== undefined && (subPath.startsWith('/') || subPath.split('/').includes('..') || subPath === '')) {
      throw errors.invalidText('subPath', "a relative path without '..'", subPath);
    }
    return new ModelVolume({ name, mountPath: options.mountPath, kind: 'claim', claim: options.claim.name, subPath });
  }

  /**
   * A new claim that is filled from a source.
   *
   * @param name a DNS label of at most 40 characters, once per component
   * @throws InvalidName, InvalidText, OutOfRange, ReservedPath
   */
  public static download(name: string, options: DownloadVolumeOptions): ModelVolume {
    requireDnsName('storageClassName', options.storageClassName);
    requireLabels('nodeSelector', options.nodeSelector ?? {});
    return new ModelVolume({
      name,
      mountPath: options.mountPath,
      kind: 'download',
      source: options.source._model,
      sizeBytes: requireBytes('size', options.size),
      storageClassName: options.storageClassName,
      filledBy: options.filledBy ?? FilledBy.JOB,
      image: imageModel('image', options.image ?? DOWNLOADER_IMAGE),
      env: [...(options.env ?? [])],
      downloadSize: options.downloadSize?._model ?? DOWNLOAD_SIZE,
      nodeSelector: sortedMap(options.nodeSelector),
      tolerations: (options.tolerations ?? []).map((toleration) => toleration._model),
    });
  }

  /**
   * A bucket of S3 as a folder, by the Mountpoint CSI driver; files are fetched as they are read.
   *
   * @param name a DNS label of at most 40 characters, once per component
   * @throws InvalidName, InvalidText, ReservedPath
   * @see https://github.com/awslabs/mountpoint-s3-csi-driver
   */
  public static s3Bucket(name: string, options: S3BucketVolumeOptions): ModelVolume {
    const { bucket, prefix, region } = options;
    if (!/^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/.test(bucket))
      throw errors.invalidText('bucket', 'the name of a bucket', bucket);
    if (prefix !== undefined && !/^[^\s/][^\s]*$/.test(prefix)) {
      throw errors.invalidText('prefix', "a folder without a leading '/'", prefix);
    }
    if (region !== undefined) requireText('region', region);
    return new ModelVolume({ name, mountPath: options.mountPath, kind: 's3', bucket, prefix, region });
  }

  /**
   * Any driver that mounts without a claim (ephemeral inline volumes), as Cloud Storage FUSE does.
   *
   * @param name a DNS label of at most 40 characters, once per component
   * @throws InvalidName, InvalidText, ReservedPath
   */
  public static csi(name: string, options: CsiVolumeOptions): ModelVolume {
    requireDnsName('driver', options.driver);
    return new ModelVolume({
      name,
      mountPath: options.mountPath,
      kind: 'csi',
      driver: options.driver,
      attributes: sortedMap(options.attributes),
    });
  }

  /**
   * The content of an OCI image or artifact, pulled and cached by the node as images are. Needs Kubernetes 1.35.
   *
   * @param name a DNS label of at most 40 characters, once per component
   * @throws InvalidName, InvalidText, ReservedPath
   */
  public static image(name: string, options: ImageVolumeOptions): ModelVolume {
    return new ModelVolume({
      name,
      mountPath: options.mountPath,
      kind: 'image',
      image: imageModel('image', options.image),
    });
  }

  /** @internal */
  public readonly _model: ModelVolumeModel;

  private constructor(model: ModelVolumeModel) {
    requireDnsLabel('name', model.name);
    if (model.name.length > MAX_NAME) throw errors.invalidName('name', `at most ${MAX_NAME} characters`, model.name);
    requireMountPath('mountPath', model.mountPath);
    this._model = model;
  }
}

/** What the engines read. */
export type ModelVolumeModel = { readonly name: string; readonly mountPath: string } & (
  | { readonly kind: 'claim'; readonly claim: string; readonly subPath?: string }
  | {
      readonly kind: 'download';
      readonly source: SourceModel;
      readonly sizeBytes: number;
      readonly storageClassName: string;
      readonly filledBy: FilledBy;
      readonly image: ImageModel;
      readonly env: readonly EnvVar[];
      readonly downloadSize: SizeModel;
      readonly nodeSelector: { readonly [key: string]: string };
      readonly tolerations: readonly TolerationModel[];
    }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix?: string; readonly region?: string }
  | { readonly kind: 'csi'; readonly driver: string; readonly attributes: { readonly [key: string]: string } }
  | { readonly kind: 'image'; readonly image: ImageModel }
);

/** Throws where a mount would hide what the image needs. */
export function requireMountPath(property: string, path: string): void {
  requireAbsolutePath(property, path);
  const folder = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const hides = (needed: string): boolean => folder === '/' || needed === folder || needed.startsWith(`${folder}/`);
  const within = (needed: string): boolean => folder === needed || folder.startsWith(`${needed}/`);
  if (hides(`${BENTO_PATH}/bento/src`) || within(`${BENTO_PATH}/bento/env`)) {
    throw errors.reservedPath(property, path, 'it would hide the Bento in the image');
  }
  if (hides(`${WRITABLE_PATH}/bentoml`) || folder === `${WRITABLE_PATH}/cache`) {
    throw errors.reservedPath(property, path, 'BentoML and its libraries write there');
  }
  if (hides('/app/.venv') || within('/app/.venv'))
    throw errors.reservedPath(property, path, 'it would hide the Python of the image');
  if (['/dev', '/proc', '/sys'].some(within) || ['/etc', '/usr', '/bin', '/lib'].some(hides)) {
    throw errors.reservedPath(property, path, 'it would hide the system in the image');
  }
}
