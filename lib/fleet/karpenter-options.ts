import type { Duration } from 'cdk8s';
import type { Capacity } from '../placement/capacity';
import type { Consolidation, NodeDisruptionBudget } from '../placement/consolidation';

/** How Karpenter makes the nodes of a pool, and when it ends them. */
export interface KarpenterPoolOptions {
  /**
   * Where nodes come from: at most 10 rungs, whoever is stated first is used first. Each is a NodePool of its own, with its
   * own limit; limits are checked before a node is made, so that several made at once may go above them.
   */
  readonly capacity: Capacity[];

  /**
   * When nodes that are not needed go.
   *
   * @default - with a GPU those without pods; without, those whose pods fit elsewhere, too
   */
  readonly consolidation?: Consolidation;

  /**
   * How many nodes of each rung Karpenter may end at once.
   *
   * @default - one with pods at a time, of those without all
   */
  readonly disruptionBudgets?: NodeDisruptionBudget[];

  /**
   * The age at which nodes are replaced: whole seconds, 1 hour to 365 days.
   *
   * @default Duration.days(30)
   */
  readonly expireAfter?: Duration;

  /**
   * How long a node that ends waits for its pods, whatever disruption budgets of pods say; then they are ended, with their
   * own grace. Whole seconds, 1 minute to 7 days, not below the grace of pods that name the pool.
   *
   * @default - 1 hour, or the longest grace of the pods that name the pool
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * Nodes that are ready before they are needed, each with room for the largest replica that names the pool: up to 100.
   * Pods of the lowest priority hold them until a replica comes; with `capacityBuffers` of the ClusterProfile Karpenter
   * does so itself.
   *
   * @default 0
   */
  readonly warmNodes?: number;

  /**
   * Whether nodes pull the images of all replicas that name the pool as soon as they are there: a DaemonSet in the
   * namespace of the pool.
   *
   * @default false
   */
  readonly pullImages?: boolean;
}
