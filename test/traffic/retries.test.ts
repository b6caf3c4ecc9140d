import { describe, expect, it } from 'vitest';
import { Retries } from '../../lib/traffic/retries';

describe('Retries.never', () => {
  it('tries nothing again', () => {
    expect(Retries.never()._model).toStrictEqual({ attempts: 0, statuses: [] });
  });
});

describe('Retries.connectionFailures', () => {
  it('tries twice again what no replica has taken, and no status', () => {
    expect(Retries.connectionFailures()._model).toStrictEqual({ attempts: 2, statuses: [] });
    expect(Retries.connectionFailures({ statuses: [] })._model).toStrictEqual({ attempts: 2, statuses: [] });
  });

  it.each([1, 3, 10])('tries %d times again', (attempts) => {
    expect(Retries.connectionFailures({ attempts })._model.attempts).toBe(attempts);
  });

  it.each([0, -1, 11, 1.5, NaN, Infinity])('fails on %d attempts', (attempts) => {
    expect(() => Retries.connectionFailures({ attempts })).toThrow(
      `[OutOfRange] 'attempts' must be a whole number from 1 to 10, got ${attempts}`,
    );
  });

  it('takes statuses in any order, and leaves the list of the caller as it is', () => {
    const statuses = [503, 500, 502];
    expect(Retries.connectionFailures({ statuses })._model.statuses).toStrictEqual([500, 502, 503]);
    expect(statuses).toEqual([503, 500, 502]);
  });

  // 429 is a replica that is full, 504 an inference that may still be at work.
  it.each([429, 504, 501, 408, 200, 0, -500, 500.5, NaN, Infinity])('fails on the status %d', (status) => {
    expect(() => Retries.connectionFailures({ statuses: [503, status] })).toThrow(
      `[OutOfRange] 'statuses' must be some of 500, 502, 503, got ${status}; a 429 or a timeout that is tried again only adds load`,
    );
  });

  it('fails on a status that is stated twice', () => {
    expect(() => Retries.connectionFailures({ statuses: [503, 502, 503] })).toThrow(
      '[DuplicateKey] \'statuses\' must state "503" once, got it twice',
    );
  });
});
