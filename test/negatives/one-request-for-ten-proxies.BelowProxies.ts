import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, BentoService, Runner } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
// Each of up to ten API servers has a proxy of its own.
const traffic = { maxConcurrency: 1, queue: { maxPending: 100 } };
new BentoDeployment(chart, 'Rag', { bento, runners: { Embedder: Runner.pool({ traffic }) } });
