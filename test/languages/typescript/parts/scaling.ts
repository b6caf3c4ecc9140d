import { type App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  EnvVar,
  InstanceSize,
  MetricType,
  PolicySelect,
  Runner,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  ScalingPolicy,
  ScalingSpeed,
  Schedule,
  SecretRef,
  TriggerAuthenticationRef,
  Weekday,
} from '../../../../lib';
import type { Report } from '../report';

export function scaling(app: App, report: Report): void {
  const chart = new Chart(app, 'scaling', { namespace: 'scaling' });
  ClusterProfile.set(
    chart,
    new ClusterProfile({
      name: 'scaling',
      kubernetesVersion: '1.36',
      keda: { version: '2.20' },
      dcgmExporter: { namespaceLabel: 'exported_namespace', podLabel: 'exported_pod' },
      prometheus: {
        address: 'http://prometheus-operated.monitoring:9090',
        operatorLabels: { release: 'kube-prometheus-stack' },
      },
    }),
  );

  // The autoscaler of Kubernetes, and every rule of its behavior.
  new BentoDeployment(chart, 'Rules', {
    bento: Bento.fromImage('registry.example.com/rules:1.4.0', { bentoService: 'Rules' }),
    apiServer: {
      size: InstanceSize.named('cpu.2'),
      scaling: Scaling.auto({
        minReplicas: 3,
        maxReplicas: 20,
        metrics: [
          ScalingMetric.cpu(70),
          ScalingMetric.memory(80),
          ScalingMetric.pods({ metric: 'packets-per-second', averageValue: 1000, labels: { zone: 'a', kind: 'tcp' } }),
          ScalingMetric.external({ metric: 'queue_length', averageValue: 10, labels: { queue: 'rules', app: 'x' } }),
          ScalingMetric.external({ metric: 'backlog', value: 100 }),
          ScalingMetric.ofObject({
            apiVersion: 'networking.k8s.io/v1',
            kind: 'Ingress',
            name: 'main',
            metric: 'requests-per-second',
            value: 2000,
            labels: { verb: 'GET' },
          }),
          ScalingMetric.ofObject({
            apiVersion: 'v1',
            kind: 'Service',
            name: 'main',
            metric: 'hits',
            averageValue: 0.5,
          }),
        ],
        behavior: ScalingBehavior.of({
          scaleDown: {
            stabilizationWindow: Duration.seconds(300),
            selectPolicy: PolicySelect.MIN,
            policies: [ScalingPolicy.percent(50, Duration.seconds(60)), ScalingPolicy.pods(2, Duration.minutes(1))],
          },
          scaleUp: {
            stabilizationWindow: Duration.seconds(60),
            selectPolicy: PolicySelect.MAX,
            tolerance: 0.05,
            policies: [ScalingPolicy.percent(100, Duration.seconds(60))],
          },
        }),
      }),
    },
  });

  // What KEDA asks Prometheus.
  new BentoDeployment(chart, 'Adaptive', {
    bento: Bento.fromImage('registry.example.com/adaptive:1.4.0', { bentoService: 'Adaptive' }),
    apiServer: {
      size: InstanceSize.named('gpu.t4.1'),
      scaling: Scaling.auto({
        minReplicas: 2,
        maxReplicas: 10,
        fallbackReplicas: 4,
        metrics: [
          ScalingMetric.latency(Duration.seconds(2), { percentile: 95, window: Duration.minutes(2) }),
          ScalingMetric.requestRate(50, { window: Duration.minutes(3) }),
          ScalingMetric.totalRequestRate(400, { window: Duration.minutes(3) }),
          ScalingMetric.concurrency(16),
          ScalingMetric.gpuUtilization(80),
          ScalingMetric.prometheus({
            query: 'max(backlog_age_seconds) or 0 * sum(up{job="backlog"} == 1)',
            threshold: 120,
            activationThreshold: 5,
            metricType: MetricType.VALUE,
          }),
          ScalingMetric.kedaTrigger({
            kind: 'aws-sqs-queue',
            metadata: {
              queueURL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/adaptive',
              queueLength: '20',
              awsRegion: 'eu-west-1',
            },
            metricType: MetricType.AVERAGE_VALUE,
            authentication: TriggerAuthenticationRef.ofCluster('aws'),
          }),
          ScalingMetric.schedule(
            6,
            Schedule.businessHours({
              timeZone: 'Europe/Berlin',
              days: [Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY],
              startHour: 7,
              endHour: 19,
            }),
          ),
          ScalingMetric.schedule(
            3,
            Schedule.businessHours({ timeZone: 'Europe/Berlin', days: [Weekday.SATURDAY, Weekday.SUNDAY] }),
          ),
          ScalingMetric.schedule(5, Schedule.cron({ timeZone: 'UTC', start: '0 6 * * 1', end: '0 8 * * 1' })),
        ],
        behavior: ScalingBehavior.oneAtATime({
          scaleUpEvery: Duration.seconds(60),
          scaleDownEvery: Duration.seconds(120),
          scaleDownBelowRatio: 0.5,
        }),
      }),
    },
  });

  // A pool follows its queue and the API server before it.
  const search = new BentoDeployment(chart, 'TextSearch', {
    bento: Bento.fromFile('examples/bentos/text-search', {
      image: 'registry.example.com/text-search:3auspqat6smdonry',
    }),
    env: [EnvVar.fromSecret('API_KEY', { secret: SecretRef.named('text-search'), key: 'api-key' })],
    apiServer: {
      scaling: Scaling.auto({
        maxReplicas: 20,
        behavior: ScalingBehavior.bentoCloud({ scaleUp: ScalingSpeed.FAST, scaleDown: ScalingSpeed.STABLE }),
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
          behavior: ScalingBehavior.neverScaleDown(),
        }),
      }),
    },
  });
  for (const requirement of search.requirements) {
    report.text('requirement', requirement.toString());
  }

  new BentoDeployment(chart, 'Fixed', {
    bento: Bento.fromImage('registry.example.com/fixed:1.0.0', {
      services: [
        BentoService.named('Api', { dependsOn: ['Model'], size: InstanceSize.named('cpu.1') }),
        BentoService.named('Model', { size: InstanceSize.named('gpu.l4.1') }),
      ],
    }),
    apiServer: { scaling: Scaling.unmanaged() },
    runners: { Model: Runner.pool({ scaling: Scaling.replicas(2) }) },
  });
  new BentoDeployment(chart, 'Still', {
    bento: Bento.fromImage('registry.example.com/still:1.0.0', { bentoService: 'Still' }),
    apiServer: {
      size: InstanceSize.named('cpu.1'),
      scaling: Scaling.auto({
        maxReplicas: 4,
        behavior: ScalingBehavior.bentoCloud({ scaleUp: ScalingSpeed.STABLE, scaleDown: ScalingSpeed.DISABLED }),
      }),
    },
  });
}
