import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Exposure, Fleet, Gateway, Region } from '../../lib';

const app = Testing.app();
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const fleet = new Fleet(app, 'Fleet', { regions: [Region.aws('eu-west-1'), Region.aws('us-east-1')] });
const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
for (const region of fleet.regions) {
  const chart = new Chart(app, region.name, { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ region, gateway }));
  new BentoDeployment(chart, 'Rag', { bento });
  if (region.name === 'eu-west-1') {
    new BentoDeployment(chart, 'Chat', { bento, exposure: Exposure.gateway({ hosts: ['chat.example.com'] }) });
  }
}
app.synth();
