import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, RollingPreset, Scaling } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const rolling = { preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT };
new BentoDeployment(chart, 'Rag', { bento, apiServer: { scaling: Scaling.replicas(1), rolling } });
