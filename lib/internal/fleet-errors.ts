import { fail, show } from './bento-error';

/** Errors of regions, and of what several clusters have to agree on. */
export const fleetErrors = {
  regionMismatch: (property: string, cluster: string, expected: string, got: string) =>
    fail(
      'RegionMismatch',
      `'${property}' must be that of the cluster ${cluster} (${expected}), got ${show(got)}`,
      'leave it out: it is for a cluster that spans regions, whose ClusterProfile has none',
    ),

  unknownRegion: (property: string, got: string, known: readonly string[]) =>
    fail(
      'UnknownRegion',
      `'${property}' must name regions of the fleet, got ${show(got)}`,
      `its regions are ${known.join(', ')}`,
    ),

  noRegionServes: (property: string) =>
    fail(
      'NoRegionServes',
      `'${property}' must leave a region that takes requests, got none`,
      'take a region out of `drained`, or give one of the others its part',
    ),

  regionWithoutCluster: (region: string) =>
    fail(
      'RegionWithoutCluster',
      `'regions' must have a cluster each, got none for ${region}`,
      'make a chart for it in the loop, with `region` in its ClusterProfile',
    ),

  clusterOutsideFleet: (cluster: string, region: string, known: readonly string[]) =>
    fail(
      'ClusterOutsideFleet',
      `a cluster must be of a region of the fleet (${known.join(', ')}), but ${cluster} is of ${region}`,
      'add the region to `regions`, or name in `deployments` what the fleet is about',
    ),

  clusterOfRegions: (cluster: string, regions: readonly string[]) =>
    fail(
      'ClusterOfRegions',
      `a ClusterProfile must have one name for each region, but ${cluster} is of ${regions.join(' and ')}`,
      'give each cluster a name of its own, or leave `name` out',
    ),

  unknownDeployment: (property: string, got: string, known: readonly string[]) =>
    fail(
      'UnknownDeployment',
      `'${property}' must name deployments of the app, got ${show(got)}`,
      `there ${known.length === 0 ? 'are none' : `are ${known.join(', ')}`}`,
    ),

  notInRegion: (name: string, region: string, others: readonly string[]) =>
    fail(
      'NotInRegion',
      `${name} must be in every region that takes requests, but ${region} lacks it, which ${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'}`,
      'make it there, or state the region in `drained`',
    ),

  doorsDiffer: (name: string, door: string, region: string, others: readonly string[]) =>
    fail(
      'DoorsDiffer',
      `'exposure' of ${name} must lead to the same hosts in every region that takes requests, but ${region} lacks ${door}, which ${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'}`,
      'state it there too, or state the region in `drained`',
    ),

  regionWithoutPool: (component: string, region: string, others: readonly string[]) =>
    fail(
      'RegionWithoutPool',
      `'nodePool' of ${component} must be given in every region, but ${region} lacks it, which ${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'}`,
      'make a pool in that region, too: its pods would run on any node',
    ),

  waveOrder: (earlier: string, later: string) =>
    fail(
      'WaveOrder',
      `charts must be in the order of the waves, but ${earlier} is of an earlier wave than ${later}`,
      'call charts `fleet.chartId(region)`, by which their files are sorted, and have no two waves in one',
    ),

  noEndpoint: (property: string, got: number, remedy: string) =>
    fail('NoEndpoint', `'${property}' must be given once for an endpoint, got ${got === 0 ? 'none' : got}`, remedy),
};
