import { fail, show } from './bento-error';

/** What is wrong with nodes, and with where pods go. */
export const placementErrors = {
  gpuNotInPool: (property: string, gpu: string, pool: string, has: readonly string[]) =>
    fail(
      'GpuNotInPool',
      `'${property}' must have nodes with ${gpu}, got ${show(pool)} with ${has.length === 0 ? 'none' : has.join(', ')}`,
      'name a pool that has it, or ask for what this one has',
    ),

  mixedResources: (property: string, first: string, other: string) =>
    fail(
      'MixedResources',
      `'${property}' must all be the same extended resource, got ${first} and ${other}`,
      'a pod asks for one of them: make a pool of each',
    ),

  noInstanceTypes: (property: string, what: string) =>
    fail(
      'NoInstanceTypes',
      `'${property}' must be what an instance type of AWS has, got ${what}`,
      'state `instanceFamilies` or `instanceTypes` that do',
    ),

  wrongInstances: (property: string, got: string, has: string, wanted: string) =>
    fail(
      'WrongInstances',
      `'${property}' must have ${wanted}, got ${got} with ${has}`,
      'state others, or leave it out',
    ),

  zoneOfOtherRegion: (property: string, zone: string, region: string) =>
    fail(
      'ZoneOfOtherRegion',
      `'${property}' must be zones of ${region}, got ${show(zone)}`,
      `state them as ${region}a`,
    ),

  podTooLarge: (workload: string, needs: string, pool: string, has: string) =>
    fail(
      'PodTooLarge',
      `'size' of ${workload} must fit a node of ${show(pool)}, got ${needs}: ${has}`,
      'ask for less, or state larger instance types in the pool',
    ),

  poolTooSmall: (pool: string, resource: string, has: number, needs: number, users: readonly string[]) =>
    fail(
      'PoolTooSmall',
      `'capacity' of ${show(pool)} must hold all replicas that name it, got ${resource} ${has} for ${needs} (${users.join(', ')})`,
      'raise the limits of its capacity, or lower `maxReplicas`',
    ),

  poolOfOtherCluster: (workload: string, pool: string, place: string, own: string) =>
    fail(
      'PoolOfOtherCluster',
      `'nodePool' of ${workload} must be in its cluster (${own}), got ${show(pool)} of ${place}`,
      'make a pool in each cluster',
    ),

  graceOverPool: (pool: string, seconds: number, workload: string, grace: number) =>
    fail(
      'GraceOverPool',
      `'terminationGracePeriod' of ${show(pool)} must be at least that of its pods (${grace} s of ${workload}), got ${seconds} s`,
      'raise it, or leave it out',
    ),

  consolidatesTooSoon: (pool: string, seconds: number, workload: string, start: number) =>
    fail(
      'ConsolidatesTooSoon',
      `'consolidation' of ${show(pool)} must wait at least as long as its pods take to start (${start} s of ${workload}), got ${seconds} s`,
      'raise it: a node would go while it pulls their image',
    ),
};
