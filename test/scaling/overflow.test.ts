import { describe, expect, it } from 'vitest';
import { type FallbackOptions, Overflow, type PlaceholderOptions } from '../../lib/scaling/overflow';

describe('Overflow', () => {
  it('rejects without a word more', () => {
    expect(Overflow.reject()._model).toEqual({ kind: 'reject' });
  });

  it('answers 503 and nothing else, where nothing is said', () => {
    expect(Overflow.placeholder()._model).toEqual({ kind: 'placeholder', statusCode: 503, headers: [] });
  });

  it('answers what is said, headers in order', () => {
    const headers = { 'Retry-After': '120', 'Content-Type': 'text/plain; charset=utf-8' };
    expect(Overflow.placeholder({ statusCode: 429, body: 'soon', headers })._model).toEqual({
      kind: 'placeholder',
      statusCode: 429,
      body: 'soon',
      headers: [
        ['Content-Type', 'text/plain; charset=utf-8'],
        ['Retry-After', '120'],
      ],
    });
  });

  it('lets another Service answer, at 80 where nothing is said', () => {
    expect(Overflow.fallback({ service: 'small' })._model).toEqual({ kind: 'fallback', service: 'small', port: 80 });
    expect(Overflow.fallback({ service: 'small', port: 3000 })._model).toMatchObject({ port: 3000 });
  });

  // StaticResponse of http.keda.sh/v1beta1.
  it.each<PlaceholderOptions>([
    { statusCode: 100 },
    { statusCode: 599 },
    { body: 'x' },
    { body: 'x'.repeat(32_768) },
    { headers: { "!#$%&'*+-.^_`|~0aZ": ' x\t' } },
  ])('takes the placeholder %#', (options) => {
    expect(() => Overflow.placeholder(options)).not.toThrow();
  });

  it.each<[PlaceholderOptions, string]>([
    ...[0, 99, 600, -503, 503.5, NaN, Infinity].map((statusCode): [PlaceholderOptions, string] => [
      { statusCode },
      `[OutOfRange] 'statusCode' must be a whole number from 100 to 599, got ${statusCode}`,
    ]),
    [{ body: '' }, "[InvalidText] 'body' must be text that is not empty"],
    [{ body: 'x'.repeat(32_769) }, "[InvalidText] 'body' must be text of at most 32768 characters"],
    [{ headers: { '': 'a' } }, "[InvalidText] 'headers' must be names of headers"],
    [{ headers: { 'Retry After': 'a' } }, "[InvalidText] 'headers' must be names of headers"],
    [{ headers: { 'a:': 'a' } }, "[InvalidText] 'headers'"],
    [{ headers: { a: '' } }, "[InvalidText] 'headers.a'"],
    [{ headers: { a: 'b\r\nc: d' } }, "[InvalidText] 'headers.a' must be text without line breaks"],
  ])('fails on the placeholder %#', (options, message) => {
    expect(() => Overflow.placeholder(options)).toThrow(message);
  });

  it.each<[FallbackOptions, string]>([
    [{ service: '' }, "[InvalidName] 'service'"],
    [{ service: 'Small' }, "[InvalidName] 'service'"],
    [{ service: 'small.other' }, "[InvalidName] 'service'"],
    [{ service: 'a'.repeat(64) }, "[InvalidName] 'service'"],
    ...[0, -1, 65_536, 80.5, NaN, Infinity].map((port): [FallbackOptions, string] => [
      { service: 'small', port },
      `[OutOfRange] 'port' must be a whole number from 1 to 65535, got ${port}`,
    ]),
  ])('fails on the fallback %#', (options, message) => {
    expect(() => Overflow.fallback(options)).toThrow(message);
  });
});
