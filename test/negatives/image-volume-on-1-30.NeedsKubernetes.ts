import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ModelVolume } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const weights = ModelVolume.image('llama', { image: 'registry.example.com/llama:1', mountPath: '/models' });
new BentoDeployment(chart, 'Rag', { bento, models: [weights] });
