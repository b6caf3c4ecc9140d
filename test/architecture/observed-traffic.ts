import { runInNewContext } from 'node:vm';
import { Duration, Size } from 'cdk8s';
import * as library from '../../lib';
import {
  Authentication,
  BentoDeployment,
  type BentoDeploymentProps,
  BreakerStatuses,
  CircuitBreaker,
  ClusterProfile,
  type ClusterProfileProps,
  type ConsecutiveErrorsOptions,
  type EnvoyGatewayImplementationOptions,
  Exposure,
  Gateway,
  GatewayImplementation,
  GlobalService,
  HealthCheck,
  type HttpHealthCheckOptions,
  LoadBalancing,
  type NginxRouterOptions,
  Retries,
  RouteNamespaces,
  Runner,
  RunnerProxy,
  SecretRef,
  ServingGateway,
  type ServingGatewayProps,
  SplitRouter,
  type TrafficPolicy,
} from '../../lib';
import { CacheSharing, ResponseCache, type ResponseCacheOptions } from '../../lib/traffic/response-cache';
import { pair, single } from '../bentos';
import { synthesize } from '../tree';

/** What happens where a property is left out, as the text of its documentation. */
export type Observation = (text: string) => unknown;

/**
 * The text, if what is documented makes no difference to what happens without, and something else does: the value is that
 * of the documentation itself, which is TypeScript.
 */
export function left<T>(observe: (value: T | undefined) => unknown, other: T): Observation {
  return (text) => {
    const [expression] = /^('[^']*'|[\w.]+(\([^)]*\))?)/.exec(text)!;
    const [without, documented, different] = [undefined, evaluated(expression) as T, other].map((value) =>
      JSON.stringify(observe(value)),
    );
    return without !== undefined && without === documented && without !== different && text;
  };
}

function evaluated(expression: string): unknown {
  return runInNewContext(expression, { ...library, CacheSharing, Duration, Size });
}

/** The option, or none. */
export const option = <T>(key: string, value: T | undefined) => (value === undefined ? {} : { [key]: value });

const deploy = (props: Partial<BentoDeploymentProps>, profile: ClusterProfileProps = {}) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36', ...profile }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });

/** A pool with a proxy beside its caller. */
const proxied = (traffic: TrafficPolicy, profile: ClusterProfileProps = {}) =>
  deploy({ bento: pair(), runners: { Embedder: Runner.pool({ traffic, proxy: RunnerProxy.sidecar() }) } }, profile);
/** What the Envoy beside the caller of a pool does. */
const envoy = (traffic: TrafficPolicy) => proxied(traffic).envoy('rag');
const breaker = (key: keyof ConsecutiveErrorsOptions, other: unknown) =>
  left((value) => envoy({ circuitBreaker: CircuitBreaker.consecutiveErrors(option(key, value)) }), other);
const check = (key: keyof HttpHealthCheckOptions, other: unknown) =>
  left((value) => envoy({ healthCheck: HealthCheck.http(option(key, value)) }), other);

/** All that a deployment with a door is made of. */
const exposed = (exposure: Exposure) => deploy({ exposure }).all;
const hosts = ['rag.example.com'];
const subnetCidrs = ['10.0.0.0/20'];
const sourceCidrs = ['0.0.0.0/0'];

/** A Gateway, and what a deployment behind it needs and lets in. */
function gateway(props: Partial<ServingGatewayProps>): unknown {
  let requirements: string[] = [];
  const { all } = synthesize((chart) => {
    const edge = new ServingGateway(chart, 'Edge', { gatewayClassName: 'envoy-gateway', hosts, ...props });
    const exposure = Exposure.gateway({ hosts, gateway: edge.gateway });
    requirements = new BentoDeployment(chart, 'Rag', { bento: single(), exposure }).requirements.map(String);
  });
  return [all, requirements];
}
const implementation = (key: keyof EnvoyGatewayImplementationOptions, other: unknown) =>
  left(
    (value) => gateway({ implementation: GatewayImplementation.envoyGateway({ proxies: 2, ...option(key, value) }) }),
    other,
  );

const cache = (key: keyof ResponseCacheOptions, other: unknown) =>
  left((value) => ResponseCache.of({ paths: ['/predict'], ...option(key, value) })._model, other);

const router = (key: keyof NginxRouterOptions, other: unknown) =>
  left((value) => SplitRouter.nginx(option(key, value))._model, other);

/** Of traffic, gateways and doors. */
export const OBSERVED_TRAFFIC: { [property: string]: Observation } = {
  'ClusterProfileProps.dnsTtl': left(
    (dnsTtl) => proxied({}, { dnsTtl }).server('rag-embedder').lifecycle,
    Duration.seconds(7),
  ),
  'ClusterProfileProps.envoyImage': left(
    (envoyImage) => proxied({}, { envoyImage }).pod('rag').initContainers,
    'registry.example.com/envoy:v1.39.3',
  ),
  'UpstreamPolicy.retries': left((retries) => envoy(option('retries', retries)), Retries.never()),
  'UpstreamPolicy.loadBalancing': left(
    (loadBalancing) => envoy(option('loadBalancing', loadBalancing)),
    LoadBalancing.roundRobin(),
  ),
  'RetriesOptions.attempts': left(
    (attempts) => envoy({ retries: Retries.connectionFailures(option('attempts', attempts)) }),
    3,
  ),
  'ConsecutiveErrorsOptions.failures': breaker('failures', 6),
  'ConsecutiveErrorsOptions.openFor': breaker('openFor', Duration.seconds(61)),
  'ConsecutiveErrorsOptions.statuses': breaker('statuses', BreakerStatuses.SERVER_ERRORS),
  'ConsecutiveErrorsOptions.maxEjectedPercent': breaker('maxEjectedPercent', 99),
  'HttpHealthCheckOptions.interval': check('interval', Duration.seconds(11)),
  'HttpHealthCheckOptions.healthyThreshold': check('healthyThreshold', 1),
  'HttpHealthCheckOptions.unhealthyThreshold': check('unhealthyThreshold', 1),
  'TierProxyOptions.replicas': left((replicas) => {
    const proxy = RunnerProxy.tier(option('replicas', replicas));
    return deploy({ bento: pair(), runners: { Embedder: Runner.pool({ proxy }) } }).get(
      'Deployment',
      'rag-embedder-proxy',
    ).spec.replicas;
  }, 3),
  'ResponseCacheOptions.ttl': cache('ttl', Duration.seconds(1)),
  'ResponseCacheOptions.maxSize': cache('maxSize', Size.gibibytes(2)),
  'ResponseCacheOptions.maxBodySize': cache('maxBodySize', Size.kibibytes(1)),
  'ResponseCacheOptions.maxRequestSize': cache('maxRequestSize', Size.gibibytes(2)),
  'ResponseCacheOptions.sharing': cache('sharing', CacheSharing.ALL_CLIENTS),
  'ResponseCacheOptions.replicas': cache('replicas', 3),
  'ResponseCacheOptions.image': cache('image', 'registry.example.com/nginx:1.30.4'),
  'NginxRouterOptions.replicas': router('replicas', 3),
  'NginxRouterOptions.image': router('image', 'registry.example.com/nginx:1.30.4'),
  'ApiKeysOptions.header': left(
    (header) =>
      exposed(
        Exposure.gateway({
          hosts,
          gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', httpsListener: 'https' }),
          authentication: Authentication.apiKeys(SecretRef.named('keys'), option('header', header)),
        }),
      ),
    'x-key',
  ),
  'AwsLoadBalancerOptions.internetFacing': left(
    (internetFacing) => exposed(Exposure.networkLoadBalancer({ subnetCidrs, internetFacing })),
    true,
  ),
  'AwsLoadBalancerOptions.crossZone': left(
    (crossZone) => exposed(Exposure.networkLoadBalancer({ subnetCidrs, crossZone })),
    false,
  ),
  'ApplicationLoadBalancerOptions.className': left(
    (className) => exposed(Exposure.applicationLoadBalancer({ hosts, subnetCidrs, className })),
    'other',
  ),
  'IngressNginxOptions.className': left((className) => exposed(Exposure.ingressNginx({ hosts, className })), 'other'),
  'IngressNginxOptions.controllerNamespace': left(
    (controllerNamespace) => exposed(Exposure.ingressNginx({ hosts, controllerNamespace })),
    'other',
  ),
  'GlobalServiceProps.servicePort': left((servicePort) => {
    const objects = synthesize((chart) => {
      const members = [new BentoDeployment(chart, 'Rag', { bento: single() })];
      new GlobalService(chart, 'Api', { members, servicePort });
    });
    return objects.get('Service', 'api').spec.ports;
  }, 8080),
  'LoadBalancerOptions.port': left((port) => exposed(Exposure.loadBalancer({ sourceCidrs, port })), 8080),
  'EnvoyGatewayOptions.version': left((version) => {
    let requirements: string[] = [];
    synthesize((chart) => {
      const edge = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', ...option('version', version) });
      const exposure = Exposure.gateway({ hosts, gateway: edge });
      requirements = new BentoDeployment(chart, 'Rag', { bento: single(), exposure }).requirements.map(String);
    });
    return requirements;
  }, '1.8'),
  'EnvoyGatewayImplementationOptions.version': implementation('version', '1.8'),
  'EnvoyGatewayImplementationOptions.dataPlaneNamespace': implementation('dataPlaneNamespace', 'other'),
  'EnvoyGatewayImplementationOptions.drainTimeout': implementation('drainTimeout', Duration.minutes(4)),
  'EnvoyGatewayImplementationOptions.requestReceivedTimeout': implementation(
    'requestReceivedTimeout',
    Duration.minutes(4),
  ),
  'EnvoyGatewayImplementationOptions.clientIdleTimeout': implementation('clientIdleTimeout', Duration.minutes(59)),
  'EnvoyGatewayImplementationOptions.streamIdleTimeout': implementation('streamIdleTimeout', Duration.minutes(59)),
  'ServingGatewayProps.implementation': left(
    (stated) => gateway(option('implementation', stated)),
    GatewayImplementation.envoyGateway({ proxies: 2 }),
  ),
  'ServingGatewayProps.routeNamespaces': left(
    (stated) => gateway(option('routeNamespaces', stated)),
    RouteNamespaces.all(),
  ),
};
