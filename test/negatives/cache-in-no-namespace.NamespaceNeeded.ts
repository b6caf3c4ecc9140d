import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ResponseCache } from '../../lib';

const chart = new Chart(Testing.app(), 'prod');
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', { bento, cache: ResponseCache.of({ paths: ['/predict'] }) });
