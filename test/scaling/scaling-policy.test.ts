import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ScalingPolicy } from '../../lib/scaling/scaling-policy';

const minute = Duration.minutes(1);

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
describe('ScalingPolicy', () => {
  it.each([1, 4, 1000, 2 ** 31 - 1])('takes %d pods', (pods) => {
    expect(ScalingPolicy.pods(pods, minute)._model).toEqual({ kind: 'Pods', value: pods, periodSeconds: 60 });
  });

  it.each([1, 100, 150])('takes %d percent', (percent) => {
    expect(ScalingPolicy.percent(percent, minute)._model).toEqual({
      kind: 'Percent',
      value: percent,
      periodSeconds: 60,
    });
  });

  it.each([0, -1, 0.5, NaN])('fails on %d and names property and value', (value) => {
    expect(() => ScalingPolicy.pods(value, minute)).toThrow(
      `[OutOfRange] 'pods' must be a whole number of at least 1, got ${value}`,
    );
    expect(() => ScalingPolicy.percent(value, minute)).toThrow(
      `[OutOfRange] 'percent' must be a whole number of at least 1, got ${value}`,
    );
  });

  it.each([Infinity, 2 ** 31])('fails on %d, which is no int32', (value) => {
    expect(() => ScalingPolicy.pods(value, minute)).toThrow("[OutOfRange] 'pods'");
    expect(() => ScalingPolicy.percent(value, minute)).toThrow("[OutOfRange] 'percent'");
  });

  it.each([
    [Duration.seconds(1), 1],
    [Duration.minutes(30), 1800],
  ])('takes a period at its bound: %#', (period, seconds) => {
    expect(ScalingPolicy.pods(1, period)._model.periodSeconds).toBe(seconds);
  });

  it.each([Duration.seconds(0), Duration.seconds(1801), Duration.millis(1500), Duration.seconds(NaN)])(
    'fails on other periods: %#',
    (period) => {
      expect(() => ScalingPolicy.pods(1, period)).toThrow(
        "[OutOfRange] 'period' must be a whole number from 1 to 1800",
      );
      expect(() => ScalingPolicy.percent(1, period)).toThrow("[OutOfRange] 'period'");
    },
  );
});
