import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Release, RunState, Version } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = (tag: string) => Bento.fromImage(`registry.example.com/rag:${tag}`, { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento: bento('v1'),
  state: RunState.TERMINATED,
  release: Release.split({ versions: { v2: Version.weighted(10, { bento: bento('v2') }) } }),
});
