import { Bento, BentoService } from '../../lib';

Bento.fromImage('registry.example.com/rag:1', {
  services: [
    BentoService.named('Rag', { dependsOn: ['Embedder'] }),
    BentoService.named('Embedder', { dependsOn: ['Rag'] }),
  ],
});
