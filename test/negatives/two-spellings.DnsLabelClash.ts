import { Bento, BentoService } from '../../lib';

Bento.fromImage('registry.example.com/rag:1', {
  services: [BentoService.named('TextSearch'), BentoService.named('text_search')],
});
