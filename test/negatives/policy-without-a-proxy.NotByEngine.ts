import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, BentoService, CircuitBreaker, Runner, RunnerProxy } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});
new BentoDeployment(chart, 'Rag', {
  bento,
  runners: {
    Embedder: Runner.pool({
      proxy: RunnerProxy.direct(),
      traffic: { circuitBreaker: CircuitBreaker.consecutiveErrors() },
    }),
  },
});
