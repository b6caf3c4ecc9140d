import { Chart, Duration, Testing } from 'cdk8s';
import { Bento, CanaryStep, ClusterProfile, Release, ScaleToZeroFunction } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: {}, argoRollouts: {} }));
new ScaleToZeroFunction(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' }),
  maxReplicas: 4,
  targetConcurrency: 1,
  release: Release.canary({ steps: [CanaryStep.weight(10, { pause: Duration.minutes(5) })] }),
});
