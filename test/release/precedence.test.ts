import { describe, expect, it } from 'vitest';
import { byPrecedence } from '../../lib/release/precedence';
import type { RequestMatchModel } from '../../lib/release/split-model';

const match = (kind: RequestMatchModel['kind'], name: string) => ({ match: { kind, name, value: '1' } });

describe('the order of matches', () => {
  it('is by header, by cookie, by query, and of one kind as they stand', () => {
    const stated = [
      match('query', 'a'),
      match('cookie', 'b'),
      match('header', 'c'),
      match('query', 'd'),
      match('header', 'e'),
    ];
    expect(byPrecedence(stated).map(({ match: { name } }) => name)).toEqual(['c', 'e', 'b', 'a', 'd']);
  });

  it('leaves what is stated as it is', () => {
    const stated = [match('query', 'a'), match('header', 'b')];
    byPrecedence(stated);
    expect(stated.map(({ match: { name } }) => name)).toEqual(['a', 'b']);
    expect(byPrecedence([])).toEqual([]);
  });
});
