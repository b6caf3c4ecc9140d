import { Bento } from '../../lib';
import { bentoYaml } from './bento-yaml';

Bento.fromFile(bentoYaml('service: service:svc\nname: rag\nservices: []\n'), { image: 'registry.example.com/rag:1' });
