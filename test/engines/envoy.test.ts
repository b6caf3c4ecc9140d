import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EnvoyModel, envoyConfig } from '../../lib/engines/envoy';
import { BreakerStatuses } from '../../lib/traffic/circuit-breaker';
import type { LoadBalancingModel } from '../../lib/traffic/load-balancing';
import { RateUnit } from '../../lib/traffic/rate-limit';
import type { UpstreamModel } from '../../lib/traffic/upstream';
import { envoyModel, envoyModels, upstreams } from '../envoy/models';

// biome-ignore lint/suspicious/noExplicitAny: a document without a schema of its own
type Json = any;

const config = (upstream: Partial<UpstreamModel> = {}, model: Partial<EnvoyModel> = {}): Json =>
  envoyConfig(envoyModel(upstream, model));
const cluster = (upstream: Partial<UpstreamModel> = {}): Json => config(upstream).static_resources.clusters[0];
const manager = (upstream: Partial<UpstreamModel> = {}, model: Partial<EnvoyModel> = {}): Json =>
  config(upstream, model).static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
const route = (upstream: Partial<UpstreamModel> = {}): Json =>
  manager(upstream).route_config.virtual_hosts[0].routes[0];
const typed = (type: string, fields: object = {}) => ({ '@type': `type.googleapis.com/${type}`, ...fields });

// Expectations are from the v3 API reference of Envoy 1.39: the file of each message stands before them.
describe('envoyConfig', () => {
  // envoy/extensions/clusters/dns/v3/dns_cluster.proto
  it('asks the DNS for pods every other second, whatever it says of their lifetime', () => {
    expect(cluster()).toMatchObject({
      name: 'rag-embedder',
      cluster_type: {
        name: 'envoy.cluster.dns',
        typed_config: typed('envoy.extensions.clusters.dns.v3.DnsCluster', {
          dns_refresh_rate: '2s',
          respect_dns_ttl: false,
          dns_lookup_family: 'V4_PREFERRED',
        }),
      },
      ignore_health_on_host_removal: true,
      common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: '0s' },
    });
  });

  it.each([
    ['embedder.ml.svc.cluster.local', 'embedder.ml.svc.cluster.local.'],
    ['embedder-headless', 'embedder-headless'],
  ])('looks for %s as %s, in no search domain that is not needed', (host, address) => {
    expect(cluster({ host }).load_assignment).toEqual({
      cluster_name: 'rag-embedder',
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address, port_value: 3000 } } } }] }],
    });
  });

  // envoy/extensions/load_balancing_policies/*/v3/*.proto
  describe('balancing', () => {
    const policy = (loadBalancing: LoadBalancingModel, more: Partial<UpstreamModel> = {}) =>
      cluster({ loadBalancing, ...more }).load_balancing_policy.policies.map(
        ({ typed_extension_config }: Json) => typed_extension_config,
      );
    const named = (name: string, type: string, fields: object) => [
      {
        name: `envoy.load_balancing_policies.${name}`,
        typed_config: typed(`envoy.extensions.load_balancing_policies.${name}.v3.${type}`, fields),
      },
    ];

    it('goes in turn, or to the less busy of two', () => {
      expect(policy({ kind: 'round-robin' })).toEqual(named('round_robin', 'RoundRobin', {}));
      expect(policy({ kind: 'least-request' })).toEqual(named('least_request', 'LeastRequest', { choice_count: 2 }));
    });

    it('looks at all pods where requests wait at the chosen one', () => {
      expect(policy({ kind: 'least-request' }, { maxPending: 8, maxConcurrency: 4 })).toEqual(
        named('least_request', 'LeastRequest', { selection_method: 'FULL_SCAN' }),
      );
    });

    it('spares new pods', () => {
      const slow_start_config = { slow_start_window: '60s' };
      expect(policy({ kind: 'round-robin', slowStartSeconds: 60 })).toEqual(
        named('round_robin', 'RoundRobin', { slow_start_config }),
      );
      expect(policy({ kind: 'least-request', slowStartSeconds: 60 })).toEqual(
        named('least_request', 'LeastRequest', { choice_count: 2, slow_start_config }),
      );
    });

    // envoy/config/route/v3/route_components.proto, RouteAction.HashPolicy
    it.each([
      [{ kind: 'header', name: 'x-session' } as const, { header: { header_name: 'x-session' } }],
      [{ kind: 'source' } as const, { connection_properties: { source_ip: true } }],
    ])('keeps to a pod by %j', (by, hash) => {
      const loadBalancing = { kind: 'hash', by } as const;
      expect(policy(loadBalancing)).toEqual(
        named('ring_hash', 'RingHash', { hash_function: 'XX_HASH', minimum_ring_size: 16_384 }),
      );
      expect(route({ loadBalancing }).route.hash_policy).toEqual([hash]);
    });

    it('fails by latency, which the model refuses before', () => {
      expect(() => policy({ kind: 'latency-aware' })).toThrow('Envoy does not balance by latency');
    });
  });

  // envoy/config/cluster/v3/outlier_detection.proto
  describe('the circuit breaker', () => {
    const ejection = { failures: 5, openSeconds: 60, statuses: BreakerStatuses.GATEWAY_ERRORS, maxEjectedPercent: 100 };
    const always = {
      interval: '1s',
      base_ejection_time: '60s',
      max_ejection_time: '60s',
      max_ejection_percent: 100,
      enforcing_success_rate: 0,
      enforcing_failure_percentage: 0,
      successful_active_health_check_uneject_host: false,
      always_eject_one_host: false,
    };

    it('counts gateway errors in a row, and is open for the time that was stated', () => {
      expect(cluster({ circuitBreaker: { ejection } }).outlier_detection).toEqual({
        ...always,
        consecutive_gateway_failure: 5,
        enforcing_consecutive_gateway_failure: 100,
        enforcing_consecutive_5xx: 0,
      });
    });

    it('counts all errors where that is asked for', () => {
      const all = { ...ejection, statuses: BreakerStatuses.SERVER_ERRORS };
      expect(cluster({ circuitBreaker: { ejection: all } }).outlier_detection).toEqual({
        ...always,
        consecutive_5xx: 5,
        enforcing_consecutive_gateway_failure: 0,
        enforcing_consecutive_5xx: 100,
      });
    });

    it('leaves in what a percentage keeps', () => {
      const some = { ...ejection, maxEjectedPercent: 40 };
      expect(cluster({ circuitBreaker: { ejection: some } }).outlier_detection.max_ejection_percent).toBe(40);
    });

    it('without one spares pods that take no connection, for retries to find others', () => {
      expect(cluster().outlier_detection).toMatchObject({
        split_external_local_origin_errors: true,
        consecutive_local_origin_failure: 1,
        enforcing_consecutive_local_origin_failure: 100,
        base_ejection_time: '2s',
        max_ejection_time: '2s',
        max_ejection_percent: 50,
        enforcing_consecutive_gateway_failure: 0,
        enforcing_consecutive_5xx: 0,
        enforcing_success_rate: 0,
        enforcing_local_origin_success_rate: 0,
        always_eject_one_host: false,
      });
      expect(cluster({ retries: { attempts: 0, statuses: [] } }).outlier_detection).toBeUndefined();
    });
  });

  // envoy/config/cluster/v3/circuit_breaker.proto
  describe('limits', () => {
    const MOST = 2 ** 32 - 1;
    const none = {
      max_connections: MOST,
      max_pending_requests: MOST,
      max_requests: MOST,
      max_retries: MOST,
    };

    it('are none where none are stated: those of Envoy itself are 1,024', () => {
      expect(cluster().circuit_breakers).toEqual({ thresholds: [none] });
    });

    it('are those that are stated', () => {
      expect(cluster({ circuitBreaker: { maxRequests: 64 } }).circuit_breakers).toEqual({
        thresholds: [{ ...none, max_requests: 64 }],
      });
      // What waits for a connection is one that is being made.
      expect(cluster({ circuitBreaker: { maxConnections: 32 } }).circuit_breakers).toEqual({
        thresholds: [{ ...none, max_connections: 32, max_pending_requests: 32 }],
      });
    });

    it('make of a queue connections per pod, and requests that wait for one', () => {
      expect(cluster({ maxPending: 12, maxConcurrency: 4 }).circuit_breakers).toEqual({
        thresholds: [{ ...none, max_pending_requests: 16 }],
        per_host_thresholds: [{ max_connections: 4 }],
      });
    });

    it('are none without a queue, though the concurrency of a pod is known', () => {
      expect(cluster({ maxConcurrency: 4 }).circuit_breakers).toEqual({ thresholds: [none] });
    });

    it('above what a field of 32 bits carries are as many as it does', () => {
      const huge = { maxPending: 2 ** 40, maxConcurrency: 2 ** 40, circuitBreaker: { maxRequests: 2 ** 40 } };
      expect(cluster(huge).circuit_breakers).toEqual({
        thresholds: [none],
        per_host_thresholds: [{ max_connections: MOST }],
      });
    });
  });

  // envoy/config/route/v3/route_components.proto, RetryPolicy
  describe('retries', () => {
    it('repeat what no pod has taken, elsewhere', () => {
      const { route: action, request_body_buffer_limit } = route({ retries: { attempts: 3, statuses: [] } });
      expect(action.retry_policy).toEqual({
        retry_on: 'connect-failure,refused-stream,reset-before-request',
        num_retries: 3,
        retry_back_off: { base_interval: '0.025s', max_interval: '0.25s' },
        retry_host_predicate: [
          {
            name: 'envoy.retry_host_predicates.previous_hosts',
            typed_config: typed('envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'),
          },
        ],
        host_selection_retry_max_attempts: 20,
      });
      // Of 256 MiB.
      expect(request_body_buffer_limit).toBe(512 * 2 ** 10);
    });

    it('repeat statuses that are stated', () => {
      expect(route({ retries: { attempts: 2, statuses: [502, 503] } }).route.retry_policy).toMatchObject({
        retry_on: 'connect-failure,refused-stream,reset-before-request,retriable-status-codes',
        retriable_status_codes: [502, 503],
      });
    });

    it('are none where none are wanted, and nothing is held for them', () => {
      const { route: action, ...rest } = route({ retries: { attempts: 0, statuses: [] } });
      expect(action).not.toHaveProperty('retry_policy');
      expect(rest).not.toHaveProperty('request_body_buffer_limit');
    });
  });

  it('bounds requests: their time, silence, and all of it with slow bodies and WebSockets', () => {
    const timeouts = { connect: 2, request: 30.15, streamIdle: 10.05, connectionIdle: 45 };
    expect(route({ timeouts })).toMatchObject({
      match: { prefix: '/' },
      route: {
        cluster: 'rag-embedder',
        timeout: '30.15s',
        idle_timeout: '10.05s',
      },
    });
    // There it would make Envoy forget the timeout.
    expect(route({ timeouts }).route).not.toHaveProperty('max_stream_duration');
    expect(manager({ timeouts })).toMatchObject({
      common_http_protocol_options: { max_stream_duration: '31.15s' },
      request_timeout: '30.15s',
      stream_idle_timeout: '10.05s',
      request_headers_timeout: '10s',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
    });
    expect(cluster({ timeouts })).toMatchObject({
      connect_timeout: '2s',
      typed_extension_protocol_options: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
          common_http_protocol_options: { idle_timeout: '45s' },
          explicit_http_config: { http_protocol_options: {} },
        },
      },
    });
  });

  it('never rounds a time to nothing, which would be none', () => {
    const timeouts = { connect: 0.0001, request: 0.0004, streamIdle: 0.0004, connectionIdle: 60 };
    expect(cluster({ timeouts }).connect_timeout).toBe('0.001s');
    expect(route({ timeouts }).route.timeout).toBe('0.001s');
  });

  // envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit.proto
  it.each([
    [RateUnit.SECOND, '1s'],
    [RateUnit.MINUTE, '60s'],
    [RateUnit.HOUR, '3600s'],
  ])('lets through so many per %s', (unit, fill_interval) => {
    const rateLimit = { scope: 'total', requests: 600, unit } as const;
    const [limit, router] = manager({ rateLimit }).http_filters;
    expect(limit).toEqual({
      name: 'envoy.filters.http.local_ratelimit',
      typed_config: typed('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', {
        stat_prefix: 'http_local_rate_limit',
        status: { code: 'TooManyRequests' },
        token_bucket: { max_tokens: 600, tokens_per_fill: 600, fill_interval },
        filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
        filter_enforced: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
      }),
    });
    expect(router.name).toBe('envoy.filters.http.router');
  });

  it('fails on a rate per client, which the model refuses before', () => {
    const rateLimit = { scope: 'client', requests: 1, unit: RateUnit.SECOND } as const;
    expect(() => config({ rateLimit })).toThrow('no rate limit by client');
  });

  // envoy/config/core/v3/health_check.proto
  it('asks pods itself where that is wanted, over connections that are new', () => {
    expect(cluster().health_checks).toBeUndefined();
    const check = { intervalSeconds: 10, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 3 };
    const asked = (path: string) => [
      {
        timeout: '5s',
        interval: '10s',
        no_traffic_interval: '10s',
        unhealthy_threshold: 3,
        healthy_threshold: 2,
        reuse_connection: false,
        http_health_check: {
          host: 'embedder-pods.lab.svc.cluster.local',
          path,
          // The threshold holds for statuses too, then.
          retriable_statuses: [{ start: '201', end: '600' }],
        },
      },
    ];
    expect(cluster({ healthCheck: check }).health_checks).toEqual(asked('/readyz'));
    expect(cluster({ healthCheck: { ...check, path: '/v1/ok' } }).health_checks).toEqual(asked('/v1/ok'));
  });

  describe('listeners', () => {
    const address = (model: Partial<EnvoyModel>) =>
      config({}, model).static_resources.listeners.map((listener: Json) => [
        listener.name,
        listener.address.socket_address,
      ]);

    it('of a sidecar are for its pod alone, but for probes', () => {
      expect(address({ loopback: true })).toEqual([
        ['rag-embedder', { address: '127.0.0.1', port_value: 13_001 }],
        ['status', { address: '0.0.0.0', port_value: 13_000 }],
      ]);
      expect(manager({}, { loopback: true })).not.toHaveProperty('http1_safe_max_connection_duration');
    });

    // envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto
    it('of a tier are for other pods, whose connections move on', () => {
      expect(address({ loopback: false })[0]).toEqual(['rag-embedder', { address: '0.0.0.0', port_value: 13_001 }]);
      expect(manager({}, { loopback: false, keepAliveSeconds: 30 })).toMatchObject({
        common_http_protocol_options: { idle_timeout: '30s', max_connection_duration: '10s' },
        http1_safe_max_connection_duration: true,
      });
    });

    it('lead to a pool each', () => {
      const two = envoyModel().listeners.flatMap((listener) => [
        listener,
        { ...listener, port: 13_002, upstream: { ...listener.upstream, name: 'rag-reranker' } },
      ]);
      const { listeners, clusters } = config({}, { listeners: two }).static_resources;
      expect(listeners.map(({ name }: Json) => name)).toEqual(['rag-embedder', 'rag-reranker', 'status']);
      expect(clusters.map(({ name }: Json) => name)).toEqual(['rag-embedder', 'rag-reranker', 'admin']);
    });
  });

  it('shows no port of the admin interface, which could end it', () => {
    expect(config().admin.address).toEqual({ pipe: { path: '@cdk8s-bento-envoy-admin' } });
    const { listeners } = config().static_resources;
    const { routes } = listeners.at(-1).filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0];
    expect(routes.map(({ match }: Json) => [match.path, match.headers[0].string_match.exact])).toEqual([
      ['/live', 'GET'],
      ['/ready', 'GET'],
      ['/stats/prometheus', 'GET'],
    ]);
  });

  // envoy/config/cluster/v3/cluster.proto, envoy/config/listener/v3/listener.proto
  it('holds little of what is on its way', () => {
    expect(cluster().per_connection_buffer_limit_bytes).toBe(65_536);
    expect(config().static_resources.listeners[0].per_connection_buffer_limit_bytes).toBe(65_536);
  });

  // envoy/config/overload/v3/overload.proto
  it('refuses requests before its memory ends', () => {
    const { resource_monitors, actions } = config({}, { memoryBytes: 100 * 2 ** 20 }).overload_manager;
    expect(resource_monitors[0].typed_config.max_heap_size_bytes).toBe(80 * 2 ** 20);
    expect(actions.map(({ name }: Json) => name)).toContain('envoy.overload_actions.stop_accepting_requests');
  });

  it('states every time, whatever the model', () => {
    fc.assert(
      fc.property(upstreams, (upstream) => {
        const { route: action } = route(upstream);
        const { max_stream_duration } = manager(upstream).common_http_protocol_options;
        for (const time of [
          action.timeout,
          action.idle_timeout,
          max_stream_duration,
          cluster(upstream).connect_timeout,
          manager(upstream).request_timeout,
          manager(upstream).stream_idle_timeout,
        ]) {
          expect(time).toMatch(/^\d+(\.\d{1,3})?s$/);
          expect(Number.parseFloat(time)).toBeGreaterThan(0);
        }
        expect(Number.parseFloat(max_stream_duration)).toBeGreaterThan(Number.parseFloat(action.timeout));
      }),
    );
  });

  it('is plain JSON that depends on the model alone', () => {
    fc.assert(
      fc.property(envoyModels, (model) => {
        const made = envoyConfig(model);
        expect(JSON.parse(JSON.stringify(made))).toEqual(made);
        expect(envoyConfig(structuredClone(model))).toEqual(made);
      }),
    );
  });
});
