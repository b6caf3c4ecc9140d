import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, CanaryStep, ClusterProfile, Exposure, Gateway, Release } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
    argoRollouts: { gatewayApiPlugin: {} },
  }),
);
new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:v2', { bentoService: 'Rag' }),
  files: { '/etc/rag.yaml': 'k: 5' },
  exposure: Exposure.gateway({ hosts: ['rag.example.com'] }),
  release: Release.canary({ steps: [CanaryStep.weight(10)] }),
});
