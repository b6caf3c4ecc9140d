import { Bento } from '../../lib';

Bento.fromFile('never/built', { image: 'registry.example.com/rag:1' });
