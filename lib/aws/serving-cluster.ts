import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { Requirement } from '../component/requirement';
import { located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import type { Region } from '../placement/region';
import { makeAddOnsBeforeNodes, makeAddOnsOnNodes } from './add-ons';
import { type ClusterContext, type MadeCluster, makeAccess, makeControlPlane, makeKey } from './control-plane';
import { EndpointAccess } from './endpoint-access';
import { makeKarpenter, NODE_POLICIES } from './karpenter';
import { makeLoadBalancerController } from './load-balancer-controller';
import type { Dependable, Network, NodeGroupCluster } from './models';
import { makeNetwork } from './network';
import { serviceRole } from './roles';
import type { ServingClusterProps } from './serving-cluster-props';
import {
  DEFAULT_LOG_RETENTION_DAYS,
  profileOf,
  requirementsOf,
  requireOwnName,
  requireProps,
  tagsToSet,
} from './serving-cluster-rules';
import { CLUSTER_TAG, requireStack } from './stack';
import { makeSystemNodes, systemNodesModel } from './system-nodes';

/**
 * A cluster of EKS for serving, to be made in a TerraformStack: private, encrypted, logged, with network policies in force and
 * with what Karpenter and the AWS Load Balancer Controller need. They themselves, and what else runs in it, are installed
 * afterwards: `requirements` names what is left to do. Its `profile` is that of the charts that go there.
 *
 * @example
 * const prod = new aws.ServingCluster(stack, 'Prod', {
 *   region: Region.aws('us-east-1'),
 *   kubernetesVersion: '1.34',
 *   network: aws.ClusterNetwork.create({ zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'] }),
 *   access: [aws.ClusterAccess.administrator('arn:aws:iam::111122223333:role/deploy')],
 * });
 * ClusterProfile.set(chart, prod.profile);
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/introduction.html
 */
export class ServingCluster extends Construct {
  /** Its name, known when the program runs. */
  public readonly name: string;

  /** Where it runs. */
  public readonly region: Region;

  /** What manifests for it need to know. */
  public readonly profile: ClusterProfile;

  /** Its ARN: a token. */
  public readonly arn: string;

  /** The address of its API: a token. */
  public readonly endpoint: string;

  /** The certificate of its API in base64: a token. */
  public readonly certificateAuthorityData: string;

  /** The id of the security group of its nodes: a token. */
  public readonly securityGroupId: string;

  /** The id of its VPC: a token where the VPC is made here. */
  public readonly vpcId: string;

  /** @internal */
  public readonly _network: Network;

  /** @internal */
  public readonly _nodeGroups: NodeGroupCluster;

  readonly #requirements: Requirement[];

  /**
   * @throws MissingPackage, NoStack, InvalidName, InvalidText, OutOfRange, EmptyList, DuplicateKey, MissingOption,
   * ConflictingOptions, NotAMember, NameTakenInAccount, MissingBackend
   */
  public constructor(scope: Construct, id: string, props: ServingClusterProps) {
    super(scope, id);
    this.name = props.name ?? dnsLabel(id);
    this.region = props.region;
    const parts = located(this.node.path, () => {
      requireProps(this.name, props);
      requireOwnName(requireStack(this), this.name, this.node.path);
      return makeCluster(this, this.name, props);
    });
    this.profile = parts.profile;
    this._network = parts.network;
    this._nodeGroups = parts.nodeGroups;
    this.#requirements = parts.requirements;
    this.vpcId = parts.network.vpcId;
    this.arn = parts.cluster.arn;
    this.endpoint = parts.cluster.endpoint;
    this.certificateAuthorityData = parts.cluster.certificateAuthority.get(0).data;
    this.securityGroupId = parts.cluster.vpcConfig.clusterSecurityGroupId;
  }

  /** Ids of the private subnets of nodes: tokens where they are made here. */
  public get nodeSubnetIds(): string[] {
    return [...this._network.nodeSubnetIds];
  }

  /** Ids of the subnets of load balancers that the internet does not reach. */
  public get internalSubnetIds(): string[] {
    return [...this._network.internalSubnetIds];
  }

  /** Ids of the public subnets; none where a given network has none. */
  public get publicSubnetIds(): string[] {
    return [...this._network.publicSubnetIds];
  }

  /** What is still to be installed before its manifests are applied, and with which settings. */
  public get requirements(): Requirement[] {
    return [...this.#requirements];
  }
}

interface ClusterParts {
  readonly profile: ClusterProfile;
  readonly network: Network;
  readonly cluster: EksCluster;
  readonly nodeGroups: NodeGroupCluster;
  readonly requirements: Requirement[];
}

function makeCluster(scope: ServingCluster, name: string, props: ServingClusterProps): ClusterParts {
  const {
    region,
    addOnVersions = {},
    endpointAccess = EndpointAccess.privateOnly(),
    deletionProtection = true,
  } = props;
  const profile = profileOf(name, props);
  const karpenter = profile._model.karpenter!;
  const system = systemNodesModel(props.systemNodes);
  const tainted = system.taints.length > 0;
  const context: ClusterContext = {
    name,
    region,
    kubernetesVersion: profile.kubernetesVersion,
    tags: { [CLUSTER_TAG]: name, ...props.tags },
    logRetentionDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
  };
  const discoveryTags = tagsToSet(karpenter, name);
  const key = makeKey(scope, context);
  const network = makeNetwork(new Construct(scope, 'network'), props.network._model, {
    ...context,
    clusterName: name,
    discoveryTags,
    tagsGiven: props.karpenter?.discoveryTags === undefined,
    kmsKeyArn: key.arn,
  });
  const publicCidrs = endpointAccess._publicCidrs;
  const cluster = makeControlPlane(scope, context, { key, network, publicCidrs, deletionProtection });
  const made: MadeCluster = {
    ...context,
    clusterName: cluster.name,
    securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
  };
  const entries = props.access.map(({ _model }) => _model);
  makeAccess(scope, made, entries);
  const addOns = { ...made, versions: addOnVersions };
  const before = makeAddOnsBeforeNodes(scope, addOns);
  const nodeGroups = nodeGroupsOf(scope, made, network, before);
  const nodes = makeSystemNodes(scope, nodeGroups, system);
  makeAddOnsOnNodes(scope, addOns, { nodes, tainted });
  makeKarpenter(scope, { ...made, discoveryTags }, karpenter);
  makeLoadBalancerController(scope, made);
  return { profile, network, cluster, nodeGroups, requirements: requirementsOf(name, karpenter, tainted) };
}

/** What managed node groups share: one role, for they differ in nothing that they may do. */
function nodeGroupsOf(
  scope: Construct,
  { name, clusterName, region, tags }: MadeCluster,
  { nodeSubnetIds }: Network,
  addOns: readonly Dependable[],
): NodeGroupCluster {
  const { role, policies } = serviceRole(scope, 'node-role', 'ec2.amazonaws.com', {
    name: `EKSNodeRole-${name}`,
    description: `Managed nodes of the cluster ${name}`,
    region,
    tags,
    managed: NODE_POLICIES,
  });
  return { name, clusterName, region, nodeRoleArn: role.arn, nodeSubnetIds, tags, before: [...addOns, ...policies] };
}
