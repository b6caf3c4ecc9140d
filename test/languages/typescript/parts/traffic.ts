import { type App, Chart, Duration, Size } from 'cdk8s';
import {
  Authentication,
  Bento,
  BentoDeployment,
  BentoService,
  BreakerStatuses,
  CacheSharing,
  CircuitBreaker,
  ClusterProfile,
  Exposure,
  Gateway,
  HealthCheck,
  InstanceSize,
  LoadBalancing,
  RateLimit,
  RateUnit,
  ResponseCache,
  Retries,
  Runner,
  RunnerProxy,
  Scaling,
  SecretRef,
  Tls,
} from '../../../../lib';
import type { Report } from '../report';

export function traffic(app: App, report: Report): void {
  const chart = new Chart(app, 'traffic', { namespace: 'traffic' });
  ClusterProfile.set(
    chart,
    new ClusterProfile({
      name: 'traffic',
      kubernetesVersion: '1.36',
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
      loadBalancerCidrs: ['10.0.0.0/20'],
    }),
  );
  const rag = new BentoDeployment(chart, 'Rag', {
    bento: Bento.fromImage('registry.example.com/rag:3.2.0', {
      services: [
        BentoService.named('Api', {
          dependsOn: ['Embedder', 'Llm', 'Reranker', 'Judge'],
          size: InstanceSize.named('cpu.2'),
        }),
        BentoService.named('Embedder', { size: InstanceSize.named('gpu.l4.1') }),
        BentoService.named('Llm', { size: InstanceSize.named('gpu.a100.1') }),
        BentoService.named('Reranker', { size: InstanceSize.named('cpu.4') }),
        BentoService.named('Judge', { size: InstanceSize.named('cpu.4'), timeout: Duration.seconds(10) }),
      ],
    }),
    apiServer: {
      scaling: Scaling.replicas(4),
      traffic: {
        timeout: Duration.seconds(45),
        streaming: { maxDuration: Duration.minutes(12), idleTimeout: Duration.seconds(50) },
        maxConcurrency: 64,
        circuitBreaker: CircuitBreaker.consecutiveErrors({
          failures: 5,
          openFor: Duration.seconds(60),
          maxEjectedPercent: 40,
          statuses: BreakerStatuses.GATEWAY_ERRORS,
          maxConnections: 500,
          maxRequests: 400,
        }),
        rateLimit: RateLimit.total(3000, RateUnit.MINUTE),
        loadBalancing: LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1), setByApplication: false }),
      },
    },
    runners: {
      Embedder: Runner.pool({
        scaling: Scaling.replicas(4),
        proxy: RunnerProxy.tier({ replicas: 2, size: InstanceSize.named('cpu.1') }),
        traffic: {
          timeout: Duration.seconds(20),
          maxConcurrency: 4,
          queue: { maxPending: 40 },
          retries: Retries.connectionFailures({ attempts: 3, statuses: [503] }),
          circuitBreaker: CircuitBreaker.consecutiveErrors({ statuses: BreakerStatuses.SERVER_ERRORS }),
        },
      }),
      Llm: Runner.pool({
        scaling: Scaling.replicas(2),
        proxy: RunnerProxy.sidecar({ size: InstanceSize.named('cpu.1') }),
        traffic: {
          timeout: Duration.seconds(30),
          streaming: { maxDuration: Duration.minutes(10) },
          loadBalancing: LoadBalancing.leastRequest({ slowStart: Duration.seconds(60) }),
          circuitBreaker: CircuitBreaker.limits({ maxConnections: 64, maxRequests: 128 }),
          retries: Retries.never(),
        },
      }),
      Reranker: Runner.pool({
        scaling: Scaling.replicas(2),
        traffic: {
          timeout: Duration.seconds(10),
          loadBalancing: LoadBalancing.roundRobin({ slowStart: Duration.seconds(30) }),
        },
      }),
      Judge: Runner.pool({ scaling: Scaling.replicas(2), proxy: RunnerProxy.direct() }),
    },
    exposure: Exposure.gateway({ hosts: ['rag.example.com'], tls: Tls.secret(SecretRef.named('rag-tls')) }),
  });
  report.text('plan', rag.timeoutPlan.toMarkdown());
  report.text('picture', rag.timeoutPlan.toMermaid());
  for (const path of rag.timeoutPlan.paths) {
    for (const hop of path.hops) {
      report.text('hop', hop.name);
      report.text('kind', hop.kind);
      report.duration('requestTimeout', hop.requestTimeout);
      report.duration('firstByteTimeout', hop.firstByteTimeout);
      report.duration('attemptTimeout', hop.attemptTimeout);
      report.duration('silenceTimeout', hop.silenceTimeout);
      report.duration('keepAlive', hop.keepAlive);
      report.duration('idleTimeout', hop.idleTimeout);
      report.duration('endpointRemoval', hop.endpointRemoval);
      report.duration('deregistrationDelay', hop.deregistrationDelay);
      report.duration('preStop', hop.preStop);
      report.duration('gracePeriod', hop.gracePeriod);
    }
  }
  for (const object of rag.doorObjects) report.text('door', object.kind);
  report.text('route', rag.route!.name);
  report.text('proxy of the embedder', rag.runnerPool('Embedder').proxy!.name);

  const classifier = new BentoDeployment(chart, 'Classifier', {
    bento: Bento.fromImage('registry.example.com/classifier:1.9.2', { bentoService: 'Classifier' }),
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.replicas(2),
      traffic: { timeout: Duration.seconds(10), rateLimit: RateLimit.perClient(600, RateUnit.HOUR) },
    },
    cache: ResponseCache.of({
      paths: ['/predict', '/classify'],
      ttl: Duration.hours(1),
      maxSize: Size.gibibytes(1),
      maxBodySize: Size.kibibytes(16),
      maxRequestSize: Size.mebibytes(8),
      identityHeaders: ['x-tenant', 'x-client-id'],
      sharing: CacheSharing.PER_CLIENT,
      replicas: 2,
      size: InstanceSize.named('cpu.1'),
      image: 'registry.example.com/nginx:1.29.3',
    }),
    exposure: Exposure.gateway({
      hosts: ['classifier.example.com'],
      tls: Tls.secret(SecretRef.named('classifier-tls')),
      authentication: Authentication.bearerTokens(SecretRef.named('classifier-tokens'), {
        clientIdHeader: 'x-client-id',
      }),
    }),
  });
  report.text('cache', classifier.cache!.name);
  for (const version of classifier.versions) report.text('cache of a version', version.cache!.name);
  report.text('headless', classifier.apiServer.headlessService!.name);

  const shared = new BentoDeployment(chart, 'Shared', {
    bento: Bento.fromImage('registry.example.com/shared:1.9.2', { bentoService: 'Shared' }),
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.replicas(2),
      traffic: {
        rateLimit: RateLimit.total(100, RateUnit.SECOND),
        loadBalancing: LoadBalancing.hashByHeader('x-user'),
        healthCheck: HealthCheck.http({
          path: '/readyz',
          interval: Duration.seconds(10),
          timeout: Duration.seconds(3),
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        }),
      },
    },
    exposure: Exposure.gateway({ hosts: ['shared.example.com'] }),
  });
  report.text('url', shared.url);
  new BentoDeployment(chart, 'Quick', {
    bento: Bento.fromImage('registry.example.com/quick:1.9.2', { bentoService: 'Quick' }),
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.replicas(2),
      traffic: { timeout: Duration.seconds(10) },
    },
    cache: ResponseCache.of({ paths: ['/predict'], sharing: CacheSharing.ALL_CLIENTS }),
    exposure: Exposure.gateway({ hosts: ['quick.example.com'] }),
  });
  new BentoDeployment(chart, 'Sticky', {
    bento: Bento.fromImage('registry.example.com/sticky:1.9.2', { bentoService: 'Sticky' }),
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.replicas(2),
      traffic: { loadBalancing: LoadBalancing.hashBySource() },
    },
    exposure: Exposure.gateway({ hosts: ['sticky.example.com'] }),
  });
}
