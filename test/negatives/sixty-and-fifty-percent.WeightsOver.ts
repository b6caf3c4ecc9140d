import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Release, Version } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = (tag: string) => Bento.fromImage(`registry.example.com/rag:${tag}`, { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento: bento('v1'),
  release: Release.split({
    versions: { v2: Version.weighted(60, { bento: bento('v2') }), v3: Version.weighted(50, { bento: bento('v3') }) },
  }),
});
