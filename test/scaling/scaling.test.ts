import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Scaling } from '../../lib/scaling/scaling';
import { ScalingBehavior } from '../../lib/scaling/scaling-behavior';
import { ScalingMetric } from '../../lib/scaling/scaling-metric';
import { Schedule } from '../../lib/scaling/schedule';

const MAX = 2 ** 31 - 1;

describe('Scaling.replicas', () => {
  it.each([1, 3, MAX])('takes %d', (replicas) => {
    expect(Scaling.replicas(replicas)._model).toEqual({ kind: 'fixed', replicas });
  });

  it('fails on none and says how to stop', () => {
    expect(() => Scaling.replicas(0)).toThrow(
      "[ZeroReplicas] 'replicas' must be at least 1 for an online service, got 0; use ScaleToZeroFunction to scale to zero, or RunState.TERMINATED to stop it for a while",
    );
  });

  it.each([-1, 1.5, NaN, Infinity, MAX + 1])('fails on %d', (replicas) => {
    expect(() => Scaling.replicas(replicas)).toThrow(`[OutOfRange] 'replicas' must be a whole number`);
  });
});

describe('Scaling.unmanaged', () => {
  it('says nothing of replicas', () => {
    expect(Scaling.unmanaged()._model).toEqual({ kind: 'unmanaged' });
  });
});

describe('Scaling.auto', () => {
  const plain = (scaling: Scaling) => JSON.parse(JSON.stringify(scaling._model));

  it('leaves to the component what is not said', () => {
    expect(plain(Scaling.auto({ maxReplicas: 1 }))).toEqual({ kind: 'auto', maxReplicas: 1 });
  });

  it.each([
    [1, 1],
    [1, 10],
    [10, 10],
    [MAX, MAX],
  ])('takes %d to %d', (minReplicas, maxReplicas) => {
    expect(plain(Scaling.auto({ minReplicas, maxReplicas }))).toEqual({ kind: 'auto', minReplicas, maxReplicas });
  });

  it('fails where the least is above the most', () => {
    expect(() => Scaling.auto({ minReplicas: 3, maxReplicas: 2 })).toThrow(
      "[MinOverMax] 'minReplicas' must be at most 'maxReplicas' (2), got 3",
    );
  });

  it.each(['minReplicas', 'maxReplicas'])('fails on bad %s', (key) => {
    const auto = (value: number) => () => Scaling.auto({ minReplicas: 1, maxReplicas: 2, [key]: value });
    expect(auto(0)).toThrow(`[ZeroReplicas] '${key}' must be at least 1`);
    for (const value of [-1, 1.5, NaN, Infinity, MAX + 1]) expect(auto(value)).toThrow(`[OutOfRange] '${key}' must be`);
  });

  it('carries metrics and behavior', () => {
    const metrics = [ScalingMetric.cpu(70), ScalingMetric.memory(80)];
    const behavior = ScalingBehavior.neverScaleDown();
    expect(Scaling.auto({ maxReplicas: 2, metrics, behavior })._model).toMatchObject({
      metrics: metrics.map((metric) => metric._model),
      behavior: behavior._model,
    });
  });

  it('fails on an empty list of metrics', () => {
    expect(() => Scaling.auto({ maxReplicas: 2, metrics: [] })).toThrow("[EmptyList] 'metrics' must not be empty");
  });

  it('fails on a metric twice', () => {
    const metrics = [ScalingMetric.cpu(70), ScalingMetric.memory(80), ScalingMetric.cpu(90)];
    expect(() => Scaling.auto({ maxReplicas: 2, metrics })).toThrow(
      "[DuplicateMetric] 'metrics' must state cpu once, got it twice; keep the one that is meant",
    );
  });

  it.each([
    ['another window', ScalingMetric.requestRate(1), ScalingMetric.requestRate(2), 'requestRate'],
    [
      'another threshold',
      ScalingMetric.prometheus({ query: 'up', threshold: 1 }),
      ScalingMetric.prometheus({ query: 'up ', threshold: 2 }),
      'the query up',
    ],
    [
      'other replicas',
      ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'UTC' })),
      ScalingMetric.schedule(2, Schedule.businessHours({ timeZone: 'UTC' })),
      'the schedule from 0 8 * * 1-5 to 0 18 * * 1-5 UTC',
    ],
  ])('fails on a metric with %s', (_, first, second, name) => {
    expect(() => Scaling.auto({ maxReplicas: 2, metrics: [first, second] })).toThrow(
      `[DuplicateMetric] 'metrics' must state ${name} once, got it twice`,
    );
  });

  it('takes the same metric of the API server beside its own, and several percentiles', () => {
    const metrics = [
      ScalingMetric.concurrency(1),
      ScalingMetric.ofApiServer(ScalingMetric.concurrency(1)),
      ScalingMetric.latency(Duration.seconds(1), { percentile: 50 }),
      ScalingMetric.latency(Duration.seconds(1), { percentile: 99 }),
    ];
    expect(() => Scaling.auto({ maxReplicas: 2, metrics })).not.toThrow();
  });

  it.each([1, 3, 5])('may fall back to %d of 5 replicas', (fallbackReplicas) => {
    const scaling = Scaling.auto({ minReplicas: 3, maxReplicas: 5, fallbackReplicas });
    expect(scaling._model).toMatchObject({ fallbackReplicas });
  });

  it.each([0, -1, 6, 1.5, NaN, Infinity])('fails on a fallback to %d of 5 replicas', (fallbackReplicas) => {
    expect(() => Scaling.auto({ maxReplicas: 5, fallbackReplicas })).toThrow(
      `[OutOfRange] 'fallbackReplicas' must be a whole number from 1 to 5, got ${fallbackReplicas}`,
    );
  });
});

describe('Scaling.withFunction', () => {
  it.each([1, MAX])('grows to %d', (maxReplicas) => {
    expect(Scaling.withFunction({ maxReplicas })._model).toEqual({ kind: 'with-function', maxReplicas });
  });

  it('moves as it is told', () => {
    const behavior = ScalingBehavior.neverScaleDown();
    expect(Scaling.withFunction({ maxReplicas: 1, behavior })._model).toMatchObject({ behavior: behavior._model });
  });

  it.each([0, -1, 1.5, NaN, Infinity, MAX + 1])('fails on %d replicas', (maxReplicas) => {
    expect(() => Scaling.withFunction({ maxReplicas })).toThrow("[OutOfRange] 'maxReplicas' must be a whole number");
  });
});
