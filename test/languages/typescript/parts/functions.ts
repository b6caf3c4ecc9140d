import { type App, Chart, Duration, Size } from 'cdk8s';
import {
  Bento,
  BentoService,
  ClusterProfile,
  Exposure,
  FunctionEngine,
  Gateway,
  InstanceSize,
  Overflow,
  Release,
  Runner,
  RunState,
  ScaleToZeroFunction,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  Schedule,
  Version,
  Warnings,
} from '../../../../lib';
import type { Report } from '../report';

// The same function by each engine, one in each cluster.
export function functions(app: App, report: Report): void {
  const bento = Bento.fromImage('registry.example.com/upscaler:4.0.1', {
    services: [
      BentoService.named('Api', { dependsOn: ['Upscaler'], size: InstanceSize.named('cpu.1'), routes: ['/upscale'] }),
      BentoService.named('Upscaler', { size: InstanceSize.named('gpu.l4.1'), timeout: Duration.seconds(45) }),
    ],
  });

  const onDemand = new Chart(app, 'on-demand', { namespace: 'functions' });
  ClusterProfile.set(
    onDemand,
    new ClusterProfile({
      name: 'on-demand',
      kubernetesVersion: '1.36',
      keda: { version: '2.20' },
      kedaHttpAddOn: {
        version: '0.16',
        namespace: 'keda',
        interceptorService: 'interceptor-proxy',
        interceptorPort: 8080,
        interceptorLabels: { app: 'interceptor', part: 'proxy' },
        scalerService: 'external-scaler',
        scalerPort: 9090,
      },
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
    }),
  );
  const upscaler = new ScaleToZeroFunction(onDemand, 'Upscaler', {
    bento,
    name: 'upscaler',
    versionKey: 'main',
    state: RunState.RUNNING,
    engine: FunctionEngine.kedaHttp(),
    minReplicas: 0,
    maxReplicas: 4,
    targetConcurrency: 4,
    idleTimeout: Duration.minutes(15),
    behavior: ScalingBehavior.neverScaleDown(),
    metrics: [ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'Europe/Berlin' }))],
    coldStart: {
      maxPending: 200,
      timeout: Duration.minutes(9),
      overflow: Overflow.placeholder({
        statusCode: 503,
        body: 'starting',
        headers: { 'Retry-After': '300', 'Cache-Control': 'no-store' },
      }),
    },
    exposure: Exposure.gateway({ hosts: ['upscaler.example.com'] }),
    runners: {
      Upscaler: Runner.pool({
        startup: { imageSize: Size.gibibytes(9), modelSize: Size.gibibytes(6), nodeStart: Duration.minutes(3) },
        scaling: Scaling.withFunction({ maxReplicas: 4, behavior: ScalingBehavior.neverScaleDown() }),
      }),
    },
  });
  report.text('name', upscaler.name);
  report.text('url', upscaler.url);
  report.text('cold start', upscaler.coldStartReport.toString());
  report.text('cold start in all', upscaler.coldStartReport.total.toHumanString());
  for (const term of upscaler.coldStartReport.terms) {
    report.text('term', term.name);
    report.text('of', term.component);
    report.text('takes', term.duration.toHumanString());
    report.flag('assumed', term.assumed);
  }
  for (const requirement of upscaler.requirements) report.text('requirement', requirement.toString());
  for (const object of upscaler.doorObjects) report.text('door', object.kind);
  for (const pool of upscaler.runnerPools) report.text('pool', pool.name);
  report.text('pool of', upscaler.runnerPool('Upscaler').name);
  report.text('interceptor', upscaler.interceptorRoute!.kind);
  report.text('route', upscaler.route!.kind);
  report.text('door service', upscaler.doorService!.name);
  report.text('api server', upscaler.apiServer.name);
  report.text('plan', upscaler.timeoutPlan.toMarkdown());
  new ScaleToZeroFunction(onDemand, 'Fallback', {
    bento: Bento.fromImage('registry.example.com/fallback:1.0.0', { bentoService: 'Fallback' }),
    apiServer: { size: InstanceSize.named('cpu.1') },
    maxReplicas: 2,
    targetRequestRate: 10,
    coldStart: { overflow: Overflow.fallback({ service: 'always-there', port: 8080 }) },
    exposure: Exposure.gateway({ hosts: ['fallback.example.com'] }),
  });
  new ScaleToZeroFunction(onDemand, 'Reject', {
    bento: Bento.fromImage('registry.example.com/reject:1.0.0', { bentoService: 'Reject' }),
    apiServer: { size: InstanceSize.named('cpu.1') },
    maxReplicas: 2,
    targetConcurrency: 4,
    coldStart: { overflow: Overflow.reject() },
    exposure: Exposure.gateway({ hosts: ['reject.example.com'] }),
  });

  const knative = new Chart(app, 'knative', { namespace: 'functions' });
  ClusterProfile.set(
    knative,
    new ClusterProfile({
      name: 'knative',
      kubernetesVersion: '1.36',
      knative: {
        version: '1.20',
        namespace: 'knative-serving',
        ingressNamespaces: ['kourier-system'],
        enabledFeatures: ['kubernetes.podspec-init-containers', 'kubernetes.podspec-nodeselector'],
        maxRevisionTimeoutSeconds: 900,
      },
    }),
  );
  const served = new ScaleToZeroFunction(knative, 'Upscaler', {
    bento,
    engine: FunctionEngine.knative(),
    versionKey: 'v4-0',
    maxReplicas: 4,
    targetConcurrency: 4,
    idleTimeout: Duration.minutes(15),
    apiServer: { startup: { imageSize: Size.gibibytes(9) } },
    release: Release.split({
      versions: {
        'v4-1': Version.weighted(10, {
          bento: Bento.fromImage('registry.example.com/upscaler:4.1.0', {
            services: [
              BentoService.named('Api', { dependsOn: ['Upscaler'], size: InstanceSize.named('cpu.1') }),
              BentoService.named('Upscaler', { size: InstanceSize.named('gpu.l4.1') }),
            ],
          }),
          runners: { Upscaler: Runner.url('http://upscaler-next:3000') },
          serving: true,
        }),
      },
    }),
    runners: { Upscaler: Runner.pool({ scaling: Scaling.replicas(2) }) },
  });
  for (const version of served.versions) report.text('version', version.key);
  report.text('next', served.version('v4-1').key);

  const hpa = new Chart(app, 'hpa', { namespace: 'functions' });
  ClusterProfile.set(hpa, new ClusterProfile({ name: 'hpa', kubernetesVersion: '1.37' }));
  const queue = new ScaleToZeroFunction(hpa, 'Upscaler', {
    bento,
    engine: FunctionEngine.hpa(),
    maxReplicas: 4,
    idleTimeout: Duration.minutes(15),
    metrics: [ScalingMetric.external({ metric: 'sqs_messages_visible', averageValue: 10, labels: { queue: 'up' } })],
    runners: { Upscaler: Runner.pool({ scaling: Scaling.replicas(2) }) },
  });
  Warnings.acknowledge(queue, 'NoQueue');
}
