// Two products call one pool of GPUs: each has an API server of its own, the expensive part runs once.
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  Gpu,
  GpuQuota,
  InstanceSize,
  ModelSource,
  ModelVolume,
  Runner,
  RunnerPool,
  Scaling,
  ScalingMetric,
  SecretRef,
  ServingNamespace,
} from '../lib';

const app = new App();
ClusterProfile.set(
  app,
  new ClusterProfile({
    name: 'gpu-cluster',
    kubernetesVersion: '1.36',
    prometheus: { address: 'http://prometheus-operated.monitoring:9090' },
  }),
);

// Both products deploy the same Bento: callers and pool exchange pickled objects.
const bento = Bento.fromImage(
  'registry.example.com/retrieval@sha256:4bc453b53cb3d914b45f4b250294236adba2c0e09ff6f03793949e7e39fd4cc1',
  {
    version: '2026.11.1',
    services: [
      BentoService.named('Retrieval', { dependsOn: ['Embedder'] }),
      BentoService.named('Embedder', { timeout: Duration.seconds(20), maxConcurrency: 32 }),
    ],
  },
);

const models = new Chart(app, 'models', { namespace: 'models' });
// Eight replicas at the most, and the one that a rollout adds before it removes another.
new ServingNamespace(models, 'Namespace', { name: 'models', gpuQuotas: [GpuQuota.of(Gpu.NVIDIA_L4, 9)] });
const embedder = new RunnerPool(models, 'Embedder', {
  bento,
  bentoService: 'Embedder',
  size: InstanceSize.of({
    cpuCores: 4,
    memory: Size.gibibytes(16),
    gpu: Gpu.NVIDIA_L4,
    ephemeralStorage: Size.gibibytes(20),
  }),
  // What an adapter records from Prometheus: requests in flight per replica, those of probes left out.
  scaling: Scaling.auto({
    minReplicas: 2,
    maxReplicas: 8,
    metrics: [ScalingMetric.pods({ metric: 'bentoml_requests_in_progress', averageValue: 8 })],
  }),
  models: [
    ModelVolume.download('bge-m3', {
      source: ModelSource.huggingFace('BAAI/bge-m3', {
        revision: '5617a9f61b028005a4858fdac845db406aefb181',
        token: SecretRef.named('hugging-face'),
      }),
      mountPath: '/models/bge-m3',
      size: Size.gibibytes(10),
      storageClassName: 'efs',
    }),
  ],
  nodeSelector: { 'karpenter.k8s.aws/instance-gpu-name': 'l4' },
});

for (const product of ['shop', 'support']) {
  const chart = new Chart(app, product, { namespace: product });
  new ServingNamespace(chart, 'Namespace', { name: product });
  new BentoDeployment(chart, 'Retrieval', {
    bento,
    apiServer: { size: InstanceSize.named('cpu.2'), traffic: { timeout: Duration.seconds(30), maxConcurrency: 64 } },
    runners: { Embedder: Runner.shared(embedder) },
  });
}

app.synth();
