import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, BentoService, RollingPreset } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const services = [BentoService.named('Rag', { hasTasks: true })];
const bento = Bento.fromImage('registry.example.com/rag:1', { services });
new BentoDeployment(chart, 'Rag', { bento, apiServer: { rolling: { preset: RollingPreset.THIRDS } } });
