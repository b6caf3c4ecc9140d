import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Scaling, ScalingMetric } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: { scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.concurrency(4)] }) },
});
