// On demand: without requests nothing runs, and nothing is paid for. The same function by each engine, one in each
// cluster.
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Bento,
  BentoService,
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  FunctionEngine,
  Gateway,
  InstanceSize,
  Overflow,
  Runner,
  ScaleToZeroFunction,
  type ScaleToZeroFunctionProps,
  Scaling,
  ScalingMetric,
  Schedule,
  Warnings,
} from '../lib';

const app = new App();
const bento = Bento.fromImage('registry.example.com/upscaler:4.0.1', {
  services: [
    BentoService.named('Api', { dependsOn: ['Upscaler'], size: InstanceSize.named('cpu.1'), routes: ['/upscale'] }),
    BentoService.named('Upscaler', { size: InstanceSize.named('gpu.l4.1'), timeout: Duration.seconds(45) }),
  ],
});
const gpuStart = { imageSize: Size.gibibytes(9), modelSize: Size.gibibytes(6), nodeStart: Duration.minutes(3) };

function upscaler(
  cluster: ClusterProfileProps,
  props: Omit<ScaleToZeroFunctionProps, 'bento' | 'maxReplicas'>,
): ScaleToZeroFunction {
  const chart = new Chart(app, cluster.name!, { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile(cluster));
  return new ScaleToZeroFunction(chart, 'Upscaler', { bento, maxReplicas: 4, ...props });
}

// The KEDA HTTP add-on holds requests, wakes the API server and the GPU at the same time, and keeps both warm while the
// office is open. At most 200 wait in an interceptor; the others are told when to come back.
const onDemand = upscaler(
  {
    name: 'on-demand',
    kubernetesVersion: '1.36',
    keda: { version: '2.20' },
    kedaHttpAddOn: { version: '0.16' },
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
  },
  {
    targetConcurrency: 4,
    idleTimeout: Duration.minutes(15),
    metrics: [ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'Europe/Berlin' }))],
    coldStart: { maxPending: 200, overflow: Overflow.placeholder({ headers: { 'Retry-After': '300' } }) },
    exposure: Exposure.gateway({ hosts: ['upscaler.example.com'] }),
    runners: { Upscaler: Runner.pool({ startup: gpuStart, scaling: Scaling.withFunction({ maxReplicas: 4 }) }) },
  },
);

// Knative holds requests at overload too. The pool stays: whatever wakes it could be reached by everyone.
upscaler(
  {
    name: 'knative',
    kubernetesVersion: '1.36',
    knative: { version: '1.20' },
    keda: { version: '2.20' },
    prometheus: {
      address: 'http://prometheus-operated.monitoring:9090',
      operatorLabels: { release: 'kube-prometheus-stack' },
    },
  },
  {
    targetConcurrency: 4,
    idleTimeout: Duration.minutes(15),
    apiServer: { startup: { imageSize: Size.gibibytes(9) } },
    runners: {
      Upscaler: Runner.pool({
        startup: gpuStart,
        scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 4, metrics: [ScalingMetric.concurrency(2)] }),
      }),
    },
  },
);

// The autoscaler of Kubernetes 1.37 follows a queue that is there without it. Nothing holds requests.
const hpa = upscaler(
  { name: 'hpa', kubernetesVersion: '1.37' },
  {
    engine: FunctionEngine.hpa(),
    idleTimeout: Duration.minutes(15),
    metrics: [
      ScalingMetric.external({ metric: 'sqs_messages_visible', averageValue: 10, labels: { queue: 'upscaler' } }),
    ],
    runners: { Upscaler: Runner.pool({ startup: gpuStart, scaling: Scaling.replicas(2) }) },
  },
);
Warnings.acknowledge(hpa, 'NoQueue');

app.synth();

console.error(`The first request to ${onDemand.url} waits:\n${onDemand.coldStartReport.toString()}`);
