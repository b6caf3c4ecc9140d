import { PORT_NAME } from '../bento/container-contract';
import type { HashKeyModel, LoadBalancingModel } from '../traffic/load-balancing';
import type { UpstreamModel } from '../traffic/upstream';
import { block, header, map, seconds } from './nginx-text';

/** The `upstream` block: the pods behind one name. */
export function upstreamBlock(model: UpstreamModel): string[] {
  const { name, timeouts, circuitBreaker } = model;
  const ejection = circuitBreaker?.ejection;
  const failures =
    ejection === undefined ? 'max_fails=0' : `max_fails=${ejection.failures} fail_timeout=${ejection.openSeconds}s`;
  return block(`upstream ${name}`, [
    // Shared among workers: the addresses, and their failures.
    `zone ${name} 1m;`,
    ...balancing(model.loadBalancing),
    `server ${address(model)} resolve ${failures};`,
    'keepalive 64;',
    'keepalive_requests 1000000000;',
    'keepalive_time 24h;',
    `keepalive_timeout ${seconds(timeouts.connectionIdle)};`,
  ]);
}

/**
 * Consistent hashing knows pods by the names of their servers: all addresses of one name are one to it. The SRV records of a
 * headless Service have a name for each pod, the same for all replicas of nginx.
 */
function address({ host, port, loadBalancing }: UpstreamModel): string {
  return loadBalancing.kind === 'hash' ? `${host} service=${PORT_NAME}` : `${host}:${port}`;
}

function balancing(model: LoadBalancingModel): string[] {
  switch (model.kind) {
    case 'least-request':
      return ['least_conn;'];
    case 'hash':
      return [`hash ${hashKey(model.by)} consistent;`];
    default:
      return [];
  }
}

function hashKey(by: HashKeyModel): string {
  switch (by.kind) {
    case 'header':
      return header(by.name);
    case 'cookie':
      return `$cookie_${by.name}`;
    default:
      return '$client_hash';
  }
}

/** What `proxying` and the balancing read. */
export function upstreamMaps(): string[] {
  return [
    // With the port that the client asked for: redirects lead there.
    ...map('$http_host', '$client_host', { default: '$http_host', "''": '$host' }),
    ...map('$http_upgrade', '$connection_upgrade', { default: 'upgrade', "''": "''" }),
    ...map('$http_x_real_ip', '$client_address', { default: '$http_x_real_ip', "''": '$remote_addr' }),
    ...map('$http_x_forwarded_proto', '$client_scheme', { default: '$http_x_forwarded_proto', "''": '$scheme' }),
    ...map('$http_x_forwarded_for', '$client_hash', { default: '$http_x_forwarded_for', "''": '$remote_addr' }),
  ];
}

/** What differs among tiers. */
export interface ProxyingOptions {
  /** Whether who asks is listed among the clients already, or will be: of several tiers one does that. */
  readonly listed?: boolean;
  /** Headers of answers that are the tier's own to say. */
  readonly hidden?: readonly string[];
}

/** How requests are passed on, whatever becomes of their answers. */
export function proxying({ timeouts, retries }: UpstreamModel, { listed, hidden = [] }: ProxyingOptions): string[] {
  return [
    'proxy_http_version 1.1;',
    ...clientHeaders(listed),
    'proxy_set_header Upgrade $http_upgrade;',
    'proxy_set_header Connection $connection_upgrade;',
    ...hidden.map((name) => `proxy_hide_header ${name};`),
    'proxy_ignore_headers X-Accel-Redirect X-Accel-Limit-Rate X-Accel-Charset;',
    `proxy_connect_timeout ${seconds(timeouts.connect)};`,
    `proxy_send_timeout ${seconds(timeouts.streamIdle)};`,
    `proxy_read_timeout ${seconds(timeouts.streamIdle)};`,
    ...(retries.attempts === 0 ? ['proxy_next_upstream off;'] : retrying(timeouts, retries.attempts)),
  ];
}

/**
 * nginx tells a connection that times out from an answer that does only by how long it took: what is late by more than all
 * connections may take, or as late as an answer may be, is not tried again. A POST is not, either, once it was sent.
 */
function retrying({ connect, streamIdle }: UpstreamModel['timeouts'], attempts: number): string[] {
  return [
    'proxy_next_upstream error timeout;',
    `proxy_next_upstream_tries ${attempts + 1};`,
    `proxy_next_upstream_timeout ${seconds(Math.min(connect * (attempts + 1), streamIdle))};`,
  ];
}

/** Pieces are handed on as they come, both ways. */
export function streaming({ name }: UpstreamModel): string[] {
  return [`proxy_pass http://${name};`, 'proxy_request_buffering off;', 'proxy_buffering off;'];
}

/** What the door said of the client, passed on. A level that sets one header inherits none. */
export function clientHeaders(listed = false): string[] {
  return [
    'proxy_set_header Host $client_host;',
    'proxy_set_header X-Real-IP $client_address;',
    `proxy_set_header X-Forwarded-For ${listed ? '$client_hash' : '$proxy_add_x_forwarded_for'};`,
    'proxy_set_header X-Forwarded-Proto $client_scheme;',
  ];
}
