import { type App, Chart, Duration, Size } from 'cdk8s';
import {
  AppSynthesizer,
  Bento,
  BentoDeployment,
  BentoService,
  Capacity,
  ClusterProfile,
  Consolidation,
  DisruptionReason,
  ExistingNodePool,
  Exposure,
  Fleet,
  GlobalService,
  Gpu,
  GpuNodePool,
  InstanceSize,
  NodeDisk,
  NodeDisruptionBudget,
  NodeImage,
  NodePool,
  Region,
  RegionTraffic,
  Runner,
  RunnerPool,
  ScaleToZeroFunction,
  Scaling,
  ServingApp,
  Taint,
  Toleration,
  Wave,
} from '../../../../lib';
import type { Report } from '../report';

// Nodes, regions, and what is known of both before anything runs.
export function placement(app: App, report: Report): void {
  const bento = Bento.fromImage('registry.example.com/rag:1.0.0', {
    services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
  });
  const seoul = Region.aws('ap-northeast-2', { shortName: 'seoul' });
  const ireland = Region.aws('eu-west-1');
  report.text('region', seoul.shortName);
  report.text('region', ireland.shortName);

  const fleet = new Fleet(app, 'Fleet', {
    regions: [seoul, ireland],
    traffic: RegionTraffic.nearest({ dials: { 'ap-northeast-2': 50, 'eu-west-1': 100 } }),
    drained: [seoul],
    waves: [Wave.of([seoul]), Wave.of([ireland])],
    deployments: ['far'],
  });
  for (const region of fleet.regions) {
    report.number('wave', fleet.waveOf(region));
    report.text('chart', fleet.chartId(region));
  }
  for (const region of fleet.servingRegions) report.text('serving', region.name);
  for (const wave of fleet.waves) {
    for (const region of wave.regions) report.text('wave', region.name);
  }
  new Fleet(app, 'Weighted', {
    regions: [ireland],
    traffic: RegionTraffic.weighted({ 'eu-west-1': 100 }),
    deployments: ['far'],
  });
  new Fleet(app, 'Again', {
    regions: [seoul, ireland],
    traffic: fleet.traffic,
    drained: [seoul],
    deployments: ['far'],
  });
  new Fleet(app, 'Ordered', { regions: [ireland], traffic: RegionTraffic.failover([ireland]), deployments: ['far'] });

  const far = new Chart(app, 'far', { namespace: 'far' });
  ClusterProfile.set(
    far,
    new ClusterProfile({
      name: 'far',
      region: ireland,
      loadBalancerCidrs: ['10.0.0.0/20'],
      karpenter: {
        version: '1.9',
        nodeRoleName: 'nodes',
        discoveryTags: { cluster: 'far', team: 'ml' },
        capacityBuffers: true,
        daemonCpuCores: 0.5,
        daemonMemory: Size.mebibytes(600),
      },
    }),
  );
  const team = Taint.noSchedule('team', 'ml');
  report.text('taint', team.key);
  report.text('taint', team.value);
  const l4 = new GpuNodePool(far, 'L4', {
    name: 'l4',
    gpu: Gpu.NVIDIA_L4,
    runtimeClassName: 'nvidia',
    image: NodeImage.bottlerocket({ version: 'v1.57.0' }),
    disk: NodeDisk.ebs({ size: Size.gibibytes(300), throughputMibps: 750, iops: 4000, kmsKeyId: 'alias/nodes' }),
    instanceFamilies: ['g6', 'gr6'],
    zones: ['eu-west-1a', 'eu-west-1b'],
    labels: { team: 'ml', stage: 'production' },
    taints: [team, Taint.noExecute('maintenance', 'soon'), Taint.preferNoSchedule('spare', 'yes')],
    tags: { team: 'ml', cost: 'serving' },
    capacity: [
      Capacity.reserved({ id: 'cr-0123456789abcdef0', maxGpus: 4, zones: ['eu-west-1a'] }),
      Capacity.reserved({ tags: { team: 'ml', use: 'rag' }, maxGpus: 4, name: 'block' }),
      Capacity.onDemand({ maxGpus: 8, instanceTypes: ['g6.2xlarge'], maxCpuCores: 64 }),
      Capacity.spot({ maxGpus: 8, gpu: Gpu.NVIDIA_L40S, instanceFamilies: ['g6e'] }),
    ],
    maxGpus: 16,
    resourceQuota: true,
    consolidation: Consolidation.whenEmpty({ after: Duration.minutes(20) }),
    disruptionBudgets: [
      NodeDisruptionBudget.nodes(1, { reasons: [DisruptionReason.DRIFTED, DisruptionReason.UNDERUTILIZED] }),
      NodeDisruptionBudget.percent(50, { reasons: [DisruptionReason.EMPTY] }),
      NodeDisruptionBudget.nodes(0, { schedule: '0 8 * * mon-fri', duration: Duration.hours(10) }),
    ],
    expireAfter: Duration.days(14),
    terminationGracePeriod: Duration.hours(2),
    warmNodes: 1,
    pullImages: true,
  });
  const small = new NodePool(far, 'Small', {
    image: NodeImage.al2023({ version: 'v20260903' }),
    disk: NodeDisk.instanceStore(),
    minCpuCoresPerNode: 2,
    maxCpuCoresPerNode: 8,
    instanceTypes: ['m6id.large', 'm6id.xlarge'],
    capacity: [Capacity.spot({ maxCpuCores: 64 })],
    consolidation: Consolidation.whenEmptyOrUnderutilized({ after: Duration.minutes(15) }),
  });
  new NodePool(far, 'Idle', {
    capacity: [Capacity.onDemand({ maxCpuCores: 8 })],
    consolidation: Consolidation.never(),
  });
  report.text('pool', l4.name);
  report.text('quota', l4.resourceQuota!.name);
  report.text('spare', l4.spare!.kind);
  report.text('image pull', l4.imagePull!.kind);
  for (const nodePool of l4.nodePools) report.text('node pool', nodePool.name);
  for (const nodeClass of small.nodeClasses) report.text('node class', nodeClass.name);
  report.map('node labels', l4.bindPods().nodeLabels);

  const sliced = ExistingNodePool.of({
    name: 'sliced',
    nodeLabels: { 'nvidia.com/mig.config': 'all-1g.10gb', pool: 'sliced' },
    tolerations: [Toleration.exists('sliced')],
    gpus: [Gpu.of({ name: 'a100-1g', resourceName: 'nvidia.com/mig-1g.10gb', maxPerNode: 56 })],
    gpusPerNode: 56,
    cpuCoresPerNode: 90,
    memoryPerNode: Size.gibibytes(1000),
    maxGpus: 112,
    runtimeClassName: 'nvidia',
    spreadOver: ['kubernetes.io/hostname'],
  });
  report.text('existing', sliced.bindPods().name);
  const rag = new BentoDeployment(far, 'Far', {
    bento,
    apiServer: { size: InstanceSize.named('cpu.2'), nodePool: small },
    runners: {
      Embedder: Runner.pool({
        size: InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(8), gpu: Gpu.NVIDIA_L4 }),
        scaling: Scaling.replicas(2),
        nodePool: l4,
      }),
    },
    exposure: Exposure.networkLoadBalancer({ targetGroupName: 'far' }),
  });
  const endpoint = rag.endpoint;
  report.text('endpoint', endpoint.name);
  report.text('endpoint', endpoint.clusterName);
  report.text('endpoint', endpoint.region);
  report.text('endpoint', endpoint.targetGroupName);
  report.text('endpoint', endpoint.healthPath);
  report.number('endpoint', endpoint.containerPort);
  report.duration('endpoint', endpoint.deregistrationDelay);
  report.duration('endpoint', endpoint.idleTimeout);
  for (const each of rag.endpoints) report.text('endpoint', each.name);

  const wide = new Chart(app, 'wide', { namespace: 'wide' });
  ClusterProfile.set(
    wide,
    new ClusterProfile({ name: 'wide', loadBalancerCidrs: ['10.0.0.0/20'], keda: {}, kedaHttpAddOn: {} }),
  );
  const pool = new RunnerPool(wide, 'Embedder', {
    bento,
    bentoService: 'Embedder',
    region: seoul,
    size: InstanceSize.named('cpu.4'),
  });
  const near = new BentoDeployment(wide, 'Near', {
    bento,
    region: seoul,
    apiServer: { size: InstanceSize.named('cpu.2') },
    runners: { Embedder: Runner.shared(pool) },
  });
  const all = new GlobalService(wide, 'All', {
    members: [near],
    exposure: Exposure.networkLoadBalancer({ targetGroupName: 'wide' }),
  });
  report.text('global', all.endpoint.targetGroupName);
  for (const each of all.endpoints) report.text('global', each.name);
  new ScaleToZeroFunction(wide, 'Night', {
    bento: Bento.fromImage('registry.example.com/night:1.0.0', { bentoService: 'Night' }),
    region: seoul,
    apiServer: { size: InstanceSize.named('cpu.2') },
    maxReplicas: 2,
    targetConcurrency: 4,
  });

  const serving = new ServingApp({ recordConstructMetadata: false });
  new Chart(serving, 'empty');
  for (const chart of serving.charts) report.text('chart', chart.node.id);
  report.text('yaml', serving.synthYaml());
  report.text('yaml', AppSynthesizer.synthYaml(serving));
}
