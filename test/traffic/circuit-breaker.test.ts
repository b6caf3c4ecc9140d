import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BreakerStatuses,
  CircuitBreaker,
  type ConnectionLimits,
  type ConsecutiveErrorsOptions,
} from '../../lib/traffic/circuit-breaker';

const ejection = { failures: 5, openSeconds: 60, statuses: 'gateway-errors', maxEjectedPercent: 100 };

describe('CircuitBreaker.consecutiveErrors', () => {
  it('opens for a minute after five failures in a row, as the seed does', () => {
    expect(CircuitBreaker.consecutiveErrors()._model).toStrictEqual({ ejection });
    expect(CircuitBreaker.consecutiveErrors({})._model).toStrictEqual({ ejection });
  });

  it.each<[ConsecutiveErrorsOptions, object]>([
    [{ failures: 1 }, { ejection: { ...ejection, failures: 1 } }],
    [{ failures: 1000 }, { ejection: { ...ejection, failures: 1000 } }],
    [{ openFor: Duration.seconds(1) }, { ejection: { ...ejection, openSeconds: 1 } }],
    [{ openFor: Duration.hours(1) }, { ejection: { ...ejection, openSeconds: 3600 } }],
    [{ maxEjectedPercent: 1 }, { ejection: { ...ejection, maxEjectedPercent: 1 } }],
    [{ maxEjectedPercent: 100 }, { ejection }],
    [{ statuses: BreakerStatuses.SERVER_ERRORS }, { ejection: { ...ejection, statuses: 'server-errors' } }],
    [
      { maxConnections: 1, maxRequests: 2 ** 31 - 1 },
      { ejection, maxConnections: 1, maxRequests: 2 ** 31 - 1 },
    ],
  ])('takes %j', (options, model) => {
    expect(CircuitBreaker.consecutiveErrors(options)._model).toStrictEqual(model);
  });

  it.each<[ConsecutiveErrorsOptions, string]>([
    ...[0, -1, 1001, 2.5, NaN, Infinity].map((failures): [ConsecutiveErrorsOptions, string] => [
      { failures },
      `[OutOfRange] 'failures' must be a whole number from 1 to 1000, got ${failures}`,
    ]),
    ...[0, -1, 101, 50.5, NaN, Infinity].map((maxEjectedPercent): [ConsecutiveErrorsOptions, string] => [
      { maxEjectedPercent },
      `[OutOfRange] 'maxEjectedPercent' must be a whole number from 1 to 100, got ${maxEjectedPercent}`,
    ]),
    ...[
      [Duration.seconds(0), 0],
      [Duration.seconds(3601), 3601],
      [Duration.millis(1500), 1.5],
      [Duration.seconds(NaN), NaN],
      [Duration.seconds(Infinity), Infinity],
    ].map(([openFor, got]): [ConsecutiveErrorsOptions, string] => [
      { openFor: openFor as Duration },
      `[OutOfRange] 'openFor' must be a whole number from 1 to 3600, got ${got}`,
    ]),
  ])('fails on %#', (options, message) => {
    expect(() => CircuitBreaker.consecutiveErrors(options)).toThrow(message);
  });
});

describe('CircuitBreaker.limits', () => {
  it.each<[ConnectionLimits]>([
    [{ maxConnections: 1 }],
    [{ maxRequests: 1 }],
    [{ maxConnections: 64, maxRequests: 64 }],
  ])('takes out nobody: %j', (limits) => {
    expect(CircuitBreaker.limits(limits)._model).toStrictEqual(limits);
  });

  it('fails without any', () => {
    expect(() => CircuitBreaker.limits({})).toThrow(
      "[MissingOption] 'maxConnections' must be given or `maxRequests`; leave the circuit breaker out for no limit",
    );
  });
});

describe.each(['consecutiveErrors', 'limits'] as const)('limits of CircuitBreaker.%s', (factory) => {
  it.each(['maxConnections', 'maxRequests'].flatMap((key) => [0, -1, 1.5, NaN, Infinity].map((got) => [key, got])))(
    'fail on %s of %d',
    (key, got) => {
      expect(() => CircuitBreaker[factory]({ [key!]: got })).toThrow(`[OutOfRange] '${key}' must be a whole number`);
    },
  );
});

describe('statuses that are none', () => {
  it.each(['all', null, 500])('fail: %j', (statuses) => {
    expect(() => CircuitBreaker.consecutiveErrors({ statuses: statuses as BreakerStatuses })).toThrow(
      "[OutOfRange] 'statuses' must be one of BreakerStatuses.GATEWAY_ERRORS, BreakerStatuses.SERVER_ERRORS, got",
    );
  });
});
