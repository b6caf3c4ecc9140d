import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Fleet, InstanceSize, Region, Scaling } from '../../lib';

const app = Testing.app();
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const fleet = new Fleet(app, 'Fleet', { regions: [Region.aws('eu-west-1'), Region.aws('us-east-1')] });
for (const region of fleet.regions) {
  const chart = new Chart(app, region.name, { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ region }));
  new BentoDeployment(chart, 'Rag', {
    bento,
    apiServer: { size: InstanceSize.named('gpu.l4.1'), scaling: Scaling.replicas(2) },
    ...(region.name === 'eu-west-1' && { nodeSelector: { pool: 'l4' } }),
  });
}
app.synth();
