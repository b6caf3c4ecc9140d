import { Chart, Testing } from 'cdk8s';
import { Bento, ScaleToZeroFunction } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new ScaleToZeroFunction(chart, 'Rag', { bento, maxReplicas: 4, targetConcurrency: 1 });
