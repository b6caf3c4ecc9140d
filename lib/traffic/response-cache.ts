import type { Duration, Size } from 'cdk8s';
import { type ImageModel, imageModel } from '../bento/image';
import {
  requireBytes,
  requireInteger,
  requireMember,
  requireSeconds,
  requireText,
  requireUnique,
} from '../internal/checks';
import { errors } from '../internal/errors';
import type { InstanceSize, SizeModel } from '../sizing/instance-size';
import { requireHeaderName } from './http-names';
import { requireProxySize } from './proxy-size';

/** Who may get an answer that was made for another. */
export enum CacheSharing {
  /**
   * Nobody: clients with another `Authorization` or `Cookie`, another of the `identityHeaders`, or another id or key that the
   * exposure's `authentication` passes on, have entries of their own. Clients that the Bento cannot tell apart share theirs.
   */
  PER_CLIENT = 'per-client',
  /**
   * Everyone whose `identityHeaders` are the same: for APIs whose answers do not depend on who asks. A hit is answered
   * without asking the Bento, so that credentials must have been checked by the gateway before.
   */
  ALL_CLIENTS = 'all-clients',
}

/** Options of `ResponseCache.of`. */
export interface ResponseCacheOptions {
  /**
   * The endpoints whose answers are kept, by their exact paths, as `/predict`: at least one, each once, of letters, digits
   * and `-._~@+=!*()/`; never those of probes and metrics. Only those whose answer depends on nothing but the request; GET, HEAD and POST are kept.
   */
  readonly paths: string[];

  /**
   * How long an answer is given again: whole seconds, 1 second to 30 days. `Cache-Control`, `Expires` and
   * `X-Accel-Expires` of an answer go before it, and `Set-Cookie` or `Vary: *` keep it out.
   *
   * @default Duration.hours(1)
   */
  readonly ttl?: Duration;

  /**
   * Disk that the answers of one replica may take: 1 MiB to 64 GiB. Above it those go that were not asked for the longest;
   * an answer takes a multiple of 4 KiB. Answers above a sixteenth of it, and those whose length nobody states before they
   * begin, as of streams, are not kept. nginx trims a moment later, for which the volume has a quarter more.
   *
   * @default Size.gibibytes(1)
   */
  readonly maxSize?: Size;

  /**
   * The largest body of a request whose answer is kept: 1 KiB to 48 KiB. Larger ones, and those of unknown length, pass by
   * the cache. The whole body is the key, so that two inputs are never confused, and nginx has no room for more there.
   *
   * @default Size.kibibytes(32)
   */
  readonly maxBodySize?: Size;

  /**
   * The largest body of any request to the component, 1 MiB to 1 TiB; above it 413. Bodies that pass by the cache are
   * passed on as they come.
   *
   * @default Size.gibibytes(1)
   */
  readonly maxRequestSize?: Size;

  /**
   * Headers of requests on which answers depend, beside `Content-Type`, `Content-Encoding` and `Accept`: as `x-tenant`, each
   * once, at most 16.
   *
   * @default - none beyond what `sharing` says
   */
  readonly identityHeaders?: string[];

  /**
   * Who may get an answer that was made for another.
   *
   * @default CacheSharing.PER_CLIENT
   */
  readonly sharing?: CacheSharing;

  /**
   * How many replicas the cache has: 1 to 100. Each keeps answers of its own, so that more of them hit less.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * An unprivileged image of nginx, 1.27.3 or later, with the entrypoint of the official ones.
   *
   * @default 'docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim'
   */
  readonly image?: string;

  /**
   * Resources of a replica: memory for at least 64 MiB and the keys of `maxSize`, disk for its answers, no GPU.
   *
   * @default - a quarter of a core, 192 MiB and what the keys of `maxSize` may take, and the disk
   */
  readonly size?: InstanceSize;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Where the cache itself is asked whether it is well. */
export const CACHE_HEALTH_PATH = '/.well-known/cache-health';

/** Answers that are of the moment, whatever the Bento. */
const PROBE_PATHS = ['/readyz', '/livez', '/healthz', '/metrics'];

/** Oldest answers that it makes sense to keep, in seconds. */
const MAX_TTL_SECONDS = 30 * 86_400;

/**
 * The nginx that is pinned unless the user says otherwise; its slim variant has no modules beyond those that are used.
 *
 * @see https://github.com/nginx/docker-nginx-unprivileged
 */
export const NGINX_IMAGE = 'docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim';

/**
 * Keeps answers of a component before its door, so that the same question costs one inference: a tier of nginx. Answers
 * with 200 alone are kept; parallel requests with the same question wait for one answer; `X-Cache-Status` tells clients HIT,
 * MISS or BYPASS. Multipart bodies never hit, for their boundaries differ: send JSON, or the file as the body.
 *
 * @example
 * ResponseCache.of({ paths: ['/predict'], ttl: Duration.hours(1), identityHeaders: ['x-tenant'] });
 */
export class ResponseCache {
  /**
   * A cache for the endpoints that are named.
   *
   * @throws EmptyList, DuplicateKey, InvalidText, InvalidName, OutOfRange, ReservedPath, MissingOption
   * @see https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache
   */
  public static of(options: ResponseCacheOptions): ResponseCache {
    return new ResponseCache(options);
  }

  /** @internal */
  public readonly _model: ResponseCacheModel;

  private constructor(options: ResponseCacheOptions) {
    const { paths, ttl, replicas = 2, image = NGINX_IMAGE, identityHeaders = [], size } = options;
    const { sharing = CacheSharing.PER_CLIENT } = options;
    const maxBytes = bytes('maxSize', options.maxSize, MIB, 64 * GIB) ?? GIB;
    requirePaths(paths);
    requireIdentityHeaders(identityHeaders);
    requireMember('sharing', sharing, 'CacheSharing', CacheSharing);
    requireInteger('replicas', replicas, 1, 100);
    this._model = {
      paths: [...paths].sort(),
      ttlSeconds: ttl === undefined ? 3600 : requireSeconds('ttl', ttl, 1, MAX_TTL_SECONDS),
      maxBytes,
      maxBodyBytes: bytes('maxBodySize', options.maxBodySize, KIB, 48 * KIB) ?? 32 * KIB,
      maxRequestBytes: bytes('maxRequestSize', options.maxRequestSize, MIB, 1024 * GIB) ?? GIB,
      identityHeaders: identityHeaders.map((name) => name.toLowerCase()).sort(),
      sharing,
      replicas,
      image: imageModel('image', image),
      size: size === undefined ? defaultSize(maxBytes) : cacheSize(size._model, maxBytes),
    };
  }
}

/** What the engines read. */
export interface ResponseCacheModel {
  /** In order, each once. */
  readonly paths: readonly string[];
  readonly ttlSeconds: number;
  readonly maxBytes: number;
  readonly maxBodyBytes: number;
  readonly maxRequestBytes: number;
  /** In order, in lower case. */
  readonly identityHeaders: readonly string[];
  readonly sharing: CacheSharing;
  readonly replicas: number;
  readonly image: ImageModel;
  readonly size: SizeModel;
}

/** Files take whole blocks of this many bytes. */
const BLOCK_BYTES = 4096;
/** As nginx has it: a MiB of shared memory holds about 8,000 keys. */
const KEYS_PER_MIB = 8000;

/** Shared memory for as many keys as the disk holds answers, in MiB: bytes are the only bound then. */
export function keysMebibytes(maxBytes: number): number {
  return Math.ceil(maxBytes / BLOCK_BYTES / KEYS_PER_MIB);
}

/** Disk of a replica: the answers, and what nginx has not trimmed yet. */
export function diskBytes(maxBytes: number): number {
  return Math.ceil((maxBytes * 1.25) / MIB) * MIB + 64 * MIB;
}

/** Answers above this share of the disk would push the others out, and fill it before nginx trims: they are not kept. */
export function maxAnswerBytes(maxBytes: number): number {
  return Math.floor(maxBytes / 16);
}

function defaultSize(maxBytes: number): SizeModel {
  return {
    cpuCores: 0.25,
    memoryBytes: (192 + keysMebibytes(maxBytes)) * MIB,
    ephemeralStorageBytes: diskBytes(maxBytes),
  };
}

/** What nginx takes beside its keys, at the least: its processes, and the bodies of a few requests. */
const BASE_MEBIBYTES = 64;

function cacheSize(size: SizeModel, maxBytes: number): SizeModel {
  requireProxySize('size', size, (BASE_MEBIBYTES + keysMebibytes(maxBytes)) * MIB, 'and its keys for `maxSize`');
  const disk = diskBytes(maxBytes);
  if (size.ephemeralStorageBytes !== undefined && size.ephemeralStorageBytes < disk) {
    throw errors.outOfRange(
      'size.ephemeralStorage',
      `at least ${disk / MIB} MiB, which answers for \`maxSize\` take`,
      `${size.ephemeralStorageBytes / MIB} MiB`,
      'the pod would be evicted: raise it, lower `maxSize`, or leave it out',
    );
  }
  return size;
}

function bytes(property: string, size: Size | undefined, min: number, max: number): number | undefined {
  if (size === undefined) return undefined;
  const value = requireBytes(property, size);
  if (value < min || value > max) {
    throw errors.outOfRange(property, `from ${text(min)} to ${text(max)}`, size.asString());
  }
  return value;
}

function text(value: number): string {
  const [unit, factor] = value >= GIB ? ['GiB', GIB] : value >= MIB ? ['MiB', MIB] : (['KiB', KIB] as const);
  return `${value / Number(factor)} ${unit}`;
}

function requirePaths(paths: readonly string[]): void {
  if (paths.length === 0) throw errors.emptyList('paths', "name the endpoints to keep answers of, as '/predict'");
  for (const path of paths) {
    requireText('paths', path, 1024);
    // nginx matches what it has decoded and tidied: another spelling would never match, or break out of its language.
    if (!/^(\/[-._~@+=!*()A-Za-z0-9]+)+\/?$|^\/$/.test(path) || /\/\.{1,2}(\/|$)/.test(path)) {
      throw errors.invalidText(
        'paths',
        "exact paths of letters, digits and -._~@+=!*() between slashes, as '/predict'",
        path,
        'a query belongs to the request, and is told apart by itself',
      );
    }
    requireKept(path, [CACHE_HEALTH_PATH, ...PROBE_PATHS]);
  }
  requireUnique('paths', paths);
}

/** Throws where a path is one of those that are answered anew each time. */
export function requireKept(path: string, reserved: readonly string[]): void {
  const plain = path.replace(/\/$/, '');
  if (!reserved.includes(plain)) return;
  const reason =
    plain === CACHE_HEALTH_PATH
      ? 'the cache itself answers there'
      : 'probes and metrics tell the state of the moment, which must not be kept';
  throw errors.reservedPath('paths', path, reason, 'leave it out');
}

function requireIdentityHeaders(names: readonly string[]): void {
  for (const name of names) requireHeaderName('identityHeaders', name);
  requireInteger('identityHeaders.length', names.length, 0, 16);
  requireUnique(
    'identityHeaders',
    names.map((name) => name.toLowerCase()),
  );
}
