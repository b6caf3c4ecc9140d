import { Bento } from '../../lib';
import { bentoYaml } from './bento-yaml';

Bento.fromFile(bentoYaml('services:\n\t- name: Rag\n'), { image: 'registry.example.com/rag:1' });
