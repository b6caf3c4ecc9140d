import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', { bento, labels: { 'app.kubernetes.io/instance': 'other' } });
