import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  ClusterProfile,
  RunState,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  ScalingPolicy,
  Schedule,
} from '../../lib';
import { single } from '../bentos';
import type { Body } from '../cluster/client';
import { CLUSTER } from '../functions';
import { type Objects, synthesize } from '../tree';
import { countOwners } from './owners';

type Options = Parameters<typeof Scaling.auto>[0];

const second = Duration.seconds(1);
const hours = ScalingMetric.schedule(2, Schedule.businessHours({ timeZone: 'UTC' }));

/** An engine of plain components: what makes it be chosen, and where it says what all of them say. */
interface Engine {
  readonly kind: string;
  readonly metricName: string;
  readonly metric: ScalingMetric;
  readonly bounds: (spec: Body) => [number, number];
  readonly behavior: (spec: Body) => Body;
}
const HPA: Engine = {
  kind: 'HorizontalPodAutoscaler',
  metricName: 'cpu',
  metric: ScalingMetric.cpu(70),
  bounds: ({ minReplicas, maxReplicas }) => [minReplicas, maxReplicas],
  behavior: ({ behavior }) => behavior,
};
const KEDA: Engine = {
  kind: 'ScaledObject',
  metricName: 'concurrency',
  metric: ScalingMetric.concurrency(4),
  bounds: ({ minReplicaCount, maxReplicaCount }) => [minReplicaCount, maxReplicaCount],
  behavior: ({ advanced }) => advanced.horizontalPodAutoscalerConfig.behavior,
};

/** Which metrics each carries, by its documentation; KEDA hands CPU and memory to the HPA that it makes. */
const METRICS: readonly (readonly [string, ScalingMetric, readonly Engine[]])[] = [
  ['cpu', ScalingMetric.cpu(60), [HPA, KEDA]],
  ['memory', ScalingMetric.memory(60), [HPA, KEDA]],
  ['pods', ScalingMetric.pods({ metric: 'm', averageValue: 1 }), [HPA]],
  ['external', ScalingMetric.external({ metric: 'm', value: 1 }), [HPA]],
  ['ofObject', ScalingMetric.ofObject({ apiVersion: 'v1', kind: 'Service', name: 's', metric: 'm', value: 1 }), [HPA]],
  ['concurrency', ScalingMetric.concurrency(2), [KEDA]],
  ['requestRate', ScalingMetric.requestRate(2), [KEDA]],
  ['totalRequestRate', ScalingMetric.totalRequestRate(2), [KEDA]],
  ['latency', ScalingMetric.latency(second), [KEDA]],
  ['queueLength', ScalingMetric.queueLength(2, { inService: 1 }), [KEDA]],
  ['prometheus', ScalingMetric.prometheus({ query: 'up', threshold: 1 }), [KEDA]],
  [
    'kedaTrigger',
    ScalingMetric.kedaTrigger({ kind: 'kubernetes-workload', metadata: { podSelector: 'a=b', value: '1' } }),
    [KEDA],
  ],
  ['schedule', hours, [KEDA]],
];

function deploy(options: Options, state?: RunState, cluster = CLUSTER): Objects {
  return synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile(cluster));
    new BentoDeployment(chart, 'Rag', { bento: single(), state, apiServer: { scaling: Scaling.auto(options) } });
  });
}
const scalers = (objects: Objects) => [...objects.of(HPA.kind), ...objects.of(KEDA.kind)];

describe.each([HPA, KEDA])('a component by $kind', (engine) => {
  const specOf = (options: Partial<Options> = {}) =>
    deploy({ maxReplicas: 5, metrics: [engine.metric], ...options }).get(engine.kind, 'rag').spec;

  it('has one scaler, of its name, which owns the workload that states no replicas', () => {
    const objects = deploy({ maxReplicas: 5, metrics: [engine.metric] });
    expect(scalers(objects).map(({ kind, metadata }) => [kind, metadata.name])).toEqual([[engine.kind, 'rag']]);
    expect(specOf().scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' });
    expect(objects.get('Deployment', 'rag').spec).not.toHaveProperty('replicas');
  });

  it('has the bounds that are stated', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }), (min, more) => {
        expect(engine.bounds(specOf({ minReplicas: min, maxReplicas: min + more }))).toEqual([min, min + more]);
      }),
      { numRuns: 20 },
    );
  });

  it('moves as it is told, and the same by each', () => {
    const behavior = ScalingBehavior.of({
      scaleUp: { stabilizationWindow: Duration.seconds(30), policies: [ScalingPolicy.pods(2, Duration.minutes(3))] },
      scaleDown: { stabilizationWindow: Duration.minutes(10), tolerance: 0.2 },
    });
    expect(JSON.parse(JSON.stringify(engine.behavior(specOf({ behavior }))))).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 30,
        selectPolicy: 'Max',
        policies: [{ type: 'Pods', value: 2, periodSeconds: 180 }],
      },
      scaleDown: { stabilizationWindowSeconds: 600, selectPolicy: 'Max', tolerance: '200m' },
    });
    expect(engine.behavior(specOf())).toBeUndefined();
  });

  const others = METRICS.filter(([name]) => name !== engine.metricName);
  it.each(others)('given %s beside what it is chosen for', (_, metric, by) => {
    const options = { maxReplicas: 5, metrics: [engine.metric, metric] };
    if (by.includes(engine)) expect(deploy(options).of(engine.kind)).toHaveLength(1);
    // What only the HPA carries is refused by KEDA; what only KEDA carries turns CPU over to it.
    else if (engine === KEDA) expect(() => deploy(options)).toThrow('[MixedMetrics]');
    else expect(scalers(deploy(options)).map(({ kind }) => kind)).toEqual([KEDA.kind]);
  });

  it('is stopped by one, and not twice', () => {
    for (const [, owners] of countOwners(
      deploy({ maxReplicas: 5, metrics: [engine.metric] }, RunState.TERMINATED).all,
    )) {
      expect(owners).toHaveLength(1);
    }
  });
});

it('a component keeps the name of its autoscaler, so that KEDA takes over from Kubernetes', () => {
  const before = deploy({ maxReplicas: 5, metrics: [HPA.metric] }).get(HPA.kind, 'rag').metadata.name;
  const after = deploy({ maxReplicas: 5, metrics: [KEDA.metric] }).get(KEDA.kind, 'rag');
  expect(after.spec.advanced.horizontalPodAutoscalerConfig.name).toBe(before);
  expect(after.metadata.annotations).toHaveProperty(['scaledobject.keda.sh/transfer-hpa-ownership'], 'true');
});

describe('without KEDA', () => {
  it.each(METRICS)('%s is carried by Kubernetes, or an error that says what is', (_, metric, by) => {
    const { keda, kedaHttpAddOn, ...plain } = CLUSTER;
    const make = () => deploy({ maxReplicas: 5, metrics: [metric] }, undefined, plain);
    if (by.includes(HPA)) expect(make().of(HPA.kind)).toHaveLength(1);
    else {
      expect(make).toThrow(
        /^\[ClusterLacks\] .* must have 'keda' .* use ScalingMetric\.cpu\(\), pods\(\), ofObject\(\) or external\(\), which plain Kubernetes has/,
      );
    }
  });
});
