import { describe, expect, it } from 'vitest';
import { Region, Wave } from '../../lib';

const east = Region.aws('us-east-1');
const west = Region.aws('eu-west-1');

describe('Wave', () => {
  it('has its regions, in the order in which they were given', () => {
    expect(Wave.of([west, east]).regions).toEqual([west, east]);
  });

  it('hands out copies', () => {
    const given = [west];
    const wave = Wave.of(given);
    given.push(east);
    wave.regions.push(east);
    expect(wave.regions).toEqual([west]);
  });

  it('fails without regions', () => {
    expect(() => Wave.of([])).toThrow("[EmptyList] 'regions' must not be empty");
  });

  it('fails where a region is in it twice, by its name', () => {
    expect(() => Wave.of([east, Region.named('us-east-1')])).toThrow(
      '[DuplicateKey] \'regions\' must state "us-east-1"',
    );
  });

  it('fails on what is no region', () => {
    expect(() => Wave.of(['us-east-1' as never])).toThrow("[OutOfRange] 'regions' must be made by Region");
  });
});
