import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, EnvVar } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', { bento, env: [EnvVar.value('MODE', 'a'), EnvVar.value('MODE', 'b')] });
