import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Duration, Size, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Affinity,
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  CanaryStep,
  Capacity,
  ClusterProfile,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  Exposure,
  Gateway,
  Gpu,
  GpuNodePool,
  HealthCheck,
  InstanceSize,
  MetricType,
  ModelSource,
  ModelVolume,
  NodeDisk,
  Overflow,
  PrometheusAuthentication,
  Release,
  Runner,
  RunnerPool,
  RunnerProxy,
  ScaleToZeroFunction,
  type ScaleToZeroFunctionProps,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  Schedule,
  SecretRef,
  ServingNamespace,
  Tracing,
} from '../../lib';
import type { NodeDiskModel } from '../../lib/placement/node-disk';
import type { ScalingMetricModel } from '../../lib/scaling/metric-model';
import { pair, single } from '../bentos';
import { synthesize } from '../tree';
import { OBSERVED_AWS } from './observed-aws';
import { OBSERVED_GATES } from './observed-gates';
import { OBSERVED_RELEASES } from './observed-releases';
import { OBSERVED_TRAFFIC } from './observed-traffic';

const lib = join(__dirname, '../../lib');

/** Every default that is documented as a value: `Interface.property` with its text. Prose begins with a dash. */
function documented(): { [property: string]: string } {
  const found: [string, string][] = [];
  for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    let owner = '';
    let value: string | undefined;
    for (const line of readFileSync(join(lib, file), 'utf8').split('\n')) {
      owner = /^export interface (\w+)/.exec(line)?.[1] ?? owner;
      value = /^\s+\* @default (?!-)(.*)$/.exec(line)?.[1] ?? value;
      const property = /^\s+readonly (\w+)\??:/.exec(line)?.[1];
      if (property === undefined) continue;
      if (value !== undefined) found.push([`${owner}.${property}`, value]);
      value = undefined;
    }
  }
  return Object.fromEntries(found);
}

const deploy = (props: Partial<BentoDeploymentProps> = {}) =>
  synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });
const deployAt = (kubernetesVersion: string, props: Partial<BentoDeploymentProps>) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });
const seconds = (duration: string) => {
  const [, unit, amount] = /^Duration\.(seconds|minutes)\((\d+)\)$/.exec(duration)!;
  return Number(amount) * (unit === 'minutes' ? 60 : 1);
};
const unquoted = (text: string) => text.replace(/^'(.*)'$/, '$1');
const download = (options = {}) =>
  ModelVolume.download('w', {
    source: ModelSource.s3('s3://weights/a'),
    mountPath: '/models/w',
    size: Size.gibibytes(1),
    storageClassName: 'efs',
    ...options,
  });

/** What happens where a property is left out, as the text of its documentation. */
const OBSERVED: { [property: string]: (text: string) => unknown } = {
  ...OBSERVED_AWS,
  ...OBSERVED_GATES,
  ...OBSERVED_RELEASES,
  ...OBSERVED_TRAFFIC,
  ...OBSERVED_RELEASES,
  'PodOptions.automountServiceAccountToken': () => deploy().pod('rag').automountServiceAccountToken,
  'SecurityOptions.runAsUser': () =>
    `${deploy().pod('rag').securityContext.runAsUser}, the user of images that \`bentoml containerize\` builds`,
  'SecurityOptions.runAsGroup': () => deploy().pod('rag').securityContext.runAsGroup,
  'SecurityOptions.readOnlyRootFilesystem': () => deploy().server('rag').securityContext.readOnlyRootFilesystem,
  'ComponentOptions.servicePort': () => deploy().get('Service', 'rag').spec.ports[0].port,
  'RollingOptions.minReady': (text) =>
    (deploy().get('Deployment', 'rag').spec.minReadySeconds ?? 0) === seconds(text) && text,
  'RollingOptions.revisionHistory': () => deploy().get('Deployment', 'rag').spec.revisionHistoryLimit,
  'StartupOptions.timeout': (text) => {
    const { failureThreshold, periodSeconds } = deploy().server('rag').startupProbe;
    return failureThreshold * periodSeconds === seconds(text) && text;
  },
  'ReadinessOptions.includeDependencies': () => deploy({ bento: pair() }).config('rag', 'Gateway').runner_probe.enabled,
  'BentoDeploymentProps.state': (text) => deploy().get('Deployment', 'rag').spec.replicas !== 0 && text,
  'RunnerPoolProps.state': (text) => {
    const objects = synthesize((chart) => {
      new RunnerPool(chart, 'Rag', { bento: single(), bentoService: 'Gateway' });
    });
    return objects.get('Deployment', 'rag').spec.replicas !== 0 && text;
  },
  'RunnerPoolAttributes.timeout': (text) =>
    RunnerPool.fromAttributes({ bentoService: 'A', url: 'http://a' }).timeout.toSeconds() === seconds(text) && text,
  'ServingNamespaceProps.loadBalancerReadinessGate': () => {
    const objects = synthesize((chart) => {
      new ServingNamespace(chart, 'N', { name: 'n' });
    });
    return 'elbv2.k8s.aws/pod-readiness-gate-inject' in objects.get('Namespace', 'n').metadata.labels!;
  },
  'InstanceSizeOptions.gpuCount': (text) => {
    const count = (gpu?: Gpu) => InstanceSize.of({ gpu })._model.gpu?.count ?? 0;
    return `${count(Gpu.NVIDIA_L4)} with \`gpu\`, else ${count()}` === text && text;
  },
  'GpuOptions.maxPerNode': () => Gpu.of({ name: 'x', resourceName: 'x.com/y' }).maxPerNode,
  'EnvFromOptions.optional': () => EnvFrom.secret(SecretRef.named('a'))._model.secretRef!.optional ?? false,
  'EnvVarFromSecretOptions.optional': () =>
    EnvVar.fromSecret('A', { secret: SecretRef.named('a'), key: 'k' })._model.valueFrom!.secretKeyRef!.optional ??
    false,
  'EnvVarFromConfigMapOptions.optional': () =>
    EnvVar.fromConfigMap('A', { configMap: ConfigMapRef.named('a'), key: 'k' })._model.valueFrom!.configMapKeyRef!
      .optional ?? false,
  'PodAffinityOptions.topologyKey': () => Affinity.avoidPods({ labels: { a: 'b' } })._model.avoidedPods!.topologyKey,
  'DownloadVolumeOptions.filledBy': (text) => deploy({ models: [download()] }).of('Job').length === 1 && text,
  'DownloadVolumeOptions.image': () =>
    deploy({ models: [download()] }).of('Job')[0]!.spec.template.spec.initContainers[0].image,
  'OtlpTracingOptions.protocol': () =>
    `OtlpProtocol.${Tracing.otlp({ endpoint: 'http://a' })._model.protocol!.toUpperCase()}`,
  'OtlpTracingOptions.sampleRatio': () => Tracing.otlp({ endpoint: 'http://a' })._model.sampleRatio,
  'ZipkinTracingOptions.sampleRatio': () => Tracing.zipkin({ endpoint: 'http://a' })._model.sampleRatio,
  'LogOptions.level': (text) =>
    deploy()
      .server('rag')
      .args.every((arg: string) => !/quiet|debug/.test(arg)) && text,
  'BentoServiceOptions.metricsNamespace': () => single()._model.services.Gateway!.metricsNamespace,
  'BentoServiceOptions.hasTasks': () => single()._model.services.Gateway!.hasTasks,
  'ScalingRules.selectPolicy': () =>
    `PolicySelect.${ScalingBehavior.of({ scaleUp: {} })._model.scaleUp!.selectPolicy.toUpperCase()}`,
  'BentoCloudBehaviorOptions.scaleUp': (text) => sameBehavior('scaleUp', text),
  'BentoCloudBehaviorOptions.scaleDown': (text) => sameBehavior('scaleDown', text),
  'ClusterProfileProps.clusterDomain': () => new ClusterProfile().clusterDomain,
  'DcgmExporterOptions.podLabel': () => installed().dcgmExporter!.podLabel,
  'DcgmExporterOptions.namespaceLabel': () => installed().dcgmExporter!.namespaceLabel,
  'KedaOptions.version': () => installed().keda!.version.text,
  'KedaHttpAddOnOptions.version': () => installed().kedaHttpAddOn!.version.text,
  'KedaHttpAddOnOptions.namespace': () => installed().kedaHttpAddOn!.namespace,
  'KedaHttpAddOnOptions.interceptorService': () => installed().kedaHttpAddOn!.interceptor.service,
  'KedaHttpAddOnOptions.interceptorPort': () => installed().kedaHttpAddOn!.interceptor.port,
  'KedaHttpAddOnOptions.interceptorLabels': () => inQuotes(installed().kedaHttpAddOn!.interceptor.peer.podLabels),
  'KedaHttpAddOnOptions.scalerService': () => installed().kedaHttpAddOn!.scaler.service,
  'KedaHttpAddOnOptions.scalerPort': () => installed().kedaHttpAddOn!.scaler.port,
  'ArgoRolloutsOptions.version': () => installed().argoRollouts!.version.text,
  'GatewayApiPluginOptions.version': () => installed().argoRollouts!.gatewayApiPlugin!.version.text,
  'GpuNodePoolProps.resourceQuota': () => nodePool().resourceQuota !== undefined,
  'KarpenterPoolOptions.expireAfter': () => {
    const { expireAfter } = nodePool().nodePools[0]!.toJson().spec.template.spec;
    return `Duration.days(${Number(expireAfter.replace('h', '')) / 24})`;
  },
  'KarpenterPoolOptions.warmNodes': () => (nodePool().spare === undefined ? 0 : undefined),
  'KarpenterPoolOptions.pullImages': () => nodePool().imagePull !== undefined,
  'EbsDiskOptions.throughputMibps': () => ebs().throughputMibps,
  'EbsDiskOptions.iops': () => ebs().iops,
  'KarpenterOptions.version': () => installed().karpenter!.version.text,
  'KarpenterOptions.capacityBuffers': () => installed().karpenter!.capacityBuffers,
  'KarpenterOptions.daemonCpuCores': () => installed().karpenter!.daemonCpuCores,
  'KarpenterOptions.daemonMemory': () => `Size.mebibytes(${installed().karpenter!.daemonMemoryBytes / 2 ** 20})`,
  'CanaryStepOptions.untilPromoted': () => 'pause' in CanaryStep.weight(1)._model,
  'KnativeOptions.version': () => installed().knative!.version.text,
  'KnativeOptions.namespace': () => installed().knative!.namespace,
  'KnativeOptions.ingressNamespaces': () => inQuotes(installed().knative!.ingressNamespaces),
  'KnativeOptions.maxRevisionTimeoutSeconds': () => installed().knative!.maxRevisionTimeoutSeconds,
  'BearerTokenOptions.key': () => keysOf(PrometheusAuthentication.bearerToken({ secret }))[0],
  'BasicAuthenticationOptions.usernameKey': () => keysOf(PrometheusAuthentication.basic({ secret }))[1],
  'BasicAuthenticationOptions.passwordKey': () => keysOf(PrometheusAuthentication.basic({ secret }))[0],
  'HeaderAuthenticationOptions.nameKey': () => keysOf(PrometheusAuthentication.header({ secret }))[0],
  'HeaderAuthenticationOptions.valueKey': () => keysOf(PrometheusAuthentication.header({ secret }))[1],
  'PrometheusMetricOptions.activationThreshold': () =>
    // KEDA's own: `activationThreshold` of pkg/scalers/prometheus_scaler.go is a float that nobody sets.
    metricModel('prometheus', ScalingMetric.prometheus({ query: 'x', threshold: 1 })).activationThreshold ?? 0,
  'PrometheusMetricOptions.metricType': () =>
    metricTypeText(metricModel('prometheus', ScalingMetric.prometheus({ query: 'x', threshold: 1 })).metricType),
  'KedaTriggerOptions.metricType': () =>
    metricTypeText(
      metricModel('keda', ScalingMetric.kedaTrigger({ kind: 'kubernetes-workload', metadata: { podSelector: 'a=b' } }))
        .metricType,
    ),
  'BusinessHoursOptions.startHour': () => businessHours().start.split(' ')[1],
  'BusinessHoursOptions.endHour': () => businessHours().end.split(' ')[1],
  'PlaceholderOptions.statusCode': () => {
    const model = Overflow.placeholder()._model;
    return model.kind === 'placeholder' && model.statusCode;
  },
  'FallbackOptions.port': () => {
    const model = Overflow.fallback({ service: 'a' })._model;
    return model.kind === 'fallback' && model.port;
  },
  'FunctionScalingOptions.minReplicas': () => onDemand().get('ScaledObject', 'rag').spec.minReplicaCount,
  'FunctionScalingOptions.idleTimeout': (text) =>
    onDemand().get('ScaledObject', 'rag').spec.cooldownPeriod === seconds(text) && text,
  'ColdStartOptions.overflow': (text) => {
    const spec = onDemand({ coldStart: { maxPending: 5 } }).get('InterceptorRoute', 'rag').spec;
    return spec.coldStart.overflow === 'Reject' && text;
  },
  'ScaleToZeroFunctionProps.release': (text) =>
    JSON.stringify(onDemand().all) === JSON.stringify(onDemand({ release: Release.rolling() }).all) && text,
  'ScaleToZeroFunctionProps.state': (text) => onDemand().get('Deployment', 'rag').spec.replicas !== 0 && text,
  'PrometheusOptions.namespace': () => prometheus().namespace,
  'PrometheusOptions.podLabels': () => JSON.stringify(prometheus().podLabels).replace(/"/g, "'"),
  'ClusterProfileProps.kubernetesVersion': () => new ClusterProfile().kubernetesVersion,
  'EnvoyGatewayOptions.dataPlaneNamespace': () =>
    Gateway.envoyGateway({ name: 'a', namespace: 'b' })._model.dataPlane.namespace,
};

function prometheus() {
  return new ClusterProfile({ prometheus: {} })._model.prometheus!.peer;
}

const secret = SecretRef.named('s');
const inQuotes = (value: unknown) => JSON.stringify(value).replace(/"/g, "'");

function nodePool() {
  const chart = new Chart(Testing.app(), 'test', { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ name: 'prod', karpenter: {} }));
  return new GpuNodePool(chart, 'L4', { gpu: Gpu.NVIDIA_L4, capacity: [Capacity.spot({ maxGpus: 1 })] });
}

function ebs(): Extract<NodeDiskModel, { kind: 'ebs' }> {
  return NodeDisk.ebs({ size: Size.gibibytes(20) })._model as Extract<NodeDiskModel, { kind: 'ebs' }>;
}

function installed() {
  const argoRollouts = { gatewayApiPlugin: {} };
  const profile = {
    keda: {},
    kedaHttpAddOn: {},
    knative: {},
    dcgmExporter: {},
    argoRollouts,
    name: 'prod',
    karpenter: {},
  };
  return new ClusterProfile(profile)._model;
}

function keysOf({ _model }: PrometheusAuthentication): string[] {
  return _model.kind === 'secrets' ? _model.parameters.map(([, , key]) => key) : [];
}

function metricModel<Kind extends ScalingMetricModel['kind']>(
  kind: Kind,
  { _model }: ScalingMetric,
): Extract<ScalingMetricModel, { kind: Kind }> {
  expect(_model.kind).toBe(kind);
  return _model as Extract<ScalingMetricModel, { kind: Kind }>;
}

function metricTypeText(type: MetricType): string {
  return `MetricType.${Object.entries(MetricType).find(([, value]) => value === type)![0]}`;
}

function businessHours() {
  return Schedule.businessHours({ timeZone: 'UTC' })._model;
}

function onDemand(props: Partial<ScaleToZeroFunctionProps> = {}) {
  return synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: { version: '0.16' } }));
    new ScaleToZeroFunction(chart, 'Rag', { bento: single(), maxReplicas: 2, targetConcurrency: 1, ...props });
  });
}

function sameBehavior(direction: 'scaleUp' | 'scaleDown', text: string): string | false {
  const speed = text.replace('ScalingSpeed.', '').toLowerCase() as never;
  const [stated, left] = [ScalingBehavior.bentoCloud({ [direction]: speed }), ScalingBehavior.bentoCloud()];
  return JSON.stringify(stated._model) === JSON.stringify(left._model) && text;
}

const all = documented();

describe('documented defaults', () => {
  it('are all looked at here', () => {
    expect(Object.keys(all).sort()).toEqual(Object.keys(OBSERVED).sort());
  });

  it.each(Object.entries(all))('of %s are what happens: %s', (property, text) => {
    const normal = (value: unknown) => unquoted(String(value)).replace(/\s/g, '');
    expect(normal(OBSERVED[property]?.(text))).toBe(normal(text));
  });
});

describe('defaults that are told in words', () => {
  const words = (file: string, text: string) => expect(readFileSync(join(lib, file), 'utf8')).toContain(text);

  it('of scaling are 2 to 10 on 70 percent CPU', () => {
    words('component/options.ts', '- 2 to 10 on 70 percent CPU; 1 for services with tasks');
    const { minReplicas, maxReplicas, metrics } = deploy().get('HorizontalPodAutoscaler', 'rag').spec;
    expect([minReplicas, maxReplicas, metrics[0].containerResource.target.averageUtilization]).toEqual([2, 10, 70]);
  });

  it('of sizes are 1 CPU and 2 GiB', () => {
    words('component/options.ts', 'else 1 CPU and 2 GiB with a warning');
    const bento = Bento.fromImage('rag:v1', { bentoService: 'A' });
    expect(deploy({ bento }).server('rag').resources.requests).toEqual({ cpu: '1', memory: '2Gi' });
  });

  it('of timeouts are 60 seconds, which the drain follows', () => {
    words('traffic/traffic-policy.ts', 'else 60 seconds');
    expect(deploy().config('rag', 'Gateway').traffic.timeout).toBe(60);
    expect(deploy().server('rag').args[3]).toBe('60');
  });

  it('of scaling with a GPU are up by at most 100 % or one pod in 3 minutes', () => {
    words('scaling/scaling.ts', 'with a GPU, up by at most 100 % or one pod in 3 minutes');
    const scaling = Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.external({ metric: 'x', value: 1 })] });
    const objects = deploy({ apiServer: { size: InstanceSize.named('gpu.l4.1'), scaling } });
    expect(objects.get('HorizontalPodAutoscaler', 'rag').spec.behavior.scaleUp.policies).toEqual([
      { type: 'Percent', value: 100, periodSeconds: 180 },
      { type: 'Pods', value: 1, periodSeconds: 180 },
    ]);
  });

  it('of pods that go on are 10 seconds, more behind load balancers, 7 more than DNS keeps names behind proxies', () => {
    words(
      'component/options.ts',
      '- 10 seconds; 30 behind load balancers of clouds, 130 behind a Network Load Balancer of AWS; behind',
    );
    const seconds = (name: string, props: Partial<BentoDeploymentProps> = {}) =>
      deployAt('1.36', props).server(name).lifecycle.preStop.sleep.seconds;
    expect(seconds('rag')).toBe(10);
    expect(seconds('rag', { exposure: Exposure.loadBalancer({ sourceCidrs: ['0.0.0.0/0'] }) })).toBe(30);
    expect(seconds('rag', { exposure: Exposure.networkLoadBalancer({ subnetCidrs: ['10.0.0.0/20'] }) })).toBe(130);
    expect(seconds('rag-embedder', { bento: pair() })).toBe(37);
  });

  it('of proxies are 100 millicores and 128 MiB beside a caller, 250 and 256 as a tier', () => {
    words('traffic/runner-proxy.ts', '- 100 millicores and 128 MiB');
    words('traffic/runner-proxy.ts', '- 250 millicores and 256 MiB');
    const [beside] = deployAt('1.36', { bento: pair() }).pod('rag').initContainers;
    expect(beside.resources.requests).toEqual({ cpu: '100m', memory: '128Mi' });
    const runners = { Embedder: Runner.pool({ proxy: RunnerProxy.tier() }) };
    const [tier] = deployAt('1.36', { bento: pair(), runners }).pod('rag-embedder-proxy').containers;
    expect(tier.resources.requests).toEqual({ cpu: '250m', memory: '256Mi' });
  });

  it('of health checks are 5 seconds to answer in, or a second below the interval', () => {
    words('traffic/health-check.ts', '- 5 seconds, or a second below `interval` where that is shorter');
    const timeouts = [HealthCheck.http(), HealthCheck.http({ interval: Duration.seconds(2) })].map((healthCheck) => {
      const runners = { Embedder: Runner.pool({ traffic: { healthCheck } }) };
      const { clusters } = deployAt('1.36', { bento: pair(), runners }).envoy('rag').static_resources;
      return clusters.find(({ name }: { name: string }) => name === 'rag-embedder').health_checks[0].timeout;
    });
    expect(timeouts).toEqual(['5s', '1s']);
  });
});
