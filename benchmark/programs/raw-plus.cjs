// The objects of objects.cjs, as users of cdk8s-plus-27 write them.
const { App, Chart, Size } = require('cdk8s');
const kplus = require('cdk8s-plus-27');
const { connect, shapeOf } = require('./shape.cjs');
const { nameOf } = require('./objects.cjs');

const { shape, count, outdir } = shapeOf(process.argv);
const app = new App({ outdir });

function define(chart, name) {
  const deployment = new kplus.Deployment(chart, `${name}-deployment`, {
    metadata: { name, labels: { app: name, tier: 'web' } },
    podMetadata: { labels: { app: name, tier: 'web' } },
    select: false,
    containers: [
      {
        image: `registry.example.com/${name}:1.2.3`,
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        ports: [{ number: 8080, name: 'http' }],
        envVariables: {
          LOG_LEVEL: kplus.EnvValue.fromValue('info'),
          PORT: kplus.EnvValue.fromValue('8080'),
          UPSTREAM: kplus.EnvValue.fromValue(`http://${name}-db.prod.svc.cluster.local:5432/path?x=1`),
        },
        liveness: kplus.Probe.fromHttpGet('/livez', { port: 8080 }),
        resources: {
          cpu: { request: kplus.Cpu.millis(250) },
          memory: { request: Size.mebibytes(512), limit: Size.mebibytes(512) },
        },
        securityContext: { user: 1000 },
      },
    ],
  });
  deployment.select(kplus.LabelSelector.of({ labels: { app: name } }));
  new kplus.Service(chart, `${name}-service`, {
    metadata: { name },
    selector: kplus.Pods.select(chart, `${name}-pods`, { labels: { app: name } }),
    ports: [{ port: 80, targetPort: 8080, name: 'http' }],
  });
  new kplus.HorizontalPodAutoscaler(chart, `${name}-hpa`, {
    metadata: { name },
    target: deployment,
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [kplus.Metric.resourceCpu(kplus.MetricTarget.averageUtilization(70))],
  });
}

const charts = [];
for (let index = 0; index < count; index++) {
  if (charts.length === 0 || shape !== 'one-chart') charts.push(new Chart(app, `chart-${index}`));
  define(charts.at(-1), nameOf(index));
}
connect(shape, charts);
app.synth();
