import { Chart, Testing } from 'cdk8s';
import { Bento, BentoService, ClusterProfile, Runner, RunnerProxy, ScaleToZeroFunction, Scaling } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: {} }));
const bento = Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
new ScaleToZeroFunction(chart, 'Rag', {
  bento,
  maxReplicas: 4,
  targetConcurrency: 1,
  runners: {
    Embedder: Runner.pool({ scaling: Scaling.withFunction({ maxReplicas: 2 }), proxy: RunnerProxy.tier() }),
  },
});
