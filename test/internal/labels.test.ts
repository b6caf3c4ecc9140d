// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the tokens of Terraform look so
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLabelValue, LABELS, requireAnnotations, requireLabels, requireOwnLabels } from '../../lib/internal/labels';

const long = (n: number) => 'a'.repeat(n);

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
describe('requireLabels', () => {
  it.each(['a', 'A', '9', 'a.b_c-D', long(63), 'x.y/a', '9/9', `${long(253)}/${long(63)}`, 'a-b.c/Name'])(
    'takes the key %j',
    (key) => {
      expect(() => requireLabels('labels', { [key]: '' })).not.toThrow();
    },
  );

  it.each([
    '',
    '-a',
    'a-',
    '.a',
    'a b',
    'ä',
    'a/',
    '/a',
    'a/b/c',
    'A.b/c',
    '_/a',
    'a..b/c',
    long(64),
    `${long(254)}/a`,
  ])('fails on the key %j', (key) => {
    expect(() => requireLabels('labels', { [key]: '' })).toThrow(
      `[InvalidLabel] 'labels' must be a map whose keys are names, with or without a DNS prefix, got ${JSON.stringify(key)}`,
    );
  });

  it.each(['', 'a', 'A', '0', 'true', 'a.b_c-D', long(63)])('takes the value %j', (value) => {
    expect(() => requireLabels('labels', { team: value })).not.toThrow();
  });

  it.each(['-a', 'a-', '.', 'a b', 'a/b', 'ä', 'a\n', long(64)])('fails on the value %j', (value) => {
    expect(() => requireLabels('labels', { team: value })).toThrow(
      `[InvalidLabel] 'labels.team' must be at most 63 letters, digits, dashes, dots and underscores, got ${JSON.stringify(value)}`,
    );
  });

  it.each([1, true, null, undefined])('fails on %j, which is no text', (value) => {
    expect(() => requireLabels('labels', { team: value as unknown as string })).toThrow('[InvalidLabel]');
  });

  it('fails on a token', () => {
    expect(() => requireLabels('labels', { team: '${TfToken[TOKEN.1]}' })).toThrow("[UnresolvedToken] 'labels.team'");
  });

  it('agrees with the rule as Kubernetes words it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '-', '_', '.', '/', ' '), maxLength: 68 });
    fc.assert(
      fc.property(text, (value) => {
        const alphanumeric = /[A-Za-z0-9]/;
        const valid =
          value === '' ||
          (value.length <= 63 &&
            alphanumeric.test(value[0]!) &&
            alphanumeric.test(value.at(-1)!) &&
            [...value].every((c) => alphanumeric.test(c) || '-_.'.includes(c)));
        expect(isLabelValue(value)).toBe(valid);
      }),
    );
  });
});

describe('requireAnnotations', () => {
  it('takes any text', () => {
    expect(() => requireAnnotations('annotations', { 'a.b/c': 'Any text: ü, {"json": true}\n' })).not.toThrow();
  });

  it('ends at 256 KiB of keys and values together', () => {
    const room = 256 * 1024 - 2;
    expect(() => requireAnnotations('annotations', { a: 'x', b: long(room - 1) })).not.toThrow();
    expect(() => requireAnnotations('annotations', { a: 'x', b: long(room) })).toThrow(
      '[InvalidLabel] \'annotations\' must be at most 256 KiB together, got "262145 bytes"',
    );
  });

  it('counts bytes, not characters', () => {
    expect(() => requireAnnotations('annotations', { a: 'ü'.repeat(128 * 1024) })).toThrow('[InvalidLabel]');
  });

  it.each([1, false, null])('fails on %j, which is no text', (value) => {
    expect(() => requireAnnotations('annotations', { a: value as unknown as string })).toThrow(
      `[InvalidLabel] 'annotations.a' must be text, got ${value}`,
    );
  });

  it.each(['', 'a b', 'a/b/c'])('fails on the key %j', (key) => {
    expect(() => requireAnnotations('annotations', { [key]: '' })).toThrow("[InvalidLabel] 'annotations'");
  });
});

describe('requireOwnLabels', () => {
  it('takes what the library does not set', () => {
    expect(() => requireOwnLabels('labels', { team: 'search', 'app.kubernetes.io/part-of': 'shop' })).not.toThrow();
  });

  it.each(Object.values(LABELS))('fails on %s', (key) => {
    expect(() => requireOwnLabels('labels', { [key]: 'x' })).toThrow(
      `[ReservedLabel] 'labels' must not set "${key}", which selectors and queries rely on; choose another key`,
    );
  });
});
