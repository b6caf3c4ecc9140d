import type { SplitUpstream } from '../component/component-model';
import { MAX_COPIED_BYTES, MAX_COPIED_REQUESTS, MAX_COPIES } from '../component/split-times';
import { logFormat } from './nginx-frame';
import { splitClients } from './nginx-shares';
import { atMost, block } from './nginx-text';
import { clientHeaders, proxying } from './nginx-upstream';

/** A version that gets copies. */
export interface Copied extends SplitUpstream {
  /** Of a hundred requests. */
  readonly percent: number;
}

/** What names of locations of requests that are copied end with; no key of a version has it. */
export const COPIED = '+copied';

/** The first port on loopback at which a server takes copies; one for each version that gets some. */
export const FIRST_COPY_PORT = 8082;

/** Where copies are made; nobody else may ask there. */
const COPY = '/.well-known/split-copies';

/** Where a copy for one version is made. */
export function copyPath({ key }: Copied): string {
  return `${COPY}/${key}`;
}

/**
 * Which requests are copied, and to whom: each by itself, whatever version it goes to. Those of unknown length are not, nor
 * WebSockets, which a copy would keep open; and none while so many are in flight that their bodies could fill the disk.
 */
export function copiedMap(copied: readonly Copied[]): string[] {
  const draws = copied.flatMap(({ key, percent }, index) =>
    splitClients(
      `$request_id ${key}`,
      drawn(index),
      [
        { key: '1', percent },
        { key: "''", percent: 100 - percent },
      ].filter((part) => part.percent > 0),
    ),
  );
  const drawnAll = copied.map((_, index) => drawn(index)).join('');
  return [
    ...draws,
    ...block(
      `map "${drawnAll}|$http_upgrade|$http_transfer_encoding|$connections_writing|$content_length" $split_copied`,
      [
        "default '';",
        `"~^1+\\|\\|\\|(?:${atMost(MAX_COPIED_REQUESTS)})\\|(?:${atMost(MAX_COPIED_BYTES)})?$" ${COPIED};`,
      ],
    ),
    `limit_conn_zone $server_port zone=copies:1m;`,
    ...logFormat('copies', ['"version":"$server_name"', '"copy":true']),
  ];
}

function drawn(index: number): string {
  return `$split_copy_${index}`;
}

/**
 * A request waits for its copy before its connection is used again, and its copy for an answer. So it is made over
 * loopback, where it is taken off its hands at once.
 */
export function copying(copied: readonly Copied[]): string[][] {
  return copied.map((to, index) =>
    block(`location = ${copyPath(to)}`, [
      'internal;',
      ...block(`if (${drawn(index)} = '')`, ['return 204;']),
      `proxy_pass http://127.0.0.1:${FIRST_COPY_PORT + index}$request_uri;`,
      'proxy_http_version 1.1;',
      ...clientHeaders(to.cached),
      "proxy_set_header Connection '';",
      'proxy_connect_timeout 1s;',
      'proxy_send_timeout 1s;',
      'proxy_read_timeout 1s;',
    ]),
  );
}

/** Take copies, answer at once, and pass them on in their own time. */
export function copyServers(copied: readonly Copied[]): string[][] {
  return copied.map(({ key, upstream }, index) =>
    block('server', [
      `listen 127.0.0.1:${FIRST_COPY_PORT + index};`,
      `server_name ${key};`,
      'access_log off;',
      `client_max_body_size ${MAX_COPIED_BYTES};`,
      `limit_conn copies ${MAX_COPIES};`,
      'limit_conn_log_level warn;',
      '',
      // Whatever answers without asking anybody; it says 405 to a POST, which nobody reads.
      ...block('location /', [`mirror ${COPY};`, 'empty_gif;']),
      '',
      ...block(`location = ${COPY}`, [
        'internal;',
        `proxy_pass http://${upstream.name}$request_uri;`,
        ...proxying({ ...upstream, retries: { attempts: 0, statuses: [] } }, { listed: true }),
        // Who has sent it is gone by then.
        'proxy_ignore_client_abort on;',
        'log_subrequest on;',
        'access_log /dev/stdout copies;',
      ]),
    ]),
  );
}
