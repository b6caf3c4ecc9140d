import { describe, expect, it } from 'vitest';
import { RateLimit, RateUnit } from '../../lib/traffic/rate-limit';

describe.each([
  ['total', RateLimit.total, 'total'],
  ['perClient', RateLimit.perClient, 'client'],
] as const)('RateLimit.%s', (_, limit, scope) => {
  it.each([
    [RateUnit.SECOND, 'second'],
    [RateUnit.MINUTE, 'minute'],
    [RateUnit.HOUR, 'hour'],
  ])('counts in a %s', (unit, text) => {
    expect(limit(600, unit)._model).toStrictEqual({ scope, requests: 600, unit: text });
  });

  it.each([1, 2 ** 31 - 1])('lets %d through', (requests) => {
    expect(limit(requests, RateUnit.HOUR)._model.requests).toBe(requests);
  });

  it.each([0, -1, 0.5, NaN])('fails on %d', (requests) => {
    expect(() => limit(requests, RateUnit.SECOND)).toThrow(
      `[OutOfRange] 'requests' must be a whole number of at least 1, got ${requests}`,
    );
  });

  it.each([2 ** 31, Infinity])('fails on %d, for which engines have no room', (requests) => {
    expect(() => limit(requests, RateUnit.SECOND)).toThrow(
      `[OutOfRange] 'requests' must be a whole number from 1 to 2147483647, got ${requests}`,
    );
  });
});

describe('a unit that is none', () => {
  it.each(['week', 'SECOND', undefined, null, 1])('fails: %j', (unit) => {
    expect(() => RateLimit.total(1, unit as RateUnit)).toThrow(
      "[OutOfRange] 'per' must be one of RateUnit.SECOND, RateUnit.MINUTE, RateUnit.HOUR, got",
    );
    expect(() => RateLimit.perClient(1, unit as RateUnit)).toThrow("[OutOfRange] 'per'");
  });
});
