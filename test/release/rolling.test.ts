import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplicaShare, type RollingOptions, RollingPreset } from '../../lib';
import { isZero, type ReplicaShareModel } from '../../lib/release/replica-share';
import { type RollingBounds, rollingIntent, surgeOf, unavailableOf } from '../../lib/release/rolling';
import { fenceposts, type IntOrPercent } from './fenceposts';

const read = (options: RollingOptions) => rollingIntent('rolling', options);
const { replicas, percent } = ReplicaShare;

describe('what is said of a roll-out', () => {
  it('may be nothing', () => {
    expect(read({})).toEqual({});
  });

  it('has one bound as the library has it where the other is stated', () => {
    expect(read({ maxSurge: percent(50) }).strategy).toEqual({
      kind: 'rolling',
      maxSurge: { kind: 'percent', percent: 50 },
      maxUnavailable: { kind: 'replicas', replicas: 0 },
    });
    expect(read({ maxUnavailable: replicas(2) }).strategy).toEqual({
      kind: 'rolling',
      maxSurge: { kind: 'replicas', replicas: 1 },
      maxUnavailable: { kind: 'replicas', replicas: 2 },
    });
  });

  it.each([
    { maxSurge: replicas(0) },
    { maxSurge: percent(0) },
    { maxSurge: replicas(0), maxUnavailable: percent(0) },
    { maxSurge: percent(0), maxUnavailable: replicas(0) },
  ])('fails where nothing could be replaced: %j', (options) => {
    expect(() => read(options)).toThrow(
      "[OutOfRange] 'rolling.maxUnavailable' must be above 0 where 'rolling.maxSurge' is 0, got 0; no replica could be replaced: state one of them, as ReplicaShare.replicas(1)",
    );
  });

  it.each(['maxSurge', 'maxUnavailable'])('fails on a preset beside %s', (key) => {
    expect(() => read({ preset: RollingPreset.THIRDS, [key]: replicas(1) })).toThrow(
      `[ConflictingOptions] 'rolling.preset' must not be given together with 'rolling.${key}'; a preset states both bounds: keep it, or state \`maxSurge\` and \`maxUnavailable\` alone`,
    );
  });

  it('fails on a preset that there is not, and on a share of no class', () => {
    expect(() => read({ preset: 'Slow' as RollingPreset })).toThrow(
      '[OutOfRange] \'rolling.preset\' must be one of RollingPreset.ROLLING_UPDATE, RollingPreset.RECREATE, RollingPreset.RAMPED_SLOW_ROLLOUT, RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT, RollingPreset.THIRDS, got "Slow"',
    );
    expect(() => read({ maxSurge: '25%' as unknown as ReplicaShare })).toThrow(
      '[OutOfRange] \'rolling.maxSurge\' must be made by ReplicaShare, got "25%"',
    );
  });

  it.each([0, 1, 86_400])('takes %s s to be ready', (seconds) => {
    expect(read({ minReady: Duration.seconds(seconds) }).minReadySeconds).toBe(seconds);
  });

  it.each([Duration.millis(1500), Duration.seconds(86_401)])('fails on %s to be ready', (minReady) => {
    expect(() => read({ minReady })).toThrow("[OutOfRange] 'rolling.minReady' must be a whole number from 0 to 86400");
  });

  it.each([1, 604_800])('takes a deadline of %s s', (seconds) => {
    expect(read({ progressDeadline: Duration.seconds(seconds) }).progressDeadlineSeconds).toBe(seconds);
  });

  it.each([0, 604_801, 0.5])('fails on a deadline of %s s', (seconds) => {
    expect(() => read({ progressDeadline: Duration.millis(seconds * 1000) })).toThrow(
      "[OutOfRange] 'rolling.progressDeadline' must be a whole number from 1 to 604800",
    );
  });

  it.each([0, 100])('keeps %s revisions', (revisionHistory) => {
    expect(read({ revisionHistory })).toEqual({ revisionHistory });
  });

  it.each([-1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s revisions', (revisionHistory) => {
    expect(() => read({ revisionHistory })).toThrow(
      "[OutOfRange] 'rolling.revisionHistory' must be a whole number from 0 to 100",
    );
  });
});

const share: fc.Arbitrary<ReplicaShareModel> = fc.oneof(
  fc.nat(200).map((count) => ({ kind: 'replicas' as const, replicas: count })),
  fc.integer({ min: 0, max: 100 }).map((part) => ({ kind: 'percent' as const, percent: part })),
);
const bounds: fc.Arbitrary<RollingBounds> = fc
  .record({ kind: fc.constant('rolling' as const), maxSurge: share, maxUnavailable: share })
  .filter(({ maxSurge, maxUnavailable }) => !(isZero(maxSurge) && isZero(maxUnavailable)));
const text = (model: ReplicaShareModel): IntOrPercent =>
  model.kind === 'replicas' ? model.replicas : `${model.percent}%`;

describe('the bounds of a roll-out', () => {
  it('are those of Kubernetes, for any number of replicas', () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 500 }), (strategy, count) => {
        const rollingUpdate = { maxSurge: text(strategy.maxSurge), maxUnavailable: text(strategy.maxUnavailable) };
        const { surge, unavailable } = fenceposts({ type: 'RollingUpdate', rollingUpdate }, count);
        expect([surgeOf(strategy, count), unavailableOf(strategy, count)]).toEqual([surge, unavailable]);
      }),
      { numRuns: 2000 },
    );
  });

  it('leave one of more replicas where they leave one of fewer', () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: 1, max: 200 }), fc.nat(200), (strategy, fewest, more) => {
        fc.pre(unavailableOf(strategy, fewest) < fewest);
        expect(unavailableOf(strategy, fewest + more)).toBeLessThan(fewest + more);
      }),
    );
  });

  it('are hit by rounding as the seed is not', () => {
    // 33 % of 6 is 1, not 2.
    expect(fenceposts({ rollingUpdate: { maxSurge: 0, maxUnavailable: '33%' } }, 6).unavailable).toBe(1);
  });

  it('are a third, rounded down, with 34 percent of 3 to 49 replicas', () => {
    const of34 = (count: number) =>
      fenceposts({ rollingUpdate: { maxSurge: 0, maxUnavailable: '34%' } }, count).unavailable;
    const off = Array.from({ length: 1000 }, (_, i) => i + 3).filter((count) => of34(count) !== Math.floor(count / 3));
    expect(off[0]).toBe(50);
    expect(of34(50)).toBe(17);
    for (const count of off) {
      expect(of34(count) - Math.floor(count / 3)).toBeGreaterThan(0);
      expect(of34(count) - Math.floor(count / 3)).toBeLessThanOrEqual(Math.ceil(count / 150));
    }
    // No whole percentage does it for longer, and 34 alone starts with 3.
    const end = (part: number) => {
      let count = 3;
      while (Math.floor((part * count) / 100) === Math.floor(count / 3)) count++;
      return count;
    };
    expect(Math.max(...Array.from({ length: 101 }, (_, part) => end(part)))).toBe(50);
  });
});
