import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Promotion } from '../../lib';

describe('Promotion', () => {
  it('is at once, after a while, or by a human', () => {
    expect(Promotion.automatic()._model).toEqual({ kind: 'automatic', afterSeconds: 0 });
    expect(Promotion.automaticAfter(Duration.minutes(5))._model).toEqual({ kind: 'automatic', afterSeconds: 300 });
    expect(Promotion.manual()._model).toEqual({ kind: 'manual' });
  });

  it.each([1, 86_400])('takes a delay of %s s', (seconds) => {
    expect(Promotion.automaticAfter(Duration.seconds(seconds))._model).toMatchObject({ afterSeconds: seconds });
  });

  it.each([
    [Duration.seconds(0), '0'],
    [Duration.seconds(86_401), '86401'],
    [Duration.millis(1500), '1.5'],
  ])('fails on a delay of %s', (delay, text) => {
    expect(() => Promotion.automaticAfter(delay)).toThrow(
      `[OutOfRange] 'delay' must be a whole number from 1 to 86400, got ${text}`,
    );
  });
});
