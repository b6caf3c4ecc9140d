import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Release, Version } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:v1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', { bento, release: Release.rolling({ previous: Version.of({ bento }) }) });
