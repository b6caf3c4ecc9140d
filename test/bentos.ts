import { type Duration, Size } from 'cdk8s';
import { Bento, BentoService, InstanceSize } from '../lib';

export const IMAGE = 'registry.example.com/rag:v1';

/** Small enough for any test, and complete: nothing to warn of. */
export const SMALL = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(1) });

/** A Bento of one service. */
export const single = (options: Partial<Parameters<typeof Bento.fromImage>[1]> = {}) =>
  Bento.fromImage(IMAGE, { services: [BentoService.named('Gateway', { size: SMALL })], ...options });

/** Gateway calls Embedder. */
export const pair = (options: { gateway?: Duration; embedder?: Duration } = {}) =>
  Bento.fromImage(IMAGE, {
    services: [
      BentoService.named('Gateway', { dependsOn: ['Embedder'], size: SMALL, timeout: options.gateway }),
      BentoService.named('Embedder', { size: SMALL, timeout: options.embedder }),
    ],
  });

/** search-api calls Reranker and Encoder, Reranker calls Encoder. */
export const chain = (timeouts: { api?: Duration; reranker?: Duration; encoder?: Duration } = {}) =>
  Bento.fromImage(IMAGE, {
    services: [
      BentoService.named('search-api', { dependsOn: ['Reranker', 'Encoder'], size: SMALL, timeout: timeouts.api }),
      BentoService.named('Reranker', { dependsOn: ['Encoder'], size: SMALL, timeout: timeouts.reranker }),
      BentoService.named('Encoder', { size: SMALL, timeout: timeouts.encoder }),
    ],
  });
