// Development, staging and production from one definition: what differs is stated, all else is the same.
import { Chart } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  type ClusterProfileProps,
  EnvVar,
  Gateway,
  InstanceSize,
  LogLevel,
  Region,
  Runner,
  RunState,
  Scaling,
  ScalingMetric,
  SecretRef,
  ServingApp,
  Warnings,
} from '../lib';

interface Environment {
  readonly name: string;
  readonly cluster: ClusterProfileProps;
  readonly image: string;
  readonly service: Omit<BentoDeploymentProps, 'bento'>;
}

const environments: Environment[] = [
  {
    name: 'development',
    cluster: { name: 'dev' },
    image: 'registry.example.com/text-search:main-5d41402a',
    service: {
      apiServer: { scaling: Scaling.replicas(1), logging: { level: LogLevel.DEBUG } },
      runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(1) }) },
    },
  },
  {
    // Stopped between test runs: everything is kept but the pods.
    name: 'staging',
    cluster: { name: 'staging', kubernetesVersion: '1.36' },
    image: 'registry.example.com/text-search:3auspqat6smdonry',
    service: { state: RunState.TERMINATED },
  },
  {
    name: 'production',
    cluster: {
      name: 'production-us-east-1',
      region: Region.aws('us-east-1'),
      kubernetesVersion: '1.35',
      prometheus: { address: 'http://prometheus-operated.monitoring:9090' },
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
    },
    image: 'registry.example.com/text-search@sha256:4bc453b53cb3d914b45f4b250294236adba2c0e09ff6f03793949e7e39fd4cc1',
    service: {
      priorityClassName: 'serving',
      apiServer: {
        size: InstanceSize.named('cpu.4'),
        scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 20, metrics: [ScalingMetric.cpu(60)] }),
      },
      runners: {
        Embedder: Runner.pool({
          size: InstanceSize.named('cpu.8'),
          scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 30, metrics: [ScalingMetric.cpu(70)] }),
        }),
      },
    },
  },
];

// Charts may become many: this App takes a time that grows with them, and not with their square.
const app = new ServingApp();
for (const { name, cluster, image, service } of environments) {
  const chart = new Chart(app, name, { namespace: 'search' });
  ClusterProfile.set(chart, new ClusterProfile(cluster));
  new BentoDeployment(chart, 'TextSearch', {
    bento: Bento.fromFile('examples/bentos/text-search', { image }),
    env: [
      EnvVar.fromSecret('API_KEY', { secret: SecretRef.named('text-search'), key: 'api-key' }),
      EnvVar.value('GATEWAY_MODE', name),
    ],
    ...service,
  });
  if (name === 'development') Warnings.acknowledge(chart, 'SingleReplica');
}
app.synth();
