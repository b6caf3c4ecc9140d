import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Fleet, Region } from '../../lib';

const app = Testing.app();
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const fleet = new Fleet(app, 'Fleet', { regions: [Region.aws('eu-west-1'), Region.aws('us-east-1')] });
for (const region of [...fleet.regions, Region.aws('us-west-2')]) {
  const chart = new Chart(app, region.name, { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ region }));
  new BentoDeployment(chart, 'Rag', { bento });
}
app.synth();
