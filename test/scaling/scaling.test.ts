import { describe, expect, it } from 'vitest';
import { Scaling } from '../../lib/scaling/scaling';
import { ScalingBehavior } from '../../lib/scaling/scaling-behavior';
import { ScalingMetric } from '../../lib/scaling/scaling-metric';

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
});
