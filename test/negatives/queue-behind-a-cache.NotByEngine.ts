import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ResponseCache } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: { traffic: { maxConcurrency: 8, queue: { maxPending: 100 } } },
  cache: ResponseCache.of({ paths: ['/predict'] }),
});
