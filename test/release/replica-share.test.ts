import { describe, expect, it } from 'vitest';
import { ReplicaShare } from '../../lib';

describe('a share of the replicas', () => {
  it.each([0, 1, 30])('is %s replicas', (replicas) => {
    expect(ReplicaShare.replicas(replicas)._model).toEqual({ kind: 'replicas', replicas });
  });

  it.each([0, 1, 34, 100])('is %s percent', (percent) => {
    expect(ReplicaShare.percent(percent)._model).toEqual({ kind: 'percent', percent });
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('fails on %s replicas', (replicas) => {
    expect(() => ReplicaShare.replicas(replicas)).toThrow("[OutOfRange] 'replicas' must be a whole number");
  });

  it.each([-1, 33.4, 101, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s percent', (percent) => {
    expect(() => ReplicaShare.percent(percent)).toThrow("[OutOfRange] 'percent' must be a whole number from 0 to 100");
  });
});
