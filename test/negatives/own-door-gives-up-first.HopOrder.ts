import { Chart, Duration, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Exposure, NetworkPeer } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const exposure = Exposure.custom({
  bind: () => ({
    peers: [NetworkPeer.namespace('mesh')],
    requestTimeout: Duration.seconds(30),
    connectionIdleTimeout: Duration.seconds(30),
  }),
});
new BentoDeployment(chart, 'Rag', { bento, exposure });
