import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import fc from 'fast-check';
import {
  Affinity,
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  BreakerStatuses,
  Capacity,
  type CapacityOptions,
  CircuitBreaker,
  ClaimRef,
  ClusterProfile,
  type ClusterProfileProps,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  ExistingNodePool,
  Exposure,
  FilledBy,
  FunctionEngine,
  Gateway,
  Gpu,
  GpuNodePool,
  HealthCheck,
  HostAlias,
  type INodePool,
  InstanceSize,
  type KarpenterPoolOptions,
  LoadBalancing,
  LogLevel,
  MetricType,
  ModelSource,
  ModelVolume,
  NetworkPeer,
  NodePool,
  NodeRequirement,
  Overflow,
  PodContainer,
  type PodOptions,
  PolicySelect,
  PrometheusAuthentication,
  RateLimit,
  RateUnit,
  Region,
  Retries,
  RollingPreset,
  Runner,
  RunnerPool,
  type RunnerPoolOptions,
  RunnerProxy,
  RunState,
  ScaleToZeroFunction,
  type ScaleToZeroFunctionProps,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  ScalingPolicy,
  Schedule,
  SecretRef,
  ServiceAccountRef,
  TaintEffect,
  Toleration,
  Tracing,
  type TrafficPolicy,
  TriggerAuthenticationRef,
} from '../lib';
import { Objects, quietly } from './tree';

/** What a user could write in one chart; values are thunks, so that every use is a program of its own. */
export interface Definition {
  readonly profile: ClusterProfileProps;
  readonly namespace?: string;
  readonly deployments: readonly { readonly id: string; readonly props: BentoDeploymentProps }[];
  readonly functions: readonly { readonly id: string; readonly props: ScaleToZeroFunctionProps }[];
  /** A pool that stands alone, and is shared by the deployments that depend on its service. */
  readonly shared?: { readonly service: string; readonly options: RunnerPoolOptions };
  /** Nodes that API servers name whose size these fit. */
  readonly nodes?: NodesDefinition;
}

/** Pools of CPU and of L4, made by Karpenter or by somebody else. */
interface NodesDefinition {
  readonly existing: boolean;
  readonly spot: boolean;
  readonly options: Pick<KarpenterPoolOptions, 'expireAfter' | 'pullImages' | 'warmNodes'>;
}

/** What decides over what can be said: the cluster, and whether an API server leads to the component. */
export interface Context {
  readonly version: string;
  /** Whether the cluster has all that can be installed in one. */
  readonly rich: boolean;
  readonly led?: boolean;
  /** Whether what it calls may sleep. */
  readonly besideSleepers?: boolean;
  /** Whether everybody's replicas are known, so that limits can be divided among proxies beside callers. */
  readonly counted: boolean;
  /** The service of a pool, as far as the component is one. */
  readonly service?: string;
  /** Whether it may state timeouts: those of a function are bounded by what holds its requests. */
  readonly timed?: boolean;
  /** Whether Knative runs what calls it, whose pods have no proxies beside them. */
  readonly byKnative?: boolean;
}

export const SERVICES = ['Gateway', 'search-api', 'LLMRanker', 'text_embedder', 'Encoder'];
export const VERSIONS = ['1.27', '1.29', '1.30', '1.34', '1.35', '1.36'];
const optional = { requiredKeys: [] as [] };

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const labelKey = fc.oneof(
  name,
  fc.tuple(name, name).map(([prefix, key]) => `${prefix}.example.com/${key}`),
);
const labelValue = fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,6}[A-Za-z0-9])?$/);
const labels = fc.dictionary(labelKey, labelValue, { maxKeys: 3, noNullPrototype: true });
const someLabels = fc.dictionary(labelKey, labelValue, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
/** Text that cannot be taken for a slip of ours. */
const text = (maxLength: number) => fc.string({ maxLength }).filter((value) => !/undefined|NaN|\[object/.test(value));
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((value) => Duration.seconds(value));
const mebibytes = (min: number, max: number) => fc.integer({ min, max }).map((value) => Size.mebibytes(value));

/** Every list with names of its own, for the same one twice is an error. */
const named = <T>(item: (name: string) => fc.Arbitrary<T>, prefix: string, max = 2) =>
  fc
    .integer({ min: 0, max })
    .chain((count) =>
      fc.tuple(...Array.from({ length: count }, (_, index) => item(`${prefix}${index}`))),
    ) as fc.Arbitrary<T[]>;

const secret = name.map((text) => SecretRef.named(text));
const envVar = (key: string): fc.Arbitrary<EnvVar> =>
  fc.oneof(
    text(8).map((value) => EnvVar.value(key, value)),
    fc.record({ secret, key: name, optional: fc.boolean() }).map((options) => EnvVar.fromSecret(key, options)),
    fc
      .record({ key: name })
      .map((options) => EnvVar.fromConfigMap(key, { configMap: ConfigMapRef.named('settings'), ...options })),
    fc.constant(EnvVar.fromField(key, 'metadata.name')),
  );

const envFrom = fc
  .tuple(secret, fc.boolean())
  .map(([ref, optionalRef]) => EnvFrom.secret(ref, { optional: optionalRef }));

const gpu = fc.constantFrom(
  Gpu.NVIDIA_L4,
  Gpu.AMD_MI300X,
  Gpu.AWS_INFERENTIA2,
  Gpu.of({ name: 'slice', resourceName: 'nvidia.com/mig-1g.10gb' }),
);
const size = (withGpu: boolean) =>
  fc
    .record({
      cpuCores: fc.integer({ min: 1, max: 64_000 }).map((milli) => milli / 1000),
      memory: mebibytes(64, 65_536),
      ephemeralStorage: fc.option(mebibytes(64, 65_536), { nil: undefined }),
      gpuCount: fc.integer({ min: 1, max: 8 }),
      gpu,
    })
    .map(({ gpuCount, gpu: device, ...rest }) => InstanceSize.of(withGpu ? { ...rest, gpu: device, gpuCount } : rest));

const policy = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 100 }), seconds(1, 1800)).map((args) => ScalingPolicy.pods(...args)),
  fc.tuple(fc.integer({ min: 1, max: 400 }), seconds(1, 1800)).map((args) => ScalingPolicy.percent(...args)),
);
const rules = (tolerance: boolean) =>
  fc.record(
    {
      stabilizationWindow: seconds(0, 3600),
      policies: fc.array(policy, { minLength: 1, maxLength: 3 }),
      selectPolicy: fc.constantFrom(PolicySelect.MAX, PolicySelect.MIN),
      ...(tolerance && { tolerance: fc.integer({ min: 0, max: 1000 }).map((milli) => milli / 1000) }),
    },
    optional,
  );
const behavior = (tolerance: boolean) =>
  fc.oneof(
    fc
      .record({ scaleUp: rules(tolerance), scaleDown: rules(tolerance) }, optional)
      .map((options) => ScalingBehavior.of(options)),
    fc.constant(ScalingBehavior.neverScaleDown()),
    fc.constant(ScalingBehavior.bentoCloud()),
    fc
      .record({ scaleUpEvery: seconds(1, 1800), scaleDownEvery: seconds(1, 1800) })
      .map((options) => ScalingBehavior.oneAtATime(options)),
  );
const positive = fc.integer({ min: 1, max: 100_000 }).map((milli) => milli / 1000);
const metric = (index: number) =>
  fc.oneof(
    fc
      .record({ averageValue: positive, labels })
      .map((options) => ScalingMetric.pods({ metric: `m${index}`, ...options })),
    fc
      .record({ value: positive, labels })
      .map((options) => ScalingMetric.external({ metric: `m${index}`, ...options })),
    fc.record({ value: positive }).map((options) =>
      ScalingMetric.ofObject({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        name: 'door',
        metric: `m${index}`,
        ...options,
      }),
    ),
  );
/** Metrics that KEDA carries; each at most once. */
const kedaMetrics = ({ led, besideSleepers }: Context): fc.Arbitrary<ScalingMetric[]> => {
  const window = fc.record({ window: seconds(30, 3600) }, optional);
  const own = [
    positive.map((value) => ScalingMetric.concurrency(value)),
    fc.tuple(positive, window).map((args) => ScalingMetric.requestRate(...args)),
    fc.tuple(positive, window).map((args) => ScalingMetric.totalRequestRate(...args)),
    fc.tuple(seconds(1, 179), window).map((args) => ScalingMetric.latency(...args)),
    fc
      .tuple(seconds(1, 179), fc.integer({ min: 1, max: 999 }))
      .map(([target, percentile]) => ScalingMetric.latency(target, { percentile: percentile / 10 })),
    fc
      .tuple(positive, fc.integer({ min: 1, max: 64 }))
      .map(([value, inService]) => ScalingMetric.queueLength(value, { inService })),
    fc.integer({ min: 1, max: 100 }).map((percent) => ScalingMetric.gpuUtilization(percent)),
    fc
      .tuple(positive, fc.constantFrom(...Object.values(MetricType)))
      .map(([threshold, metricType]) => ScalingMetric.prometheus({ query: 'sum(up)', threshold, metricType })),
    fc.constant(
      ScalingMetric.kedaTrigger({
        kind: 'rabbitmq',
        metadata: { queueName: 'jobs', mode: 'QueueLength', value: '20', protocol: 'amqp' },
        authentication: TriggerAuthenticationRef.ofCluster('rabbit'),
      }),
    ),
    fc
      .constantFrom('UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires')
      .map((timeZone) => ScalingMetric.schedule(1, Schedule.businessHours({ timeZone }))),
    fc.integer({ min: 1, max: 300 }).map((percent) => ScalingMetric.cpu(percent)),
  ];
  const ofOthers = [
    ...(besideSleepers === true
      ? []
      : [positive.map((value) => ScalingMetric.ofApiServer(ScalingMetric.concurrency(value)))]),
    positive.map((value) => ScalingMetric.apiServerReplicas(value)),
  ];
  return fc
    .subarray(led === true ? [...own, ...ofOthers] : own, { minLength: 1, maxLength: 4 })
    .chain((chosen) => fc.tuple(...chosen));
};

const kubernetesMetrics = fc
  .record({
    cpu: fc.option(fc.integer({ min: 1, max: 300 })),
    memory: fc.option(fc.integer({ min: 1, max: 100 })),
    others: fc
      .integer({ min: 0, max: 2 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => metric(i)))),
  })
  .map(({ cpu, memory, others }) => [
    ...(cpu === null ? [] : [ScalingMetric.cpu(cpu)]),
    ...(memory === null ? [] : [ScalingMetric.memory(memory)]),
    ...others,
  ])
  .filter((list) => list.length > 0);

const metrics = (context: Context) =>
  context.rich ? fc.oneof(kubernetesMetrics, kedaMetrics(context)) : kubernetesMetrics;

const scaling = (context: Context): fc.Arbitrary<Scaling> =>
  fc.oneof(
    fc.integer({ min: 1, max: 20 }).map((replicas) => Scaling.replicas(replicas)),
    ...(context.counted ? [] : [fc.constant(Scaling.unmanaged())]),
    fc
      .record({
        bounds: fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 20 })),
        metrics: metrics(context),
        behavior: fc.option(behavior(minor(context.version) >= 35), { nil: undefined }),
      })
      .map(({ bounds: [minReplicas, more], ...rest }) =>
        Scaling.auto({ minReplicas, maxReplicas: minReplicas + more, ...rest }),
      ),
  );

const container = (containerName: string) =>
  fc
    .record({ env: named((i) => envVar(i), 'C'), args: fc.array(name, { maxLength: 2 }), size: size(false) }, optional)
    .map((options) => PodContainer.of(containerName, 'registry.example.com/tool:v1', options));

const modelVolume = (version: string) => (volumeName: string) => {
  const mountPath = `/models/${volumeName}`;
  return fc.oneof(
    fc.constant(ModelVolume.claim(volumeName, { claim: ClaimRef.named('weights'), mountPath, subPath: 'a/b' })),
    fc.constant(
      ModelVolume.s3Bucket(volumeName, { bucket: 'weights', mountPath, prefix: 'llama', region: 'us-east-1' }),
    ),
    labels.map((attributes) =>
      ModelVolume.csi(volumeName, { driver: 'gcsfuse.csi.storage.gke.io', mountPath, attributes }),
    ),
    fc.constantFrom(FilledBy.JOB, FilledBy.INIT_CONTAINER).map((filledBy) =>
      ModelVolume.download(volumeName, {
        source: ModelSource.s3('s3://weights/llama', { credentials: SecretRef.named('aws') }),
        mountPath,
        size: Size.gibibytes(10),
        storageClassName: 'standard',
        filledBy,
      }),
    ),
    ...(minor(version) >= 35
      ? [fc.constant(ModelVolume.image(volumeName, { image: 'registry.example.com/weights:v1', mountPath }))]
      : []),
  );
};

const affinity = fc.oneof(
  labelKey.map((key) => Affinity.requireNodes([NodeRequirement.exists(key)])),
  fc
    .tuple(fc.integer({ min: 1, max: 100 }), labelKey, fc.array(labelValue, { minLength: 1, maxLength: 2 }))
    .map(([weight, key, values]) => Affinity.preferNodes(weight, [NodeRequirement.oneOf(key, values)])),
  someLabels.map((pods) => Affinity.avoidPods({ labels: pods })),
  someLabels.map((pods) => Affinity.preferPods(10, { labels: pods, topologyKey: 'topology.kubernetes.io/zone' })),
);

const toleration = fc.oneof(
  labelKey.map((key) => Toleration.exists(key)),
  fc
    .tuple(labelKey, labelValue)
    .map(([key, value]) =>
      Toleration.withValue(key, value, { effect: TaintEffect.NO_EXECUTE, evictAfter: Duration.minutes(5) }),
    ),
);

const peer = fc.oneof(
  someLabels.map((podLabels) => NetworkPeer.pods({ labels: podLabels })),
  fc.tuple(someLabels, name).map(([podLabels, namespace]) => NetworkPeer.pods({ labels: podLabels, namespace })),
  name.map((namespace) => NetworkPeer.namespace(namespace)),
  fc.constantFrom(NetworkPeer.sameNamespace(), NetworkPeer.cidr('10.0.0.0/8'), NetworkPeer.cidr('fd00::/8')),
);

/** Options that hold for one component or for all; `prefix` keeps names of the two apart. */
const podOptions = (version: string, prefix: string): fc.Arbitrary<PodOptions> =>
  fc.record(
    {
      env: named(envVar, `${prefix.toUpperCase()}_`),
      envFrom: fc.array(envFrom, { maxLength: 2 }),
      labels,
      annotations: labels,
      nodeSelector: labels,
      tolerations: fc.array(toleration, { maxLength: 2 }),
      affinity: fc.array(affinity, { maxLength: 3 }),
      priorityClassName: fc.constant('high'),
      runtimeClassName: fc.constant('nvidia'),
      serviceAccount: fc.oneof(
        fc.constant(ServiceAccountRef.named('identity')),
        labels.map((annotations) => ServiceAccountRef.created({ annotations, name: `${prefix}-account` })),
      ),
      automountServiceAccountToken: fc.boolean(),
      imagePullSecrets: fc.array(secret, { maxLength: 2 }),
      initContainers: named(container, `${prefix}-init`),
      sidecars: named(container, `${prefix}-side`),
      hostAliases: fc.array(
        fc
          .tuple(fc.constantFrom('10.0.0.1', '10.0.0.2', 'fd00::1'), name)
          .map(([ip, host]) => HostAlias.of(ip, [host])),
        { maxLength: 2 },
      ),
      models: named(modelVolume(version), `${prefix}-model`),
      files: fc.dictionary(
        name.map((file) => `/etc/app/${file}`),
        text(20),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      ),
      logging: fc.record({ level: fc.constantFrom(...Object.values(LogLevel)), accessLog: fc.boolean() }, optional),
      tracing: fc.constant(Tracing.otlp({ endpoint: 'http://otel.monitoring:4317' })),
      security: fc.record(
        {
          runAsUser: fc.integer({ min: 1, max: 70_000 }),
          runAsGroup: fc.integer({ min: 1, max: 70_000 }),
          readOnlyRootFilesystem: fc.boolean(),
        },
        optional,
      ),
    },
    optional,
  );

/** What can be said of requests, and of how callers reach a pool. */
type PoolTraffic = Pick<RunnerPoolOptions, 'proxy' | 'traffic'>;

/** Above the number of proxies that all callers together can have. */
const limit = fc.integer({ min: 1000, max: 100_000 });

/** What a proxy does; limits where somebody knows how many of them there are. */
const upstreamPolicy = (limited: boolean): fc.Arbitrary<TrafficPolicy> =>
  fc.record(
    {
      loadBalancing: fc.oneof(
        fc.record({ slowStart: seconds(1, 3600) }, optional).map((options) => LoadBalancing.roundRobin(options)),
        fc.record({ slowStart: seconds(1, 3600) }, optional).map((options) => LoadBalancing.leastRequest(options)),
        // Others are of HTTP itself, as `te` and `host`.
        name.map((header) => LoadBalancing.hashByHeader(`x-${header}`)),
      ),
      retries: fc.oneof(
        fc.constant(Retries.never()),
        fc
          .record({ attempts: fc.integer({ min: 1, max: 10 }), statuses: fc.subarray([500, 502, 503]) }, optional)
          .map((options) => Retries.connectionFailures(options)),
      ),
      circuitBreaker: fc
        .record(
          {
            failures: fc.integer({ min: 1, max: 1000 }),
            openFor: seconds(1, 3600),
            statuses: fc.constantFrom(...Object.values(BreakerStatuses)),
            maxEjectedPercent: fc.integer({ min: 1, max: 100 }),
            ...(limited && { maxConnections: limit, maxRequests: limit }),
          },
          optional,
        )
        .map((options) => CircuitBreaker.consecutiveErrors(options)),
      healthCheck: fc
        .tuple(
          fc.integer({ min: 1, max: 300 }),
          fc.integer({ min: 1, max: 300 }),
          fc.record(
            {
              path: name.map((segment) => `/${segment}`),
              healthyThreshold: fc.integer({ min: 1, max: 10 }),
              unhealthyThreshold: fc.integer({ min: 1, max: 10 }),
            },
            optional,
          ),
        )
        .map(([a, b, options]) =>
          HealthCheck.http({
            ...options,
            interval: Duration.seconds(Math.max(a, b)),
            timeout: Duration.seconds(Math.min(a, b)),
          }),
        ),
      ...(limited && {
        queue: limit.map((maxPending) => ({ maxPending })),
        rateLimit: fc
          .tuple(limit, fc.constantFrom(...Object.values(RateUnit)))
          .map(([requests, unit]) => RateLimit.total(requests, unit)),
      }),
    },
    optional,
  );

const PROXY_SIZE = InstanceSize.of({ cpuCores: 0.2, memory: Size.mebibytes(192) });

/** How callers reach a pool, and what is done to their requests on the way. */
const poolTraffic = (context: Context): fc.Arbitrary<PoolTraffic> => {
  const sidecars = minor(context.version) >= 29 && context.byKnative !== true;
  const sizes = fc.constantFrom({}, { size: PROXY_SIZE });
  const direct = fc.record({ proxy: fc.constant(RunnerProxy.direct()) }, optional);
  const sidecar = fc.record({
    proxy: fc.option(
      sizes.map((size) => RunnerProxy.sidecar(size)),
      { nil: undefined },
    ),
    traffic: upstreamPolicy(context.counted),
  });
  const tier = fc.record({
    proxy: fc
      .tuple(fc.integer({ min: 1, max: 20 }), sizes)
      .map(([replicas, size]) => RunnerProxy.tier({ replicas, ...size })),
    traffic: upstreamPolicy(true),
  });
  return fc.oneof(direct, ...(sidecars ? [sidecar] : []), ...(minor(context.version) >= 30 ? [tier] : []));
};

/** What every component takes; those of services that are called first are longer, with and without streams. */
const timeouts = ({ timed, service = SERVICES[0]! }: Context): fc.Arbitrary<TrafficPolicy> => {
  if (timed !== true) return fc.constant({});
  const shortest = 200 * (SERVICES.length + 1 - SERVICES.indexOf(service));
  return fc.oneof(
    fc.constant({}),
    fc
      .tuple(fc.integer({ min: shortest, max: shortest + 20 }), fc.option(fc.tuple(fc.nat(8), fc.nat(8), fc.boolean())))
      .map(([timeout, streams]) => {
        if (streams === null) return { timeout: Duration.seconds(timeout) };
        // Callers of whom nothing is said have a tenth more than the timeout.
        const [longer, shorter] = [Math.max(...streams.slice(0, 2).map(Number)), Math.min(streams[0], streams[1])];
        const share = (percent: number) => Duration.seconds(Math.floor((timeout * (100 + percent)) / 100));
        const streaming = { maxDuration: share(longer), ...(streams[2] && { idleTimeout: share(shorter) }) };
        return { timeout: Duration.seconds(timeout), streaming };
      }),
  );
};

const traffic = (context: Context): fc.Arbitrary<PoolTraffic> =>
  fc
    .tuple(
      context.service === undefined ? fc.constant({}) : poolTraffic(context),
      timeouts(context),
      fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      limit,
    )
    .map(([pool, times, few, many]: [PoolTraffic, TrafficPolicy, number | undefined, number]) => {
      const maxConcurrency = pool.traffic?.queue === undefined ? few : many;
      return {
        ...pool,
        traffic: { ...pool.traffic, ...times, ...(maxConcurrency !== undefined && { maxConcurrency }) },
      };
    });

export const componentOptions = (context: Context, prefix: string): fc.Arbitrary<RunnerPoolOptions> =>
  fc
    .tuple(
      podOptions(context.version, prefix),
      fc.boolean().chain(size),
      scaling(context),
      traffic(context),
      fc.record(
        {
          workers: fc.integer({ min: 1, max: 8 }),
          startup: fc.record({ timeout: seconds(10, 21_600) }, optional),
          ...(context.besideSleepers !== true && {
            readiness: fc.record({ includeDependencies: fc.boolean() }, optional),
          }),
          drain: fc.record({ endpointRemoval: seconds(1, 600), gracefulShutdown: seconds(1, 3600) }, optional),
          rolling: fc.record(
            {
              // The other one needs two replicas.
              preset: fc.constantFrom(
                RollingPreset.ROLLING_UPDATE,
                RollingPreset.RECREATE,
                RollingPreset.RAMPED_SLOW_ROLLOUT,
                RollingPreset.THIRDS,
              ),
              minReady: seconds(0, 3600),
              revisionHistory: fc.integer({ min: 0, max: 100 }),
            },
            optional,
          ),
          allowFrom: fc.array(peer, { maxLength: 2 }),
          allowTo: fc.array(peer, { maxLength: 2 }),
          servicePort: fc.integer({ min: 1, max: 65_535 }),
        },
        optional,
      ),
    )
    .map(([pod, instance, scale, requests, rest]) => ({
      ...pod,
      ...requests,
      ...rest,
      size: instance,
      scaling: measuresGpu(scale) && !isNvidia(instance) ? Scaling.replicas(2) : scale,
    }));

function measuresGpu({ _model }: Scaling): boolean {
  const list = _model.kind === 'auto' ? (_model.metrics ?? []) : [];
  return list.some((model) => model.kind === 'measured' && model.measure.kind === 'gpu-utilization');
}

function isNvidia({ _model }: InstanceSize): boolean {
  return _model.gpu?.resourceName.startsWith('nvidia.com/') ?? false;
}

/** A Bento of 1 to 5 services, each calling some of those after it. */
export const bentos: fc.Arbitrary<Bento> = fc
  .integer({ min: 1, max: SERVICES.length })
  .chain((count) =>
    fc.tuple(
      fc.tuple(
        ...SERVICES.slice(0, count).map((_, index) => fc.subarray(SERVICES.slice(index + 1, count), { minLength: 0 })),
      ),
      size(false),
      fc.constantFrom('', '/v1', '/a/b'),
    ),
  )
  .map(([calls, instance, pathPrefix]) =>
    Bento.fromImage('registry.example.com/rag:v1', {
      services: calls.map((dependsOn, index) =>
        BentoService.named(SERVICES[index]!, { dependsOn, size: instance, pathPrefix }),
      ),
    }),
  );

/** Services that the entry service reaches. */
export function reached(bento: Bento): string[] {
  const found = new Set<string>();
  const visit = (service: string): void => {
    for (const dependency of bento._model.services[service]!.dependencies) {
      found.add(dependency);
      visit(dependency);
    }
  };
  visit(bento.entryService);
  return [...found];
}

const runner = (context: Context & { service: string }, prefix: string): fc.Arbitrary<Runner> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: componentOptions({ ...context, led: true }, prefix).map((options) => Runner.pool(options)),
    },
    { weight: 1, arbitrary: fc.constant(Runner.url('http://elsewhere.example.com:8080')) },
  );

/** Hosts that begin with the prefix of who is exposed: one host leads to one thing. */
const exposedByGateway = (prefix: string) =>
  fc.tuple(name, fc.boolean()).map(([host, wildcard]) =>
    Exposure.gateway({
      hosts: [`${prefix}-${host}.example.com`, ...(wildcard ? [`*.${prefix}-${host}.example.org`] : [])],
      gateway: Gateway.standard({ name: 'public', namespace: 'gateways' }),
    }),
  );

const regions = fc.constantFrom(Region.aws('us-east-1'), Region.named('on-premises', { shortName: 'v2' }));

export const deployment = (
  context: Context,
  id: string,
  prefix: string,
): fc.Arbitrary<Definition['deployments'][number]> =>
  bentos
    .chain((bento) => {
      const services = reached(bento);
      return fc.tuple(
        fc.constant(bento),
        podOptions(context.version, `${prefix}all`),
        componentOptions({ ...context, timed: true }, `${prefix}api`),
        fc.tuple(
          ...services.map((service, index) =>
            fc.option(runner({ ...context, timed: true, service }, `${prefix}r${index}`)),
          ),
        ),
        fc.constant(services),
        fc.record(
          {
            exposure: fc.oneof(
              fc.array(peer, { maxLength: 2 }).map((allowFrom) => Exposure.inCluster({ allowFrom })),
              exposedByGateway(prefix),
            ),
            state: fc.constantFrom(RunState.RUNNING, RunState.TERMINATED),
            region: regions,
          },
          optional,
        ),
      );
    })
    .map(([bento, all, apiServer, runners, services, rest]) => {
      const pairs = services.flatMap((service, index) =>
        runners[index] === null ? [] : [[service, runners[index]!] as const],
      );
      // What lies behind an address is no dependency any more: its runner would be an error.
      const behind = (service: string): string[] =>
        bento._model.services[service]!.dependencies.flatMap((dependency) => {
          const stated = pairs.find(([key]) => key === dependency)?.[1];
          return stated?._model.kind === 'url' ? [dependency] : [dependency, ...behind(dependency)];
        });
      const known = new Set(behind(bento.entryService));
      const stated = Object.fromEntries(pairs.filter(([service]) => known.has(service)));
      return { id, props: { ...all, ...rest, bento, apiServer, runners: stated } };
    });

/** A function by the HTTP add-on, whose pools may sleep, or by Knative, which decides more by itself. */
export const scaleToZero = (context: Context, prefix: string): fc.Arbitrary<Definition['functions'][number]> =>
  fc
    .tuple(bentos, fc.constantFrom('keda-http' as const, 'knative' as const))
    .chain(([bento, engine]) => {
      const services = reached(bento);
      const withFunction = (index: number): fc.Arbitrary<Runner> =>
        fc
          .tuple(podOptions(context.version, `${prefix}s${index}`), size(true), fc.integer({ min: 1, max: 9 }))
          .map(([pod, instance, maxReplicas]) =>
            Runner.pool({ ...pod, size: instance, scaling: Scaling.withFunction({ maxReplicas }) }),
          );
      const staying = (index: number) =>
        runner(
          { ...context, besideSleepers: true, byKnative: engine === 'knative', service: services[index]! },
          `${prefix}r${index}`,
        );
      const pool = (index: number) =>
        engine === 'keda-http' ? fc.oneof(withFunction(index), staying(index)) : staying(index);
      return fc.tuple(
        fc.constant({ bento, engine, services }),
        podOptions(context.version, `${prefix}all`),
        fc.record({
          size: fc.boolean().chain(size),
          traffic: fc.record({ maxConcurrency: fc.integer({ min: 50, max: 100 }) }, optional),
        }),
        fc.tuple(...services.map((_, index) => pool(index))),
        fc.record(
          {
            minReplicas: fc.integer({ min: 0, max: 2 }),
            idleTimeout: seconds(10, 3600),
            state: fc.constantFrom(RunState.RUNNING, RunState.TERMINATED),
            region: regions,
            ...(engine === 'keda-http' && {
              targetRequestRate: fc.integer({ min: 1, max: 500 }),
              metrics: fc.boolean().map(() => [ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'UTC' }))]),
              behavior: behavior(minor(context.version) >= 35),
              exposure: exposedByGateway(prefix),
            }),
          },
          optional,
        ),
        fc.record(
          {
            timeout: seconds(1, 400),
            ...(engine === 'keda-http' && {
              maxPending: fc.integer({ min: 1, max: 5000 }),
              overflow: fc.constantFrom(
                Overflow.reject(),
                Overflow.placeholder({ body: 'soon', headers: { 'Retry-After': '60' } }),
                Overflow.fallback({ service: 'small', port: 3000 }),
              ),
            }),
          },
          optional,
        ),
        fc.integer({ min: 1, max: 50 }),
      );
    })
    .filter(([{ bento, services }, , , pools]) => !someStaysOverSleepers(bento, services, pools))
    .map(([{ bento, engine, services }, all, apiServer, pools, rest, coldStart, targetConcurrency]) => ({
      id: 'Upscaler',
      props: {
        ...all,
        ...rest,
        bento,
        apiServer,
        coldStart,
        targetConcurrency,
        maxReplicas: 9,
        runners: knownRunners(bento, Object.fromEntries(services.map((service, index) => [service, pools[index]!]))),
        engine: engine === 'knative' ? FunctionEngine.knative() : FunctionEngine.kedaHttp(),
      },
    }));

/** Whether a pool that stays calls one that sleeps, which is an error. */
function someStaysOverSleepers(bento: Bento, services: readonly string[], pools: readonly Runner[]): boolean {
  const scalingOf = (service: string) => {
    const model = pools[services.indexOf(service)]!._model;
    return model.kind === 'pool' ? model.options.scaling?._model.kind : 'elsewhere';
  };
  return services.some((service) => {
    const calls = bento._model.services[service]!.dependencies;
    const stays = !['with-function', 'elsewhere'].includes(scalingOf(service) ?? '');
    return stays && calls.some((callee) => scalingOf(callee) === 'with-function');
  });
}

/** What Knative must show for every option of pods. */
export const KNATIVE_FEATURES = [
  'affinity',
  'fieldref',
  'hostaliases',
  'init-containers',
  'nodeselector',
  'persistent-volume-claim',
  'priorityclassname',
  'runtimeclassname',
  'tolerations',
  'topologyspreadconstraints',
  'volumes-csi',
  'volumes-ephemeral',
  'volumes-image',
].map((feature) => `kubernetes.podspec-${feature}`);

export const richProfile = (version: string): fc.Arbitrary<ClusterProfileProps> =>
  fc
    .record({
      operatorLabels: fc.option(labels, { nil: undefined }),
      authentication: fc.constantFrom(
        undefined,
        PrometheusAuthentication.bearerToken({ secret: SecretRef.named('prometheus') }),
        PrometheusAuthentication.aws({ region: 'eu-west-1' }),
        PrometheusAuthentication.triggerAuthentication(TriggerAuthenticationRef.ofCluster('prometheus')),
      ),
      headers: fc.constantFrom<{ [name: string]: string }>({}, { 'X-Scope-OrgID': 'ml' }),
      queryLabels: fc.constantFrom<{ [name: string]: string }>({}, { cluster: 'prod' }),
    })
    .map((prometheus) => ({
      kubernetesVersion: version,
      prometheus: { address: 'http://prometheus.monitoring:9090', scrapeInterval: Duration.seconds(15), ...prometheus },
      dcgmExporter: {},
      keda: {},
      kedaHttpAddOn: { version: '0.16' },
      knative: { enabledFeatures: KNATIVE_FEATURES },
    }));

const plainProfile = (version: string): fc.Arbitrary<ClusterProfileProps> =>
  fc
    .record(
      {
        name: fc.constant('prod'),
        namespace: fc.constant('serving'),
        prometheus: fc.record({ namespace: name, podLabels: someLabels }, optional),
        gateway: fc.constantFrom(
          Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
          Gateway.standard({ name: 'public', namespace: 'gateways' }),
        ),
      },
      optional,
    )
    .map((props) => ({ ...props, kubernetesVersion: version }));

const nodes: fc.Arbitrary<NodesDefinition> = fc.record({
  existing: fc.boolean(),
  spot: fc.boolean(),
  options: fc.record(
    {
      expireAfter: seconds(3600, 365 * 86_400),
      pullImages: fc.boolean(),
      warmNodes: fc.integer({ min: 0, max: 3 }),
    },
    optional,
  ),
});

/** The profile of a definition, with what its nodes need of it. */
function profileOf({ profile, nodes }: Definition): ClusterProfile {
  return new ClusterProfile(nodes === undefined ? profile : { name: 'prod', ...profile, karpenter: {} });
}

/** More than any definition asks for. */
const NO_LIMIT = 10_000_000;

/** The pool that pods of a size fit, if there is one. */
function poolsOf(
  chart: Chart,
  { existing, spot, options }: NodesDefinition,
): (size?: InstanceSize) => INodePool | undefined {
  const capacity = (limit: CapacityOptions) => [spot ? Capacity.spot(limit) : Capacity.onDemand(limit)];
  const l4 = { gpu: Gpu.NVIDIA_L4, capacity: capacity({ maxGpus: NO_LIMIT }), ...options };
  const [cpu, gpuPool]: [INodePool, INodePool] = existing
    ? [
        ExistingNodePool.of({ name: 'cpu', nodeLabels: { 'example.com/nodes': 'cpu' } }),
        ExistingNodePool.of({ name: 'l4', nodeLabels: { 'example.com/nodes': 'l4' }, gpus: [Gpu.NVIDIA_L4] }),
      ]
    : [
        new NodePool(chart, 'CpuNodes', { capacity: capacity({ maxCpuCores: NO_LIMIT }), ...options }),
        new GpuNodePool(chart, 'L4Nodes', l4),
      ];
  return (size) => {
    const kind = size?._model.gpu?.name;
    return kind === undefined ? cpu : kind === Gpu.NVIDIA_L4.name ? gpuPool : undefined;
  };
}

/** Whether a pod of the API server fits the largest nodes, whatever runs in it. */
function isSmall({ sidecars = [], initContainers = [], apiServer }: BentoDeploymentProps): boolean {
  const beside = [...sidecars, ...initContainers, ...(apiServer?.sidecars ?? []), ...(apiServer?.initContainers ?? [])];
  const sizes = [apiServer?.size?._model ?? {}, ...beside.map(({ _model }) => _model.size)];
  const cpuCores = sizes.reduce((sum, size) => sum + (size.cpuCores ?? 0), 0);
  const memoryBytes = sizes.reduce((sum, size) => sum + (size.memoryBytes ?? 0), 0);
  return cpuCores < 100 && memoryBytes < 256 * 2 ** 30;
}

/** Valid definitions: what they synthesize must be sound. */
export const definitions: fc.Arbitrary<Definition> = fc
  .tuple(fc.constantFrom(...VERSIONS), fc.boolean(), fc.boolean())
  .map(([version, rich, counted]): Context => ({ version, rich, counted }))
  .chain((context) =>
    fc.record({
      profile: context.rich ? richProfile(context.version) : plainProfile(context.version),
      namespace: context.rich ? fc.constant('ml') : fc.constantFrom('ml', undefined),
      deployments: fc.oneof(
        deployment(context, 'Rag', 'a').map((one) => [one]),
        fc.tuple(deployment(context, 'Rag', 'a'), deployment(context, 'TextSearch', 'b')),
      ),
      functions: context.rich ? fc.array(scaleToZero(context, 'f'), { maxLength: 1 }) : fc.constant([]),
      shared: fc.option(
        fc.constantFrom(...SERVICES).chain((service) =>
          fc.record({
            service: fc.constant(service),
            options: componentOptions({ ...context, timed: true, service }, 'shared'),
          }),
        ),
        { nil: undefined },
      ),
      nodes: fc.option(nodes, { nil: undefined }),
    }),
  );

/** What a definition makes, without its warnings. */
export function synthesizeDefinition(definition: Definition): Objects {
  const chart = new Chart(new App(), 'test', { namespace: definition.namespace });
  return new Objects(
    quietly(() => {
      define(chart, definition);
      return Testing.synth(chart);
    }),
  );
}

/** Makes what a definition says in a chart. */
export function define(chart: Chart, definition: Definition): void {
  const { deployments, functions, shared } = definition;
  ClusterProfile.set(chart, profileOf(definition));
  const poolFor = definition.nodes && poolsOf(chart, definition.nodes);
  const user = deployments.find(({ props: { bento } }) => shared && reached(bento).includes(shared.service));
  const alive = deployments.every(({ props: { state } }) => state !== RunState.TERMINATED);
  const pool =
    shared === undefined || user === undefined || !alive
      ? undefined
      : new RunnerPool(chart, 'Shared', { ...shared.options, bento: user.props.bento, bentoService: shared.service });
  for (const { id, props: deploymentProps } of deployments) {
    const calls = pool !== undefined && deploymentProps.bento._model.services[deploymentProps.bento.entryService]!;
    const runners =
      calls !== undefined && calls !== false && calls.dependencies.includes(shared!.service)
        ? withShared(deploymentProps, shared!.service, Runner.shared(pool!))
        : deploymentProps.runners;
    const { apiServer } = deploymentProps;
    const nodePool = isSmall(deploymentProps) ? poolFor?.(apiServer?.size) : undefined;
    const placed = nodePool === undefined ? {} : { apiServer: { ...apiServer, nodePool } };
    new BentoDeployment(chart, id, { ...deploymentProps, ...placed, runners });
  }
  for (const { id, props: functionProps } of functions) new ScaleToZeroFunction(chart, id, functionProps);
}

/** Runners with one that is shared, without those that only its own dependencies need. */
function withShared(
  { bento, runners }: BentoDeploymentProps,
  service: string,
  shared: Runner,
): { [bentoService: string]: Runner } {
  return knownRunners(bento, { ...runners, [service]: shared });
}

/** Runners without those of services that lie behind an address or a shared pool. */
function knownRunners(bento: Bento, all: { [bentoService: string]: Runner }): { [bentoService: string]: Runner } {
  const known = new Set<string>();
  const visit = (caller: string): void => {
    for (const dependency of bento._model.services[caller]!.dependencies) {
      if (known.has(dependency)) continue;
      known.add(dependency);
      if ((all[dependency]?._model.kind ?? 'pool') === 'pool') visit(dependency);
    }
  };
  visit(bento.entryService);
  return Object.fromEntries(Object.entries(all).filter(([key]) => known.has(key)));
}

function minor(version: string): number {
  return Number(version.split('.')[1]);
}
