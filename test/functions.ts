import type { Chart } from 'cdk8s';
import {
  ClusterProfile,
  type ClusterProfileProps,
  FunctionEngine,
  ScaleToZeroFunction,
  type ScaleToZeroFunctionProps,
  ScalingMetric,
  Warnings,
} from '../lib';
import { single } from './bentos';
import { type Objects, synthesize } from './tree';

/** A cluster with everything that scales. */
export const CLUSTER: ClusterProfileProps = {
  kubernetesVersion: '1.37',
  prometheus: { address: 'http://prometheus.monitoring:9090', operatorLabels: {} },
  keda: { version: '2.21' },
  kedaHttpAddOn: { version: '0.16' },
  knative: {},
  dcgmExporter: {},
};

export type EngineName = 'keda-http' | 'knative' | 'hpa';

/** What a function must state, by engine. */
export const ENGINES: { readonly [engine in EngineName]: Partial<ScaleToZeroFunctionProps> } = {
  'keda-http': { engine: FunctionEngine.kedaHttp(), targetConcurrency: 4 },
  knative: { engine: FunctionEngine.knative(), targetConcurrency: 4 },
  hpa: { engine: FunctionEngine.hpa(), metrics: [ScalingMetric.external({ metric: 'queued', averageValue: 4 })] },
};

export const ENGINE_LIST = Object.keys(ENGINES) as EngineName[];

export interface MadeFunction {
  readonly objects: Objects;
  readonly fn: ScaleToZeroFunction;
  /** Warnings, after everything is synthesized. */
  readonly warnings: string[];
}

/** A function called upscaler in the namespace `ml`. */
export function makeFunction(
  engine: EngineName,
  props: Partial<ScaleToZeroFunctionProps> = {},
  { cluster = {}, beside = () => {} }: { cluster?: ClusterProfileProps; beside?: (chart: Chart) => void } = {},
): MadeFunction {
  let fn!: ScaleToZeroFunction;
  let root!: Chart;
  const objects = synthesize((chart) => {
    root = chart;
    ClusterProfile.set(chart, new ClusterProfile({ ...CLUSTER, ...cluster }));
    fn = new ScaleToZeroFunction(chart, 'Upscaler', { bento: single(), maxReplicas: 4, ...ENGINES[engine], ...props });
    beside(chart);
  });
  return { objects, fn, warnings: Warnings.of(root) };
}
