import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Release, Version } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = (tag: string) => Bento.fromImage(`registry.example.com/rag:${tag}`, { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento: bento('v2'),
  release: Release.rolling({ previous: Version.weighted(90, { bento: bento('v1') }) }),
});
