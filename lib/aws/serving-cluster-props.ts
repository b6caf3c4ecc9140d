import type { ClusterProfileProps } from '../cluster/cluster-profile';
import type { KarpenterOptions } from '../cluster/karpenter';
import type { Region } from '../placement/region';
import type { ClusterAccess } from './cluster-access';
import type { ClusterNetwork } from './cluster-network';
import type { EndpointAccess } from './endpoint-access';
import type { SystemNodesOptions } from './system-nodes-options';

/** A cluster of EKS for serving. */
export interface ServingClusterProps {
  /** Where it runs. */
  readonly region: Region;

  /** The version of Kubernetes, as `1.34`: one that EKS has, 1.27 at least. EKS moves it up when its support ends. */
  readonly kubernetesVersion: string;

  /** The network that it lies in. */
  readonly network: ClusterNetwork;

  /** Who may use its API: each once, and an administrator among them. Whoever makes it has no access else. */
  readonly access: ClusterAccess[];

  /**
   * Its name: a DNS label of at most 40 characters. Roles of IAM are called after it, which belong to no region: clusters of
   * one account need names of their own.
   *
   * @default - the construct id as a DNS label
   */
  readonly name?: string;

  /**
   * From where its API is reached.
   *
   * @default - from the VPC alone
   */
  readonly endpointAccess?: EndpointAccess;

  /**
   * The nodes on which Karpenter and the add-ons run.
   *
   * @default - two of `m6i.large`
   */
  readonly systemNodes?: SystemNodesOptions;

  /**
   * Karpenter, as its ClusterProfile says it: roles and tags get the names that are stated there.
   *
   * @default - roles and tags as in Karpenter's guide
   */
  readonly karpenter?: KarpenterOptions;

  /**
   * What else its ClusterProfile says: what is installed in the cluster, as Prometheus, KEDA or a gateway. What the
   * cluster knows of itself must not be stated: name, region, version, Karpenter and subnets of load balancers.
   *
   * @default - nothing else
   */
  readonly profile?: ClusterProfileProps;

  /**
   * Versions of add-ons by their names in EKS, as `v1.20.4-eksbuild.1`.
   *
   * @default - for each the one that EKS has by default for the version of Kubernetes
   */
  readonly addOnVersions?: { [addOn: string]: string };

  /**
   * How long logs of the control plane and of the network are kept, in days: one of the numbers that CloudWatch has.
   *
   * @default 365
   */
  readonly logRetentionDays?: number;

  /**
   * Whether AWS refuses to delete the cluster.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;

  /**
   * Tags of everything.
   *
   * @default - `ManagedBy` and, where it helps, `Name`
   */
  readonly tags?: { [key: string]: string };
}
