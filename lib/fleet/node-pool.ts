import type { Construct } from 'constructs';
import { dnsLabel } from '../internal/names';
import type { NodeOptions } from '../placement/node-options';
import type { KarpenterPoolOptions } from './karpenter-options';
import { KarpenterPool } from './karpenter-pool';

/** Nodes without GPUs. */
export interface NodePoolProps extends NodeOptions, KarpenterPoolOptions {
  /**
   * The fewest CPU cores of an instance: few large nodes for pools that compute. 1 to 1,024.
   *
   * @default - as Karpenter finds cheapest
   */
  readonly minCpuCoresPerNode?: number;

  /**
   * The most CPU cores of an instance: many small nodes for API servers. 1 to 1,024.
   *
   * @default - as Karpenter finds cheapest
   */
  readonly maxCpuCoresPerNode?: number;
}

/**
 * Nodes without GPUs that Karpenter makes when pods need them: of the categories c, m and r of AWS from the fifth
 * generation on, unless others are stated.
 *
 * @example
 * const small = new NodePool(chart, 'ApiServers', { capacity: [Capacity.spot({ maxCpuCores: 64 })], maxCpuCoresPerNode: 8 });
 */
export class NodePool extends KarpenterPool {
  /**
   * @throws ClusterLacks, InvalidName, InvalidText, InvalidLabel, ReservedLabel, OutOfRange, EmptyList, DuplicateKey,
   * MissingOption, ConflictingOptions, NoInstanceTypes, WrongInstances, ZoneOfOtherRegion
   */
  public constructor(scope: Construct, id: string, props: NodePoolProps) {
    super(scope, id);
    const { pullImages = false, minCpuCoresPerNode: min, maxCpuCoresPerNode: max, ...intent } = props;
    const cpuCores = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
    this._emit({ ...intent, name: props.name ?? dnsLabel(id), cpuCores }, pullImages);
  }
}
