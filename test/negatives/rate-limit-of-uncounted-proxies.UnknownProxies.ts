import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Exposure, Gateway, RateLimit, RateUnit } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: { traffic: { rateLimit: RateLimit.total(600, RateUnit.MINUTE) } },
  exposure: Exposure.gateway({
    hosts: ['rag.example.com'],
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
  }),
});
