import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  type ScalingBehavior as Behavior,
  PolicySelect,
  ScalingBehavior,
  ScalingMetric,
  ScalingPolicy,
  ScalingSpeed,
} from '../../lib';
import { hpaSpec } from '../../lib/engines/hpa';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' };
const render = (metrics: ScalingMetric[], behavior?: Behavior) =>
  JSON.parse(
    JSON.stringify(
      hpaSpec(target, {
        kind: 'auto',
        minReplicas: 2,
        maxReplicas: 10,
        metrics: metrics.map(({ _model }) => _model),
        behavior: behavior?._model,
        fallbackReplicas: 2,
      }),
    ),
  );
const cpu = ScalingMetric.cpu(70);

// Shapes from the API reference of autoscaling/v2, by hand.
describe('metrics', () => {
  it.each([
    [
      'CPU',
      ScalingMetric.cpu(150),
      {
        type: 'ContainerResource',
        containerResource: {
          name: 'cpu',
          container: 'bento',
          target: { type: 'Utilization', averageUtilization: 150 },
        },
      },
    ],
    [
      'memory',
      ScalingMetric.memory(80),
      {
        type: 'ContainerResource',
        containerResource: {
          name: 'memory',
          container: 'bento',
          target: { type: 'Utilization', averageUtilization: 80 },
        },
      },
    ],
    [
      'pods',
      ScalingMetric.pods({ metric: 'in_flight', averageValue: 2.5, labels: { b: '2', a: '1' } }),
      {
        type: 'Pods',
        pods: {
          metric: { name: 'in_flight', selector: { matchLabels: { a: '1', b: '2' } } },
          target: { type: 'AverageValue', averageValue: '2500m' },
        },
      },
    ],
    [
      'an object, per replica',
      ScalingMetric.ofObject({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        name: 'door',
        metric: 'requests-per-second',
        averageValue: 100,
      }),
      {
        type: 'Object',
        object: {
          describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'door' },
          metric: { name: 'requests-per-second' },
          target: { type: 'AverageValue', averageValue: '100' },
        },
      },
    ],
    [
      'something outside, as a whole',
      ScalingMetric.external({ metric: 'queue_messages_ready', value: 30, labels: { queue: 'worker' } }),
      {
        type: 'External',
        external: {
          metric: { name: 'queue_messages_ready', selector: { matchLabels: { queue: 'worker' } } },
          target: { type: 'Value', value: '30' },
        },
      },
    ],
  ])('of %s', (_, metric, expected) => {
    expect(render([metric]).metrics).toEqual([expected]);
  });

  it('stay in the order in which they are stated', () => {
    const kinds = render([ScalingMetric.memory(80), cpu]).metrics.map(
      (metric: { containerResource: { name: string } }) => metric.containerResource.name,
    );
    expect(kinds).toEqual(['memory', 'cpu']);
  });
});

describe('behavior', () => {
  it('is left to Kubernetes where none is stated', () => {
    expect(render([cpu])).not.toHaveProperty('behavior');
  });

  it('has every rule of the API', () => {
    const behavior = ScalingBehavior.of({
      scaleUp: {
        stabilizationWindow: Duration.seconds(0),
        policies: [ScalingPolicy.percent(100, Duration.seconds(60)), ScalingPolicy.pods(4, Duration.seconds(30))],
        selectPolicy: PolicySelect.MIN,
        tolerance: 0.05,
      },
      scaleDown: { stabilizationWindow: Duration.hours(1), tolerance: 0 },
    });
    expect(render([cpu], behavior).behavior).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        policies: [
          { type: 'Percent', value: 100, periodSeconds: 60 },
          { type: 'Pods', value: 4, periodSeconds: 30 },
        ],
        selectPolicy: 'Min',
        tolerance: '50m',
      },
      scaleDown: { stabilizationWindowSeconds: 3600, selectPolicy: 'Max', tolerance: '0' },
    });
  });

  it('never goes down where that is asked for, and up as Kubernetes does', () => {
    expect(render([cpu], ScalingBehavior.neverScaleDown()).behavior).toEqual({
      scaleDown: { selectPolicy: 'Disabled' },
    });
  });

  it('knows the words of BentoCloud', () => {
    const behavior = ScalingBehavior.bentoCloud({ scaleUp: ScalingSpeed.STABLE, scaleDown: ScalingSpeed.DISABLED });
    const { scaleUp, scaleDown } = render([cpu], behavior).behavior;
    // 10 minutes, as BentoCloud's documentation has it.
    expect(scaleUp.stabilizationWindowSeconds).toBe(600);
    expect(scaleDown).toEqual({ selectPolicy: 'Disabled' });
  });
});

// Kubernetes: a target at zero disables the autoscaler, unless minReplicas is 0 itself.
describe('an autoscaler that goes to zero', () => {
  const zero = (terminated: boolean, behavior?: Behavior) =>
    hpaSpec(
      target,
      {
        kind: 'auto',
        minReplicas: 0,
        maxReplicas: 10,
        metrics: [ScalingMetric.external({ metric: 'queued', value: 1 })._model],
        behavior: behavior?._model,
        fallbackReplicas: 1,
      },
      terminated,
    );

  it('has no other least', () => {
    expect(zero(false).minReplicas).toBe(0);
  });

  it('wakes nothing that is terminated', () => {
    const behavior = ScalingBehavior.of({
      scaleUp: { policies: [ScalingPolicy.pods(1, Duration.seconds(60))] },
      scaleDown: { stabilizationWindow: Duration.seconds(60) },
    });
    for (const stated of [undefined, behavior]) {
      expect(zero(true, stated).behavior?.scaleUp).toEqual({ selectPolicy: 'Disabled' });
      expect(zero(false, stated).behavior?.scaleUp?.selectPolicy).not.toBe('Disabled');
    }
    expect(zero(true, behavior).behavior?.scaleDown?.stabilizationWindowSeconds).toBe(60);
  });

  it('is as it was where a least keeps it from waking', () => {
    const { behavior } = hpaSpec(
      target,
      { kind: 'auto', minReplicas: 1, maxReplicas: 2, metrics: [cpu._model], fallbackReplicas: 1 },
      true,
    );
    expect(behavior).toBeUndefined();
  });
});
