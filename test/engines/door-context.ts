import { ClusterProfile } from '../../lib/cluster/cluster-profile';
import type { DoorContext } from '../../lib/component/door';
import type { UpstreamModel } from '../../lib/traffic/upstream';

/** What is behind the doors of the engines' tests: a deployment of one Service that answers within a minute. */
export function doorContext({
  upstream,
  ...context
}: Partial<Omit<DoorContext, 'upstream'>> & { readonly upstream?: Partial<UpstreamModel> } = {}): DoorContext {
  return {
    name: 'rag',
    namespace: 'ml',
    backends: [{ service: 'rag', port: 80 }],
    selector: { 'app.kubernetes.io/instance': 'rag', 'cdk8s-bento/track': 'main' },
    containerPort: 3000,
    portName: 'http',
    healthPath: '/readyz',
    property: 'apiServer.traffic',
    upstream: {
      name: 'rag',
      host: 'rag',
      port: 80,
      timeouts: { connect: 5, request: 65, streamIdle: 65, connectionIdle: 60 },
      loadBalancing: { kind: 'least-request' },
      retries: { attempts: 2, statuses: [] },
      ...upstream,
    },
    requestSeconds: 70,
    silenceSeconds: 75,
    deregistrationSeconds: 90,
    cluster: new ClusterProfile()._model,
    ...context,
  };
}
