import { describe, expect, it } from 'vitest';
import { requireTagSelector, requireTags } from '../../lib/internal/tags';

const KEY = 'k'.repeat(128);
const VALUE = 'v'.repeat(256);

describe.each([requireTags, requireTagSelector])('$name', (require) => {
  it('takes the longest keys and values, and none', () => {
    expect(() => require('tags', { [KEY]: VALUE })).not.toThrow();
    expect(() => require('tags', {})).not.toThrow();
  });

  it.each([
    [{ '': 'x' }, "[InvalidText] 'tags' must be text that is not empty"],
    [{ [`${KEY}k`]: 'x' }, "[InvalidText] 'tags' must be text of at most 128 characters"],
    [{ team: `${VALUE}v` }, "[InvalidText] 'tags.team' must be text of at most 256 characters"],
    [{ team: 7 as unknown as string }, "[InvalidText] 'tags.team' must be text"],
    [{ team: `\${TfToken[TOKEN.1]}` }, "[UnresolvedToken] 'tags.team'"],
  ])('refuses %j', (tags, message) => {
    expect(() => require('tags', tags as { [key: string]: string })).toThrow(message);
  });

  it('tells of the first key in their order, in whatever order they come', () => {
    for (const tags of [
      { a: 'x', b: ' ', c: ' ' },
      { c: ' ', b: ' ', a: 'x' },
    ])
      expect(() => require('tags', tags)).toThrow("'tags.b'");
  });
});

describe('tags of a resource', () => {
  it('may be empty', () => {
    expect(() => requireTags('tags', { team: '' })).not.toThrow();
  });

  it.each(['aws:x', 'AWS:x'])('are not those of AWS: %s', (key) => {
    expect(() => requireTags('tags', { [key]: 'x' })).toThrow(
      `[InvalidText] 'tags' must be none that AWS sets itself, got "${key}"`,
    );
  });
});

describe('tags by which resources are found', () => {
  it('are not empty', () => {
    expect(() => requireTagSelector('tags', { team: '' })).toThrow("[InvalidText] 'tags.team'");
  });

  it('may be those of AWS', () => {
    expect(() => requireTagSelector('tags', { 'aws:cloudformation:stack-name': 'prod' })).not.toThrow();
  });
});
