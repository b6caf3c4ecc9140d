import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Region, RegionTraffic } from '../../lib';
import { servingRegions } from '../../lib/placement/serving-regions';

const NAMES = ['ap-northeast-2', 'eu-west-1', 'us-east-1'];
const regions = NAMES.map((name) => Region.aws(name));
const serving = (traffic: RegionTraffic, ...drained: string[]) =>
  servingRegions(traffic._without(drained.map((name) => Region.aws(name)))._model, NAMES);

describe('regions that take requests', () => {
  it.each([
    ['all of the nearest', RegionTraffic.nearest(), [], NAMES],
    [
      'those whose dial is not 0',
      RegionTraffic.nearest({ dials: { 'eu-west-1': 0, 'us-east-1': 1 } }),
      [],
      [NAMES[0], NAMES[2]],
    ],
    [
      'those with a part',
      RegionTraffic.weighted({ 'ap-northeast-2': 0, 'eu-west-1': 40, 'us-east-1': 60 }),
      [],
      NAMES.slice(1),
    ],
    ['all of a failover', RegionTraffic.failover(regions), [], NAMES],
    ['none that is drained', RegionTraffic.failover(regions), ['us-east-1'], NAMES.slice(0, 2)],
  ])('are %s', (_, traffic, drained, expected) => {
    expect(serving(traffic, ...drained)).toEqual(expected);
  });

  it.each([
    ['traffic.dials', RegionTraffic.nearest({ dials: { 'us-west-2': 50 } })],
    ['traffic.weights', RegionTraffic.weighted({ 'us-west-2': 100 })],
    ['traffic.order', RegionTraffic.failover([...regions, Region.aws('us-west-2')])],
  ])('fails where %s names another', (property, traffic) => {
    expect(() => serving(traffic)).toThrow(
      `[UnknownRegion] '${property}' must name regions of the fleet, got "us-west-2"; its regions are ${NAMES.join(', ')}`,
    );
  });

  it('fails where another is drained', () => {
    expect(() => serving(RegionTraffic.nearest(), 'us-west-2')).toThrow("[UnknownRegion] 'drained'");
  });

  it.each([
    ['traffic.weights', RegionTraffic.weighted({ 'eu-west-1': 50, 'us-east-1': 50 })],
    ['traffic.order', RegionTraffic.failover(regions.slice(1))],
  ])('fails where %s forgets one', (property, traffic) => {
    expect(() => serving(traffic)).toThrow(
      `[MissingOption] '${property}' must be given for every region of the fleet, and ap-northeast-2 is not there`,
    );
  });

  it.each([
    ['all are drained', 'drained', RegionTraffic.nearest(), NAMES],
    [
      'all dials are 0',
      'traffic.dials',
      RegionTraffic.nearest({ dials: Object.fromEntries(NAMES.map((name) => [name, 0])) }),
      [],
    ],
    [
      'the only one with a part is drained',
      'drained',
      RegionTraffic.weighted({ 'ap-northeast-2': 0, 'eu-west-1': 0, 'us-east-1': 100 }),
      ['us-east-1'],
    ],
  ])('fails where %s', (_, property, traffic, drained) => {
    expect(() => serving(traffic, ...drained)).toThrow(`[NoRegionServes] '${property}' must leave a region`);
  });

  it('are those with a part that are not drained, whatever the parts are', () => {
    const dials = fc.record(Object.fromEntries(NAMES.map((name) => [name, fc.integer({ min: 0, max: 100 })])), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(dials, fc.subarray(NAMES), (parts, drained) => {
        const expected = NAMES.filter((name) => parts[name]! > 0 && !drained.includes(name));
        const found = () => serving(RegionTraffic.nearest({ dials: parts }), ...drained);
        if (expected.length === 0) expect(found).toThrow('[NoRegionServes]');
        else expect(found()).toEqual(expected);
      }),
    );
  });
});
