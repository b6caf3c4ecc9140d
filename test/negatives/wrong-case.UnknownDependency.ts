import { Bento } from '../../lib';
import { bentoYaml } from './bento-yaml';

Bento.fromFile(bentoYaml('name: rag\nservices: [{ name: Rag, dependencies: [embedder] }, { name: Embedder }]\n'), {
  image: 'registry.example.com/rag:1',
});
