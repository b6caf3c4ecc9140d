import { ApiObject, Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment } from '../../lib';

const app = Testing.app();
const chart = new Chart(app, 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', { bento });
new ApiObject(chart, 'Mine', {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'mine' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' }, maxReplicas: 3 },
});
app.synth();
