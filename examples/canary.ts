// A new version gets a tenth of the requests, then half of them, then all: as long as it is as quick as the old one and fails
// no more often. Argo Rollouts does it, and goes back by itself.
import { App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  CanaryStep,
  ClusterProfile,
  Exposure,
  Gate,
  Gateway,
  InstanceSize,
  Release,
  Runner,
  Scaling,
  ScalingMetric,
  SecretRef,
  Tls,
  Version,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'canary', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    kubernetesVersion: '1.36',
    argoRollouts: { gatewayApiPlugin: {} },
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
    keda: { version: '2.20' },
    prometheus: {
      address: 'http://prometheus-operated.monitoring:9090',
      operatorLabels: { release: 'kube-prometheus-stack' },
    },
  }),
);

const services = [
  BentoService.named('Api', { dependsOn: ['Embedder'], size: InstanceSize.named('cpu.2') }),
  BentoService.named('Embedder', { size: InstanceSize.named('gpu.l4.1') }),
];

const rag = new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:3-2-0', { services }),
  apiServer: {
    scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 20, metrics: [ScalingMetric.requestRate(50)] }),
    traffic: { timeout: Duration.seconds(30), maxConcurrency: 64 },
  },
  runners: {
    Embedder: Runner.pool({
      scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 8, metrics: [ScalingMetric.concurrency(4)] }),
    }),
  },
  exposure: Exposure.gateway({ hosts: ['rag.example.com'], tls: Tls.secret(SecretRef.named('rag-tls')) }),
  release: Release.canary({
    // Its pool stays for as long as pods of the old API server may call it. Once the release is over: Version.absent().
    previous: Version.of({ bento: Bento.fromImage('registry.example.com/rag:3-1-4', { services }) }),
    steps: [
      // Testers come first, and go on when they say so.
      CanaryStep.headerRoute('x-version', 'next', { untilPromoted: true }),
      CanaryStep.weight(10, { pause: Duration.minutes(5) }),
      CanaryStep.weight(50, { pause: Duration.minutes(10) }),
    ],
    // The class CanaryDeployer of "Production Scaling": answers take 10 % longer at the most, and fail half as often again.
    gates: [Gate.latencyRelativeToStable({ maxRatio: 1.1 }), Gate.errorRateRelativeToStable({ maxRatio: 1.5 })],
    backgroundGates: [Gate.saturation({ maxRatio: 0.9 })],
  }),
  // While it goes on both versions may have all of their replicas.
  releaseCapacity: { maxPods: 60, maxGpus: { l4: 16 } },
});

app.synth();

console.error(`${rag.releasePlan.toMarkdown()}\n\n${rag.releasePlan.toMermaid()}\n`);
console.error(`At its peak the release needs\n${rag.releasePeak}\n`);
console.error(`ignoreDifferences of Argo CD: [${rag.argoCdIgnoreDifferences}]`);
