import { Chart, Testing } from 'cdk8s';
import { Authentication, Bento, BentoDeployment, Exposure, Gateway, SecretRef } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  exposure: Exposure.gateway({
    hosts: ['rag.example.com'],
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
    authentication: Authentication.bearerTokens(SecretRef.named('rag-tokens')),
  }),
});
