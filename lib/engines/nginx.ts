import { PORT } from '../bento/container-contract';
import { cachedLocation, cacheMaps, cachePath, type NginxCacheModel } from './nginx-cache';
import { healthLocation, NGINX_RESOLVERS, NGINX_WRITABLE_PATH, nginxFrame } from './nginx-frame';
import { block } from './nginx-text';
import { proxying, streaming, upstreamBlock, upstreamMaps } from './nginx-upstream';

/** A tier of nginx that keeps answers, before the pods of one component. */
export interface NginxModel extends NginxCacheModel {
  /** How long requests in flight have left once the pod is stopped. */
  readonly drainSeconds: number;
  /** Until it closes a connection of the door that nobody uses: above what the door keeps them. */
  readonly clientIdleSeconds: number;
  /** Where doors ask whether it is well; what is behind it has no say in that. */
  readonly healthPath: string;
}

/** `nginx.conf` of the tier. */
export function nginxConfig(model: NginxModel): string {
  const { cache, upstream, drainSeconds, clientIdleSeconds } = model;
  return nginxFrame({
    size: cache.size,
    drainSeconds,
    clientIdleSeconds,
    silenceSeconds: upstream.timeouts.streamIdle,
    logFields: ['"cache":"$cache_result"'],
    http: [
      [...upstreamMaps(), ...cacheMaps(cache)],
      cachePath(cache, `${NGINX_WRITABLE_PATH}/cache`),
      [NGINX_RESOLVERS],
      upstreamBlock(upstream),
      server(model),
    ],
  });
}

function server(model: NginxModel): string[] {
  const { cache, upstream, healthPath } = model;
  return block('server', [
    `listen ${PORT};`,
    `client_max_body_size ${cache.maxRequestBytes};`,
    '',
    ...proxying(upstream, { hidden: ['X-Cache-Status'] }),
    '',
    ...block('location /', streaming(upstream)),
    '',
    ...block('location @uncached', [...streaming(upstream), 'add_header X-Cache-Status BYPASS always;']),
    '',
    ...healthLocation(healthPath),
    ...cache.paths.flatMap((path) => ['', ...cachedLocation(path, model)]),
  ]);
}
