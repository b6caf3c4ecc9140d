import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { CanaryStep } from '../../lib';

const seconds = Duration.seconds;

describe('CanaryStep', () => {
  it('is a weight, with how long it lasts', () => {
    expect(CanaryStep.weight(10)._model).toEqual({ kind: 'weight', percent: 10 });
    expect(CanaryStep.weight(10, { pause: Duration.minutes(5), replicas: 3 })._model).toEqual({
      kind: 'weight',
      percent: 10,
      pause: { kind: 'time', seconds: 300 },
      replicas: 3,
    });
    expect(CanaryStep.weight(100, { untilPromoted: true })._model).toEqual({
      kind: 'weight',
      percent: 100,
      pause: { kind: 'until-promoted' },
    });
    expect(CanaryStep.weight(1, { untilPromoted: false })._model).toEqual({ kind: 'weight', percent: 1 });
  });

  it('is a route by header', () => {
    expect(CanaryStep.headerRoute('x-version', 'v 2', { pause: seconds(1), replicas: 1 })._model).toEqual({
      kind: 'header-route',
      header: 'x-version',
      value: 'v 2',
      pause: { kind: 'time', seconds: 1 },
      replicas: 1,
    });
  });

  it('is a pause, for a time or until a human ends it', () => {
    expect(CanaryStep.pause(seconds(604_800))._model).toEqual({
      kind: 'pause',
      pause: { kind: 'time', seconds: 604_800 },
    });
    expect(CanaryStep.untilPromoted()._model).toEqual({ kind: 'pause', pause: { kind: 'until-promoted' } });
  });

  it.each([1, 2, 99, 100])('takes a weight of %d', (percent) => {
    expect(CanaryStep.weight(percent)._model).toEqual({ kind: 'weight', percent });
  });

  it.each([0, -1, 101, 12.5, NaN, Infinity, -Infinity])('fails on a weight of %d', (percent) => {
    expect(() => CanaryStep.weight(percent)).toThrow(
      `[OutOfRange] 'percent' must be a whole number from 1 to 100, got ${percent}`,
    );
  });

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 31])('fails on %d replicas', (replicas) => {
    expect(() => CanaryStep.weight(10, { replicas })).toThrow("[OutOfRange] 'replicas' must be a whole number");
  });

  it.each([Duration.seconds(0), Duration.millis(500), Duration.days(8)])('fails on a pause of %s', (pause) => {
    expect(() => CanaryStep.weight(10, { pause })).toThrow("[OutOfRange] 'pause' must be");
    expect(() => CanaryStep.pause(pause)).toThrow("[OutOfRange] 'duration' must be");
  });

  it('fails on two ends', () => {
    expect(() => CanaryStep.weight(10, { pause: seconds(1), untilPromoted: true })).toThrow(
      "[ConflictingOptions] 'pause' must not be given together with 'untilPromoted'; add CanaryStep.pause() before or after it",
    );
  });

  it.each(['', 'a b', ':path', 'host', 'Content-Length', 'x\n'])('fails on the header %j', (header) => {
    expect(() => CanaryStep.headerRoute(header, 'a')).toThrow(/^\[Invalid(Name|Text)\] 'header'/);
  });

  it.each(['', ' a', 'a ', 'a*', 'a?', 'a\\', 'ä', 'a\nb', 'a'.repeat(129)])('fails on the value %j', (value) => {
    expect(() => CanaryStep.headerRoute('x-version', value)).toThrow("[InvalidText] 'value' must be");
  });
});
