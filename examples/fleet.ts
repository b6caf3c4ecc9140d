// A cluster in each of three regions from one definition: a folder of manifests for each, in the order of the waves, and
// what a global endpoint must know of them. The region of the first wave has the new version already.
import { App, Chart, Duration, Size, YamlOutputType } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  Capacity,
  ClusterProfile,
  Exposure,
  Fleet,
  Gpu,
  GpuNodePool,
  InstanceSize,
  NodeDisk,
  NodeImage,
  NodePool,
  Region,
  RegionTraffic,
  Runner,
  Scaling,
  ScalingMetric,
  Wave,
} from '../lib';

const seoul = Region.aws('ap-northeast-2');
const ireland = Region.aws('eu-west-1');
const virginia = Region.aws('us-east-1');

const services = [
  BentoService.named('Rag', { dependsOn: ['Embedder', 'Generator'], size: InstanceSize.named('cpu.2') }),
  BentoService.named('Embedder'),
  BentoService.named('Generator'),
];
const stable = Bento.fromImage('registry.example.com/rag:3-1-4', { services });
const next = Bento.fromImage('registry.example.com/rag:3-2-0', { services });

const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
const fleet = new Fleet(app, 'Fleet', {
  regions: [seoul, ireland, virginia],
  // Half of those near Seoul go on to the next nearest region: it is the smallest.
  traffic: RegionTraffic.nearest({ dials: { 'ap-northeast-2': 50 } }),
  // The one line that takes a region out, as before work on its cluster:
  drained: [],
  waves: [Wave.of([seoul]), Wave.of([ireland, virginia])],
});

const image = NodeImage.bottlerocket({ version: 'v1.57.0' });

const endpoints = fleet.regions.map((region) => {
  const chart = new Chart(app, fleet.chartId(region), { namespace: 'ml' });
  ClusterProfile.set(
    chart,
    new ClusterProfile({
      region,
      kubernetesVersion: '1.36',
      karpenter: { version: '1.14' },
      keda: { version: '2.20' },
      prometheus: {
        address: 'http://prometheus-operated.monitoring:9090',
        operatorLabels: { release: 'kube-prometheus-stack' },
      },
      loadBalancerCidrs: ['10.0.0.0/20', '10.0.16.0/20'],
    }),
  );
  const small = new NodePool(chart, 'Small', {
    image,
    maxCpuCoresPerNode: 8,
    capacity: [Capacity.onDemand({ maxCpuCores: 64 })],
  });
  // What is there first is used first: at the busiest, four of eight embedders run on what AWS has left.
  const l4 = new GpuNodePool(chart, 'L4', {
    gpu: Gpu.NVIDIA_L4,
    image,
    capacity: [
      Capacity.onDemand({ maxGpus: 4 }),
      Capacity.spot({ maxGpus: 8 }),
      Capacity.onDemand({ gpu: Gpu.NVIDIA_L40S, maxGpus: 4 }),
    ],
    maxGpus: 9,
    warmNodes: 1,
  });
  const h100 = new GpuNodePool(chart, 'H100', {
    gpu: Gpu.NVIDIA_H100,
    image,
    // Weights are read from the disks of the instance.
    disk: NodeDisk.instanceStore(),
    capacity: [
      Capacity.reserved({ tags: { 'capacity-for': 'rag' }, maxGpus: 8 }),
      Capacity.onDemand({ instanceTypes: ['p5.4xlarge'], maxGpus: 2 }),
    ],
    pullImages: true,
  });
  const rag = new BentoDeployment(chart, 'Rag', {
    // A canary by region. Once it is well there, the second wave gets it, too: `next` for all.
    bento: fleet.waveOf(region) === 1 ? next : stable,
    apiServer: {
      nodePool: small,
      scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 20, metrics: [ScalingMetric.requestRate(50)] }),
      traffic: { timeout: Duration.seconds(120) },
    },
    runners: {
      Embedder: Runner.pool({
        nodePool: l4,
        size: InstanceSize.of({ cpuCores: 4, memory: Size.gibibytes(16), gpu: Gpu.NVIDIA_L4 }),
        scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 8, metrics: [ScalingMetric.concurrency(4)] }),
        traffic: { timeout: Duration.seconds(10) },
      }),
      Generator: Runner.pool({
        nodePool: h100,
        size: InstanceSize.of({ cpuCores: 12, memory: Size.gibibytes(96), gpu: Gpu.NVIDIA_H100 }),
        scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 6, metrics: [ScalingMetric.concurrency(8)] }),
        traffic: { timeout: Duration.seconds(90) },
      }),
    },
    // The load balancer and its target group are Terraform's, under this name.
    exposure: Exposure.networkLoadBalancer({ targetGroupName: `rag-${region.name}` }),
  });
  return rag.endpoint;
});

for (const { region, targetGroupName, containerPort, healthPath, deregistrationDelay, idleTimeout } of endpoints) {
  console.error(
    `${region}: ${targetGroupName}, port ${containerPort}, health ${healthPath}, ` +
      `deregistration ${deregistrationDelay.toHumanString()}, idle ${idleTimeout.toHumanString()}`,
  );
}

app.synth();
