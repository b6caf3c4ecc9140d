/** The nodes on which Karpenter and the add-ons run: somebody has to make the first node. */
export interface SystemNodesOptions {
  /**
   * Instance types of one architecture: at least one, each once.
   *
   * @default - `m6i.large`, 2 cores and 8 GiB
   */
  readonly instanceTypes?: string[];

  /**
   * How many there are: at least 2.
   *
   * @default 2
   */
  readonly nodes?: number;

  /**
   * Whether they are tainted with `CriticalAddonsOnly`, against pods that do not tolerate it. Add-ons and Karpenter do; for
   * the AWS Load Balancer Controller and whatever else is installed before other nodes are there it must be said.
   *
   * @default false
   */
  readonly criticalAddonsOnly?: boolean;
}
