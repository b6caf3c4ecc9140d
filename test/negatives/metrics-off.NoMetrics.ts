import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Scaling, ScalingMetric } from '../../lib';
import { bentoYaml } from './bento-yaml';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ keda: {}, prometheus: { address: 'http://prometheus:9090' } }));
const file = bentoYaml(
  'service: service:A\nname: a\nbentoml_version: 1.4.39\nservices: [{ name: A, config: { metrics: { enabled: false } } }]\n',
);
new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromFile(file, { image: 'registry.example.com/a:1' }),
  apiServer: { scaling: Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.concurrency(4)] }) },
});
