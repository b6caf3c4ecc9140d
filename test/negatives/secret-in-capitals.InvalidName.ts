import { SecretRef } from '../../lib';

SecretRef.named('RAG_KEYS');
