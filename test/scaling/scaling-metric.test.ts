import { describe, expect, it } from 'vitest';
import { metricIdentity } from '../../lib/scaling/metric-model';
import { ScalingMetric } from '../../lib/scaling/scaling-metric';

const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'rag', metric: 'requests-per-second' };

describe('ScalingMetric.cpu and memory', () => {
  it.each([1, 70, 100, 200])('cpu takes %d percent', (percent) => {
    expect(ScalingMetric.cpu(percent)._model).toEqual({ kind: 'resource', resource: 'cpu', percent });
  });

  it.each([1, 80, 100])('memory takes %d percent', (percent) => {
    expect(ScalingMetric.memory(percent)._model).toEqual({ kind: 'resource', resource: 'memory', percent });
  });

  it.each([0, -1, 0.7, NaN, Infinity, 2 ** 31])('fails on %d percent', (percent) => {
    expect(() => ScalingMetric.cpu(percent)).toThrow("[OutOfRange] 'targetPercent' must be a whole number");
    expect(() => ScalingMetric.memory(percent)).toThrow("[OutOfRange] 'targetPercent' must be a whole number");
  });

  it('fails on more memory than the limit', () => {
    expect(() => ScalingMetric.memory(101)).toThrow("'targetPercent' must be a whole number from 1 to 100, got 101");
  });
});

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/#MetricSpec
describe('ScalingMetric of adapters', () => {
  it('pods has an average', () => {
    expect(ScalingMetric.pods({ metric: 'in_progress', averageValue: 4 })._model).toEqual({
      kind: 'pods',
      metric: { name: 'in_progress', labels: [] },
      target: { averageValue: '4' },
    });
  });

  it('ofObject names its object', () => {
    expect(ScalingMetric.ofObject({ ...ingress, value: 2000 })._model).toEqual({
      kind: 'object',
      object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'rag' },
      metric: { name: 'requests-per-second', labels: [] },
      target: { value: '2k' },
    });
  });

  it('external takes names of other systems', () => {
    expect(ScalingMetric.external({ metric: 's0-prometheus:queue|depth', averageValue: 30 })._model).toEqual({
      kind: 'external',
      metric: { name: 's0-prometheus:queue|depth', labels: [] },
      target: { averageValue: '30' },
    });
  });

  it('sorts labels', () => {
    const labels = { queue: 'a', broker: 'b' };
    expect(ScalingMetric.external({ metric: 'depth', value: 1, labels })._model).toMatchObject({
      metric: {
        labels: [
          ['broker', 'b'],
          ['queue', 'a'],
        ],
      },
    });
  });

  it.each([
    [0.001, '1m'],
    [0.5, '500m'],
    [1, '1'],
    [1.5, '1500m'],
    [1e9, '1G'],
    [1000, '1k'],
    [1500, '1500'],
    [2_000_000, '2M'],
  ])('writes %d as %s', (value, quantity) => {
    expect(ScalingMetric.pods({ metric: 'a', averageValue: value })._model).toMatchObject({
      target: { averageValue: quantity },
    });
    expect(ScalingMetric.external({ metric: 'a', value })._model).toMatchObject({ target: { value: quantity } });
  });

  it.each([0, -1, NaN, Infinity, 0.0001, 1e-10])('fails on the target %d', (value) => {
    expect(() => ScalingMetric.pods({ metric: 'a', averageValue: value })).toThrow(
      "[OutOfRange] 'averageValue' must be",
    );
    expect(() => ScalingMetric.external({ metric: 'a', value })).toThrow("[OutOfRange] 'value' must be");
    expect(() => ScalingMetric.ofObject({ ...ingress, averageValue: value })).toThrow("[OutOfRange] 'averageValue'");
  });

  it('fails without a target, and with two', () => {
    for (const make of [
      (target: object) => ScalingMetric.external({ metric: 'a', ...target }),
      (target: object) => ScalingMetric.ofObject({ ...ingress, ...target }),
    ]) {
      expect(() => make({})).toThrow("[MissingOption] 'value' must be given for this metric; state `value`");
      expect(() => make({ value: 1, averageValue: 1 })).toThrow(
        "[ConflictingOptions] 'value' must not be given together with 'averageValue'",
      );
    }
  });

  // IsValidPathSegmentName of k8s.io/apimachinery: the name is a part of a URL.
  it.each(['', ' ', 'a b', 'a/b', 'a%b', '.', '..'])('fails on the metric %j', (metric) => {
    expect(() => ScalingMetric.pods({ metric, averageValue: 1 })).toThrow("[InvalidText] 'metric'");
    expect(() => ScalingMetric.external({ metric, value: 1 })).toThrow("[InvalidText] 'metric'");
    expect(() => ScalingMetric.ofObject({ ...ingress, metric, value: 1 })).toThrow("[InvalidText] 'metric'");
  });

  it.each(['apiVersion', 'kind', 'name'])('fails on an object without %s', (key) => {
    expect(() => ScalingMetric.ofObject({ ...ingress, value: 1, [key]: '' })).toThrow(`[InvalidText] '${key}'`);
  });

  it('fails on what is no label', () => {
    expect(() => ScalingMetric.pods({ metric: 'a', averageValue: 1, labels: { 'a b': '' } })).toThrow(
      "[InvalidLabel] 'labels'",
    );
  });
});

describe('metricIdentity', () => {
  const identity = (metric: ScalingMetric) => metricIdentity(metric._model);

  it('is the same whatever the target', () => {
    expect(identity(ScalingMetric.cpu(70))).toBe(identity(ScalingMetric.cpu(80)));
    expect(identity(ScalingMetric.pods({ metric: 'a', averageValue: 1 }))).toBe(
      identity(ScalingMetric.pods({ metric: 'a', averageValue: 2 })),
    );
  });

  it('tells kinds, names, objects and labels apart', () => {
    const identities = [
      ScalingMetric.cpu(70),
      ScalingMetric.memory(70),
      ScalingMetric.pods({ metric: 'a', averageValue: 1 }),
      ScalingMetric.pods({ metric: 'b', averageValue: 1 }),
      ScalingMetric.pods({ metric: 'a', averageValue: 1, labels: { x: '1' } }),
      ScalingMetric.pods({ metric: 'a', averageValue: 1, labels: { x: '2' } }),
      ScalingMetric.external({ metric: 'a', value: 1 }),
      ScalingMetric.ofObject({ ...ingress, value: 1 }),
      ScalingMetric.ofObject({ ...ingress, name: 'chat', value: 1 }),
      ScalingMetric.ofObject({ ...ingress, kind: 'Gateway', value: 1 }),
    ].map(identity);
    expect(new Set(identities).size).toBe(identities.length);
  });
});
