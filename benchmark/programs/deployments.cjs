// Real definitions: BentoDeployments with every feature that goes together, in the App of cdk8s or in ours.
const { App, Chart, Duration, Size } = require('cdk8s');
const bento = require('../..');
const { shapeOf } = require('./shape.cjs');

const { shape, count, outdir } = shapeOf(process.argv);
const app = process.argv[5] === 'ours' ? new bento.ServingApp({ outdir }) : new App({ outdir });

function chartOf(id) {
  const chart = new Chart(app, id, { namespace: 'ml' });
  const profile = new bento.ClusterProfile({
    name: id,
    kubernetesVersion: '1.36',
    argoRollouts: { gatewayApiPlugin: {} },
    gateway: bento.Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
    keda: { version: '2.20' },
    prometheus: {
      address: 'http://prometheus-operated.monitoring:9090',
      operatorLabels: { release: 'kube-prometheus-stack' },
    },
  });
  bento.ClusterProfile.set(chart, profile);
  return chart;
}

const services = [
  bento.BentoService.named('Api', { dependsOn: ['Embedder', 'Llm'], size: bento.InstanceSize.named('cpu.2') }),
  bento.BentoService.named('Embedder', { size: bento.InstanceSize.named('gpu.l4.1') }),
  bento.BentoService.named('Llm', { size: bento.InstanceSize.named('gpu.a100.1') }),
];

const scaling = (...metrics) => bento.Scaling.auto({ minReplicas: 3, maxReplicas: 10, metrics });

function define(chart, name) {
  const of = (version) => bento.Bento.fromImage(`registry.example.com/${name}:${version}`, { services });
  return new bento.BentoDeployment(chart, name, {
    bento: of('3-2-0'),
    env: [
      bento.EnvVar.value('LOG_LEVEL', 'info'),
      bento.EnvVar.fromSecret('API_KEY', { secret: bento.SecretRef.named(name), key: 'api-key' }),
    ],
    labels: { team: 'search' },
    annotations: { 'example.com/owner': `${name}@example.com` },
    affinity: [bento.Affinity.preferNodes(50, [bento.NodeRequirement.oneOf('example.com/pool', ['serving'])])],
    apiServer: {
      scaling: scaling(bento.ScalingMetric.requestRate(50), bento.ScalingMetric.concurrency(32)),
      traffic: {
        timeout: Duration.seconds(45),
        streaming: { maxDuration: Duration.minutes(12) },
        maxConcurrency: 64,
        circuitBreaker: bento.CircuitBreaker.consecutiveErrors({ failures: 5, openFor: Duration.seconds(60) }),
        rateLimit: bento.RateLimit.total(3000, bento.RateUnit.MINUTE),
      },
    },
    runners: {
      Embedder: bento.Runner.pool({
        scaling: scaling(bento.ScalingMetric.concurrency(4)),
        proxy: bento.RunnerProxy.tier({ replicas: 2 }),
        traffic: {
          timeout: Duration.seconds(20),
          maxConcurrency: 4,
          queue: { maxPending: 40 },
          retries: bento.Retries.connectionFailures({ attempts: 3, statuses: [503] }),
        },
        models: [
          bento.ModelVolume.download(`${name}-embedder`, {
            source: bento.ModelSource.huggingFace('org/embedder', {
              revision: '0123456789abcdef0123456789abcdef01234567',
            }),
            mountPath: '/models',
            storageClassName: 'efs',
            size: Size.gibibytes(20),
          }),
        ],
      }),
      Llm: bento.Runner.pool({
        scaling: scaling(bento.ScalingMetric.concurrency(16)),
        traffic: {
          timeout: Duration.seconds(30),
          streaming: { maxDuration: Duration.minutes(10) },
          loadBalancing: bento.LoadBalancing.leastRequest({ slowStart: Duration.seconds(60) }),
        },
      }),
    },
    exposure: bento.Exposure.gateway({
      hosts: [`${name}.example.com`],
      tls: bento.Tls.secret(bento.SecretRef.named(`${name}-tls`)),
      authentication: bento.Authentication.apiKeys(bento.SecretRef.named(`${name}-keys`)),
    }),
    release: bento.Release.canary({
      previous: bento.Version.of({ bento: of('3-1-4') }),
      steps: [
        bento.CanaryStep.weight(10, { pause: Duration.minutes(5) }),
        bento.CanaryStep.weight(50, { pause: Duration.minutes(10) }),
      ],
      gates: [
        bento.Gate.latencyRelativeToStable({ maxRatio: 1.1 }),
        bento.Gate.errorRateRelativeToStable({ maxRatio: 1.5 }),
      ],
    }),
  });
}

let chart;
for (let index = 0; index < count; index++) {
  if (chart === undefined || shape !== 'one-chart') chart = chartOf(`cluster-${index}`);
  define(chart, `rag-${index}`);
}
// Warnings are many, and for users.
process.stderr.write = () => true;
app.synth();
