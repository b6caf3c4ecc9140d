import { digest } from '../internal/digest';
import { CacheSharing, keysMebibytes, maxAnswerBytes, type ResponseCacheModel } from '../traffic/response-cache';
import type { UpstreamModel } from '../traffic/upstream';
import { atMost, block, header, map, seconds } from './nginx-text';
import { clientHeaders } from './nginx-upstream';

/** What keeps answers of one component. */
export interface NginxCacheModel {
  readonly upstream: UpstreamModel;
  readonly cache: ResponseCacheModel;
  /** Of what answers: answers of one are never given for another. */
  readonly generation: string;
  /** How long a request waits for the answer to the same question of another, before it goes its own way. */
  readonly lockSeconds: number;
}

const KIB = 1024;
/** For what stands in a key beside the body; nginx keeps its length in 16 bits, with the head of the answer. */
const KEY_MARGIN_BYTES = 12 * KIB;

/** The zones of a configuration are its own: a pod has one. */
const ZONE = 'answers';

/** Where answers lie. */
export function cachePath({ ttlSeconds, maxBytes }: ResponseCacheModel, folder: string): string[] {
  return [
    `proxy_cache_path ${folder} levels=1:2 use_temp_path=off`,
    // Answers are dropped after ten minutes without a request otherwise, however long they may live.
    `    keys_zone=${ZONE}:${keysMebibytes(maxBytes)}m inactive=${seconds(ttlSeconds)} max_size=${maxBytes};`,
  ];
}

/** What the locations read. */
export function cacheMaps({ maxBodyBytes, maxBytes }: ResponseCacheModel): string[] {
  return [
    ...map('$upstream_cache_status', '$cache_result', {
      default: 'MISS',
      'volatile;': undefined,
      "''": 'BYPASS',
      BYPASS: 'BYPASS',
      HIT: 'HIT',
    }),
    // What is too large for a key, or of unknown length, is not read before it is passed on.
    ...map('"$content_length:$http_transfer_encoding"', '$uncached', {
      default: '1',
      [`"~^(?:${atMost(maxBodyBytes)})?:$"`]: '0',
    }),
    // nginx has no `$request_body` where it has put the body on disk.
    ...map('$content_length', '$has_body', { default: '1', "''": '0', '0': '0' }),
    ...map('"$has_body:$request_body"', '$body_unread', { default: '0', '1:': '1' }),
    ...map('$status', '$not_ok', { default: '1', 'volatile;': undefined, '200': '0' }),
    // What comes in pieces may be of any size, and the disk has room for what was counted on alone.
    ...map('$upstream_http_content_length', '$unmeasured', {
      default: '1',
      'volatile;': undefined,
      [`"~^(?:${atMost(maxAnswerBytes(maxBytes))})$"`]: '0',
    }),
  ];
}

/** Of one path whose answers are kept; `@uncached` takes what passes by. */
export function cachedLocation(path: string, model: NginxCacheModel): string[] {
  const { cache, upstream } = model;
  const headBytes = Math.ceil((cache.maxBodyBytes + KEY_MARGIN_BYTES) / KIB) * KIB;
  return block(`location = "${path}"`, [
    // 413 would not do: nginx has thrown the body away by then.
    'error_page 418 = @uncached;',
    ...block('if ($uncached)', ['return 418;']),
    `client_body_buffer_size ${cache.maxBodyBytes};`,
    `proxy_pass http://${upstream.name};`,
    'proxy_request_buffering on;',
    'proxy_buffering on;',
    // An answer that is not kept is handed on as fast as it is taken, and never lies on disk.
    'proxy_max_temp_file_size 0;',
    ...clientHeaders(),
    "proxy_set_header Connection '';",
    // One spelling of an answer serves all clients.
    "proxy_set_header Accept-Encoding '';",
    `proxy_buffer_size ${headBytes};`,
    `proxy_buffers 8 ${16 * KIB};`,
    `proxy_busy_buffers_size ${Math.max(headBytes, 16 * KIB)};`,
    `proxy_cache ${ZONE};`,
    `proxy_cache_key "${cacheKey(model)}";`,
    'proxy_cache_methods GET HEAD POST;',
    'proxy_cache_convert_head off;',
    `proxy_cache_valid 200 ${seconds(cache.ttlSeconds)};`,
    // An answer says itself how long it lives, but an error never lives.
    'proxy_no_cache $not_ok $body_unread $unmeasured;',
    'proxy_cache_bypass $body_unread;',
    'proxy_cache_use_stale off;',
    'proxy_cache_lock on;',
    `proxy_cache_lock_timeout ${seconds(model.lockSeconds)};`,
    `proxy_cache_lock_age ${seconds(model.lockSeconds)};`,
    'add_header X-Cache-Status $cache_result always;',
  ]);
}

/** Of everything that an answer may depend on. No header holds a line break: parts cannot pass into each other. */
function cacheKey({ cache, generation }: NginxCacheModel): string {
  const identity = cache.sharing === CacheSharing.PER_CLIENT ? ['Authorization', 'Cookie'] : [];
  const headers = ['Content-Type', 'Content-Encoding', 'Accept', ...identity, ...cache.identityHeaders];
  const parts = [
    digest(generation, 16),
    '$request_method $client_host $request_uri',
    ...headers.map(header),
    '$request_body',
  ];
  return parts.join('\\n');
}
