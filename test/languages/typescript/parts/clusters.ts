import { type App, Chart, Duration, Size } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  ClusterProfile,
  Gateway,
  Gpu,
  InstanceSize,
  PrometheusAuthentication,
  Region,
  Scaling,
  ScalingMetric,
  SecretRef,
  TriggerAuthenticationRef,
  Warnings,
} from '../../../../lib';
import type { Report } from '../report';

// One cluster each, with what a profile can say.
export function clusters(app: App, report: Report): void {
  const bento = Bento.fromImage('registry.example.com/summarizer:1.0.0', { bentoService: 'Summarizer' });

  const basic = new Chart(app, 'basic', { namespace: 'basic' });
  ClusterProfile.set(
    basic,
    new ClusterProfile({
      name: 'basic',
      region: Region.aws('eu-west-1'),
      kubernetesVersion: '1.36',
      clusterDomain: 'cluster.example',
      namespace: 'basic',
      dnsTtl: Duration.seconds(10),
      envoyImage: 'registry.example.com/envoy:v1.39.3',
      loadBalancerCidrs: ['10.0.0.0/20', '10.0.16.0/20'],
      keda: { version: '2.20' },
      argoRollouts: { version: '1.9', gatewayApiPlugin: { version: '0.15' } },
      gateway: Gateway.standard({
        name: 'public',
        namespace: 'gateways',
        clientIdleTimeout: Duration.minutes(5),
        httpListener: 'http',
        httpsListener: 'https',
        dataPlaneNamespace: 'gateways',
        dataPlaneLabels: { app: 'gateway', role: 'proxy' },
      }),
      prometheus: {
        address: 'https://prometheus.example.com',
        namespace: 'monitoring',
        podLabels: { app: 'prometheus', shard: '0' },
        operatorLabels: { release: 'prometheus', team: 'platform' },
        queryLabels: { cluster: 'basic', region: 'eu-west-1' },
        headers: { 'X-Scope-OrgID': 'ml', 'X-Team': 'search' },
        scrapeInterval: Duration.seconds(15),
        authentication: PrometheusAuthentication.basic({
          secret: SecretRef.named('prometheus'),
          usernameKey: 'user',
          passwordKey: 'password',
        }),
      },
    }),
  );
  new BentoDeployment(basic, 'Summarizer', {
    bento,
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.concurrency(8)] }),
    },
  });
  const profile = ClusterProfile.of(basic);
  report.text('cluster', profile.name);
  report.text('kubernetes', profile.kubernetesVersion);
  report.text('domain', profile.clusterDomain);
  report.text('namespace', profile.namespace);
  report.text('region', profile.region!.name);
  report.text('gateway', profile.gateway!.name);
  report.text('gateway namespace', profile.gateway!.namespace);

  const bearer = new Chart(app, 'bearer', { namespace: 'bearer' });
  ClusterProfile.set(
    bearer,
    new ClusterProfile({
      name: 'bearer',
      region: Region.named('berlin-1'),
      keda: { version: '2.20' },
      gateway: Gateway.envoyGateway({
        name: 'public',
        namespace: 'gateways',
        dataPlaneNamespace: 'envoy-gateway-system',
        proxies: 3,
        version: '1.9',
      }),
      prometheus: {
        address: 'https://prometheus.example.com',
        operatorLabels: { release: 'prometheus' },
        authentication: PrometheusAuthentication.bearerToken({ secret: SecretRef.named('token'), key: 'jwt' }),
      },
    }),
  );
  new BentoDeployment(bearer, 'Summarizer', {
    bento,
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.concurrency(8)] }),
    },
  });

  const header = new Chart(app, 'header', { namespace: 'header' });
  ClusterProfile.set(
    header,
    new ClusterProfile({
      name: 'header',
      keda: { version: '2.20' },
      prometheus: {
        address: 'https://prometheus.example.com',
        operatorLabels: { release: 'prometheus' },
        authentication: PrometheusAuthentication.header({
          secret: SecretRef.named('header'),
          nameKey: 'name',
          valueKey: 'value',
        }),
      },
    }),
  );
  new BentoDeployment(header, 'Summarizer', {
    bento,
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.concurrency(8)] }),
    },
  });

  const managed = new Chart(app, 'managed', { namespace: 'managed' });
  ClusterProfile.set(
    managed,
    new ClusterProfile({
      name: 'managed',
      keda: { version: '2.20' },
      prometheus: {
        address: 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1',
        operatorLabels: { release: 'prometheus' },
        authentication: PrometheusAuthentication.aws({ region: 'eu-west-1' }),
      },
    }),
  );
  new BentoDeployment(managed, 'Summarizer', {
    bento,
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.concurrency(8)] }),
    },
  });

  const trigger = new Chart(app, 'trigger', { namespace: 'trigger' });
  ClusterProfile.set(
    trigger,
    new ClusterProfile({
      name: 'trigger',
      keda: { version: '2.20' },
      prometheus: {
        address: 'https://prometheus.example.com',
        operatorLabels: { release: 'prometheus' },
        authentication: PrometheusAuthentication.triggerAuthentication(TriggerAuthenticationRef.named('prometheus')),
      },
    }),
  );
  report.text('authentication', TriggerAuthenticationRef.named('prometheus').name);
  new BentoDeployment(trigger, 'Summarizer', {
    bento,
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.concurrency(8)] }),
    },
  });

  // Constants, and a GPU of one's own.
  report.text('GPU', Gpu.AMD_MI300X.resourceName);
  report.text('GPU', Gpu.AMD_MI325X.name);
  report.text('GPU', Gpu.AMD_MI355X.name);
  report.text('GPU', Gpu.AWS_INFERENTIA2.name);
  report.text('GPU', Gpu.AWS_TRAINIUM.resourceName);
  report.text('GPU', Gpu.AWS_TRAINIUM2.name);
  report.text('GPU', Gpu.NVIDIA_A100.name);
  report.text('GPU', Gpu.NVIDIA_A100_80GB.name);
  report.text('GPU', Gpu.NVIDIA_A10G.resourceName);
  report.text('GPU', Gpu.NVIDIA_B200.name);
  report.text('GPU', Gpu.NVIDIA_H100.name);
  report.text('GPU', Gpu.NVIDIA_H200.name);
  report.text('GPU', Gpu.NVIDIA_L4.resourceName);
  report.text('GPU', Gpu.NVIDIA_L40S.name);
  report.text('GPU', Gpu.NVIDIA_RTX_PRO_6000.name);
  report.text('GPU', Gpu.NVIDIA_T4.name);
  report.text('GPU', Gpu.NVIDIA_V100.resourceName);
  report.number('H100 per node', Gpu.NVIDIA_H100.maxPerNode);
  const gpus = new Chart(app, 'gpus', { namespace: 'gpus' });
  ClusterProfile.set(gpus, new ClusterProfile({ name: 'gpus' }));
  const own = new BentoDeployment(gpus, 'Own', {
    bento,
    apiServer: {
      size: InstanceSize.of({
        cpuCores: 2,
        memory: Size.gibibytes(8),
        gpu: Gpu.of({ name: 'shared-l4', resourceName: 'nvidia.com/gpu.shared', maxPerNode: 4 }),
      }),
      scaling: Scaling.replicas(1),
    },
  });
  report.texts('warnings', Warnings.of(own));
  Warnings.acknowledge(own, 'SingleReplica');
}
