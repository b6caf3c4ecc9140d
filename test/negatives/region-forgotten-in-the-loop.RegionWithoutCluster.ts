import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Fleet, Region } from '../../lib';

const app = Testing.app();
const regions = [Region.aws('us-east-1'), Region.aws('eu-west-1')];
const fleet = new Fleet(app, 'Fleet', { regions });
for (const region of fleet.regions.slice(1)) {
  const chart = new Chart(app, region.name, { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ region }));
  new BentoDeployment(chart, 'Rag', {
    bento: Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' }),
  });
}
app.synth();
