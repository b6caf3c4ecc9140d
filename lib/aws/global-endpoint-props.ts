import type { ServingEndpoint } from '../exposure/serving-endpoint';
import type { Region } from '../placement/region';
import type { RegionTraffic } from '../placement/region-traffic';
import type { EndpointNetwork } from './endpoint-network';
import type { GlobalEntry } from './global-entry';

/** One name for deployments in several regions. */
export interface GlobalEndpointProps {
  /** The name under which clients reach it, as `rag.example.com`: certificates are made for it. */
  readonly hostname: string;

  /** What the deployments say of themselves (`deployment.endpoint`): one of each region. */
  readonly endpoints: ServingEndpoint[];

  /**
   * How requests are shared out among regions.
   *
   * @default - each client is served by the nearest region that is healthy
   */
  readonly traffic?: RegionTraffic;

  /**
   * Regions that get no requests for now, beside those that `traffic` says: the others get theirs. Behind an accelerator a
   * drained region still serves while no other one is healthy.
   *
   * @default - none
   */
  readonly drained?: Region[];

  /**
   * How clients find their region.
   *
   * @default - an accelerator; records of Route 53 where `traffic` has weights, or an order of more than two regions
   */
  readonly entry?: GlobalEntry;

  /**
   * Where load balancers lie, one of each region.
   *
   * @default - beside the cluster of EKS that is called as the endpoint says, looked up when Terraform plans
   */
  readonly networks?: EndpointNetwork[];

  /**
   * The public hosted zone of Route 53 that `hostname` is put into, by its name.
   *
   * @default - what follows the first label of `hostname`
   */
  readonly zoneName?: string;

  /**
   * Who may connect, as blocks of addresses: at least one, each once.
   *
   * @default - everybody
   */
  readonly sourceCidrs?: string[];

  /**
   * Names of buckets that get a line for each request, by the names of regions: each in its region.
   *
   * @default - none
   */
  readonly accessLogBuckets?: { [region: string]: string };

  /**
   * Whether AWS refuses to delete the load balancers.
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
