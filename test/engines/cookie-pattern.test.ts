import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookiePattern } from '../../lib/engines/cookie-pattern';

const has = (header: string, name: string, value: string) => new RegExp(cookiePattern(name, value)).test(header);

// RFC 6265: pairs, each after a semicolon and a blank; names are tokens, values have neither blanks nor semicolons.
describe('the pattern of a cookie', () => {
  it.each([
    ['a=b', true],
    ['x=y; a=b', true],
    ['a=b; x=y', true],
    ['x=y;a=b;z=1', true],
    ['x=y; a=b ; z=1', true],
    ['xa=b', false],
    ['a=bc', false],
    ['x=a=b', false],
    ['A=b', false],
    ['a=B', false],
    ['x="; a=b"', false],
    ['', false],
  ])('takes %j: %j', (header, expected) => {
    expect(has(header, 'a', 'b')).toBe(expected);
  });

  it('takes every letter for itself', () => {
    const name = "!#$%&'*+-.^_`|~1aZ";
    const value = "!#$%&'()*+-./:<=>?@[]^_`{|}~1aZ";
    expect(has(`${name}=${value}`, name, value)).toBe(true);
    expect(has('a=1x2', 'a', '1.2')).toBe(false);
  });

  it('takes what a reader of cookies finds', () => {
    const letters = (of: string, minLength: number) =>
      fc.string({ unit: fc.constantFrom(...of), minLength, maxLength: 4 });
    const pair = fc.tuple(letters('ab.*', 1), letters('ab.*=', 0));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 4 }), pair, (pairs, [name, value]) => {
        const header = pairs.map(([key, text]) => `${key}=${text}`).join('; ');
        expect(has(header, name, value)).toBe(pairs.some(([key, text]) => key === name && text === value));
      }),
    );
  });
});
