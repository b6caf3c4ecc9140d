import { CALLER_CONNECTION_SECONDS } from '../component/pool-hop';
import type { HashKeyModel } from '../traffic/load-balancing';
import type { RateLimitModel, RateUnit } from '../traffic/rate-limit';
import type { RetriesModel } from '../traffic/retries';
import { longestRequestSeconds, type UpstreamModel } from '../traffic/upstream';
import { envoyCluster } from './envoy-cluster';
import { CONNECTION_BUFFER_BYTES, duration, extension, retryReasons, UNLIMITED } from './envoy-values';

/** An Envoy between callers and the pools that they call. */
export interface EnvoyModel {
  /** One per pool. */
  readonly listeners: readonly EnvoyListenerModel[];
  /** Beside one caller, as its sidecar; else as a tier of its own, for callers in other pods. */
  readonly loopback: boolean;
  /** How long idle connections of callers are kept: above what callers keep, or they write to what has just closed. */
  readonly keepAliveSeconds: number;
  /** Probes and metrics, on all addresses. */
  readonly statusPort: number;
  /** The memory limit of its container. */
  readonly memoryBytes: number;
}

/** Where callers of a pool connect. */
export interface EnvoyListenerModel {
  readonly port: number;
  readonly upstream: UpstreamModel;
  /** Of the readiness probe of the pool's pods. */
  readonly readyPath: string;
}

/** What the status port answers. */
export const ENVOY_LIVE_PATH = '/live';
export const ENVOY_READY_PATH = '/ready';
export const ENVOY_METRICS_PATH = '/stats/prometheus';

/** Of all callers together: far above what the memory carries, for that is guarded by itself. */
const MAX_CALLER_CONNECTIONS = 10_000;

/** Of the container's memory: what lies above is no heap. */
const HEAP_SHARE = 0.8;

/** A caller that begins a request finishes its head at once. */
const REQUEST_HEADERS_SECONDS = 10;

/** A connection whose time is over goes on for so long: a request that comes now is answered, and told of the end. */
const FAREWELL_SECONDS = 5;

/** What is sent again is held in memory until then, one share of it for each request. A larger body is sent once. */
export function retryBodyBytes(memoryBytes: number): number {
  return Math.floor(memoryBytes / 512);
}

const ADMIN_CLUSTER = 'admin';

// In the abstract namespace of the pod: nothing to write to disk, no port to collide, and no request can be led to it.
const ADMIN_ADDRESS = { pipe: { path: '@cdk8s-bento-envoy-admin' } };

/** A bootstrap of Envoy without a control plane: what `envoy --config-path` reads, as YAML or JSON. */
export function envoyConfig(model: EnvoyModel): object {
  return {
    admin: { address: ADMIN_ADDRESS },
    static_resources: {
      listeners: [...model.listeners.map((listener) => poolListener(listener, model)), statusListener(model)],
      clusters: [
        ...model.listeners.map(({ upstream, readyPath }) => envoyCluster(upstream, readyPath)),
        adminCluster(),
      ],
    },
    overload_manager: overloadManager(model),
    stats_config: { stats_matcher: statsMatcher(model) },
  };
}

/** What tells requests, waiting, ejections, retries and times of each pool; Envoy has some hundreds more per pool. */
function statsMatcher({ listeners }: EnvoyModel): object {
  const pools = listeners.map(({ upstream }) => upstream.name.replaceAll('.', '\\.')).join('|');
  const patterns = [
    ...CLUSTER_STATS.map((stats) => `cluster\\.(${pools})\\.${stats}`),
    `http\\.(${pools})\\.downstream_(cx_active|cx_overload_reject|rq_active|rq_idle_timeout|rq_timeout|rq_[1-5]xx)`,
    'http_local_rate_limit\\.http_local_rate_limit\\.(enforced|ok)',
    'overload\\..*\\.(active|pressure)',
    'server\\.(live|memory_allocated|memory_heap_size|uptime)',
  ];
  return { inclusion_list: { patterns: patterns.map((regex) => ({ safe_regex: { regex } })) } };
}

const CLUSTER_STATS = [
  'membership_(healthy|total)',
  // Ejections that are going on are counted here and nowhere else: without them a limit of ejections would not hold.
  'outlier_detection\\.ejections_(active|enforced_total|overflow)',
  'update_(attempt|empty|failure)',
  'upstream_cx_(active|connect_fail|connect_timeout|overflow|total)',
  'upstream_rq_(active|completed|[1-5]xx|[1-5][0-9][0-9]|rx_reset|time|timeout|total|tx_reset)',
  'upstream_rq_(pending_active|pending_overflow|retry|retry_success)',
];

function poolListener({ port, upstream }: EnvoyListenerModel, model: EnvoyModel): object {
  return {
    name: upstream.name,
    per_connection_buffer_limit_bytes: CONNECTION_BUFFER_BYTES,
    address: { socket_address: { address: model.loopback ? '127.0.0.1' : '0.0.0.0', port_value: port } },
    filter_chains: [{ filters: [connectionManager(poolManager(upstream, model))] }],
  };
}

function poolManager(upstream: UpstreamModel, model: EnvoyModel): object {
  const { name, timeouts, rateLimit } = upstream;
  return {
    stat_prefix: name,
    codec_type: 'HTTP1',
    ...UNTOUCHED,
    common_http_protocol_options: {
      idle_timeout: duration(model.keepAliveSeconds),
      // The timeout of the route runs from the end of a request, which slow bodies put off, and which WebSockets never
      // reach. Stated at the route this would switch that timeout off.
      max_stream_duration: duration(longestRequestSeconds(timeouts)),
      ...(!model.loopback && { max_connection_duration: duration(CALLER_CONNECTION_SECONDS) }),
    },
    // Closed after an answer that says so, never under a request that is on its way.
    ...(!model.loopback && { http1_safe_max_connection_duration: true }),
    drain_timeout: duration(FAREWELL_SECONDS),
    request_headers_timeout: duration(REQUEST_HEADERS_SECONDS),
    request_timeout: duration(timeouts.request),
    stream_idle_timeout: duration(timeouts.streamIdle),
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    route_config: {
      name,
      virtual_hosts: [{ name, domains: ['*'], routes: [poolRoute(upstream, model)] }],
    },
    http_filters: [...(rateLimit === undefined ? [] : [rateLimitFilter(rateLimit)]), ROUTER],
    access_log: [FAILURES_LOG],
  };
}

/** Requests and answers pass as they are: a caller must not notice what is between it and the pool. */
const UNTOUCHED = {
  generate_request_id: false,
  preserve_external_request_id: true,
  server_header_transformation: 'PASS_THROUGH',
  skip_xff_append: true,
  use_remote_address: false,
};

const ROUTER = extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {
  suppress_envoy_headers: true,
});

/** What the pool itself answers is in the logs of caller and pool; here is why it did not. */
const FAILURES_LOG = {
  name: 'envoy.access_loggers.stdout',
  filter: { response_flag_filter: { flags: ['UH', 'UF', 'UO', 'UT', 'UC', 'UR', 'URX', 'SI', 'DT', 'UPE', 'OM'] } },
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog',
    log_format: {
      json_format: {
        time: '%START_TIME%',
        pool: '%UPSTREAM_CLUSTER%',
        pod: '%UPSTREAM_HOST%',
        method: '%REQ(:METHOD)%',
        path: '%PATH(NQ)%',
        status: '%RESPONSE_CODE%',
        flags: '%RESPONSE_FLAGS%',
        details: '%RESPONSE_CODE_DETAILS%',
        attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
        milliseconds: '%DURATION%',
      },
    },
  },
};

function poolRoute(upstream: UpstreamModel, { memoryBytes }: EnvoyModel): object {
  return {
    match: { prefix: '/' },
    route: routeAction(upstream),
    ...(upstream.retries.attempts > 0 && { request_body_buffer_limit: retryBodyBytes(memoryBytes) }),
  };
}

function routeAction({ name, timeouts, retries, loadBalancing }: UpstreamModel): object {
  return {
    cluster: name,
    timeout: duration(timeouts.request),
    idle_timeout: duration(timeouts.streamIdle),
    ...(retries.attempts > 0 && { retry_policy: retryPolicy(retries) }),
    ...(loadBalancing.kind === 'hash' && { hash_policy: [hashPolicy(loadBalancing.by)] }),
  };
}

/** What no pod has taken, as far as Envoy knows: it does not repeat a request whose head it has written. */
function retryPolicy(retries: RetriesModel): object {
  const { attempts, statuses } = retries;
  return {
    retry_on: retryReasons(retries).join(','),
    num_retries: attempts,
    ...(statuses.length > 0 && { retriable_status_codes: [...statuses] }),
    retry_back_off: { base_interval: '0.025s', max_interval: '0.25s' },
    retry_host_predicate: [
      extension(
        'envoy.retry_host_predicates.previous_hosts',
        'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
      ),
    ],
    // Draws that are blind: of two pods the other one is missed in one case of a million by turns, in one of 300 by load.
    host_selection_retry_max_attempts: 20,
  };
}

function hashPolicy(by: HashKeyModel): object {
  switch (by.kind) {
    case 'header':
      return { header: { header_name: by.name } };
    case 'cookie':
      throw new Error('refused by the support table');
    case 'source':
      return { connection_properties: { source_ip: true } };
  }
}

const UNIT_SECONDS: { readonly [unit in RateUnit]: number } = { second: 1, minute: 60, hour: 3600 };

function rateLimitFilter({ scope, requests, unit }: RateLimitModel): object {
  // Callers are pods: whose requests they carry is known at the door alone, and the model refuses it here.
  if (scope !== 'total') throw new Error(`Envoy between tiers has no rate limit by ${scope}`);
  const always = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
  return extension(
    'envoy.filters.http.local_ratelimit',
    'envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
    {
      stat_prefix: 'http_local_rate_limit',
      status: { code: 'TooManyRequests' },
      token_bucket: {
        max_tokens: Math.min(requests, UNLIMITED),
        tokens_per_fill: Math.min(requests, UNLIMITED),
        fill_interval: duration(UNIT_SECONDS[unit]),
      },
      filter_enabled: always,
      filter_enforced: always,
    },
  );
}

/** The two pages of the admin interface that change nothing, and one that says that requests are served. */
function statusListener({ statusPort }: EnvoyModel): object {
  const get = (path: string) => ({
    path,
    headers: [{ name: ':method', string_match: { exact: 'GET' } }],
  });
  const pages = [ENVOY_READY_PATH, ENVOY_METRICS_PATH];
  const routes = [
    { match: get(ENVOY_LIVE_PATH), direct_response: { status: 200 } },
    ...pages.map((path) => ({ match: get(path), route: { cluster: ADMIN_CLUSTER, timeout: PAGE_TIMEOUT } })),
  ];
  return {
    name: STATUS,
    address: { socket_address: { address: '0.0.0.0', port_value: statusPort } },
    // Probes are answered when callers no longer are.
    bypass_overload_manager: true,
    filter_chains: [
      {
        filters: [
          connectionManager({
            stat_prefix: STATUS,
            codec_type: 'HTTP1',
            ...UNTOUCHED,
            common_http_protocol_options: { idle_timeout: '60s' },
            request_headers_timeout: duration(REQUEST_HEADERS_SECONDS),
            request_timeout: PAGE_TIMEOUT,
            stream_idle_timeout: PAGE_TIMEOUT,
            route_config: { name: STATUS, virtual_hosts: [{ name: STATUS, domains: ['*'], routes }] },
            http_filters: [ROUTER],
          }),
        ],
      },
    ],
  };
}

const STATUS = 'status';
const PAGE_TIMEOUT = '15s';

function adminCluster(): object {
  return {
    name: ADMIN_CLUSTER,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: {
      cluster_name: ADMIN_CLUSTER,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: ADMIN_ADDRESS } }] }],
    },
  };
}

function connectionManager(config: object): object {
  return extension(
    'envoy.filters.network.http_connection_manager',
    'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    config,
  );
}

/** Answers 503 before its container runs out of memory, and with it every request in flight. */
function overloadManager({ memoryBytes }: EnvoyModel): object {
  const above = (value: number) => [{ name: FIXED_HEAP, threshold: { value } }];
  return {
    refresh_interval: '0.25s',
    resource_monitors: [
      extension(FIXED_HEAP, 'envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig', {
        max_heap_size_bytes: Math.floor(memoryBytes * HEAP_SHARE),
      }),
      extension(
        'envoy.resource_monitors.global_downstream_max_connections',
        'envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
        { max_active_downstream_connections: MAX_CALLER_CONNECTIONS },
      ),
    ],
    actions: [
      { name: 'envoy.overload_actions.shrink_heap', triggers: above(0.9) },
      { name: 'envoy.overload_actions.stop_accepting_requests', triggers: above(0.95) },
    ],
  };
}

const FIXED_HEAP = 'envoy.resource_monitors.fixed_heap';
