import type { NginxModel } from '../../lib/engines/nginx';
import { ResponseCache, type ResponseCacheOptions } from '../../lib/traffic/response-cache';
import type { UpstreamModel } from '../../lib/traffic/upstream';

/** What stands in every model of a test unless it says otherwise. */
export function nginxModel(
  upstream: Partial<UpstreamModel> = {},
  cache: Partial<ResponseCacheOptions> = {},
  rest: Partial<NginxModel> = {},
): NginxModel {
  return {
    upstream: {
      name: 'rag',
      host: 'rag-pods.ml.svc.cluster.local',
      port: 3000,
      timeouts: { connect: 2, request: 66, streamIdle: 66, connectionIdle: 60 },
      loadBalancing: { kind: 'round-robin' },
      retries: { attempts: 2, statuses: [] },
      ...upstream,
    },
    cache: ResponseCache.of({ paths: ['/predict'], ...cache })._model,
    generation: 'rag:1',
    lockSeconds: 65,
    drainSeconds: 30,
    clientIdleSeconds: 75,
    healthPath: '/cache-health',
    ...rest,
  };
}
