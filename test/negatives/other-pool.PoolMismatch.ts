import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, BentoService, Runner, RunnerPool } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
const pool = RunnerPool.fromAttributes({ bentoService: 'Reranker', url: 'http://reranker:3000' });
new BentoDeployment(chart, 'Rag', { bento, runners: { Embedder: Runner.shared(pool) } });
