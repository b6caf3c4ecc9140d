import { Duration } from 'cdk8s';
import { ClusterProfile, type ClusterProfileProps, type Gate } from '../lib';
import type { SeriesModel } from '../lib/component/component-model';
import { type GateContext, resolveGates } from '../lib/component/resolve-gates';
import type { Warning } from '../lib/component/warning';
import type { GateModel, MeasuredGateModel } from '../lib/release/gate-model';
import { single } from './bentos';

/** Series of an API server, as queries find them. */
export const SERIES: SeriesModel = {
  labels: {
    app_kubernetes_io_component: 'api-server',
    app_kubernetes_io_instance: 'rag',
    cdk8s_bento_track: 'main',
    namespace: 'ml',
  },
  prefix: 'bentoml_service',
  probePaths: ['/livez', '/readyz', '/healthz'],
};

export const ADDRESS = 'http://prometheus.monitoring:9090';

export interface Surroundings extends Partial<Pick<GateContext, 'maxConcurrency' | 'background'>> {
  readonly prometheus?: ClusterProfileProps['prometheus'] | 'none';
  readonly namespace?: string | 'none';
  readonly service?: Partial<GateContext['service']>;
}

export function cluster(prometheus: Surroundings['prometheus']): GateContext['cluster'] {
  const stated =
    prometheus === 'none' ? undefined : { address: ADDRESS, scrapeInterval: Duration.seconds(15), ...prometheus };
  return new ClusterProfile({ prometheus: stated })._model;
}

/** What is left of gates once cluster and Bento are known. */
export function resolved(
  gates: readonly Gate[],
  surroundings: Surroundings = {},
  warnings: Warning[] = [],
): GateModel[] {
  const { namespace = 'ml', service, maxConcurrency = 64, background = false } = surroundings;
  const bento = single();
  return resolveGates(gates, {
    property: 'release.gates',
    identity: { name: 'rag', namespace: namespace === 'none' ? undefined : namespace } as GateContext['identity'],
    service: { ...bento._model.services.Gateway!, ...service },
    maxConcurrency: 'maxConcurrency' in surroundings ? surroundings.maxConcurrency : maxConcurrency,
    cluster: cluster(surroundings.prometheus),
    background,
    warnings,
  });
}

/** One gate that reads BentoML's metrics. */
export const measuredGate = (gate: Gate, surroundings?: Surroundings) =>
  resolved([gate], surroundings)[0] as MeasuredGateModel;
