import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../lib/traffic/circuit-breaker';
import { HealthCheck } from '../../lib/traffic/health-check';
import { LoadBalancing } from '../../lib/traffic/load-balancing';
import { RateLimit, RateUnit } from '../../lib/traffic/rate-limit';
import { Retries } from '../../lib/traffic/retries';
import { type TrafficPolicy, trafficIntent } from '../../lib/traffic/traffic-policy';

const intent = (policy: TrafficPolicy) => trafficIntent('apiServer.traffic', policy);
const seconds = (value: number) => Duration.seconds(value);

describe('trafficIntent', () => {
  it('says nothing where nothing is said', () => {
    expect(trafficIntent('apiServer.traffic', undefined)).toStrictEqual({});
    expect(intent({})).toStrictEqual({});
  });

  it('takes over what has been judged where it was made', () => {
    const policy = {
      retries: Retries.never(),
      loadBalancing: LoadBalancing.roundRobin(),
      circuitBreaker: CircuitBreaker.limits({ maxRequests: 8 }),
      rateLimit: RateLimit.total(9, RateUnit.MINUTE),
      healthCheck: HealthCheck.http(),
    };
    expect(intent(policy)).toStrictEqual({
      retries: policy.retries._model,
      loadBalancing: policy.loadBalancing._model,
      circuitBreaker: policy.circuitBreaker._model,
      rateLimit: policy.rateLimit._model,
      healthCheck: policy.healthCheck._model,
    });
  });

  it('names the component in its errors', () => {
    expect(() => trafficIntent('runners.Embedder.traffic', { maxConcurrency: 0 })).toThrow(
      "[OutOfRange] 'runners.Embedder.traffic.maxConcurrency' must be a whole number of at least 1, got 0",
    );
  });
});

describe('timeout', () => {
  it.each([
    [Duration.millis(1), 0.001],
    [seconds(54.5), 54.5],
    [Duration.minutes(1), 60],
    [Duration.hours(24), 86400],
  ])('may be %#', (timeout, timeoutSeconds) => {
    expect(intent({ timeout })).toStrictEqual({ timeoutSeconds });
  });

  it.each([0, 86_400.001, NaN, Infinity])('fails on %d s', (value) => {
    expect(() => intent({ timeout: seconds(value) })).toThrow(
      `[OutOfRange] 'apiServer.traffic.timeout' must be a number above 0 and up to 86400, got ${value}`,
    );
  });
});

describe('streaming', () => {
  it.each([
    [{ maxDuration: seconds(1) }, { maxDurationSeconds: 1 }],
    [{ maxDuration: Duration.days(1) }, { maxDurationSeconds: 86_400 }],
    [
      { maxDuration: Duration.minutes(10), idleTimeout: seconds(30) },
      { maxDurationSeconds: 600, idleSeconds: 30 },
    ],
    [
      { maxDuration: seconds(600), idleTimeout: seconds(600) },
      { maxDurationSeconds: 600, idleSeconds: 600 },
    ],
    [
      { maxDuration: seconds(600), idleTimeout: seconds(1) },
      { maxDurationSeconds: 600, idleSeconds: 1 },
    ],
  ])('may be %#', (streaming, expected) => {
    expect(intent({ streaming })).toStrictEqual({ streaming: expected });
  });

  it.each([0, 0.5, 86_401, NaN, Infinity])('fails on a maxDuration of %d s', (value) => {
    expect(() => intent({ streaming: { maxDuration: seconds(value) } })).toThrow(
      `[OutOfRange] 'apiServer.traffic.streaming.maxDuration' must be a whole number from 1 to 86400, got ${value}`,
    );
  });

  it.each([0, 1.5, 601, NaN, Infinity])('fails on an idleTimeout of %d s in 600 s', (value) => {
    const streaming = { maxDuration: seconds(600), idleTimeout: seconds(value) };
    expect(() => intent({ streaming })).toThrow(
      `[OutOfRange] 'apiServer.traffic.streaming.idleTimeout' must be a whole number from 1 to 600, got ${value}`,
    );
  });
});

describe('maxConcurrency', () => {
  it.each([1, 64, 2 ** 31 - 1])('may be %d', (maxConcurrency) => {
    expect(intent({ maxConcurrency })).toStrictEqual({ maxConcurrency });
  });

  // BentoML ends with exit code 1 on 0, 4.0 and 4.5.
  it.each([0, -1, 4.5, NaN, Infinity])('fails on %d', (maxConcurrency) => {
    expect(() => intent({ maxConcurrency })).toThrow(
      "[OutOfRange] 'apiServer.traffic.maxConcurrency' must be a whole number",
    );
  });
});

describe('queue', () => {
  it.each([1, 2 ** 31 - 1])('may hold %d', (maxPending) => {
    expect(intent({ queue: { maxPending } })).toStrictEqual({ maxPending });
  });

  it.each([0, -1, 0.5, NaN, Infinity])('fails on %d', (maxPending) => {
    expect(() => intent({ queue: { maxPending } })).toThrow(
      "[OutOfRange] 'apiServer.traffic.queue.maxPending' must be a whole number",
    );
  });

  it('fails on a time to wait, and says who has one', () => {
    expect(() => intent({ queue: { maxPending: 10, maxWait: seconds(1) } })).toThrow(
      "[NotByEngine] 'apiServer.traffic.queue.maxWait' must not be stated for an online service: no proxy bounds how " +
        'long a request waits apart from its timeout; leave it out and lower `timeout`, or use a ScaleToZeroFunction ' +
        'with coldStart.timeout',
    );
  });
});

describe('parts that no class of the library made', () => {
  it.each([
    ['retries', { attempts: 3 }, 'Retries', '{"attempts":3}'],
    ['loadBalancing', 'round-robin', 'LoadBalancing', '"round-robin"'],
    ['circuitBreaker', null, 'CircuitBreaker', 'null'],
    ['rateLimit', 100, 'RateLimit', '100'],
    ['healthCheck', {}, 'HealthCheck', '{}'],
  ])('fail: %s', (part, value, maker, got) => {
    expect(() => intent({ [part]: value })).toThrow(
      `[OutOfRange] 'apiServer.traffic.${part}' must be made by ${maker}, got ${got}; use a function of ${maker}`,
    );
  });

  it('fail where another class made them', () => {
    expect(() => intent({ retries: LoadBalancing.roundRobin() as unknown as Retries })).toThrow(
      "[OutOfRange] 'apiServer.traffic.retries' must be made by Retries",
    );
  });
});
