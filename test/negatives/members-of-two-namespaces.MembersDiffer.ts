import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, GlobalService } from '../../lib';

const app = Testing.app();
const east = new Chart(app, 'east', { namespace: 'east' });
const west = new Chart(app, 'west', { namespace: 'west' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new GlobalService(east, 'Api', {
  members: [new BentoDeployment(east, 'RagEast', { bento }), new BentoDeployment(west, 'RagWest', { bento })],
});
app.synth();
