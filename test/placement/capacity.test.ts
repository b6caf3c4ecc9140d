import { describe, expect, it } from 'vitest';
import { Capacity, type CapacityOptions, type ReservedCapacityOptions } from '../../lib';

const kinds: [string, (options: CapacityOptions) => Capacity][] = [
  ['on-demand', (options) => Capacity.onDemand(options)],
  ['spot', (options) => Capacity.spot(options)],
  ['reserved', (options) => Capacity.reserved({ id: 'cr-0123456789abcdef0', ...options })],
];

describe.each(kinds)('a rung of %s', (type, rung) => {
  it('is called as Karpenter calls it', () => {
    expect(rung({ maxGpus: 1 })._type).toBe(type);
  });

  it.each([1, 8, 100_000])('takes a limit of %s', (limit) => {
    expect(rung({ maxGpus: limit, maxCpuCores: limit })._options).toMatchObject({ maxGpus: limit, maxCpuCores: limit });
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '8' as unknown as number])(
    'fails on a limit of %s',
    (limit) => {
      expect(() => rung({ maxGpus: limit })).toThrow("[OutOfRange] 'maxGpus' must be a whole number");
      expect(() => rung({ maxCpuCores: limit })).toThrow("[OutOfRange] 'maxCpuCores' must be a whole number");
    },
  );

  it.each(['', 'Big', '-a', 'a_b', 'a.b', '1st', 'a'.repeat(64)])('fails on the name %j', (name) => {
    expect(() => rung({ maxGpus: 1, name })).toThrow("[InvalidName] 'name'");
  });

  it('keeps its lists from later changes', () => {
    const zones = ['us-east-1a'];
    const instanceTypes = ['g6.xlarge'];
    const instanceFamilies = ['g6'];
    const { _options: options } = rung({ maxGpus: 1, zones, instanceTypes, instanceFamilies });
    for (const list of [zones, instanceTypes, instanceFamilies]) list.push('other');
    expect(options).toMatchObject({
      zones: ['us-east-1a'],
      instanceTypes: ['g6.xlarge'],
      instanceFamilies: ['g6'],
    });
  });
});

describe('a reservation', () => {
  const reserved = (options: Partial<ReservedCapacityOptions>) => Capacity.reserved({ maxGpus: 1, ...options });

  it.each(['cr-0', 'cr-56fac701cc1951b03'])('is known by the id %s', (id) => {
    expect(reserved({ id })._reservation).toEqual({ id });
  });

  it('is known by tags, in one order', () => {
    const { _reservation: reservation } = reserved({ tags: { team: 'ml', application: '*' } });
    expect(JSON.stringify(reservation)).toBe('{"tags":{"application":"*","team":"ml"}}');
  });

  it.each(['', 'cr-', 'CR-0', 'cr-0_1', 'cr-0 ', 'i-0123', '0123'])('fails on the id %j', (id) => {
    expect(() => reserved({ id })).toThrow("[InvalidText] 'id' must be that of a capacity reservation");
  });

  it.each([
    [{}, "[MissingOption] 'id' must be given without 'tags'"],
    [{ tags: {} }, "[MissingOption] 'id' must be given without 'tags'"],
    [{ id: 'cr-0', tags: { a: 'b' } }, '[ConflictingOptions]'],
    [{ tags: { '': 'b' } }, "[InvalidText] 'tags'"],
    [{ tags: { a: '' } }, "[InvalidText] 'tags.a'"],
    [{ tags: { ['a'.repeat(129)]: 'b' } }, "[InvalidText] 'tags'"],
    [{ tags: { a: 'b'.repeat(257) } }, "[InvalidText] 'tags.a'"],
  ])('fails on %j', (options, message) => {
    expect(() => reserved(options)).toThrow(message);
  });

  it('is none of the other rungs', () => {
    expect(Capacity.onDemand({ maxGpus: 1 })._reservation).toBeUndefined();
    expect(Capacity.spot({ maxGpus: 1 })._reservation).toBeUndefined();
  });
});
