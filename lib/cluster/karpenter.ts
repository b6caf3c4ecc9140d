import type { Size } from 'cdk8s';
import { requireBytes, requireNumber, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import { requireTagSelector } from '../internal/tags';
import { ComponentVersion } from './component-version';

/** The oldest in which nodes of capacity reservations are on by default. */
const OLDEST_KARPENTER = '1.6';

/** The tag by which Karpenter's own guide marks what it may use. */
const DISCOVERY_TAG = 'karpenter.sh/discovery';

/** Karpenter in a cluster of AWS. */
export interface KarpenterOptions {
  /**
   * Its version: at least 1.6, the first that uses capacity reservations without being told.
   *
   * @default '1.6'
   */
  readonly version?: string;

  /**
   * The name of the IAM role that nodes get.
   *
   * @default - `KarpenterNodeRole-` and the name of the cluster, as in Karpenter's guide
   */
  readonly nodeRoleName?: string;

  /**
   * Tags of the subnets that nodes are put into, and of the security groups that they get; the value `*` means any.
   *
   * @default - `karpenter.sh/discovery` with the name of the cluster
   */
  readonly discoveryTags?: { [key: string]: string };

  /**
   * Whether its feature gate `CapacityBuffer` is on, and the `autoscaling.x-k8s.io` CRDs are installed: spare nodes are
   * then kept without pods.
   *
   * @default false
   */
  readonly capacityBuffers?: boolean;

  /**
   * CPU cores that daemons of the cluster take on each node.
   *
   * @default 0.4
   */
  readonly daemonCpuCores?: number;

  /**
   * Memory that daemons of the cluster take on each node.
   *
   * @default Size.mebibytes(512)
   */
  readonly daemonMemory?: Size;
}

/** What the engines read. */
export interface KarpenterModel {
  readonly version: ComponentVersion;
  readonly nodeRoleName: string;
  readonly discoveryTags: readonly (readonly [key: string, value: string])[];
  readonly capacityBuffers: boolean;
  readonly daemonCpuCores: number;
  readonly daemonMemoryBytes: number;
}

/** What daemons commonly ask for: network, DNS cache, storage, logs and metrics of the node. */
const DAEMON_CPU_CORES = 0.4;
const DAEMON_MEMORY_BYTES = 512 * 2 ** 20;

/** Every default filled in; the name of the cluster is undefined where nobody stated one. */
export function karpenterModel(options: KarpenterOptions, clusterName: string | undefined): KarpenterModel {
  const { nodeRoleName, discoveryTags, daemonCpuCores = DAEMON_CPU_CORES, daemonMemory } = options;
  if (clusterName === undefined && (nodeRoleName === undefined || discoveryTags === undefined)) {
    throw errors.missingOption(
      'name',
      "with 'karpenter'",
      'the role of nodes and the tags of subnets are called after the cluster',
    );
  }
  if (nodeRoleName !== undefined) requireText('karpenter.nodeRoleName', nodeRoleName, 64);
  const tags = discoveryTags ?? { [DISCOVERY_TAG]: clusterName! };
  if (Object.keys(tags).length === 0)
    throw errors.emptyList('karpenter.discoveryTags', 'state one at least, or leave it out');
  requireTagSelector('karpenter.discoveryTags', tags);
  requireNumber('karpenter.daemonCpuCores', daemonCpuCores, { min: 0, max: 64 });
  return {
    version: new ComponentVersion('karpenter.version', options.version ?? OLDEST_KARPENTER, OLDEST_KARPENTER),
    nodeRoleName: nodeRoleName ?? `KarpenterNodeRole-${clusterName}`,
    discoveryTags: sortedEntries(tags),
    capacityBuffers: options.capacityBuffers ?? false,
    daemonCpuCores,
    daemonMemoryBytes:
      daemonMemory === undefined ? DAEMON_MEMORY_BYTES : requireBytes('karpenter.daemonMemory', daemonMemory),
  };
}
