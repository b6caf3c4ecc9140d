import { PORT } from '../bento/container-contract';
import { DNS_REFRESH_SECONDS } from '../component/pool-hop';
import { cachedLocation, cacheMaps, cachePath, type NginxCacheModel } from './nginx-cache';
import { block, seconds } from './nginx-text';
import { proxying, streaming, upstreamBlock, upstreamMaps } from './nginx-upstream';

/** A tier of nginx before the pods of one component. */
export interface NginxModel extends NginxCacheModel {
  /** How long requests in flight have left once the pod is stopped. */
  readonly drainSeconds: number;
  /** Until it closes a connection of the door that nobody uses: above what the door keeps them. */
  readonly clientIdleSeconds: number;
  /** Where doors ask whether it is well; what is behind it has no say in that. */
  readonly healthPath: string;
}

/** Where it answers probes, and what `stub_status` counts. */
export const NGINX_STATUS_PORT = 8081;
/** The only folder that is written to. */
export const NGINX_WRITABLE_PATH = '/tmp';
/** The entrypoint of the image writes it from a template, for nginx does not read /etc/resolv.conf. */
export const NGINX_RESOLVER_FILE = 'resolver.conf';
/** `nginx.conf`, for nginx from 1.27.3 on. */
export function nginxConfig(model: NginxModel): string {
  return `${[...main(model), ...block('http', http(model))].join('\n')}\n`;
}

/** The template of the file with the resolvers of the pod. */
export function nginxResolverTemplate(): string {
  // BentoML listens on IPv4 alone; what Kubernetes says of a name is asked again after so long, whatever its TTL.
  const resolver = ['resolver $', `{NGINX_LOCAL_RESOLVERS} valid=${seconds(DNS_REFRESH_SECONDS)} ipv6=off;`].join('');
  return `${resolver}\nresolver_timeout 5s;\n`;
}

function main({ cache, drainSeconds }: NginxModel): string[] {
  const { cpuLimitCores, cpuCores } = cache.size;
  return [
    `worker_processes ${Math.max(1, Math.ceil(cpuLimitCores ?? cpuCores ?? 1))};`,
    `worker_shutdown_timeout ${seconds(drainSeconds)};`,
    `pid ${NGINX_WRITABLE_PATH}/nginx.pid;`,
    'error_log stderr warn;',
    '',
    ...block('events', ['worker_connections 4096;']),
    '',
  ];
}

function http(model: NginxModel): string[] {
  return [
    ...writablePaths(),
    '',
    ...logging(),
    '',
    ...downstream(model),
    '',
    ...upstreamMaps(),
    ...cacheMaps(model.cache),
    '',
    ...cachePath(model.cache, `${NGINX_WRITABLE_PATH}/cache`),
    '',
    `include ${NGINX_WRITABLE_PATH}/${NGINX_RESOLVER_FILE};`,
    '',
    ...upstreamBlock(model.upstream),
    '',
    ...server(model),
    '',
    ...statusServer(),
  ];
}

function writablePaths(): string[] {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return kinds.map((kind) => `${kind}_temp_path ${NGINX_WRITABLE_PATH}/${kind}_temp;`);
}

/** No query, header or body: those may be secret. */
const LOG_FIELDS = [
  '"time":"$time_iso8601"',
  '"method":"$request_method"',
  '"path":"$uri"',
  '"status":$status',
  '"cache":"$cache_result"',
  '"seconds":$request_time',
  '"bytes":$body_bytes_sent',
  '"upstream":"$upstream_addr"',
  '"upstreamStatus":"$upstream_status"',
  '"upstreamSeconds":"$upstream_response_time"',
];

function logging(): string[] {
  return [
    'log_format requests escape=json',
    `    '{${LOG_FIELDS.join(',')}}';`,
    // Written in the last phase of a request: whether it hit is known by then.
    'access_log /dev/stdout requests;',
  ];
}

function downstream({ upstream: { timeouts }, clientIdleSeconds }: NginxModel): string[] {
  return [
    'server_tokens off;',
    'default_type application/octet-stream;',
    `keepalive_timeout ${seconds(clientIdleSeconds)};`,
    // The door decides how often it uses a connection: one that ends by a count may cost it a request.
    'keepalive_requests 1000000000;',
    'keepalive_time 24h;',
    `client_header_timeout ${seconds(timeouts.streamIdle)};`,
    `client_body_timeout ${seconds(timeouts.streamIdle)};`,
    `send_timeout ${seconds(timeouts.streamIdle)};`,
    'large_client_header_buffers 4 16k;',
    // Such headers would be dropped, and the Bento may read them.
    'underscores_in_headers on;',
    'reset_timedout_connection on;',
  ];
}

function server(model: NginxModel): string[] {
  const { cache, upstream, healthPath } = model;
  return block('server', [
    `listen ${PORT};`,
    `client_max_body_size ${cache.maxRequestBytes};`,
    '',
    ...proxying(upstream),
    '',
    ...block('location /', streaming(upstream)),
    '',
    ...block('location @uncached', [...streaming(upstream), 'add_header X-Cache-Status BYPASS always;']),
    '',
    ...block(`location = ${healthPath}`, ['access_log off;', 'return 200;']),
    ...cache.paths.flatMap((path) => ['', ...cachedLocation(path, model)]),
  ]);
}

function statusServer(): string[] {
  return block('server', [
    `listen ${NGINX_STATUS_PORT};`,
    'access_log off;',
    '',
    ...block('location = /', ['return 200;']),
    '',
    ...block('location = /status', ['stub_status;']),
    '',
    ...block('location /', ['return 404;']),
  ]);
}
