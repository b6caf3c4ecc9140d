import { describe, expect, it } from 'vitest';
import { StickyKey } from '../../lib';

describe('StickyKey', () => {
  it.each([
    [StickyKey.header('X-User'), { kind: 'header', name: 'X-User' }],
    [StickyKey.header('x_user'), { kind: 'header', name: 'x_user' }],
    [StickyKey.query('user'), { kind: 'query', name: 'user' }],
    [StickyKey.query('the-user.id~1_'), { kind: 'query', name: 'the-user.id~1_' }],
    [StickyKey.cookie('session'), { kind: 'cookie', name: 'session' }],
    [StickyKey.cookie('__Host-connect.sid'), { kind: 'cookie', name: '__Host-connect.sid' }],
    [StickyKey.query('a'.repeat(256)), { kind: 'query', name: 'a'.repeat(256) }],
  ])('says what is hashed: %#', (key, model) => {
    expect(key._model).toStrictEqual(model);
  });

  it.each(['x user', 'x"', 'x$y', '-x', 'x;', 'x{', 'ü', ' x'])('fails on the header %j', (name) => {
    expect(() => StickyKey.header(name)).toThrow(/^\[Invalid(Name|Text)\] 'name' must be /);
  });

  // They frame the request, or lead it: https://datatracker.ietf.org/doc/html/rfc9110#section-7.6.1
  it.each(['Host', 'content-length', 'Connection', 'transfer-encoding'])('fails on %s, which is of HTTP', (name) => {
    expect(() => StickyKey.header(name)).toThrow(
      `[InvalidName] 'name' must be a header of its own: HTTP needs this one itself, got "${name}"; as x-client-id`,
    );
  });

  it.each(['a b', 'a&b', 'a=b', 'a%20', 'a+b', 'a[0]', 'a"', '$a', 'ü', 'a;b'])('fails on the parameter %j', (name) => {
    expect(() => StickyKey.query(name)).toThrow(
      `[InvalidName] 'name' must be a name of a parameter of letters, digits and -._~, got ${JSON.stringify(name)}; others are written in several ways`,
    );
  });

  it.each(['a b', 'a=b', 'a;b', 'a"b', 'a\\b', 'a{b', 'ü', 'a,b'])('fails on the cookie %j', (name) => {
    expect(() => StickyKey.cookie(name)).toThrow(`[InvalidName] 'name' must be a name of a cookie`);
  });

  it.each([StickyKey.header, StickyKey.query, StickyKey.cookie])(
    'fails on no name, and on one too long: %#',
    (make) => {
      expect(() => make('')).toThrow("[InvalidText] 'name' must");
      expect(() => make('a'.repeat(257))).toThrow("[InvalidText] 'name' must");
    },
  );
});
