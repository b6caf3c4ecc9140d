import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { trafficIntent } from '../../lib/traffic/traffic-policy';

describe('trafficIntent', () => {
  it('says nothing where nothing is said', () => {
    expect(trafficIntent('apiServer.traffic', undefined)).toStrictEqual({});
    expect(trafficIntent('apiServer.traffic', {})).toStrictEqual({});
  });

  it.each([
    [Duration.millis(1), 0.001],
    [Duration.seconds(54.5), 54.5],
    [Duration.minutes(1), 60],
    [Duration.hours(24), 86400],
  ])('takes the timeout %#', (timeout, timeoutSeconds) => {
    expect(trafficIntent('apiServer.traffic', { timeout })).toStrictEqual({ timeoutSeconds });
  });

  it.each([Duration.seconds(0), Duration.seconds(86_400.001), Duration.seconds(NaN), Duration.seconds(Infinity)])(
    'fails on the timeout %#',
    (timeout) => {
      expect(() => trafficIntent('apiServer.traffic', { timeout })).toThrow(
        "[OutOfRange] 'apiServer.traffic.timeout' must be a number above 0 and up to 86400, got",
      );
    },
  );

  it.each([1, 64, 2 ** 31 - 1])('takes %d requests at once', (maxConcurrency) => {
    expect(trafficIntent('apiServer.traffic', { maxConcurrency })).toStrictEqual({ maxConcurrency });
  });

  // BentoML ends with exit code 1 on 0, 4.0 and 4.5.
  it.each([0, -1, 4.5, NaN, Infinity])('fails on %d requests at once', (maxConcurrency) => {
    expect(() => trafficIntent('runners.Embedder.traffic', { maxConcurrency })).toThrow(
      "[OutOfRange] 'runners.Embedder.traffic.maxConcurrency' must be a whole number",
    );
  });
});
