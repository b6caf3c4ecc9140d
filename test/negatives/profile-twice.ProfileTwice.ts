import { Chart, Testing } from 'cdk8s';
import { ClusterProfile } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile());
ClusterProfile.set(chart, new ClusterProfile());
