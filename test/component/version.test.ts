import { describe, expect, it } from 'vitest';
import { RequestMatch, Version } from '../../lib';
import { previousOf, sharedVersions } from '../../lib/component/version';
import { single } from '../bentos';

const options = { bento: single() };
const NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0.5, 101];

describe('Version.weighted', () => {
  it.each([0, 1, 100])('takes %s percent', (percent) => {
    expect(Version.weighted(percent, options)._model).toEqual({
      kind: 'shared',
      share: { kind: 'weight', percent },
      options,
    });
  });

  it.each(NUMBERS)('fails on %s percent', (percent) => {
    expect(() => Version.weighted(percent, options)).toThrow(
      `[OutOfRange] 'percent' must be a whole number from 0 to 100, got ${percent}`,
    );
  });
});

describe('Version.mirrored', () => {
  it.each([1, 100])('takes %s percent', (percent) => {
    expect(Version.mirrored(percent, options)._model).toMatchObject({ share: { kind: 'mirror', percent } });
  });

  it.each([...NUMBERS, 0])('fails on %s percent', (percent) => {
    expect(() => Version.mirrored(percent, options)).toThrow(
      `[OutOfRange] 'percent' must be a whole number from 1 to 100, got ${percent}`,
    );
  });
});

describe('Version.matched', () => {
  it('has what requests say of themselves', () => {
    expect(Version.matched(RequestMatch.header('X-Version', 'v2'), options)._model).toMatchObject({
      share: { kind: 'match', match: { kind: 'header', value: 'v2' } },
    });
  });
});

describe('a version in its place', () => {
  const shared = [Version.weighted(1, options), Version.mirrored(1, options)];
  const others = [Version.of(options), Version.absent()];

  it('before a release is one that was, or none', () => {
    expect(previousOf('p', Version.of(options))).toEqual({ kind: 'previous', options });
    expect(previousOf('p', Version.absent())).toBeUndefined();
  });

  it.each(shared)('fails before a release: %#', (version) => {
    expect(() => previousOf('release.previous', version)).toThrow(
      "[WrongVersion] 'release.previous' must be made by Version.of() or Version.absent(), got another one; the version before gets no share of its own",
    );
  });

  it.each(others)('fails beside another: %#', (version) => {
    expect(() => sharedVersions({ v2: version })).toThrow(
      "[WrongVersion] 'release.versions.v2' must be made by Version.weighted(), Version.matched() or Version.mirrored(), got another one; say what part of the requests it gets",
    );
  });

  // Of plain JavaScript.
  it.each([[undefined], [null], [{}], ['v2'], [{ _model: { kind: 'none' } }]])('fails as %s', (value) => {
    expect(() => previousOf('release.previous', value as never)).toThrow(
      "[OutOfRange] 'release.previous' must be made by Version",
    );
    expect(() => sharedVersions({ v2: value as never })).toThrow(
      "[OutOfRange] 'release.versions.v2' must be made by Version",
    );
  });
});
