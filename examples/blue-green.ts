// A new version starts beside the old one, at full size, then gets all requests at once; to go back takes no start. Argo
// Rollouts does it by itself; without it edits of the definition do.
import { App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  Color,
  Exposure,
  Gate,
  Gateway,
  InstanceSize,
  Promotion,
  Release,
  Runner,
  Scaling,
  Version,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'blue-green', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    kubernetesVersion: '1.36',
    argoRollouts: {},
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
    prometheus: {
      address: 'http://prometheus-operated.monitoring:9090',
      operatorLabels: { release: 'kube-prometheus-stack' },
    },
  }),
);

// The class DeploymentManager of "Production Scaling": three instances each. Before the promotion a Job asks the preview, which
// has no other requests; after it, answers decide for five minutes whether the old version takes over again.
const search = new BentoDeployment(chart, 'Search', {
  bento: Bento.fromImage('registry.example.com/search:2.0.0', { bentoService: 'Search' }),
  apiServer: { size: InstanceSize.named('cpu.2'), scaling: Scaling.replicas(3) },
  exposure: Exposure.gateway({ hosts: ['search.example.com'] }),
  release: Release.blueGreen({
    beforePromotion: [
      Gate.job({
        name: 'smoke-test',
        image: 'registry.example.com/search-smoke-test:1.3.0',
        args: ['--url', 'http://search-preview.ml:3000'],
      }),
    ],
    promotion: Promotion.automaticAfter(Duration.minutes(5)),
    afterPromotion: [Gate.errorRate({ maxRate: 0.01 }), Gate.latency({ max: Duration.seconds(2), percentile: 95 })],
    scaleDownDelay: Duration.minutes(15),
  }),
});

// The same with plain Kubernetes. Two colours, each with an API server and a pool; the Service `ranking` leads to one of them
// and `ranking-preview` to the other. `promoted` is the edit that switches; here green is there, and has no requests yet.
const services = [
  BentoService.named('Api', { dependsOn: ['Ranker'], size: InstanceSize.named('cpu.2') }),
  BentoService.named('Ranker', { size: InstanceSize.named('gpu.l4.1') }),
];
const ranking = new BentoDeployment(chart, 'Ranking', {
  bento: Bento.fromImage('registry.example.com/ranking:8.1.0', { services }),
  apiServer: { scaling: Scaling.replicas(3) },
  runners: { Ranker: Runner.pool({ scaling: Scaling.replicas(2) }) },
  exposure: Exposure.gateway({ hosts: ['ranking.example.com'] }),
  release: Release.manualBlueGreen({
    color: Color.GREEN,
    previous: Version.of({ bento: Bento.fromImage('registry.example.com/ranking:8.0.5', { services }) }),
  }),
});

app.synth();

for (const { releasePlan } of [search, ranking]) {
  console.error(`${releasePlan.toMarkdown()}\n\n${releasePlan.toMermaid()}\n`);
}
