import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, ModelVolume, Release } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36', argoRollouts: { version: '1.8' } }));
new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:v2', { bentoService: 'Rag' }),
  models: [ModelVolume.image('weights', { image: 'registry.example.com/weights:v1', mountPath: '/models/weights' })],
  release: Release.blueGreen(),
});
