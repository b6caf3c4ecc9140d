import { type App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import {
  ConfigMap,
  EnvValue,
  NetworkPolicy,
  NetworkPolicyPort,
  PersistentVolumeClaim,
  Pods,
  Secret,
  ServiceAccount,
} from 'cdk8s-plus-27';
import {
  Affinity,
  Bento,
  BentoDeployment,
  BentoService,
  ClaimRef,
  ClusterProfile,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  FilledBy,
  Gpu,
  GpuQuota,
  HostAlias,
  InstanceSize,
  LogLevel,
  ManifestValidation,
  ModelSource,
  ModelVolume,
  NetworkPeer,
  NodeRequirement,
  OtlpProtocol,
  PodContainer,
  ReplicaShare,
  Runner,
  RunnerPool,
  RunState,
  Scaling,
  SecretRef,
  ServiceAccountRef,
  ServingNamespace,
  TaintEffect,
  Toleration,
  Tracing,
} from '../../../../lib';
import type { Report } from '../report';

export function pods(app: App, report: Report): void {
  const chart = new Chart(app, 'pods', { namespace: 'pods' });
  ClusterProfile.set(chart, new ClusterProfile({ name: 'pods', kubernetesVersion: '1.36' }));
  const namespace = new ServingNamespace(chart, 'Namespace', {
    name: 'pods',
    labels: { team: 'search', cost: 'shared' },
    annotations: { owner: 'ml', contact: 'ml@example.com' },
    gpuQuotas: [GpuQuota.of(Gpu.NVIDIA_L4, 40), GpuQuota.of(Gpu.AMD_MI300X, 8)],
    loadBalancerReadinessGate: true,
  });
  report.text('namespace', namespace.name);
  report.text('namespace object', namespace.namespaceObject.name);
  report.text('quota', namespace.resourceQuota!.kind);
  report.number('quota of GPUs', GpuQuota.of(Gpu.NVIDIA_L4, 40).maxGpus);
  report.text('GPU', GpuQuota.of(Gpu.NVIDIA_L4, 40).resourceName);

  // Every option of a pod; what its objects are called is taken over.
  const bento = Bento.fromImage('registry.example.com/rag:7kq2mzqv6w', {
    name: 'rag',
    version: '2026.11.1',
    requiredEnv: ['API_KEY', 'REGION'],
    services: [
      BentoService.named('Api', {
        dependsOn: ['Embedder', 'Llm', 'Judge'],
        extraPorts: [9090],
        metricsNamespace: 'rag',
        pathPrefix: '/v1',
        routes: ['/ask', '/answer'],
        size: InstanceSize.named('cpu.2'),
        timeout: Duration.seconds(90),
        workers: 2,
      }),
      BentoService.named('Embedder', { maxConcurrency: 32, targetConcurrency: 8, timeout: Duration.seconds(20) }),
      BentoService.named('Llm', { timeout: Duration.seconds(60) }),
      BentoService.named('Judge', { timeout: Duration.seconds(5) }),
    ],
  });
  report.text('bento', bento.name);
  report.text('bento version', bento.version);
  report.text('bento image', bento.image);
  report.text('bento entry', bento.entryService);
  report.texts('bento services', bento.serviceNames);

  const settings = new ConfigMap(chart, 'Settings', { metadata: { name: 'rag-settings' }, data: { STYLE: 'brief' } });
  const keys = Secret.fromSecretName(chart, 'Keys', 'rag-keys');
  const claim = PersistentVolumeClaim.fromClaimName(chart, 'Claim', 'rag-weights');
  const account = ServiceAccount.fromServiceAccountName(chart, 'Account', 'rag-account');
  report.text('variable', EnvVar.value('REGION', 'eu-west-1').name);
  report.text('secret', SecretRef.of(keys).name);
  report.text('claim', ClaimRef.of(claim).name);
  report.text('config map', ConfigMapRef.of(settings).name);

  const rag = new BentoDeployment(chart, 'Rag', {
    bento,
    name: 'rag',
    versionKey: 'main',
    state: RunState.RUNNING,
    env: [
      EnvVar.value('REGION', 'eu-west-1'),
      EnvVar.of('MODE', EnvValue.fromValue('batch')),
      EnvVar.fromField('NODE', 'spec.nodeName'),
      EnvVar.fromSecret('API_KEY', { secret: SecretRef.of(keys), key: 'openai', optional: true }),
      EnvVar.fromConfigMap('STYLE', { configMap: ConfigMapRef.of(settings), key: 'STYLE', optional: false }),
    ],
    envFrom: [
      EnvFrom.configMap(ConfigMapRef.named('defaults'), { prefix: 'DEFAULT_', optional: true }),
      EnvFrom.secret(SecretRef.named('tokens')),
    ],
    labels: { team: 'search', app: 'rag', stage: 'production' },
    annotations: { 'example.com/zone': 'a', 'example.com/owner': 'ml' },
    files: { '/etc/rag/b.txt': 'second', '/etc/rag/a.txt': 'first' },
    nodeSelector: { 'node.example.com/pool': 'gpu', 'kubernetes.io/arch': 'amd64' },
    imagePullSecrets: [SecretRef.named('registry')],
    serviceAccount: ServiceAccountRef.of(account),
    automountServiceAccountToken: false,
    priorityClassName: 'serving',
    runtimeClassName: 'nvidia',
    security: { runAsUser: 1000, runAsGroup: 1000, readOnlyRootFilesystem: true },
    hostAliases: [HostAlias.of('10.0.0.7', ['legacy.example.com', 'old.example.com'])],
    tolerations: [
      Toleration.exists('nvidia.com/gpu', { effect: TaintEffect.NO_SCHEDULE }),
      Toleration.withValue('pool', 'gpu', { effect: TaintEffect.NO_EXECUTE, evictAfter: Duration.minutes(5) }),
      Toleration.exists('spot', { effect: TaintEffect.PREFER_NO_SCHEDULE }),
    ],
    affinity: [
      Affinity.requireNodes([
        NodeRequirement.oneOf('topology.kubernetes.io/zone', ['a', 'b']),
        NodeRequirement.noneOf('node.example.com/kind', ['old']),
        NodeRequirement.exists('node.example.com/pool'),
        NodeRequirement.doesNotExist('node.example.com/drained'),
        NodeRequirement.greaterThan('node.example.com/cores', 8),
        NodeRequirement.lessThan('node.example.com/age', 30),
      ]),
      Affinity.preferNodes(10, [NodeRequirement.oneOf('node.example.com/disk', ['nvme'])]),
      Affinity.requirePods({
        labels: { app: 'cache' },
        namespaces: ['cache'],
        topologyKey: 'topology.kubernetes.io/zone',
      }),
      Affinity.preferPods(20, { labels: { app: 'vectors', tier: 'warm' } }),
      Affinity.avoidPods({ labels: { app: 'noisy' } }),
      Affinity.preferToAvoidPods(30, { labels: { app: 'batch' } }),
    ],
    logging: { level: LogLevel.INFO, accessLog: true, skipPaths: ['/ping'] },
    tracing: Tracing.otlp({
      endpoint: 'http://collector.tracing:4317',
      protocol: OtlpProtocol.GRPC,
      sampleRatio: 0.1,
      excludedPaths: ['/ping'],
    }),
    initContainers: [
      PodContainer.of('warm', 'registry.example.com/warm:1.0.0', {
        command: ['/warm'],
        args: ['--all'],
        env: [EnvVar.value('LEVEL', '3')],
        envFrom: [EnvFrom.secret(SecretRef.named('tokens'), { prefix: 'T_' })],
        size: InstanceSize.named('cpu.1'),
      }),
    ],
    sidecars: [
      PodContainer.of('agent', 'registry.example.com/agent:1.0.0', {
        ports: [8125],
        size: InstanceSize.named('cpu.1'),
      }),
    ],
    apiServer: {
      workers: 2,
      servicePort: 80,
      startup: {
        timeout: Duration.minutes(12),
        imageSize: Size.gibibytes(4),
        modelSize: Size.gibibytes(2),
        nodeStart: Duration.minutes(3),
      },
      readiness: { includeDependencies: false },
      drain: { endpointRemoval: Duration.seconds(15), gracefulShutdown: Duration.seconds(95) },
      rolling: {
        maxSurge: ReplicaShare.percent(50),
        maxUnavailable: ReplicaShare.replicas(0),
        minReady: Duration.seconds(10),
        progressDeadline: Duration.minutes(40),
        revisionHistory: 5,
      },
      allowFrom: [
        NetworkPeer.namespace('search'),
        NetworkPeer.sameNamespace(),
        NetworkPeer.pods({ labels: { app: 'web', tier: 'edge' }, namespace: 'web' }),
      ],
      allowTo: [NetworkPeer.cidr('10.0.0.0/8')],
      adopt: {
        workloadName: 'rag-v1',
        serviceName: 'rag-svc',
        scalerName: 'rag-hpa',
        disruptionBudgetName: 'rag-pdb',
        networkPolicyName: 'rag-net',
        selector: { app: 'rag', role: 'api' },
      },
    },
    runners: {
      Llm: Runner.pool({
        size: InstanceSize.of({
          cpuCores: 8,
          cpuLimitCores: 16,
          memory: Size.gibibytes(64),
          gpu: Gpu.NVIDIA_A100,
          gpuCount: 2,
          ephemeralStorage: Size.gibibytes(200),
          sharedMemory: Size.gibibytes(8),
        }),
        scaling: Scaling.replicas(2),
        models: [
          ModelVolume.download('llama', {
            source: ModelSource.huggingFace('meta-llama/Llama-3.1-8B-Instruct', {
              revision: '0e9e39f249a16976918f6564b8830bc894c89659',
              token: SecretRef.named('hugging-face'),
            }),
            mountPath: '/models/llama',
            size: Size.gibibytes(40),
            storageClassName: 'efs',
            filledBy: FilledBy.JOB,
            downloadSize: InstanceSize.named('cpu.2'),
            env: [EnvVar.value('HF_HUB_ENABLE_HF_TRANSFER', '1')],
            image: 'registry.example.com/downloader:1.0.0',
            nodeSelector: { 'kubernetes.io/arch': 'amd64' },
            tolerations: [Toleration.exists('batch')],
          }),
          ModelVolume.download('lora', {
            source: ModelSource.s3('s3://models/lora', {
              credentials: SecretRef.named('s3'),
              endpoint: 'https://s3.example.com',
              region: 'eu-west-1',
            }),
            mountPath: '/models/lora',
            size: Size.gibibytes(2),
            storageClassName: 'efs',
            filledBy: FilledBy.INIT_CONTAINER,
          }),
          ModelVolume.claim('shared', { claim: ClaimRef.named('weights'), mountPath: '/models/shared', subPath: 'v1' }),
          ModelVolume.csi('cached', {
            driver: 'models.csi.example.com',
            mountPath: '/models/cached',
            attributes: { model: 'x', cache: 'node' },
          }),
          ModelVolume.image('tokens', { image: 'registry.example.com/tokenizer:1.0.0', mountPath: '/models/tokens' }),
          ModelVolume.s3Bucket('bucket', {
            bucket: 'models',
            mountPath: '/models/bucket',
            prefix: 'llama',
            region: 'eu-west-1',
          }),
        ],
      }),
      Embedder: Runner.pool({ size: InstanceSize.named('gpu.l4.1'), scaling: Scaling.replicas(3) }),
      Judge: Runner.url('http://judge.elsewhere:3000', { timeout: Duration.seconds(4) }),
    },
  });
  rag.apiServer.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostUsers', false));
  report.text('name', rag.name);
  report.text('entry', rag.apiServer.bentoService);
  report.text('url', rag.apiServer.url);
  report.number('port', rag.apiServer.port);
  report.number('container port', rag.apiServer.containerPort);
  report.map('selector', rag.apiServer.podSelector);
  report.text('target', rag.apiServer.scaleTarget.kind);
  report.text('target name', rag.apiServer.scaleTarget.name);
  report.text('target version', rag.apiServer.scaleTarget.apiVersion);
  report.text('service', rag.apiServer.service.name);
  report.text('budget', rag.apiServer.disruptionBudget.name);
  report.text('policy', rag.apiServer.networkPolicy.name);
  report.text('scaler', rag.apiServer.scaler!.name);
  report.text('component', rag.apiServer.name);
  report.text('component namespace', rag.apiServer.namespace);
  for (const pool of rag.runnerPools) {
    report.text('pool', pool.bentoService);
    report.text('pool url', pool.url);
    report.text('pool timeout', pool.timeout.toHumanString());
  }
  report.text('pool of', rag.runnerPool('Llm').name);

  // Components are peers of cdk8s-plus-27.
  new NetworkPolicy(chart, 'Web', {
    metadata: { name: 'web' },
    selector: Pods.select(chart, 'WebPods', { labels: { app: 'web' } }),
    egress: {
      rules: [{ peer: rag.apiServer, ports: [NetworkPolicyPort.tcp(rag.apiServer.containerPort)] }],
    },
  });

  // Two deployments, one pool; one that is stopped; one that is elsewhere.
  const shared = new RunnerPool(chart, 'Embedder', {
    bento,
    bentoService: 'Embedder',
    name: 'shared-embedder',
    state: RunState.RUNNING,
    env: [EnvVar.value('API_KEY', 'none'), EnvVar.value('REGION', 'eu-west-1')],
    size: InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(4) }),
    scaling: Scaling.replicas(2),
    serviceAccount: ServiceAccountRef.created({ name: 'embedder', annotations: { 'example.com/role': 'reader' } }),
    tracing: Tracing.zipkin({
      endpoint: 'http://zipkin.tracing:9411/api/v2/spans',
      sampleRatio: 1,
      excludedPaths: ['/ping'],
    }),
    logging: { level: LogLevel.QUIET },
  });
  for (const requirement of shared.requirements) {
    report.text('requirement of the pool', requirement.name);
    report.text('reason', requirement.reason);
    report.text('version', requirement.version);
  }
  const llm = RunnerPool.fromAttributes({
    bentoService: 'Llm',
    url: 'http://llm.models.svc.cluster.local:3000',
    timeout: Duration.seconds(60),
  });
  report.text('llm', llm.url);
  new BentoDeployment(chart, 'Sharing', {
    bento: Bento.fromImage('registry.example.com/sharing:1.0.0', {
      services: [
        BentoService.named('Api', { dependsOn: ['Embedder', 'Llm'], size: InstanceSize.named('cpu.1') }),
        BentoService.named('Embedder'),
        BentoService.named('Llm'),
      ],
    }),
    serviceAccount: ServiceAccountRef.named('sharing'),
    logging: { level: LogLevel.DEBUG },
    tracing: Tracing.otlp({ endpoint: 'http://collector.tracing:4318/v1/traces', protocol: OtlpProtocol.HTTP }),
    runners: { Embedder: Runner.shared(shared), Llm: Runner.shared(llm) },
  });
  new BentoDeployment(chart, 'Stopped', {
    bento: Bento.fromImage('registry.example.com/stopped:1.0.0', { bentoService: 'Stopped' }),
    apiServer: { size: InstanceSize.named('cpu.1'), scaling: Scaling.replicas(2) },
    state: RunState.TERMINATED,
  });
  new RunnerPool(chart, 'Chain', {
    bento: Bento.fromImage('registry.example.com/chain:1.0.0', {
      services: [
        BentoService.named('Api', { dependsOn: ['Reranker'] }),
        BentoService.named('Reranker', { dependsOn: ['Encoder'], timeout: Duration.seconds(10) }),
        BentoService.named('Encoder', { timeout: Duration.seconds(5) }),
      ],
    }),
    bentoService: 'Reranker',
    size: InstanceSize.named('cpu.1'),
    scaling: Scaling.replicas(2),
    runners: { Encoder: Runner.url('http://encoder:3000') },
  });
  new BentoDeployment(chart, 'Tasks', {
    bento: Bento.fromImage('registry.example.com/tasks:1.0.0', {
      services: [BentoService.named('Tasks', { hasTasks: true, size: InstanceSize.named('cpu.1') })],
    }),
    apiServer: { scaling: Scaling.replicas(1) },
  });
  report.texts('rules', ManifestValidation.ruleNames);
  report.texts(
    'violations',
    ManifestValidation.checkFolder('test/golden/quickstart', { exclude: ['TwoScalers', 'BudgetOverlap'] }),
  );
}
