import { DNS_REFRESH_SECONDS } from '../component/pool-hop';
import type { SizeModel } from '../sizing/instance-size';
import { block, seconds } from './nginx-text';

/** What every tier of nginx has. */
export interface NginxFrameModel {
  readonly size: SizeModel;
  /** How long requests in flight have left once the pod is stopped. */
  readonly drainSeconds: number;
  /** Until it closes a connection of the door that nobody uses: above what the door keeps them. */
  readonly clientIdleSeconds: number;
  /** How long a client may be silent. */
  readonly silenceSeconds: number;
  /** Fields of the log beside those of all tiers, as JSON. */
  readonly logFields: readonly string[];
  /** What stands in `http`, part by part. */
  readonly http: readonly (readonly string[])[];
}

/** Where it answers probes, and what `stub_status` counts. */
export const NGINX_STATUS_PORT = 8081;
/** The only folder that is written to. */
export const NGINX_WRITABLE_PATH = '/tmp';
/** The entrypoint of the image writes it from a template, for nginx does not read /etc/resolv.conf. */
export const NGINX_RESOLVER_FILE = 'resolver.conf';

/** Before whatever asks for names. */
export const NGINX_RESOLVERS = `include ${NGINX_WRITABLE_PATH}/${NGINX_RESOLVER_FILE};`;

/** `nginx.conf`, for nginx from 1.27.3 on. */
export function nginxFrame(model: NginxFrameModel): string {
  return `${[...main(model), ...block('http', http(model))].join('\n')}\n`;
}

/** The template of the file with the resolvers of the pod. */
export function nginxResolverTemplate(): string {
  // BentoML listens on IPv4 alone; what Kubernetes says of a name is asked again after so long, whatever its TTL.
  const resolver = ['resolver $', `{NGINX_LOCAL_RESOLVERS} valid=${seconds(DNS_REFRESH_SECONDS)} ipv6=off;`].join('');
  return `${resolver}\nresolver_timeout 5s;\n`;
}

function main({ size, drainSeconds }: NginxFrameModel): string[] {
  const { cpuLimitCores, cpuCores } = size;
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

function http(model: NginxFrameModel): string[] {
  const parts = [writablePaths(), logging(model), downstream(model), ...model.http, statusServer()];
  return parts.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function writablePaths(): string[] {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return kinds.map((kind) => `${kind}_temp_path ${NGINX_WRITABLE_PATH}/${kind}_temp;`);
}

function logging({ logFields }: NginxFrameModel): string[] {
  return [
    ...logFormat('requests', logFields),
    // Written in the last phase of a request: what became of it is known by then.
    'access_log /dev/stdout requests;',
  ];
}

/** A line of JSON for each request, with further fields; no query, header or body: those may be secret. */
export function logFormat(name: string, fields: readonly string[]): string[] {
  const all = [
    '"time":"$time_iso8601"',
    '"method":"$request_method"',
    '"path":"$uri"',
    '"status":$status',
    ...fields,
    '"seconds":$request_time',
    '"bytes":$body_bytes_sent',
    '"upstream":"$upstream_addr"',
    '"upstreamStatus":"$upstream_status"',
    '"upstreamSeconds":"$upstream_response_time"',
  ];
  return [`log_format ${name} escape=json`, `    '{${all.join(',')}}';`];
}

function downstream({ silenceSeconds, clientIdleSeconds }: NginxFrameModel): string[] {
  return [
    'server_tokens off;',
    'default_type application/octet-stream;',
    `keepalive_timeout ${seconds(clientIdleSeconds)};`,
    // The door decides how often it uses a connection: one that ends by a count may cost it a request.
    'keepalive_requests 1000000000;',
    'keepalive_time 24h;',
    `client_header_timeout ${seconds(silenceSeconds)};`,
    `client_body_timeout ${seconds(silenceSeconds)};`,
    `send_timeout ${seconds(silenceSeconds)};`,
    'large_client_header_buffers 4 16k;',
    // Such headers would be dropped, and the Bento may read them.
    'underscores_in_headers on;',
    'reset_timedout_connection on;',
  ];
}

/** Where doors ask whether it is well. */
export function healthLocation(path: string): string[] {
  return block(`location = ${path}`, ['access_log off;', 'return 200;']);
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
