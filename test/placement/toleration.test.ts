import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { TaintEffect, Toleration } from '../../lib/placement/toleration';

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#scheduling
describe('Toleration', () => {
  it('of a key has no value', () => {
    expect(Toleration.exists('nvidia.com/gpu')._model).toEqual({ key: 'nvidia.com/gpu', operator: 'Exists' });
  });

  it.each(['', 'search', 'a.b'])('of the value %j is equal to it', (value) => {
    expect(Toleration.withValue('team', value)._model).toEqual({ key: 'team', operator: 'Equal', value });
  });

  it.each([
    [TaintEffect.NO_SCHEDULE, 'NoSchedule'],
    [TaintEffect.PREFER_NO_SCHEDULE, 'PreferNoSchedule'],
    [TaintEffect.NO_EXECUTE, 'NoExecute'],
  ])('of one effect: %s', (effect, text) => {
    expect(Toleration.exists('a', { effect })._model.effect).toBe(text);
  });

  it.each([
    [Duration.seconds(0), 0],
    [Duration.seconds(1), 1],
    [Duration.minutes(5), 300],
  ])('ends after a while: %#', (evictAfter, tolerationSeconds) => {
    expect(Toleration.exists('a', { effect: TaintEffect.NO_EXECUTE, evictAfter })._model).toEqual({
      key: 'a',
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds,
    });
  });

  it('fails on fractions of a second', () => {
    expect(() => Toleration.exists('a', { effect: TaintEffect.NO_EXECUTE, evictAfter: Duration.millis(1500) })).toThrow(
      "[OutOfRange] 'evictAfter' must be a whole number of at least 0, got 1.5",
    );
  });

  // "tolerationSeconds ... effect must be 'NoExecute'": ValidateTolerations.
  it.each([undefined, TaintEffect.NO_SCHEDULE, TaintEffect.PREFER_NO_SCHEDULE])(
    'fails on an end with the effect %s, which evicts nobody',
    (effect) => {
      expect(() => Toleration.exists('a', { effect, evictAfter: Duration.seconds(1) })).toThrow(
        "[MissingOption] 'effect' must be given as TaintEffect.NO_EXECUTE with 'evictAfter'",
      );
    },
  );

  it.each(['', 'a b', '/a', 'a'.repeat(64)])('fails on the key %j', (key) => {
    expect(() => Toleration.exists(key)).toThrow("[InvalidLabel] 'key'");
    expect(() => Toleration.withValue(key, 'x')).toThrow("[InvalidLabel] 'key'");
  });

  it.each(['a b', '-', 'a'.repeat(64)])('fails on the value %j', (value) => {
    expect(() => Toleration.withValue('a', value)).toThrow('[InvalidLabel]');
  });
});
