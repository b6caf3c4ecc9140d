import { describe, expect, it } from 'vitest';
import { Region, RegionTraffic } from '../../lib';

const east = Region.aws('us-east-1');
const west = Region.aws('eu-west-1');
const BAD_PERCENTS = [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 101];

describe('RegionTraffic.nearest', () => {
  it('has no dials unless they are stated', () => {
    expect(RegionTraffic.nearest()._model).toEqual({ kind: 'nearest', percent: {}, order: [], drained: [] });
  });

  it.each([0, 1, 100])('takes a dial of %s', (percent) => {
    expect(RegionTraffic.nearest({ dials: { 'us-east-1': percent } })._model.percent).toEqual({ 'us-east-1': percent });
  });

  it.each(BAD_PERCENTS)('fails on a dial of %s', (percent) => {
    expect(() => RegionTraffic.nearest({ dials: { 'us-east-1': percent } })).toThrow(
      `[OutOfRange] 'dials.us-east-1' must be a whole number from 0 to 100, got ${percent}`,
    );
  });
});

describe('RegionTraffic.weighted', () => {
  it('takes percents of all requests', () => {
    const { kind, percent } = RegionTraffic.weighted({ 'us-east-1': 70, 'eu-west-1': 30 })._model;
    expect([kind, Object.entries(percent)]).toEqual([
      'weighted',
      [
        ['eu-west-1', 30],
        ['us-east-1', 70],
      ],
    ]);
  });

  it.each([
    [{ 'us-east-1': 100, 'eu-west-1': 1 }, 101],
    [{ 'us-east-1': 99 }, 99],
    [{ 'us-east-1': 0 }, 0],
  ])('fails unless they are 100 together: %j', (weights, sum) => {
    expect(() => RegionTraffic.weighted(weights as unknown as { [region: string]: number })).toThrow(
      `[OutOfRange] 'weights' must be percents that are 100 together, got ${sum}`,
    );
  });

  it.each(BAD_PERCENTS)('fails on %s', (percent) => {
    expect(() => RegionTraffic.weighted({ 'us-east-1': percent })).toThrow("[OutOfRange] 'weights.us-east-1'");
  });

  it('fails without a region', () => {
    expect(() => RegionTraffic.weighted({})).toThrow("[EmptyList] 'weights'");
  });
});

describe('RegionTraffic.failover', () => {
  it('keeps the order', () => {
    expect(RegionTraffic.failover([west, east])._model).toMatchObject({
      kind: 'failover',
      order: ['eu-west-1', 'us-east-1'],
    });
  });

  it('fails without a region, and with one twice', () => {
    expect(() => RegionTraffic.failover([])).toThrow("[EmptyList] 'order'");
    expect(() => RegionTraffic.failover([east, Region.aws('us-east-1')])).toThrow("[DuplicateKey] 'order'");
  });
});

describe('drained regions', () => {
  it('are added to what is', () => {
    expect(RegionTraffic.failover([west, east])._without([west])._model).toMatchObject({
      order: ['eu-west-1', 'us-east-1'],
      drained: ['eu-west-1'],
    });
  });

  it('fail twice', () => {
    expect(() => RegionTraffic.nearest()._without([east, east])).toThrow("[DuplicateKey] 'drained'");
  });
});
