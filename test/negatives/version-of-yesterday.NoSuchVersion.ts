import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Color, Release, Version } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = (tag: string) => Bento.fromImage(`registry.example.com/rag:${tag}`, { bentoService: 'Rag' });
const rag = new BentoDeployment(chart, 'Rag', {
  bento: bento('v2'),
  release: Release.manualBlueGreen({ color: Color.GREEN, previous: Version.of({ bento: bento('v1') }) }),
});
rag.version('v1');
