import { Bento } from '../../lib';
import { bentoYaml } from './bento-yaml';

Bento.fromFile(bentoYaml('#'.repeat(9 * 2 ** 20)), { image: 'registry.example.com/rag:1' });
