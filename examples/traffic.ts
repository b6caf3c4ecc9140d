// What happens to requests between the client and the GPU: one statement for each fact, and every hop agrees.
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Authentication,
  Bento,
  BentoDeployment,
  BentoService,
  BreakerStatuses,
  CircuitBreaker,
  ClusterProfile,
  Exposure,
  Gateway,
  InstanceSize,
  LoadBalancing,
  RateLimit,
  RateUnit,
  ResponseCache,
  Retries,
  Runner,
  RunnerProxy,
  Scaling,
  ScalingMetric,
  SecretRef,
  Tls,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'traffic', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    kubernetesVersion: '1.36',
    keda: { version: '2.20' },
    prometheus: {
      address: 'http://prometheus-operated.monitoring:9090',
      operatorLabels: { release: 'kube-prometheus-stack' },
    },
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
  }),
);

const rag = new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:3.2.0', {
    services: [
      BentoService.named('Api', { dependsOn: ['Embedder', 'Llm'], size: InstanceSize.named('cpu.2') }),
      BentoService.named('Embedder', { size: InstanceSize.named('gpu.l4.1') }),
      BentoService.named('Llm', { size: InstanceSize.named('gpu.a100.1') }),
    ],
  }),
  apiServer: {
    scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 10, metrics: [ScalingMetric.requestRate(50)] }),
    traffic: {
      timeout: Duration.seconds(45),
      streaming: { maxDuration: Duration.minutes(12) },
      maxConcurrency: 64,
      // The circuit breaker of "Production Scaling": five failures open it for a minute.
      circuitBreaker: CircuitBreaker.consecutiveErrors({ failures: 5, openFor: Duration.seconds(60) }),
      rateLimit: RateLimit.total(3000, RateUnit.MINUTE),
    },
  },
  runners: {
    // Four requests at a time per GPU; forty wait at the API servers for one that has room, the others get a 503 at once.
    Embedder: Runner.pool({
      scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 8, metrics: [ScalingMetric.concurrency(4)] }),
      proxy: RunnerProxy.tier({ replicas: 2 }),
      traffic: {
        timeout: Duration.seconds(20),
        maxConcurrency: 4,
        queue: { maxPending: 40 },
        retries: Retries.connectionFailures({ attempts: 3, statuses: [503] }),
        circuitBreaker: CircuitBreaker.consecutiveErrors({ statuses: BreakerStatuses.SERVER_ERRORS }),
      },
    }),
    // Answers come in pieces. A replica that is new gets its share by and by, while its caches warm.
    Llm: Runner.pool({
      scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 4, metrics: [ScalingMetric.concurrency(16)] }),
      traffic: {
        timeout: Duration.seconds(30),
        streaming: { maxDuration: Duration.minutes(10) },
        loadBalancing: LoadBalancing.leastRequest({ slowStart: Duration.seconds(60) }),
      },
    }),
  },
  exposure: Exposure.gateway({ hosts: ['rag.example.com'], tls: Tls.secret(SecretRef.named('rag-tls')) }),
});

// The class LRUCache of "Production Scaling": answers that were asked for before, in an nginx between the door and the API
// server. Clients share none unless it is said, and a bigger input than 32 KiB is never looked up.
new BentoDeployment(chart, 'Classifier', {
  bento: Bento.fromImage('registry.example.com/classifier:1.9.2', { bentoService: 'Classifier' }),
  apiServer: { size: InstanceSize.named('cpu.2'), traffic: { timeout: Duration.seconds(10) } },
  cache: ResponseCache.of({ paths: ['/predict'], ttl: Duration.hours(1), maxSize: Size.gibibytes(1) }),
  exposure: Exposure.gateway({
    hosts: ['classifier.example.com'],
    tls: Tls.secret(SecretRef.named('classifier-tls')),
    authentication: Authentication.bearerTokens(SecretRef.named('classifier-tokens'), {
      clientIdHeader: 'x-client-id',
    }),
  }),
});

app.synth();

console.error(`${rag.timeoutPlan.toMarkdown()}\n\n${rag.timeoutPlan.toMermaid()}`);
