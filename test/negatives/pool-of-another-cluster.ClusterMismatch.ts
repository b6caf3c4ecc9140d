import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, BentoService, ClusterProfile, Runner, RunnerPool } from '../../lib';

const app = Testing.app();
const chart = new Chart(app, 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
const models = new Chart(app, 'models', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ name: 'blue' }));
ClusterProfile.set(models, new ClusterProfile({ name: 'green' }));
const pool = new RunnerPool(models, 'Embedder', { bento, bentoService: 'Embedder' });
new BentoDeployment(chart, 'Rag', { bento, runners: { Embedder: Runner.shared(pool) } });
