import { Chart, Testing } from 'cdk8s';
import { Bento, ClusterProfile, ScaleToZeroFunction, ScalingMetric } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: { version: '0.15' } }));
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new ScaleToZeroFunction(chart, 'Rag', {
  bento,
  maxReplicas: 4,
  targetConcurrency: 1,
  metrics: [ScalingMetric.concurrency(2)],
});
