import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, BentoService, Runner, RunnerPool } from '../../lib';

const app = Testing.app();
const chart = new Chart(app, 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
const pool = new RunnerPool(new Chart(app, 'models'), 'Embedder', { bento, bentoService: 'Embedder' });
new BentoDeployment(chart, 'Rag', { bento, runners: { Embedder: Runner.shared(pool) } });
