import { fail, show } from './bento-error';

/** What is wrong with scaling: metrics, what a cluster lacks for them, functions. */
export const scalingErrors = {
  minOverMax: (min: number, max: number) =>
    fail(
      'MinOverMax',
      `'minReplicas' must be at most 'maxReplicas' (${max}), got ${min}`,
      'raise the one or lower the other',
    ),

  zeroReplicas: (property: string) =>
    fail(
      'ZeroReplicas',
      `'${property}' must be at least 1 for an online service, got 0`,
      'use ScaleToZeroFunction to scale to zero, or RunState.TERMINATED to stop it for a while',
    ),

  missingScaling: (property: string, gpu: string, other?: string) =>
    fail(
      'MissingScaling',
      `'${property}' must be stated, for each replica holds ${gpu} and costs money`,
      `state Scaling.replicas(n) or Scaling.auto({ maxReplicas, metrics })${other === undefined ? '' : `, or ${other}`}`,
    ),

  taskFunction: (service: string) =>
    fail(
      'TaskFunction',
      `'bento' must have no task in the entry service of a function, got one in ${show(service)}: its results lie in one pod, and go with it`,
      'use a BentoDeployment, which runs it with one replica',
    ),

  missingMetrics: (property: string) =>
    fail(
      'MissingMetrics',
      `'${property}' must be stated for a GPU component, whose CPU says little about its load`,
      'state ScalingMetric.concurrency(), or another of its metrics',
    ),

  duplicateMetric: (metric: string) =>
    fail('DuplicateMetric', `'metrics' must state ${metric} once, got it twice`, 'keep the one that is meant'),

  metricWithoutRequest: (property: string, resource: string) =>
    fail(
      'MetricWithoutRequest',
      `'${property}' must not target ${resource} utilization, for the component requests no ${resource}`,
      `state \`size\` with ${resource === 'cpu' ? 'cpuCores' : resource}`,
    ),

  clusterLacks: (property: string, entry: string, remedy: string) =>
    fail('ClusterLacks', `'${property}' must have '${entry}' in the ClusterProfile, got none`, remedy),

  needsVersion: (property: string, what: string, needs: string, has: string, instead: string) =>
    fail(
      'NeedsVersion',
      `'${property}' must not be used below ${what} ${needs}; the cluster profile states ${has}`,
      instead,
    ),

  invalidMetric: (property: string, rule: string, got: string, remedy?: string) =>
    fail('InvalidMetric', `'${property}' must be ${rule}, got ${got}`, remedy),

  mixedMetrics: (property: string, own: string, others: string) =>
    fail(
      'MixedMetrics',
      `'${property}' must not hold ${own} beside ${others}: KEDA makes the autoscaler for the latter and cannot carry the former`,
      'state the same number as ScalingMetric.prometheus() or kedaTrigger()',
    ),

  noMetrics: (property: string, service: string, remedy: string) =>
    fail('NoMetrics', `'${property}' must not look at requests of ${show(service)}, whose metrics are off`, remedy),

  noApiServer: (property: string, metric: string, pool: string) =>
    fail(
      'NoApiServer',
      `'${property}' must not hold ${metric}, for no API server leads to ${pool} alone`,
      'state a metric of its own',
    ),

  namespaceNeeded: (property: string, why: string) =>
    fail('NamespaceNeeded', `'${property}' must know its namespace: ${why}`, 'state `namespace` on the chart'),

  // Functions
  notByEngine: (property: string, carrier: string, why: string, engines: string) =>
    fail('NotByEngine', `'${property}' must not be stated for ${carrier}: ${why}`, engines),

  noFunctionEngine: () =>
    fail(
      'NoFunctionEngine',
      "'engine' must be one that the cluster has, got a ClusterProfile without 'kedaHttpAddOn' and 'knative'",
      'add one of them, or use a BentoDeployment, which never sleeps; FunctionEngine.hpa() needs neither, but queues nothing',
    ),

  noFunction: (property: string) =>
    fail(
      'NoFunction',
      `'${property}' must not be Scaling.withFunction() here: no ScaleToZeroFunction owns this pool`,
      'state Scaling.auto() or Scaling.replicas()',
    ),

  metricVanishesAtZero: (property: string, metric: string, remedy: string) =>
    fail(
      'MetricVanishesAtZero',
      `'${property}' must not hold ${metric}: it comes from the pods themselves, so nothing is left to wake them`,
      remedy,
    ),

  missingFeatures: (property: string, features: string[]) =>
    fail(
      'MissingFeatures',
      `'${property}' must have ${features.join(', ')} enabled, which the pods of this function need`,
      "enable them in Knative's ConfigMap config-features and in `knative.enabledFeatures`, or use FunctionEngine.kedaHttp()",
    ),

  // Triggers of KEDA
  unknownScaler: (property: string, got: string, near: string[]) =>
    fail(
      'UnknownScaler',
      `'${property}' must be a scaler of KEDA 2.21, got ${show(got)}`,
      near.length > 0 ? `did you mean ${near.join(', ')}?` : 'they stand at https://keda.sh/docs/2.21/scalers/',
    ),

  unknownTriggerKey: (property: string, scaler: string, got: string, remedy: string) =>
    fail(
      'UnknownTriggerKey',
      `'${property}' must hold what the scaler ${scaler} reads there, got ${show(got)}`,
      remedy,
    ),

  missingTriggerKey: (property: string, scaler: string, key: string, remedy: string) =>
    fail('MissingTriggerKey', `'${property}' must hold ${show(key)}, which the scaler ${scaler} requires`, remedy),
};
