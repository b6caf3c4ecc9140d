import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BentoError, errors, located, show } from '../../lib/internal/errors';

type Maker = (...args: unknown[]) => BentoError;

/** One call of each maker with arguments of any kind that its text may hold. */
const made = Object.entries(errors).map(([name, make]) => {
  const args = Array.from({ length: make.length + 1 }, () => ['a', 'b']);
  return [name, (make as unknown as Maker)(...args).message] as const;
});

describe('errors', () => {
  it.each(made)('%s gives its name as the code', (name, message) => {
    const code = name[0]!.toUpperCase() + name.slice(1);
    expect(message).toMatch(new RegExp(`^\\[${code}\\] \\S`));
  });

  it('has each code once', () => {
    const codes = made.map(([, message]) => message.slice(0, message.indexOf(']')));
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each(made)('%s says what must be, and no more than one line', (_, message) => {
    expect(message).toMatch(/must|depends on/);
    expect(message).not.toContain('\n');
    expect(message).not.toMatch(/[.;]$/);
  });

  it('puts property, rule, value and remedy in one text', () => {
    expect(errors.outOfRange('scaling.minReplicas', 'at least 1', 0, 'use another').message).toBe(
      "[OutOfRange] 'scaling.minReplicas' must be at least 1, got 0; use another",
    );
  });

  it('leaves out the remedy where there is none', () => {
    expect(errors.invalidName('name', 'a name', '').message).toBe('[InvalidName] \'name\' must be a name, got ""');
  });
});

describe('BentoError', () => {
  it('is an Error', () => {
    expect(errors.minOverMax(2, 1)).toBeInstanceOf(Error);
  });

  it('says where once, at the construct that met it first', () => {
    const error = errors.minOverMax(2, 1).at('prod/Rag').at('prod');
    expect(error.message).toMatch(/\(at prod\/Rag\)$/);
  });
});

describe('located', () => {
  it('hands on what its body gives', () => {
    expect(located('prod/Rag', () => 5)).toBe(5);
  });

  it('fails with the path for errors of the library', () => {
    expect(() =>
      located('prod', () =>
        located('prod/Rag', () => {
          throw errors.minOverMax(2, 1);
        }),
      ),
    ).toThrow(/lower the other \(at prod\/Rag\)$/);
  });

  it('fails with the very error of others', () => {
    const foreign = new TypeError('x');
    expect(() =>
      located('prod', () => {
        throw foreign;
      }),
    ).toThrow(foreign);
    expect(foreign.message).toBe('x');
  });
});

describe('show', () => {
  const circle: unknown[] = [];
  circle.push(circle);

  it.each([
    ['text', '"text"'],
    ['', '""'],
    [0, '0'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ a: 1 }, '{"a":1}'],
    [10n, '10n'],
    [circle, '<ref *1> [ [Circular *1] ]'],
  ])('writes a value as its author did: %#', (value, text) => {
    expect(show(value)).toBe(text);
  });

  it('never fails', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
        expect(typeof show(value)).toBe('string');
      }),
    );
  });
});
