import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BentoError } from '../../lib/internal/errors';
import { requireCookieName, requireHeaderName } from '../../lib/traffic/http-names';

const TOKEN_MARK = '$' + '{TfToken[TOKEN.1]}';

describe.each([
  ['a header', requireHeaderName],
  ['a cookie', requireCookieName],
] as const)('the name of %s', (what, check) => {
  it.each(['a', 'x-session-id', 'X-Session-Id', 'x_session', '0', 'a'.repeat(256)])('may be %j', (name) => {
    expect(() => check('name', name)).not.toThrow();
  });

  it.each([
    ['', "[InvalidText] 'name' must be text that is not empty"],
    [' ', "[InvalidText] 'name' must be text that is not empty"],
    ['a'.repeat(257), "[InvalidText] 'name' must be text of at most 256 characters"],
    [TOKEN_MARK, "[UnresolvedToken] 'name'"],
    [undefined as unknown as string, "[InvalidText] 'name'"],
    [7 as unknown as string, "[InvalidText] 'name'"],
  ])('fails on %j', (name, message) => {
    expect(() => check('name', name)).toThrow(message);
  });

  // RFC 9110, 5.6.2: separators are no part of a token, nor is what is not ASCII.
  it.each([
    'a b',
    ' a',
    'a ',
    'a\tb',
    'a\n',
    'a\r\nb: c',
    'a:b',
    'a;b',
    'a,b',
    'a=b',
    'a/b',
    'a(b)',
    'a[b]',
    'a{b}',
    'a<b>',
    'a@b',
    'a?b',
    'a\\b',
    'a"b',
    'é',
    '\u0000',
  ])('fails on %j', (name) => {
    expect(() => check('name', name)).toThrow(`[InvalidName] 'name' must be a name of ${what}`);
  });

  it('is judged with an error of ours, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        try {
          check('name', name);
          expect(name).toMatch(/^[!-~]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(BentoError);
        }
      }),
    );
  });
});

// What a proxy would read as a variable, or HTTP/2 as a field of its own.
describe('requireHeaderName', () => {
  it.each([':authority', ':path', '$host', 'x$', "x'", 'x|', 'x.y', '-x', '_x', '*'])('fails on %j', (name) => {
    expect(() => requireHeaderName('header', name)).toThrow(
      "[InvalidName] 'header' must be a name of a header: letters, digits, - and _, as x-session-id, got",
    );
  });
});

describe('requireCookieName', () => {
  it.each(['__Host-session', 'a.b', '$x', "x'", '*', '|~'])('takes %j', (name) => {
    expect(() => requireCookieName('name', name)).not.toThrow();
  });
});
