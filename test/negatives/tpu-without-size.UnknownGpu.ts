import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment } from '../../lib';
import { bentoYaml } from './bento-yaml';

const text =
  '{ name: a, version: v1, service: a, services: [{ name: A, config: { resources: { tpu_type: v5e-1x1 } } }] }';
const bento = Bento.fromFile(bentoYaml(text), { image: 'registry.example.com/a:1' });
new BentoDeployment(new Chart(Testing.app(), 'prod'), 'A', { bento });
