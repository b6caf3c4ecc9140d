import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Consolidation,
  type ConsolidationOptions,
  DisruptionReason,
  NodeDisruptionBudget,
  type NodeDisruptionBudgetOptions,
} from '../../lib';

describe.each([
  ['WhenEmpty', (options?: ConsolidationOptions) => Consolidation.whenEmpty(options)],
  ['WhenEmptyOrUnderutilized', (options?: ConsolidationOptions) => Consolidation.whenEmptyOrUnderutilized(options)],
])('%s', (policy, of) => {
  it('is called as Karpenter calls it, and leaves the time open', () => {
    expect(of()).toMatchObject({ _policy: policy });
    expect(of()._afterSeconds).toBeUndefined();
  });

  it.each([0, 1, 86_400])('waits %s s', (seconds) => {
    expect(of({ after: Duration.seconds(seconds) })._afterSeconds).toBe(seconds);
  });

  it.each([Duration.millis(500), Duration.seconds(86_401), Duration.millis(1500)])('fails on %s', (after) => {
    expect(() => of({ after })).toThrow("[OutOfRange] 'after' must be a whole number");
  });
});

it('may be never', () => {
  expect(Consolidation.never()).toMatchObject({ _policy: 'never' });
});

describe('a budget', () => {
  it.each([0, 1, 1000])('of %s nodes', (count) => {
    expect(NodeDisruptionBudget.nodes(count)._model).toEqual({ nodes: String(count) });
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s nodes', (count) => {
    expect(() => NodeDisruptionBudget.nodes(count)).toThrow("[OutOfRange] 'count'");
  });

  it.each([0, 10, 100])('of %s percent', (percent) => {
    expect(NodeDisruptionBudget.percent(percent)._model).toEqual({ nodes: `${percent}%` });
  });

  it.each([-1, 0.5, 101, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s percent', (percent) => {
    expect(() => NodeDisruptionBudget.percent(percent)).toThrow("[OutOfRange] 'percent'");
  });

  const budget = (options: NodeDisruptionBudgetOptions) => NodeDisruptionBudget.nodes(1, options)._model;

  it('is about reasons', () => {
    const reasons = [DisruptionReason.EMPTY, DisruptionReason.UNDERUTILIZED, DisruptionReason.DRIFTED];
    expect(budget({ reasons })).toEqual({ nodes: '1', reasons: ['Empty', 'Underutilized', 'Drifted'] });
  });

  it.each([
    [{ reasons: [] }, "[EmptyList] 'reasons'"],
    [{ reasons: ['Expired' as DisruptionReason] }, "[OutOfRange] 'reasons' must be one of DisruptionReason.EMPTY"],
    [{ reasons: [DisruptionReason.EMPTY, DisruptionReason.EMPTY] }, "[DuplicateKey] 'reasons'"],
  ])('fails on %j', (options, message) => {
    expect(() => budget(options)).toThrow(message);
  });

  // What the parser of Karpenter, robfig/cron, takes as a standard schedule.
  it.each([
    '0 8 * * mon-fri',
    '*/5 0-6,18-23 1 jan,JUL ?',
    '  0 8 * * 1-5  ',
    '@annually',
    '@yearly',
    '@monthly',
    '@weekly',
    '@daily',
    '@midnight',
    '@hourly',
  ])('holds from %j on', (schedule) => {
    expect(budget({ schedule, duration: Duration.hours(8) })).toEqual({ nodes: '1', schedule, minutes: 480 });
  });

  it.each([
    '',
    ' ',
    '0 8 * *',
    '0 8 * * * *',
    'every day at eight o',
    '@reboot',
    '@every 1h',
    'TZ=UTC 0 8 * * *',
    '0 8 * * mon#1',
    'a b c d e',
  ])('fails on the schedule %j', (schedule) => {
    expect(() => budget({ schedule, duration: Duration.hours(8) })).toThrow("[InvalidText] 'schedule'");
  });

  it.each([60, 90 * 60, 7 * 86_400])('holds for %s s', (seconds) => {
    const { minutes } = budget({ schedule: '@daily', duration: Duration.seconds(seconds) });
    expect(minutes).toBe(seconds / 60);
  });

  it.each([0, 59, 61, 7 * 86_400 + 60])('fails on a duration of %s s', (seconds) => {
    const duration = Duration.seconds(seconds);
    expect(() => budget({ schedule: '@daily', duration })).toThrow("[OutOfRange] 'duration'");
  });

  it('fails on one of schedule and duration', () => {
    expect(() => budget({ schedule: '@daily' })).toThrow("[MissingOption] 'duration' must be given with 'schedule'");
    expect(() => budget({ duration: Duration.hours(1) })).toThrow(
      "[MissingOption] 'schedule' must be given with 'duration'",
    );
  });
});
