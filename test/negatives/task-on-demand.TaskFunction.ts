import { Chart, Testing } from 'cdk8s';
import { Bento, BentoService, ClusterProfile, ScaleToZeroFunction } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: {} }));
const bento = Bento.fromImage('registry.example.com/a:1', { services: [BentoService.named('A', { hasTasks: true })] });
new ScaleToZeroFunction(chart, 'Work', { bento, maxReplicas: 1, targetConcurrency: 1 });
