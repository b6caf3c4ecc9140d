import { errors } from '../internal/errors';
import type { RegionTrafficModel } from '../placement/region-traffic';
import { regionsWithRequests } from '../placement/serving-regions';

/** How requests are shared out by records. */
export type RecordPlan =
  | { readonly kind: 'latency'; readonly regions: readonly string[] }
  | { readonly kind: 'weighted'; readonly weights: { readonly [region: string]: number } }
  | { readonly kind: 'failover'; readonly order: readonly string[] };

/** More than one region beside the first it would choose by their distance. */
const MAX_ACCELERATOR_FAILOVER = 2;

/** Regions that get requests; throws where there is none, and on names of no region. */
function regionsLeft(model: RegionTrafficModel, regions: readonly string[]): string[] {
  requireNames(model, regions);
  const left = regionsWithRequests(model, regions);
  if (left.length === 0) throw errors.outOfRange('drained', 'fewer than all regions that get requests', model.drained);
  return left;
}

function requireNames({ kind, percent, order, drained }: RegionTrafficModel, regions: readonly string[]): void {
  const named = [...Object.keys(percent), ...order];
  const stranger = [...named, ...drained].find((name) => !regions.includes(name));
  if (stranger !== undefined) throw errors.notAMember('traffic', stranger, regions);
  const silent = kind === 'nearest' ? undefined : regions.find((region) => !named.includes(region));
  if (silent !== undefined) {
    throw errors.missingOption('traffic', `with every region, and ${silent} has an endpoint`, 'name it there too');
  }
}

/** The dial of each region; throws on what an accelerator cannot do. */
export function acceleratorDials(model: RegionTrafficModel, regions: readonly string[]): { [region: string]: number } {
  const { kind, percent, order } = model;
  const left = regionsLeft(model, regions);
  if (kind === 'weighted') {
    throw errors.notByEngine(
      'traffic',
      'GlobalEntry.accelerator()',
      'a dial is a part of what would reach its own region',
      'use RegionTraffic.nearest() with dials, or GlobalEntry.dns()',
    );
  }
  if (kind === 'failover' && regions.length > MAX_ACCELERATOR_FAILOVER) {
    throw errors.notByEngine(
      'traffic',
      'GlobalEntry.accelerator() with more than two regions',
      'it fails over to the nearest of them, in no order of yours',
      'use RegionTraffic.nearest(), or GlobalEntry.dns()',
    );
  }
  const first = order.find((region) => left.includes(region));
  const dial = (region: string): number => {
    if (!left.includes(region)) return 0;
    return kind === 'failover' ? (region === first ? 100 : 0) : (percent[region] ?? 100);
  };
  return Object.fromEntries(regions.map((region) => [region, dial(region)]));
}

/** The records of the regions that get requests; throws on what records cannot do. */
export function recordPlan(model: RegionTrafficModel, regions: readonly string[]): RecordPlan {
  const { kind, percent, order } = model;
  const left = regionsLeft(model, regions);
  if (kind === 'failover') return { kind: 'failover', order: order.filter((region) => left.includes(region)) };
  if (kind === 'weighted') {
    return { kind: 'weighted', weights: Object.fromEntries(left.map((region) => [region, percent[region]!])) };
  }
  const dialed = left.find((region) => (percent[region] ?? 100) !== 100);
  if (dialed !== undefined) {
    throw errors.notByEngine(
      `traffic.dials.${dialed}`,
      'GlobalEntry.dns()',
      'records by latency have no parts',
      'state 0 or 100, or use GlobalEntry.accelerator()',
    );
  }
  return { kind: 'latency', regions: left };
}
