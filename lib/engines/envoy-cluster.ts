import { DNS_REFRESH_SECONDS } from '../component/pool-hop';
import { BreakerStatuses, type EjectionModel } from '../traffic/circuit-breaker';
import type { HealthCheckModel } from '../traffic/health-check';
import type { UpstreamModel } from '../traffic/upstream';
import { CONNECTION_BUFFER_BYTES, duration, extension, UNLIMITED } from './envoy-values';

/** The nearest power of two above what a hundred pods need for shares that differ by a few percent. */
const RING_SIZE = 16_384;

/** The pods of a pool, as its headless Service names them; `readyPath` is that of their readiness probe. */
export function envoyCluster(upstream: UpstreamModel, readyPath: string): object {
  const { name, host, port, timeouts, healthCheck } = upstream;
  return {
    name,
    cluster_type: extension('envoy.cluster.dns', 'envoy.extensions.clusters.dns.v3.DnsCluster', {
      dns_refresh_rate: duration(DNS_REFRESH_SECONDS),
      respect_dns_ttl: false,
      // One address of each pod, in clusters that have both families too: two of them would be two pods.
      dns_lookup_family: 'V4_PREFERRED',
    }),
    // A pod that is going is left at once, whatever its health.
    ignore_health_on_host_removal: true,
    connect_timeout: duration(timeouts.connect),
    per_connection_buffer_limit_bytes: CONNECTION_BUFFER_BYTES,
    load_assignment: {
      cluster_name: name,
      endpoints: [
        {
          lb_endpoints: [{ endpoint: { address: { socket_address: { address: absolute(host), port_value: port } } } }],
        },
      ],
    },
    load_balancing_policy: { policies: [{ typed_extension_config: balancing(upstream) }] },
    // With few pods left the others get no less: an overloaded pod is no reason to ask one that is down.
    // By default a second ejection within a second would wait for the end of it.
    common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: '0s' },
    circuit_breakers: limits(upstream),
    ...outlierDetection(upstream),
    ...(healthCheck !== undefined && { health_checks: [activeCheck(healthCheck, upstream, readyPath)] }),
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        common_http_protocol_options: { idle_timeout: duration(timeouts.connectionIdle) },
        explicit_http_config: { http_protocol_options: {} },
      },
    },
  };
}

/**
 * Whole names end with a dot. Without it they are looked for in each search domain of the pod first, every time, and one of
 * those may answer for all names.
 */
function absolute(host: string): string {
  return host.includes('.') ? `${host}.` : host;
}

function balancing({ loadBalancing: model, maxPending }: UpstreamModel): object {
  switch (model.kind) {
    case 'round-robin':
      return policy('round_robin', 'round_robin.v3.RoundRobin', slowStart(model.slowStartSeconds));
    case 'least-request':
      return policy('least_request', 'least_request.v3.LeastRequest', {
        // A request waits at the pod that was chosen for it, whoever else has room: with a queue all of them are looked at.
        ...(maxPending === undefined ? { choice_count: 2 } : { selection_method: 'FULL_SCAN' }),
        ...slowStart(model.slowStartSeconds),
      });
    case 'hash':
      return policy('ring_hash', 'ring_hash.v3.RingHash', { hash_function: 'XX_HASH', minimum_ring_size: RING_SIZE });
    case 'latency-aware':
      throw new Error('Envoy does not balance by latency');
  }
}

function policy(name: string, type: string, config: object): object {
  return extension(`envoy.load_balancing_policies.${name}`, `envoy.extensions.load_balancing_policies.${type}`, config);
}

function slowStart(seconds: number | undefined): object {
  return seconds === undefined ? {} : { slow_start_config: { slow_start_window: duration(seconds) } };
}

/** Every limit is stated: Envoy's own are 1,024, and 3 retries at a time. */
function limits(upstream: UpstreamModel): object {
  const { circuitBreaker, maxConcurrency, maxPending } = upstream;
  return {
    thresholds: [
      {
        max_connections: limit(circuitBreaker?.maxConnections),
        max_pending_requests: pending(upstream),
        max_requests: limit(circuitBreaker?.maxRequests),
        max_retries: UNLIMITED,
      },
    ],
    // Over HTTP/1.1 a connection carries one request.
    ...(maxPending !== undefined && { per_host_thresholds: [{ max_connections: limit(maxConcurrency) }] }),
  };
}

/**
 * Envoy counts a request among those that wait until it has a connection, with room or without. As many as fill a pod are
 * therefore added, or a burst would be refused while connections are made: up to so many more may wait.
 */
function pending({ circuitBreaker, maxConcurrency, maxPending }: UpstreamModel): number {
  if (maxPending !== undefined) return Math.min(maxPending + maxConcurrency!, UNLIMITED);
  return limit(circuitBreaker?.maxConnections);
}

/** As a field of 32 bits can carry it. */
function limit(value: number | undefined): number {
  return Math.min(value ?? UNLIMITED, UNLIMITED);
}

/** How long a pod is spared that takes no connection, until the DNS tells or it is back. */
const UNREACHABLE_SECONDS = 2;

function outlierDetection({ circuitBreaker, retries }: UpstreamModel): { outlier_detection?: object } {
  if (circuitBreaker?.ejection !== undefined) return { outlier_detection: ejection(circuitBreaker.ejection) };
  return retries.attempts > 0 ? { outlier_detection: UNREACHABLE } : {};
}

/**
 * What takes no connection has no request in flight, so that least-request would choose it always, retries included. Half of
 * the pods at the most, and a single one never.
 */
const UNREACHABLE = {
  split_external_local_origin_errors: true,
  consecutive_local_origin_failure: 1,
  interval: '1s',
  base_ejection_time: duration(UNREACHABLE_SECONDS),
  max_ejection_time: duration(UNREACHABLE_SECONDS),
  max_ejection_percent: 50,
  enforcing_consecutive_local_origin_failure: 100,
  enforcing_consecutive_gateway_failure: 0,
  enforcing_consecutive_5xx: 0,
  enforcing_success_rate: 0,
  enforcing_local_origin_success_rate: 0,
  enforcing_failure_percentage: 0,
  always_eject_one_host: false,
};

/** Failures in a row alone, for as long as stated: rates of failures say little of a handful of pods. */
function ejection({ failures, openSeconds, statuses, maxEjectedPercent }: EjectionModel): object {
  const gateway = statuses === BreakerStatuses.GATEWAY_ERRORS;
  return {
    ...(gateway ? { consecutive_gateway_failure: failures } : { consecutive_5xx: failures }),
    // How often pods are looked at whose time is over.
    interval: '1s',
    base_ejection_time: duration(openSeconds),
    max_ejection_time: duration(openSeconds),
    max_ejection_percent: maxEjectedPercent,
    enforcing_consecutive_gateway_failure: gateway ? 100 : 0,
    enforcing_consecutive_5xx: gateway ? 0 : 100,
    enforcing_success_rate: 0,
    enforcing_failure_percentage: 0,
    successful_active_health_check_uneject_host: false,
    always_eject_one_host: false,
  };
}

function activeCheck(model: HealthCheckModel, { host }: UpstreamModel, readyPath: string): object {
  const interval = duration(model.intervalSeconds);
  return {
    timeout: duration(model.timeoutSeconds),
    interval,
    // Without requests Envoy would ask once a minute.
    no_traffic_interval: interval,
    unhealthy_threshold: model.unhealthyThreshold,
    healthy_threshold: model.healthyThreshold,
    // A pod that no longer accepts connections is not well.
    reuse_connection: false,
    http_health_check: {
      host,
      path: model.path ?? readyPath,
      // A status that is not among these would take a pod out at once, whatever the threshold is.
      retriable_statuses: [{ start: '201', end: '600' }],
    },
  };
}
