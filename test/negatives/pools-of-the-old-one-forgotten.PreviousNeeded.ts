import { Chart, Testing } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  CanaryStep,
  ClusterProfile,
  Exposure,
  Gateway,
  Release,
} from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
    argoRollouts: { gatewayApiPlugin: {} },
  }),
);
const services = [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')];
new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:v2', { services }),
  exposure: Exposure.gateway({ hosts: ['rag.example.com'] }),
  release: Release.canary({ steps: [CanaryStep.weight(10)] }),
});
