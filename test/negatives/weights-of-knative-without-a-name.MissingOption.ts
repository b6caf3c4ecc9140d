import { Chart, Testing } from 'cdk8s';
import { Bento, ClusterProfile, Release, ScaleToZeroFunction, Version } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(chart, new ClusterProfile({ knative: {} }));
const bento = (tag: string) => Bento.fromImage(`registry.example.com/rag:${tag}`, { bentoService: 'Rag' });
new ScaleToZeroFunction(chart, 'Rag', {
  bento: bento('2'),
  maxReplicas: 4,
  targetConcurrency: 1,
  release: Release.split({ versions: { v1: Version.weighted(90, { bento: bento('1'), serving: true }) } }),
});
