// What autoscalers can look at beside CPU: one deployment for each need. All of it is KEDA's, over the metrics that
// BentoML exports to the cluster's Prometheus.
import { App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  EnvVar,
  InstanceSize,
  MetricType,
  PrometheusAuthentication,
  Runner,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  Schedule,
  SecretRef,
  TriggerAuthenticationRef,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'autoscaling', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    kubernetesVersion: '1.36',
    keda: { version: '2.20' },
    dcgmExporter: {},
    prometheus: {
      address: 'http://prometheus-operated.monitoring:9090',
      operatorLabels: { release: 'kube-prometheus-stack' },
      authentication: PrometheusAuthentication.bearerToken({ secret: SecretRef.named('prometheus-reader') }),
    },
  }),
);

// The class AdaptiveAutoScaler of "Production Scaling": one more, a minute apart, when answers take over 2 seconds or 50
// requests a second come to a replica; one less, two minutes apart, when all of it is below half.
new BentoDeployment(chart, 'Adaptive', {
  bento: Bento.fromImage('registry.example.com/my-bentoml-app:1.4.0', { bentoService: 'BentomlService' }),
  apiServer: {
    size: InstanceSize.named('cpu.2'),
    scaling: Scaling.auto({
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        ScalingMetric.cpu(70),
        ScalingMetric.memory(80),
        ScalingMetric.latency(Duration.seconds(2)),
        ScalingMetric.requestRate(50),
      ],
      behavior: ScalingBehavior.oneAtATime({
        scaleUpEvery: Duration.seconds(60),
        scaleDownEvery: Duration.seconds(120),
        scaleDownBelowRatio: 0.5,
      }),
    }),
  },
});

// The API server follows its load and the clock. The pool follows what waits in it and the load that is on its way, and
// has at least one replica for three API servers.
new BentoDeployment(chart, 'TextSearch', {
  bento: Bento.fromFile('examples/bentos/text-search', { image: 'registry.example.com/text-search:3auspqat6smdonry' }),
  env: [EnvVar.fromSecret('API_KEY', { secret: SecretRef.named('text-search'), key: 'api-key' })],
  apiServer: {
    scaling: Scaling.auto({
      minReplicas: 2,
      maxReplicas: 20,
      fallbackReplicas: 4,
      metrics: [
        ScalingMetric.concurrency(16),
        ScalingMetric.schedule(6, Schedule.businessHours({ timeZone: 'Europe/Berlin' })),
      ],
    }),
  },
  runners: {
    Embedder: Runner.pool({
      scaling: Scaling.auto({
        minReplicas: 2,
        maxReplicas: 12,
        metrics: [
          ScalingMetric.queueLength(2, { inService: 4 }),
          ScalingMetric.ofApiServer(ScalingMetric.requestRate(30)),
          ScalingMetric.apiServerReplicas(3),
        ],
      }),
    }),
  },
});

// A GPU for each 8 requests in flight, as the Bento's author says.
new BentoDeployment(chart, 'Vision', {
  bento: Bento.fromImage('registry.example.com/vision:2.1.0', {
    services: [
      BentoService.named('Api', { dependsOn: ['Detector'], size: InstanceSize.named('cpu.2') }),
      BentoService.named('Detector', { size: InstanceSize.named('gpu.l4.1'), targetConcurrency: 8 }),
    ],
  }),
  apiServer: { scaling: Scaling.auto({ maxReplicas: 6, metrics: [ScalingMetric.cpu(60)] }) },
  runners: { Detector: Runner.pool({ scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 8 }) }) },
});

// The slowest answers, the load of the GPU, a queue outside of the cluster, and a query of one's own.
new BentoDeployment(chart, 'Captions', {
  bento: Bento.fromImage('registry.example.com/captions:1.0.3', { bentoService: 'Captions' }),
  apiServer: {
    size: InstanceSize.named('gpu.t4.1'),
    scaling: Scaling.auto({
      minReplicas: 2,
      maxReplicas: 8,
      metrics: [
        ScalingMetric.latency(Duration.seconds(4), { percentile: 95 }),
        ScalingMetric.gpuUtilization(80),
        ScalingMetric.kedaTrigger({
          kind: 'aws-sqs-queue',
          metadata: {
            queueURL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/captions',
            queueLength: '20',
            awsRegion: 'eu-west-1',
          },
          authentication: TriggerAuthenticationRef.named('aws'),
        }),
        ScalingMetric.prometheus({
          query: 'max(captions_backlog_age_seconds) or 0 * sum(up{job="captions-backlog"} == 1)',
          threshold: 120,
          metricType: MetricType.VALUE,
        }),
      ],
    }),
  },
});

app.synth();
