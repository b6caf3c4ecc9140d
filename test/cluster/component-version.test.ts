import { describe, expect, it } from 'vitest';
import { ComponentVersion } from '../../lib/cluster/component-version';

const version = (text: string, floor = '2.18') => new ComponentVersion('keda.version', text, floor);

describe('ComponentVersion', () => {
  it.each(['2.18', 'v2.18', '2.18.0', '2.19', '2.100', '3.0', 'v2.20.2', '2.18.1-rc.1', '2.18+eks', '2.18.0-0'])(
    'takes %s',
    (text) => {
      expect(version(text).text).toBe(text);
    },
  );

  it.each(['2.17', '2.9', '1.99', 'v2.17.9', '0.18', '2.0'])('fails on %s, which is older', (text) => {
    expect(() => version(text)).toThrow(
      `[OutOfRange] 'keda.version' must be 2.18 or newer, got ${JSON.stringify(text)}`,
    );
  });

  it.each([
    '',
    ' ',
    '2',
    '2.',
    '.18',
    'latest',
    'V2.18',
    '2.18.',
    '2.18.1.1',
    '2.x',
    '-2.18',
    '2,18',
    ' 2.18',
    '2.18 ',
  ])('fails on %j, which is none', (text) => {
    expect(() => version(text)).toThrow(
      `[InvalidText] 'keda.version' must be a version as '2.18', got ${JSON.stringify(text)}`,
    );
  });

  // As numbers, not as text: 2.9 is older than 2.18.
  it.each([
    ['2.20.2', '2.20', true],
    ['2.20.2', '2.21', false],
    ['2.20.2', '2.9', true],
    ['3.0', '2.99', true],
    ['2.99', '3.0', false],
  ])('%s is at least %s: %s', (text, other, expected) => {
    expect(version(text).isAtLeast(other)).toBe(expected);
  });
});
