import { ClaimRef, ModelVolume } from '../../lib';

ModelVolume.claim('llama', { claim: ClaimRef.named('llama'), mountPath: '/tmp' });
