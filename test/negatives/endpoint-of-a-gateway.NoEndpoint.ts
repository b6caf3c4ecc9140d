import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Exposure, Gateway } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
const rag = new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' }),
  exposure: Exposure.gateway({ hosts: ['rag.example.com'], gateway }),
});
rag.endpoint;
