import { errors } from '../internal/errors';
import type { RegionTrafficModel } from './region-traffic';

const PROPERTIES = { nearest: 'traffic.dials', weighted: 'traffic.weights', failover: 'traffic.order' } as const;

/**
 * The regions that take requests.
 *
 * @throws UnknownRegion, MissingOption, NoRegionServes
 */
export function servingRegions(traffic: RegionTrafficModel, regions: readonly string[]): string[] {
  requireNamed(traffic, regions);
  const { kind, drained } = traffic;
  const serving = regionsWithRequests(traffic, regions);
  if (serving.length === 0) throw errors.noRegionServes(drained.length > 0 ? 'drained' : PROPERTIES[kind]);
  return serving;
}

/** Those that are neither drained nor without a part. */
export function regionsWithRequests({ percent, drained }: RegionTrafficModel, regions: readonly string[]): string[] {
  return regions.filter((region) => percent[region] !== 0 && !drained.includes(region));
}

/** Throws where regions are named that are none, or where one is forgotten. */
function requireNamed({ kind, percent, order, drained }: RegionTrafficModel, regions: readonly string[]): void {
  const property = PROPERTIES[kind];
  const named = kind === 'failover' ? order : Object.keys(percent);
  for (const [of, names] of [[property, named] as const, ['drained', drained] as const]) {
    const unknown = names.find((name) => !regions.includes(name));
    if (unknown !== undefined) throw errors.unknownRegion(of, unknown, regions);
  }
  const forgotten = kind === 'nearest' ? undefined : regions.find((region) => !named.includes(region));
  if (forgotten === undefined) return;
  throw errors.missingOption(
    property,
    `for every region of the fleet, and ${forgotten} is not there`,
    kind === 'weighted' ? 'state 0 for a region that gets no requests' : 'put it last, or state it in `drained`, too',
  );
}
