import type { ClusterProfile } from '../cluster/cluster-profile';
import { requireDnsLabel, requireMadeBy } from '../internal/checks';
import { errors } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import { Region } from '../placement/region';

/** What says how something is called, and where it runs. */
interface Named {
  readonly name?: string;
  readonly region?: Region;
}

/** What is called the same in all regions: the stated name, or that of the construct without the region at its end. */
export function baseName(id: string, { name, region }: Named): string {
  if (name !== undefined) return name;
  const label = dnsLabel(id);
  // A loop over regions needs an id for each: it is not to say the region twice.
  const ends = region === undefined ? [] : [dnsLabel(region.name), region.shortName].map((end) => `-${end}`);
  const end = ends.find((candidate) => label.length > candidate.length && label.endsWith(candidate));
  return end === undefined ? label : label.slice(0, -end.length);
}

/** The name of what is emitted: of what is bound to a region it ends with it, so that one cluster holds those of several. */
export function ownerOf(id: string, named: Named, profile: ClusterProfile): string {
  const { region } = named;
  if (region !== undefined) requireOfCluster(region, profile);
  const base = baseName(id, named);
  const owner = region === undefined ? base : `${base}-${region.shortName}`;
  requireDnsLabel('name', owner);
  return owner;
}

/** Nodes of another region than that of the cluster are none of its own. */
function requireOfCluster(region: Region, { name, region: own }: ClusterProfile): void {
  requireMadeBy('region', region, Region);
  if (own !== undefined && own.name !== region.name) throw errors.regionMismatch('region', name, own.name, region.name);
}
