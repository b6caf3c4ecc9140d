import { ApiObject, Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Release, Scaling } from '../../lib';

const app = Testing.app();
const chart = new Chart(app, 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ argoRollouts: {} }));
new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:v2', { bentoService: 'Rag' }),
  apiServer: { scaling: Scaling.unmanaged() },
  release: Release.blueGreen(),
});
new ApiObject(chart, 'Scaler', {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'rag' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' }, maxReplicas: 5 },
});
app.synth();
