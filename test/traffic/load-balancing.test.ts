import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { LoadBalancing } from '../../lib/traffic/load-balancing';

const YEAR_SECONDS = 365 * 86_400;

describe.each([
  ['roundRobin', LoadBalancing.roundRobin, 'round-robin'],
  ['leastRequest', LoadBalancing.leastRequest, 'least-request'],
] as const)('LoadBalancing.%s', (_, balance, kind) => {
  it('gives new replicas their share at once where nothing is said', () => {
    expect(balance()._model).toStrictEqual({ kind });
    expect(balance({})._model).toStrictEqual({ kind });
  });

  it.each([
    [Duration.seconds(1), 1],
    [Duration.seconds(60), 60],
    [Duration.hours(1), 3600],
  ])('starts slowly for %#', (slowStart, slowStartSeconds) => {
    expect(balance({ slowStart })._model).toStrictEqual({ kind, slowStartSeconds });
  });

  it.each([
    [Duration.seconds(0), 0],
    [Duration.seconds(3601), 3601],
    [Duration.millis(1500), 1.5],
    [Duration.seconds(NaN), NaN],
    [Duration.seconds(Infinity), Infinity],
  ])('fails on a slow start of %#', (slowStart, got) => {
    expect(() => balance({ slowStart })).toThrow(
      `[OutOfRange] 'slowStart' must be a whole number from 1 to 3600, got ${got}`,
    );
  });
});

describe('LoadBalancing.latencyAware', () => {
  it('has nothing to be said', () => {
    expect(LoadBalancing.latencyAware()._model).toStrictEqual({ kind: 'latency-aware' });
  });
});

describe('LoadBalancing.hashByHeader', () => {
  it('keeps the name as it is written', () => {
    expect(LoadBalancing.hashByHeader('X-Session-Id')._model).toStrictEqual({
      kind: 'hash',
      by: { kind: 'header', name: 'X-Session-Id' },
    });
  });

  it.each([':authority', 'x session', 'x$session'])('fails on %j', (name) => {
    expect(() => LoadBalancing.hashByHeader(name)).toThrow("[InvalidName] 'name' must be a name of a header");
  });

  it('fails on nothing', () => {
    expect(() => LoadBalancing.hashByHeader('')).toThrow("[InvalidText] 'name' must be text that is not empty");
  });
});

describe('LoadBalancing.hashByCookie', () => {
  it('hands out no cookie where the application does', () => {
    expect(LoadBalancing.hashByCookie('session', { setByApplication: true })._model).toStrictEqual({
      kind: 'hash',
      by: { kind: 'cookie', name: 'session' },
    });
  });

  // Envoy, nginx and load balancers of AWS: a request without the cookie goes anywhere.
  it('fails where nobody sets the cookie, and where both do', () => {
    for (const options of [undefined, {}, { setByApplication: false }]) {
      expect(() => LoadBalancing.hashByCookie('session', options)).toThrow(
        "[MissingOption] 'ttl' must be given for the cookie that the proxy hands out; a cookie that nobody sets sends " +
          'requests anywhere: or state setByApplication',
      );
    }
    expect(() => LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1), setByApplication: true })).toThrow(
      "[ConflictingOptions] 'ttl' must not be given together with 'setByApplication'",
    );
  });

  it.each([
    [Duration.seconds(1), 1],
    [Duration.hours(1), 3600],
    [Duration.days(365), YEAR_SECONDS],
  ])('hands out one for %#', (ttl, ttlSeconds) => {
    expect(LoadBalancing.hashByCookie('session', { ttl })._model).toStrictEqual({
      kind: 'hash',
      by: { kind: 'cookie', name: 'session', ttlSeconds },
    });
  });

  it.each([Duration.seconds(0), Duration.seconds(YEAR_SECONDS + 1), Duration.millis(500), Duration.seconds(NaN)])(
    'fails on a lifetime of %#',
    (ttl) => {
      expect(() => LoadBalancing.hashByCookie('session', { ttl })).toThrow(
        "[OutOfRange] 'ttl' must be a whole number from 1 to 31536000, got",
      );
    },
  );

  it.each(['a b', 'a;b', 'a=b', 'a,b', '"a"', 'é'])('fails on %j', (name) => {
    expect(() => LoadBalancing.hashByCookie(name, { setByApplication: true })).toThrow(
      "[InvalidName] 'name' must be a name of a cookie",
    );
  });
});

describe('LoadBalancing.hashBySource', () => {
  it('has nothing to be said', () => {
    expect(LoadBalancing.hashBySource()._model).toStrictEqual({ kind: 'hash', by: { kind: 'source' } });
  });
});

describe('headers of HTTP itself', () => {
  it.each(['Host', 'content-length', 'te', 'Connection', 'upgrade'])('%s tells no clients apart', (name) => {
    expect(() => LoadBalancing.hashByHeader(name)).toThrow(
      `[InvalidName] 'name' must be a header of its own: HTTP needs this one itself, got "${name}"`,
    );
  });
});
