import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { HealthCheck, type HttpHealthCheckOptions } from '../../lib/traffic/health-check';

const DEFAULTS = { intervalSeconds: 10, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 3 };
const seconds = (value: number) => Duration.millis(value * 1000);

describe('HealthCheck.http', () => {
  it('asks every 10 s at the path of the readiness probe', () => {
    expect(HealthCheck.http()._model).toStrictEqual(DEFAULTS);
    expect(HealthCheck.http({})._model).toStrictEqual(DEFAULTS);
  });

  it.each<[HttpHealthCheckOptions, object]>([
    [{ path: '/' }, { path: '/' }],
    [{ path: "/v1/-._~!$&'()*+,;=:@%20" }, { path: "/v1/-._~!$&'()*+,;=:@%20" }],
    // Shorter than the default of the timeout, which has to fit in.
    [{ interval: seconds(1) }, { intervalSeconds: 1, timeoutSeconds: 1 }],
    [{ interval: seconds(2) }, { intervalSeconds: 2, timeoutSeconds: 1 }],
    [{ interval: seconds(4) }, { intervalSeconds: 4, timeoutSeconds: 3 }],
    // Load balancers of AWS want it below the interval.
    [{ interval: seconds(5) }, { intervalSeconds: 5, timeoutSeconds: 4 }],
    [{ interval: seconds(6) }, { intervalSeconds: 6, timeoutSeconds: 5 }],
    [{ interval: seconds(300) }, { intervalSeconds: 300, timeoutSeconds: 5 }],
    [{ timeout: seconds(1) }, { timeoutSeconds: 1 }],
    [{ timeout: seconds(10) }, { timeoutSeconds: 10 }],
    [
      { interval: seconds(300), timeout: seconds(300) },
      { intervalSeconds: 300, timeoutSeconds: 300 },
    ],
    [
      { healthyThreshold: 1, unhealthyThreshold: 1 },
      { healthyThreshold: 1, unhealthyThreshold: 1 },
    ],
    [
      { healthyThreshold: 10, unhealthyThreshold: 10 },
      { healthyThreshold: 10, unhealthyThreshold: 10 },
    ],
  ])('takes %j', (options, expected) => {
    expect(HealthCheck.http(options)._model).toStrictEqual({ ...DEFAULTS, ...expected });
  });

  it.each(['readyz', '/a b', '/a?b=1', '/a#b', '/a\n', '/"', '/é', 'http://a/readyz', '/{a}', '/a\\b', '/|'])(
    'fails on the path %j',
    (path) => {
      expect(() => HealthCheck.http({ path })).toThrow("[InvalidText] 'path' must be a path, as /readyz, got");
    },
  );

  it('fails on a path that is empty, or longer than doors can carry', () => {
    expect(() => HealthCheck.http({ path: '' })).toThrow("[InvalidText] 'path' must be text that is not empty");
    expect(() => HealthCheck.http({ path: `/${'a'.repeat(1024)}` })).toThrow(
      "[InvalidText] 'path' must be text of at most 1024 characters",
    );
    expect(() => HealthCheck.http({ path: `/${'a'.repeat(1023)}` })).not.toThrow();
  });

  it.each([0, 301, 1.5, NaN, Infinity])('fails on an interval of %d s', (value) => {
    expect(() => HealthCheck.http({ interval: Duration.seconds(value) })).toThrow(
      `[OutOfRange] 'interval' must be a whole number from 1 to 300, got ${value}`,
    );
  });

  it.each([0, 11, 1.5, NaN, Infinity])('fails on a timeout of %d s in an interval of 10 s', (value) => {
    expect(() => HealthCheck.http({ timeout: Duration.seconds(value) })).toThrow(
      `[OutOfRange] 'timeout' must be a whole number from 1 to 10, got ${value}`,
    );
  });

  it('fails on a timeout above the interval', () => {
    expect(() => HealthCheck.http({ interval: seconds(3), timeout: seconds(4) })).toThrow(
      "[OutOfRange] 'timeout' must be a whole number from 1 to 3, got 4",
    );
  });

  it.each(
    ['healthyThreshold', 'unhealthyThreshold'].flatMap((key) =>
      [0, -1, 11, 2.5, NaN, Infinity].map((got) => [key, got] as const),
    ),
  )('fails on %s of %d', (key, got) => {
    expect(() => HealthCheck.http({ [key]: got })).toThrow(
      `[OutOfRange] '${key}' must be a whole number from 1 to 10, got ${got}`,
    );
  });
});
