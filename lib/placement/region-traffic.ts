import { requireInteger, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries, sortedMap } from '../internal/names';
import type { Region } from './region';

/** Options of `RegionTraffic.nearest`. */
export interface NearestRegionOptions {
  /**
   * How much of the requests that would reach a region do, in percent, by the names of regions; the rest goes to the next
   * nearest ones.
   *
   * @default - 100 for each
   */
  readonly dials?: { [region: string]: number };
}

/** How requests are shared out among regions. */
export class RegionTraffic {
  /**
   * Each client is served by the nearest region that is healthy.
   *
   * @throws OutOfRange
   */
  public static nearest(options: NearestRegionOptions = {}): RegionTraffic {
    const dials = sortedMap(options.dials ?? {});
    for (const [region, percent] of sortedEntries(dials)) requireInteger(`dials.${region}`, percent, 0, 100);
    return new RegionTraffic({ kind: 'nearest', percent: dials, order: [], drained: [] });
  }

  /**
   * Regions get these parts of all requests, in percent, by their names: 100 together.
   *
   * @throws OutOfRange, EmptyList
   */
  public static weighted(weights: { [region: string]: number }): RegionTraffic {
    const entries = sortedEntries(weights);
    if (entries.length === 0) throw errors.emptyList('weights', 'name the regions');
    for (const [region, percent] of entries) requireInteger(`weights.${region}`, percent, 0, 100);
    const sum = entries.reduce((total, [, percent]) => total + percent, 0);
    if (sum !== 100) throw errors.outOfRange('weights', 'percents that are 100 together', sum);
    return new RegionTraffic({ kind: 'weighted', percent: sortedMap(weights), order: [], drained: [] });
  }

  /**
   * The first region that is healthy gets all requests.
   *
   * @param order the regions, the one that is to serve first
   * @throws EmptyList, DuplicateKey
   */
  public static failover(order: Region[]): RegionTraffic {
    if (order.length === 0) throw errors.emptyList('order', 'name the regions');
    const names = order.map(({ name }) => name);
    requireUnique('order', names);
    return new RegionTraffic({ kind: 'failover', percent: {}, order: names, drained: [] });
  }

  private constructor(
    /** @internal */
    public readonly _model: RegionTrafficModel,
  ) {}

  /**
   * The same without some regions: those that are left get their requests.
   *
   * @internal
   */
  public _without(regions: readonly Region[]): RegionTraffic {
    const names = regions.map(({ name }) => name);
    requireUnique('drained', names);
    return new RegionTraffic({ ...this._model, drained: names });
  }
}

/** What the constructs read. */
export interface RegionTrafficModel {
  readonly kind: 'nearest' | 'weighted' | 'failover';
  /** Dials of the nearest, or weights; empty for a failover. */
  readonly percent: { readonly [region: string]: number };
  /** Of a failover, whoever serves first. */
  readonly order: readonly string[];
  /** Regions that get no requests. */
  readonly drained: readonly string[];
}
