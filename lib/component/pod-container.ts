import { type ImageModel, imageModel } from '../bento/image';
import { requireDnsLabel, requireInteger, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import type { EnvFrom, EnvFromModel } from '../refs/env-from';
import type { EnvVar, EnvVarModel } from '../refs/env-var';
import type { InstanceSize, SizeModel } from '../sizing/instance-size';

/** Options of `PodContainer.of`. */
export interface PodContainerOptions {
  /**
   * What is run instead of the image's entrypoint.
   *
   * @default - the image's entrypoint
   */
  readonly command?: string[];

  /**
   * Arguments.
   *
   * @default - those of the image
   */
  readonly args?: string[];

  /**
   * Environment variables.
   *
   * @default - none
   */
  readonly env?: EnvVar[];

  /**
   * Secrets and config maps whose keys become environment variables.
   *
   * @default - none
   */
  readonly envFrom?: EnvFrom[];

  /**
   * What it needs; it adds to what the pod asks of its node.
   *
   * @default - 100m CPU and 128 MiB
   */
  readonly size?: InstanceSize;

  /**
   * TCP ports on which it listens.
   *
   * @default - none
   */
  readonly ports?: number[];
}

const DEFAULT_SIZE: SizeModel = { cpuCores: 0.1, memoryBytes: 128 * 2 ** 20 };

/**
 * A container beside the server. It runs under the same security as the server, with a read-only root, and shares its
 * `/tmp` and its model volumes.
 *
 * @example
 * PodContainer.of('log-shipper', 'fluent/fluent-bit:4.2.0', { args: ['-c', '/tmp/fluent-bit.conf'] });
 */
export class PodContainer {
  /**
   * A container by its name and image.
   *
   * @param name a DNS label, once per pod
   * @param image as nodes pull it
   * @throws InvalidName, InvalidText, OutOfRange, ReservedName, DuplicateKey
   */
  public static of(name: string, image: string, options: PodContainerOptions = {}): PodContainer {
    return new PodContainer(name, image, options);
  }

  /** @internal */
  public readonly _model: PodContainerModel;

  private constructor(name: string, image: string, options: PodContainerOptions) {
    requireDnsLabel('name', name);
    if (name === SERVER_CONTAINER || /^(wait-for|download)-/.test(name)) throw errors.reservedName('name', name);
    requireUnique(
      'env',
      (options.env ?? []).map((variable) => variable.name),
    );
    for (const port of options.ports ?? []) requireInteger('ports', port, 1, 65_535);
    const { gpu, sharedMemoryBytes } = options.size?._model ?? {};
    if (gpu === undefined && sharedMemoryBytes !== undefined) {
      throw errors.conflictingOptions(
        'size.sharedMemory',
        'a container beside the server',
        'state it in the size of the component',
      );
    }
    this._model = {
      name,
      image: imageModel('image', image),
      command: options.command && [...options.command],
      args: options.args && [...options.args],
      env: (options.env ?? []).map((variable) => variable._model),
      envFrom: (options.envFrom ?? []).map((source) => source._model),
      size: options.size?._model ?? DEFAULT_SIZE,
      ports: [...(options.ports ?? [])],
    };
  }
}

/** The name of the container that serves the Bento. */
export const SERVER_CONTAINER = 'bento';

/** The name of the container with the proxy that leads to runner pools, in pods that have one. */
export const PROXY_CONTAINER = 'envoy';

/** What the engines read. */
export interface PodContainerModel {
  readonly name: string;
  readonly image: ImageModel;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly EnvVarModel[];
  readonly envFrom: readonly EnvFromModel[];
  readonly size: SizeModel;
  readonly ports: readonly number[];
}
