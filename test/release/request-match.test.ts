import { describe, expect, it } from 'vitest';
import { RequestMatch } from '../../lib';

describe('RequestMatch', () => {
  it.each([
    [
      RequestMatch.header('X-Version', 'v2.0-rc.1_a~:/'),
      { kind: 'header', name: 'X-Version', value: 'v2.0-rc.1_a~:/' },
    ],
    [RequestMatch.query('v', '2.0-rc.1_a~'), { kind: 'query', name: 'v', value: '2.0-rc.1_a~' }],
    [RequestMatch.cookie('be.ta', 'yes'), { kind: 'cookie', name: 'be.ta', value: 'yes' }],
    [RequestMatch.header('a', 'b'.repeat(256)), { kind: 'header', name: 'a', value: 'b'.repeat(256) }],
  ])('says what a request has: %#', (match, model) => {
    expect(match._model).toStrictEqual(model);
  });

  // ingress-nginx: internal/ingress/annotations/parser/validators.go, BasicCharsRegex.
  it.each(['a b', 'a,b', 'a"b', 'a\\b', '$x', '^2$', 'a;b', '{', 'a\nb', 'ü', '*', 'a@b', 'a=b'])(
    'fails on the value %j of a header',
    (value) => {
      expect(() => RequestMatch.header('x-v', value)).toThrow(/^\[InvalidText\] 'value' must be /);
    },
  );

  // What RFC 3986 calls unreserved is never written in another way.
  it.each(['a b', 'a%20b', 'a+b', 'a/b', 'a:b', 'a&b', '[0]'])(
    'fails on the value %j of a parameter and a cookie',
    (value) => {
      for (const make of [RequestMatch.query, RequestMatch.cookie]) {
        expect(() => make('v', value)).toThrow(
          `[InvalidText] 'value' must be letters, digits and -._~, got ${JSON.stringify(value)}; some doors take no others`,
        );
      }
    },
  );

  it.each([RequestMatch.header, RequestMatch.query, RequestMatch.cookie])(
    'fails on what is empty or too long: %#',
    (make) => {
      expect(() => make('', '2')).toThrow("[InvalidText] 'name' must");
      expect(() => make('a'.repeat(257), '2')).toThrow("[InvalidText] 'name' must");
      expect(() => make('v', '')).toThrow("[InvalidText] 'value' must");
      expect(() => make('v', '2'.repeat(257))).toThrow("[InvalidText] 'value' must");
    },
  );

  it('fails on names that no engine could tell', () => {
    expect(() => RequestMatch.header('host', 'a')).toThrow('[InvalidName]');
    expect(() => RequestMatch.query('a&b', 'a')).toThrow('[InvalidName]');
    expect(() => RequestMatch.cookie('a;b', 'a')).toThrow('[InvalidName]');
  });
});
