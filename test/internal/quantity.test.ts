import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesQuantity, milliQuantity, parseQuantity } from '../../lib/internal/quantity';

// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/: the canonical form has no fraction
// and the greatest suffix.
describe('bytesQuantity', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [1023, '1023'],
    [1024, '1Ki'],
    [1536, '1536'],
    [2 ** 20 - 1024, '1023Ki'],
    [2 ** 20, '1Mi'],
    [1.5 * 2 ** 30, '1536Mi'],
    [2 ** 30, '1Gi'],
    [2 ** 40, '1Ti'],
    [2 ** 50, '1024Ti'],
    [1e9, '1G'],
    [1000, '1k'],
    [1500, '1500'],
    [2_000_000, '2M'],
  ])('writes %d bytes as %s', (bytes, quantity) => {
    expect(bytesQuantity(bytes)).toBe(quantity);
  });

  it('loses no byte of any whole number', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseQuantity(bytesQuantity(bytes))).toBe(bytes);
      }),
    );
  });
});

describe('milliQuantity', () => {
  it.each([
    [0, '0'],
    [0.001, '1m'],
    [0.5, '500m'],
    [0.1 + 0.2, '300m'],
    [1, '1'],
    [1.5, '1500m'],
    [2.007, '2007m'],
    [96, '96'],
    [1e9, '1G'],
    [1000, '1k'],
    [1500, '1500'],
    [2_000_000, '2M'],
  ])('writes %d as %s', (value, quantity) => {
    expect(milliQuantity('value', value)).toBe(quantity);
  });

  it.each([0.0001, 1e-10, 1.2345, 1e-300, NaN, Infinity, -Infinity, 1e300])('fails on %d', (value) => {
    expect(() => milliQuantity('value', value)).toThrow(
      `[OutOfRange] 'value' must be a number with at most three decimals, got ${value}`,
    );
  });

  it('reads back as the number that was meant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (milli) => {
        expect(parseQuantity(milliQuantity('value', milli / 1000))).toBeCloseTo(milli / 1000, 9);
      }),
    );
  });

  it('never makes nothing of something', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true }), (value) => {
        try {
          expect(milliQuantity('value', value)).not.toBe('0');
        } catch (error) {
          expect((error as Error).message).toContain('[OutOfRange]');
        }
      }),
    );
  });
});

describe('parseQuantity', () => {
  it.each([
    ['0', 0],
    ['2', 2],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['+1', 1],
    ['-1', -1],
    ['100m', 0.1],
    ['250u', 2.5e-4],
    ['1n', 1e-9],
    ['1k', 1000],
    ['1M', 1e6],
    ['1G', 1e9],
    ['1T', 1e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1Ki', 1024],
    ['1.5Gi', 1610612736],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['1Ei', 2 ** 60],
    ['1e3', 1000],
    ['12E6', 12e6],
    ['129e-3', 0.129],
  ])('reads %s as %d', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 12);
  });

  it.each(['', ' ', '.', 'Gi', '1 Gi', '1gi', '1K', '1mi', '1GB', '1e', 'e3', '0x1', '1,5', 'NaN', 'Infinity', '1\n'])(
    'takes %j for none',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  it('reads no text as anything but a number or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseQuantity(text)).not.toBeNaN();
      }),
    );
  });
});
