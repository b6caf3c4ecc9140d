import { Duration, Size } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  InstanceSize,
  Runner,
  Scaling,
  ScalingMetric,
} from '../../lib';
import { synthesize } from '../tree';
import type { KubernetesObject } from './client';

/** Of the API server. */
export const MIN_REPLICAS = 2;
export const MAX_REPLICAS = 6;
/** Of each pool. */
export const POOL_REPLICAS = 2;
/** A replica takes so much of the load. */
export const LOAD = 10;

/** How long pods of the API server, and of everything else, take until they are ready. */
const READY_AFTER = '500ms';

const size = InstanceSize.of({ cpuCores: 0.05, memory: Size.mebibytes(64), ephemeralStorage: Size.mebibytes(64) });

export interface DefinitionOptions extends Partial<BentoDeploymentProps> {
  /** Whether its services are one, which calls nobody. @default false */
  readonly alone?: boolean;
  /** Whether KEDA scales it. @default false - the autoscaler, by external metrics */
  readonly keda?: boolean;
  /** What the cluster has besides. */
  readonly cluster?: Partial<ClusterProfileProps>;
}

/** The Bento with this tag: an API server that calls a pool. */
export function bentoOf(tag: string, alone = false): Bento {
  const services = alone
    ? [BentoService.named('Gateway', { size })]
    : [BentoService.named('Gateway', { size, dependsOn: ['Embedder'] }), BentoService.named('Embedder', { size })];
  return Bento.fromImage(`registry.example.com/rag:${tag}`, { services });
}

/** How the API server of a version is scaled: each by a metric of its own. */
export function scaled(metric: string): Scaling {
  return scaledBy(ScalingMetric.external({ metric, averageValue: LOAD }));
}

function scaledBy(metric: ScalingMetric): Scaling {
  return Scaling.auto({ minReplicas: MIN_REPLICAS, maxReplicas: MAX_REPLICAS, metrics: [metric] });
}

/** All objects of a deployment called `rag`, as they are emitted. */
export function definition(
  namespace: string,
  tag: string,
  prometheus: string,
  { alone, keda, cluster, ...props }: DefinitionOptions = {},
): KubernetesObject[] {
  const profile: ClusterProfileProps = {
    kubernetesVersion: '1.36',
    argoRollouts: { version: '1.10' },
    prometheus: { address: prometheus, scrapeInterval: Duration.seconds(5) },
    ...(keda && { keda: { version: '2.20' } }),
    ...cluster,
  };
  const load = keda
    ? scaledBy(ScalingMetric.prometheus({ query: `load{namespace="${namespace}"}`, threshold: LOAD }))
    : scaled('load');
  return synthesize(
    (chart) => {
      ClusterProfile.set(chart, new ClusterProfile(profile));
      new BentoDeployment(chart, 'Rag', {
        bento: bentoOf(tag, alone),
        annotations: { 'sim/ready-after': READY_AFTER },
        apiServer: { scaling: load },
        ...(!alone && { runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(POOL_REPLICAS) }) } }),
        exposure: Exposure.ingressNginx({ hosts: [`${namespace}.example.com`] }),
        ...props,
      });
    },
    { namespace },
  ).all;
}
