import { Bento } from '../../lib';
import { bentoYaml } from './bento-yaml';

Bento.fromFile(
  bentoYaml('service: service:svc\nname: iris\nbentoml_version: 1.1.11\nrunners: [{ name: iris_clf }]\n'),
  { image: 'registry.example.com/rag:1' },
);
