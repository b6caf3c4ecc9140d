import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, InstanceSize, Scaling } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: { size: InstanceSize.named('gpu.l4.1'), scaling: Scaling.auto({ maxReplicas: 4 }) },
});
