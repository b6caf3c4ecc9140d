import { Bento } from '../../lib';
import { bentoYaml } from './bento-yaml';

Bento.fromFile(bentoYaml('apiVersion: v1\nkind: Pod\n'), { image: 'registry.example.com/rag:1' });
