import { Chart, Duration, Testing } from 'cdk8s';
import { Bento, BentoDeployment, BentoService, Runner } from '../../lib';

const app = Testing.app();
const chart = new Chart(app, 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: { traffic: { timeout: Duration.seconds(30) } },
  runners: { Embedder: Runner.pool({ traffic: { timeout: Duration.seconds(60) } }) },
});
app.synth();
