// A new version takes the place of the old one, some replicas at a time: nothing beside Kubernetes is needed. Each component
// says how, for an API server has room for one more, and a pool of GPUs may have none.
import { App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  Gpu,
  InstanceSize,
  Release,
  ReplicaShare,
  RollingPreset,
  Runner,
  Scaling,
  Version,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'rolling', { namespace: 'ml' });

// The class RollingDeployer of "Production Scaling": six instances in thirds, each well before the next goes. A third is
// missing meanwhile, so four of the six must bear the load.
const classifier = new BentoDeployment(chart, 'Classifier', {
  bento: Bento.fromImage('registry.example.com/classifier:1.9.2', { bentoService: 'Classifier' }),
  apiServer: { size: InstanceSize.named('cpu.2'), scaling: Scaling.replicas(6) },
  release: Release.rolling({ preset: RollingPreset.THIRDS, minReady: Duration.seconds(30) }),
});

// Four GPUs are all there are: a pod of the pool ends before another takes its GPU. The API server has room for a quarter
// more, and what holds for the deployment holds for the components that say nothing themselves.
const caption = new BentoDeployment(chart, 'Caption', {
  bento: Bento.fromImage('registry.example.com/caption:2.4.0', {
    services: [
      BentoService.named('Api', { dependsOn: ['Captioner'], size: InstanceSize.named('cpu.2') }),
      BentoService.named('Captioner', { size: InstanceSize.named('gpu.l4.1') }),
    ],
  }),
  apiServer: { scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 8 }) },
  runners: {
    Captioner: Runner.pool({
      scaling: Scaling.replicas(4),
      rolling: { maxSurge: ReplicaShare.replicas(0), maxUnavailable: ReplicaShare.replicas(1) },
    }),
  },
  release: Release.rolling({ preset: RollingPreset.ROLLING_UPDATE, progressDeadline: Duration.minutes(40) }),
  releaseCapacity: { maxGpus: { [Gpu.NVIDIA_L4.name]: 4 } },
});

// API server and pool exchange pickled objects, and those of two versions may differ. So the new version has a pool of its
// own, for which the new API server waits; the old pool stays until an edit says `previous: Version.absent()`.
const services = [
  BentoService.named('Chat', { dependsOn: ['Llm'], size: InstanceSize.named('cpu.2') }),
  BentoService.named('Llm', { size: InstanceSize.named('gpu.a100.1') }),
];
const chat = new BentoDeployment(chart, 'Chat', {
  bento: Bento.fromImage('registry.example.com/chat:5-2-0', { services }),
  apiServer: { scaling: Scaling.replicas(3) },
  runners: { Llm: Runner.pool({ scaling: Scaling.replicas(2) }) },
  release: Release.rolling({
    previous: Version.of({ bento: Bento.fromImage('registry.example.com/chat:5-1-3', { services }) }),
  }),
});

app.synth();

for (const { releasePlan } of [classifier, caption, chat]) {
  console.error(`${releasePlan.toMarkdown()}\n\n${releasePlan.toMermaid()}\n`);
}
