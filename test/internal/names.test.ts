import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dnsLabel, sortedEntries, sortedMap } from '../../lib/internal/names';

describe('dnsLabel', () => {
  it.each([
    ['TextSearch', 'text-search'],
    ['text_search', 'text-search'],
    ['text-search', 'text-search'],
    ['LLMGateway', 'llm-gateway'],
    ['Llama3Chat', 'llama3-chat'],
    ['RAG', 'rag'],
    ['a.b', 'a-b'],
    ['__Private__', 'private'],
    ['A B', 'a-b'],
    ['Ünïcode', 'n-code'],
    ['İstanbul', 'i-stanbul'],
    ['日本', ''],
    ['', ''],
  ])('makes %j %j', (text, label) => {
    expect(dnsLabel(text)).toBe(label);
  });

  it('makes a label of every text, and leaves labels alone', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const label = dnsLabel(text);
        expect(label).toMatch(/^([a-z0-9](-?[a-z0-9])*)?$/);
        expect(dnsLabel(label)).toBe(label);
      }),
    );
  });
});

describe('sortedEntries', () => {
  it('orders keys by their code units, as every language can', () => {
    expect(sortedEntries({ b: 1, a: 2, B: 3, ä: 4, '10': 5, '9': 6 }).map(([key]) => key)).toEqual([
      '10',
      '9',
      'B',
      'a',
      'b',
      'ä',
    ]);
  });

  it('takes no map for an empty one', () => {
    expect(sortedEntries(undefined)).toEqual([]);
    expect(sortedMap(undefined)).toEqual({});
  });

  it('gives the same for every order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (map) => {
        const reversed = Object.fromEntries(Object.entries(map).reverse());
        expect(JSON.stringify(sortedMap(reversed))).toBe(JSON.stringify(sortedMap(map)));
      }),
    );
  });
});
