import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { drainModel } from '../../lib/component/drain';

const requests = (total: number, removalSeconds = 10) => ({
  answer: { firstByte: total, total, silence: total, streams: false },
  removalSeconds,
});

describe('drainModel', () => {
  it('waits 10 s for endpoints, then as long as a request may take, and leaves a margin to exit', () => {
    const { preStopSeconds, gracefulShutdownSeconds, gracePeriodSeconds } = drainModel(
      'drain',
      undefined,
      requests(60),
    );
    expect([preStopSeconds, gracefulShutdownSeconds]).toEqual([10, 60]);
    // The clock of the grace period starts before the wait.
    expect(gracePeriodSeconds).toBeGreaterThan(preStopSeconds + gracefulShutdownSeconds);
  });

  it.each([
    [60.1, 61],
    [0.5, 1],
    [3600, 3600],
  ])(
    'rounds the bound of a timeout of %d s up to whole seconds, which are all that BentoML takes',
    (timeout, bound) => {
      expect(drainModel('drain', undefined, requests(timeout)).gracefulShutdownSeconds).toBe(bound);
    },
  );

  it.each([10, 30, 37])('goes on for %d s where those before it may send that long', (removal) => {
    const drain = drainModel('drain', undefined, requests(60, removal));
    expect(drain).toMatchObject({ preStopSeconds: removal, gracefulShutdownSeconds: 60 });
    expect(drain.gracePeriodSeconds).toBeGreaterThan(removal + 60);
  });

  it('lets streams end', () => {
    const answer = { firstByte: 60, total: 900, silence: 60, streams: true };
    expect(drainModel('drain', undefined, { answer, removalSeconds: 10 }).gracefulShutdownSeconds).toBe(900);
  });

  it.each([1, 600])('waits %d s for endpoints where that is stated', (wait) => {
    const drain = drainModel('drain', { endpointRemoval: Duration.seconds(wait) }, requests(60));
    expect(drain.preStopSeconds).toBe(wait);
    expect(drain.gracePeriodSeconds).toBeGreaterThan(wait + 60);
  });

  it.each([1, 86_400])('lets requests end within %d s where that is stated', (bound) => {
    const drain = drainModel('drain', { gracefulShutdown: Duration.seconds(bound) }, requests(60));
    expect(drain.gracefulShutdownSeconds).toBe(bound);
    expect(drain.gracePeriodSeconds).toBeGreaterThan(bound + 10);
  });

  it.each([
    ['endpointRemoval', Duration.seconds(0)],
    ['endpointRemoval', Duration.seconds(601)],
    ['endpointRemoval', Duration.millis(1500)],
    ['gracefulShutdown', Duration.seconds(0)],
    ['gracefulShutdown', Duration.seconds(86_401)],
    ['gracefulShutdown', Duration.millis(500)],
  ])('fails on %s of %s', (key, value) => {
    expect(() => drainModel('drain', { [key]: value }, requests(60))).toThrow(
      `[OutOfRange] 'drain.${key}' must be a whole number`,
    );
  });
});
