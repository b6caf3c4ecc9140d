import { join } from 'node:path';
import { Chart, Duration, Testing } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  ClaimRef,
  ClusterProfile,
  EnvVar,
  LogLevel,
  ModelVolume,
  Runner,
  RunnerProxy,
  ScaleToZeroFunction,
  Scaling,
  type ServingComponent,
} from '../../lib';
import { fixtures } from './build';

export interface ComponentNames {
  readonly workload: string;
  readonly service: string;
}

/** What the library made of a Bento. */
export interface Synthesized {
  readonly manifests: unknown[];
  readonly apiServer: ComponentNames;
  readonly runners: Record<string, ComponentNames>;
}

// Long enough for the lab's endpoint removal, and no longer.
const drain = { endpointRemoval: Duration.seconds(3) };

// What BentoML does by itself; behind a proxy it is measured in test/envoy.
const proxy = RunnerProxy.direct();

export const textSearch = () =>
  synthesize('text-search', {
    env: [EnvVar.value('API_KEY', 'k')],
    apiServer: { drain },
    runners: { Embedder: Runner.pool({ drain, proxy }) },
  });

/** Limits far below those that the Bento's code states. */
export const limitedTextSearch = () =>
  synthesize('text-search', {
    env: [EnvVar.value('API_KEY', 'k')],
    apiServer: {
      traffic: { timeout: Duration.seconds(4), maxConcurrency: 2 },
      logging: { level: LogLevel.QUIET },
    },
    runners: {
      Embedder: Runner.pool({ proxy, traffic: { timeout: Duration.seconds(2) }, logging: { level: LogLevel.DEBUG } }),
    },
  });

/** Three services, of which one asks for a GPU; the API has a path prefix and calls a service outside. */
export const search = () =>
  synthesize('search', {
    apiServer: { scaling: Scaling.replicas(1) },
    runners: { Encoder: Runner.pool({ proxy }), Reranker: Runner.pool({ scaling: Scaling.replicas(1) }) },
  });

export const WEIGHTS_CLAIM = 'weights';

export const wordIndex = () =>
  synthesize('word-index', {
    env: [EnvVar.value('WEIGHTS_DIR', '/models/words')],
    apiServer: {
      // Its tasks live in one pod.
      scaling: Scaling.replicas(1),
      models: [ModelVolume.claim('words', { claim: ClaimRef.named(WEIGHTS_CLAIM), mountPath: '/models/words' })],
    },
  });

/** The command by which the API server of a function waits for the pool that wakes with it. */
export function waitingCommand(): string[] {
  const chart = new Chart(Testing.app(), 'lab', { namespace: 'lab' });
  ClusterProfile.set(chart, new ClusterProfile({ keda: {}, kedaHttpAddOn: {} }));
  const bento = Bento.fromFile(join(fixtures, 'text-search', 'bento.yaml'), { image: 'registry.example.com/a:v1' });
  const waiting = new ScaleToZeroFunction(chart, 'Lab', {
    bento,
    env: [EnvVar.value('API_KEY', 'k')],
    maxReplicas: 1,
    targetConcurrency: 1,
  });
  return waiting.apiServer.workload.toJson().spec.template.spec.initContainers[0].command;
}

function synthesize(fixture: string, props: Omit<BentoDeploymentProps, 'bento'>): Synthesized {
  const bento = Bento.fromFile(join(fixtures, fixture, 'bento.yaml'), { image: `registry.example.com/${fixture}:v1` });
  const chart = Testing.chart();
  const deployment = new BentoDeployment(chart, 'Lab', { bento, ...props });
  const names = ({ workload, service }: ServingComponent) => ({ workload: workload.name, service: service.name });
  const runners = deployment.runnerPools.map((pool) => [pool.bentoService, names(pool)]);
  return {
    manifests: Testing.synth(chart),
    apiServer: names(deployment.apiServer),
    runners: Object.fromEntries(runners),
  };
}
