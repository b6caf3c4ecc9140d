import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, ClusterProfile, Region } from '../../lib';

const chart = new Chart(Testing.app(), 'ireland', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ region: Region.aws('eu-west-1') }));
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', { bento, region: Region.aws('us-east-1') });
