import { Chart, Size, Testing } from 'cdk8s';
import { Bento, BentoDeployment, InstanceSize, Scaling, ScalingMetric } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: {
    size: InstanceSize.of({ memory: Size.gibibytes(2) }),
    scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.cpu(70)] }),
  },
});
