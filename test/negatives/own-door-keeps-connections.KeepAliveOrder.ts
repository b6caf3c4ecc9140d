import { Chart, Duration, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Exposure, NetworkPeer } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const exposure = Exposure.custom({
  bind: () => ({
    peers: [NetworkPeer.namespace('mesh')],
    requestTimeout: Duration.minutes(5),
    connectionIdleTimeout: Duration.hours(1),
  }),
});
new BentoDeployment(chart, 'Rag', { bento, exposure });
