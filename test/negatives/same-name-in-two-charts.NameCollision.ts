import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment } from '../../lib';

const app = Testing.app();
const chart = new Chart(app, 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', { bento });
new BentoDeployment(new Chart(app, 'copy', { namespace: 'ml' }), 'Rag', { bento });
app.synth();
