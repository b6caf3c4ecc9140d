import { Chart, Testing } from 'cdk8s';
import { Bento, RunnerPool, Scaling } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new RunnerPool(chart, 'Rag', { bento, bentoService: 'Rag', scaling: Scaling.withFunction({ maxReplicas: 2 }) });
