import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Scaling, ScalingMetric } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ keda: {}, prometheus: { address: 'http://prometheus:9090' } }));
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: {
    scaling: Scaling.auto({
      maxReplicas: 4,
      metrics: [ScalingMetric.concurrency(4), ScalingMetric.pods({ metric: 'packets', averageValue: 1 })],
    }),
  },
});
