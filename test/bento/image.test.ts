import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageModel } from '../../lib/bento/image';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

// The grammar of github.com/distribution/reference.
describe('imageModel', () => {
  it.each([
    'nginx:1.27',
    'library/nginx:1',
    'registry.example.com/ml/text-search:v1',
    'localhost:5000/x:1',
    'registry:5000/a/b/c:1.0_x-y',
    'a__b/c--d/e.f:1',
    `x@${digest}`,
    `registry.example.com/x:latest@${digest}`,
    `x:${'t'.repeat(128)}`,
    '123456789012.dkr.ecr.us-east-1.amazonaws.com/search:3auspqat6smdonry',
  ])('%s never changes its meaning', (reference) => {
    expect(imageModel('image', reference)).toEqual({ reference, mutable: false });
  });

  it.each(['nginx', 'nginx:latest', 'registry.example.com/x', 'localhost:5000/x', 'localhost:5000/x:latest'])(
    '%s may mean another one tomorrow',
    (reference) => {
      expect(imageModel('image', reference)).toEqual({ reference, mutable: true });
    },
  );

  it.each([
    'A',
    'a b',
    ' a',
    'a:',
    'a:b:c',
    ':1',
    'a:-1',
    'a:.1',
    `a:${'t'.repeat(129)}`,
    '/a',
    'a/',
    'a//b',
    'a/B',
    '-a',
    'a-',
    'a..b/c:1:1',
    'a___b',
    'http://registry/x:1',
    'registry/x@sha256:123',
    `registry/x@sha512:${'0'.repeat(128)}x`,
    `x@${digest.toUpperCase()}`,
    'x\n',
  ])('fails on %j', (reference) => {
    expect(() => imageModel('image', reference)).toThrow(
      `[InvalidText] 'image' must be an image as registry/name:tag or registry/name@sha256:digest, got ${JSON.stringify(reference)}`,
    );
  });

  it.each(['', ' ', undefined])('fails on %j', (reference) => {
    expect(() => imageModel('apiServer.image', reference as string)).toThrow(
      "[InvalidText] 'apiServer.image' must be text that is not empty",
    );
  });

  it('fails on what is too long, in no time', () => {
    expect(() => imageModel('image', `${'a'.repeat(600)}!`)).toThrow("'image' must be text of at most 512 characters");
    expect(() => imageModel('image', `${'a-'.repeat(250)}!`)).toThrow('[InvalidText]');
    expect(() => imageModel('image', `${'a/'.repeat(250)}!`)).toThrow('[InvalidText]');
  });

  it('takes every reference that the grammar makes', () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,5}((\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}$/);
    const domain = fc.stringMatching(/^[a-zA-Z0-9]{1,5}(\.[a-zA-Z0-9]{1,5}){1,2}(:[0-9]{1,5})?$/);
    const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,10}$/);
    const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    fc.assert(
      fc.property(
        option(domain),
        fc.array(component, { minLength: 1, maxLength: 3 }),
        option(tag),
        fc.boolean(),
        (host, path, version, pinned) => {
          const reference = [
            host === undefined ? '' : `${host}/`,
            path.join('/'),
            version === undefined ? '' : `:${version}`,
            pinned ? `@${digest}` : '',
          ].join('');
          const mutable = !pinned && (version === undefined || version === 'latest');
          expect(imageModel('image', reference)).toEqual({ reference, mutable });
        },
      ),
    );
  });
});
