import { describe, expect, it } from 'vitest';
import { checkNames, type NamedObject } from '../../lib/checks/names';

const object = (path: string, options: Partial<NamedObject> = {}): NamedObject => ({
  path,
  cluster: 'c',
  kind: 'Service',
  name: 'rag',
  namespace: 'ml',
  ours: true,
  ...options,
});

describe('checkNames', () => {
  it.each([
    ['kind', { kind: 'Deployment' }],
    ['name', { name: 'other' }],
    ['namespace', { namespace: 'web' }],
    ['cluster', { cluster: 'd' }],
  ])('tells objects apart by their %s', (_, difference) => {
    expect(checkNames([object('a'), object('b', difference)])).toEqual([]);
  });

  it.each([
    [true, true, 1],
    [true, false, 1],
    [false, true, 1],
    [false, false, 0],
  ])('reports the second, if one of them is ours: %s, %s', (first, second, count) => {
    const problems = checkNames([object('a', { ours: first }), object('b', { ours: second })]);
    expect(problems.map(({ path }) => path)).toEqual(Array(count).fill('b'));
  });

  it('fails with both paths, and where', () => {
    const [problem] = checkNames([object('a'), object('b')]);
    expect(problem!.message).toContain(
      '[NameCollision] Service "rag" must exist once in namespace ml of c, but a and b both make it',
    );
    const [unknown] = checkNames([object('a', { namespace: undefined }), object('b', { namespace: undefined })]);
    expect(unknown!.message).toContain('in its namespace of c');
  });
});
