import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Exposure, Gateway, GlobalService } from '../../lib';

const app = Testing.app();
const chart = new Chart(app, 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new GlobalService(chart, 'Api', {
  members: [new BentoDeployment(chart, 'RagEast', { bento }), new BentoDeployment(chart, 'RagWest', { bento })],
  weights: { 'rag-east': 80, 'rag-wst': 20 },
  exposure: Exposure.gateway({
    hosts: ['api.example.com'],
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
  }),
});
app.synth();
