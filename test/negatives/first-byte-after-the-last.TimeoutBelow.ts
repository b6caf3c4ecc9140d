import { Chart, Duration, Testing } from 'cdk8s';
import { Bento, BentoDeployment } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const traffic = { timeout: Duration.minutes(5), streaming: { maxDuration: Duration.minutes(4) } };
new BentoDeployment(chart, 'Rag', { bento, apiServer: { traffic } });
