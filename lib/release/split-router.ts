import { type ImageModel, imageModel } from '../bento/image';
import { requireInteger } from '../internal/checks';
import type { InstanceSize, SizeModel } from '../sizing/instance-size';
import { requireProxySize } from '../traffic/proxy-size';
import { NGINX_IMAGE } from '../traffic/response-cache';

/** Options of `SplitRouter.nginx`. */
export interface NginxRouterOptions {
  /**
   * How many replicas the tier has: 1 to 100. Each shares out what comes to it, and all of them in the same way.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * Resources of a replica: memory of at least 64 MiB, no GPU; disk for what is copied, where a version is mirrored.
   *
   * @default - a quarter of a core and 256 MiB, and the disk
   */
  readonly size?: InstanceSize;

  /**
   * An unprivileged image of nginx, 1.27.3 or later, with the entrypoint of the official ones.
   *
   * @default 'docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim'
   */
  readonly image?: string;
}

/** Where the tier itself is asked whether it is well. */
export const SPLIT_HEALTH_PATH = '/.well-known/split-health';

/** Memory that nginx takes at the least: its processes, and the bodies of a few requests. */
const MIN_MEMORY_BYTES = 64 * 2 ** 20;

/**
 * What shares requests out among the versions of a deployment.
 *
 * @example
 * SplitRouter.nginx({ replicas: 3 });
 */
export class SplitRouter {
  /**
   * The doors, by weights and matches of their own routes. Callers inside the cluster, who use none, reach the deployment's
   * own version. What a door cannot do is an error that names one that can.
   */
  public static doors(): SplitRouter {
    return new SplitRouter({ kind: 'doors' });
  }

  /**
   * A tier of nginx between the doors and all versions, under the Service of the deployment: callers inside the cluster are
   * shared out, too. It reads its configuration when it starts, so that an edit of weights replaces its pods, one after
   * the other, and no pod of a version.
   *
   * @throws OutOfRange, InvalidText, MissingOption
   * @see https://nginx.org/en/docs/http/ngx_http_split_clients_module.html
   */
  public static nginx(options: NginxRouterOptions = {}): SplitRouter {
    const { replicas = 2, size, image = NGINX_IMAGE } = options;
    requireInteger('replicas', replicas, 1, 100);
    if (size !== undefined) requireProxySize('size', size._model, MIN_MEMORY_BYTES);
    return new SplitRouter({
      kind: 'nginx',
      replicas,
      image: imageModel('image', image),
      ...(size !== undefined && { size: size._model }),
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: SplitRouterModel,
  ) {}
}

/** What the model reads. */
export type SplitRouterModel = { readonly kind: 'doors' } | NginxRouterModel;

/** The tier, as the user said it. */
export interface NginxRouterModel {
  readonly kind: 'nginx';
  readonly replicas: number;
  readonly image: ImageModel;
  /** Undefined: what the split needs. */
  readonly size?: SizeModel;
}
