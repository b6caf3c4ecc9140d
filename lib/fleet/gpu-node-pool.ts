import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { dnsLabel } from '../internal/names';
import type { GpuNodeOptions } from '../placement/node-options';
import { emitGpuQuota } from './gpu-quota';
import type { KarpenterPoolOptions } from './karpenter-options';
import { KarpenterPool } from './karpenter-pool';

/** Nodes with GPUs. */
export interface GpuNodePoolProps extends GpuNodeOptions, KarpenterPoolOptions {
  /**
   * The most GPUs that pods get from all rungs together, at most the sum of their limits: where each rung could hold all, it
   * is what is paid for. The ResourceQuota of the namespace has it.
   *
   * @default - the limits of all rungs together
   */
  readonly maxGpus?: number;

  /**
   * Whether pods of the namespace get no more GPUs than its pools have: a ResourceQuota that all pools of the namespace
   * share, for limits of Karpenter are each rung's own and may be overshot. It counts all pods of the namespace that ask
   * for the same extended resource: those of this app are added up; where others make some, state false.
   *
   * @default true
   */
  readonly resourceQuota?: boolean;
}

/**
 * Nodes with GPUs that Karpenter makes when pods need them: a ladder of capacity, in which the first rung that can gives a
 * node. Each rung is a NodePool with a limit of its own; nodes carry the taint of their GPU and the label
 * `cdk8s-bento/node-pool`. A component that names the pool gets selector, toleration and extended resource from it.
 *
 * @example
 * const l4 = new GpuNodePool(chart, 'L4', {
 *   gpu: Gpu.NVIDIA_L4,
 *   capacity: [Capacity.reserved({ id: 'cr-0123456789abcdef0', maxGpus: 8 }), Capacity.onDemand({ maxGpus: 8 })],
 * });
 */
export class GpuNodePool extends KarpenterPool {
  /** The `v1` ResourceQuota that the first pool of a namespace makes for all; undefined for others, and without quota. */
  public readonly resourceQuota?: ApiObject;

  /**
   * @throws ClusterLacks, InvalidName, InvalidText, InvalidLabel, ReservedLabel, OutOfRange, EmptyList, DuplicateKey,
   * MissingOption, ConflictingOptions, NotByEngine, MixedResources, NoInstanceTypes, WrongInstances, ZoneOfOtherRegion
   */
  public constructor(scope: Construct, id: string, props: GpuNodePoolProps) {
    super(scope, id);
    const { pullImages = false, resourceQuota = true, ...intent } = props;
    this._emit({ ...intent, name: props.name ?? dnsLabel(id) }, pullImages);
    if (resourceQuota) this.resourceQuota = emitGpuQuota(this);
  }
}
