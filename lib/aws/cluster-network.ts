import { requireText, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireCidr } from '../traffic/network-peer';
import { requireVpcBlock, zoneBlocks } from './cidr';
import type { ClusterNetworkModel } from './models';
import { NatGateways } from './nat-gateways';

/** Options of `ClusterNetwork.create`. */
export interface CreateNetworkOptions {
  /** Zones of availability, as `us-east-1a`: 2 to 6, each once. EKS wants two, and GPUs are not in all of them. */
  readonly zones: string[];

  /**
   * The block of addresses: private, from /16 to /20. Each pod takes an address of it; three quarters are for nodes.
   *
   * @default '10.0.0.0/16'
   */
  readonly cidr?: string;

  /**
   * How nodes reach the internet.
   *
   * @default NatGateways.ONE_PER_ZONE
   */
  readonly natGateways?: NatGateways;
}

/** Options of `ClusterNetwork.given`. */
export interface GivenNetworkOptions {
  /** The id of the VPC. */
  readonly vpcId: string;

  /** Ids of private subnets of nodes and pods, in two zones at least. They get the tag by which Karpenter finds them. */
  readonly nodeSubnetIds: string[];

  /**
   * Ids of subnets of load balancers that the internet does not reach.
   *
   * @default - `nodeSubnetIds`
   */
  readonly internalSubnetIds?: string[];

  /**
   * Ids of public subnets, of load balancers that the internet reaches.
   *
   * @default - none: `GlobalEndpoint` finds none for them
   */
  readonly publicSubnetIds?: string[];

  /** Blocks of addresses of the subnets that load balancers lie in: network policies let them in. */
  readonly loadBalancerCidrs: string[];
}

const DEFAULT_CIDR = '10.0.0.0/16';
const MIN_ZONES = 2;
const MAX_ZONES = 6;

/** The network that a cluster lies in. */
export class ClusterNetwork {
  /**
   * A VPC of its own: in each zone a private subnet for nodes, a small private one for load balancers and a small public
   * one. Flow logs are kept, the default security group lets nobody in, and S3 is reached without a NAT gateway.
   *
   * @throws InvalidText, OutOfRange, DuplicateKey
   */
  public static create(options: CreateNetworkOptions): ClusterNetwork {
    const { zones, cidr = DEFAULT_CIDR, natGateways = NatGateways.ONE_PER_ZONE } = options;
    if (zones.length < MIN_ZONES || zones.length > MAX_ZONES) {
      throw errors.outOfRange('zones', `${MIN_ZONES} to ${MAX_ZONES}`, zones.length);
    }
    requireUnique('zones', zones);
    requireVpcBlock('cidr', cidr);
    return new ClusterNetwork({ kind: 'create', zones: [...zones], cidr, natGateways });
  }

  /**
   * Subnets that are there. Ids may be tokens, as of another stack.
   *
   * @throws EmptyList, OutOfRange, InvalidText
   */
  public static given(options: GivenNetworkOptions): ClusterNetwork {
    const { vpcId, nodeSubnetIds, internalSubnetIds = nodeSubnetIds, publicSubnetIds = [] } = options;
    if (nodeSubnetIds.length < MIN_ZONES) {
      throw errors.outOfRange('nodeSubnetIds', `at least ${MIN_ZONES}, of different zones`, nodeSubnetIds.length);
    }
    if (internalSubnetIds.length === 0) throw errors.emptyList('internalSubnetIds', 'leave it out for those of nodes');
    if (options.loadBalancerCidrs.length === 0) {
      throw errors.emptyList('loadBalancerCidrs', 'state the blocks of the subnets of load balancers');
    }
    for (const cidr of options.loadBalancerCidrs) requireCidr('loadBalancerCidrs', cidr);
    requireUnique('loadBalancerCidrs', options.loadBalancerCidrs);
    if (typeof vpcId !== 'string' || vpcId === '') requireText('vpcId', vpcId);
    return new ClusterNetwork({
      kind: 'given',
      vpcId,
      nodeSubnetIds: [...nodeSubnetIds],
      internalSubnetIds: [...internalSubnetIds],
      publicSubnetIds: [...publicSubnetIds],
      loadBalancerCidrs: [...options.loadBalancerCidrs],
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: ClusterNetworkModel,
  ) {}

  /**
   * Blocks of the subnets of load balancers, which are known before they are there.
   *
   * @internal
   */
  public get _loadBalancerCidrs(): string[] {
    if (this._model.kind === 'given') return this._model.loadBalancerCidrs;
    const blocks = zoneBlocks(this._model.cidr, this._model.zones.length);
    return blocks.flatMap(({ publicLoadBalancers, internalLoadBalancers }) => [
      publicLoadBalancers,
      internalLoadBalancers,
    ]);
  }
}
