import { requireDnsLabel, requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import { requireTagSelector } from '../internal/tags';
import type { Gpu } from '../sizing/gpu';

/** One rung of a ladder of capacity. */
export interface CapacityOptions {
  /**
   * The most GPUs that nodes of the rung have together. A pool of GPUs needs it: without one, what a mistake costs has no
   * bound. At least what one node has: Karpenter makes none that alone goes above it.
   *
   * @default - none: pools of GPUs need it
   */
  readonly maxGpus?: number;

  /**
   * The most CPU cores that nodes of the rung have together. A pool without GPUs needs it. At least 1.
   *
   * @default - none: pools without GPUs need it
   */
  readonly maxCpuCores?: number;

  /**
   * Another accelerator than that of the pool, which its pods may get too: the same extended resource.
   *
   * @default - that of the pool
   */
  readonly gpu?: Gpu;

  /**
   * Families of instance types, as `g6`.
   *
   * @default - those of the pool; with `gpu` all that have it
   */
  readonly instanceFamilies?: string[];

  /**
   * Instance types, as `g6.2xlarge`: instead of `instanceFamilies`.
   *
   * @default - those of the pool; with `gpu` all that have it
   */
  readonly instanceTypes?: string[];

  /**
   * Zones of availability.
   *
   * @default - those of the pool
   */
  readonly zones?: string[];

  /**
   * Ends the name of the rung's NodePool. A DNS label.
   *
   * @default - how it is paid for, and the accelerator where it is not that of the pool: `on-demand`, `l40s-spot`
   */
  readonly name?: string;
}

/** A rung of capacity that is reserved. */
export interface ReservedCapacityOptions extends CapacityOptions {
  /**
   * The id of the capacity reservation or capacity block, as `cr-0123456789abcdef0`.
   *
   * @default - those with `tags`
   */
  readonly id?: string;

  /**
   * Tags of capacity reservations: instead of `id`. The value `*` means any.
   *
   * @default - that with `id`
   */
  readonly tags?: { [key: string]: string };
}

/**
 * One rung of the ladder that nodes come from: whoever is stated first is used first, and what it cannot give comes from
 * the next.
 *
 * @see https://karpenter.sh/docs/concepts/nodepools/
 */
export class Capacity {
  /**
   * What is paid for anyway: capacity reservations and capacity blocks.
   *
   * @throws OutOfRange, EmptyList, ConflictingOptions, MissingOption, InvalidText, InvalidName, DuplicateKey
   * @see https://karpenter.sh/docs/tasks/odcrs/
   */
  public static reserved(options: ReservedCapacityOptions): Capacity {
    const { id, tags } = options;
    if (id !== undefined && tags !== undefined) {
      throw errors.conflictingOptions('id', 'tags', 'state one of them');
    }
    if (id !== undefined && !/^cr-[0-9a-z]+$/.test(id)) {
      throw errors.invalidText('id', 'that of a capacity reservation, as cr-0123456789abcdef0', id);
    }
    const entries = sortedEntries(tags);
    requireTagSelector('tags', tags ?? {});
    if (id === undefined && entries.length === 0) {
      throw errors.missingOption('id', "without 'tags'", 'say which reservation it is');
    }
    return new Capacity('reserved', options, id === undefined ? { tags: Object.fromEntries(entries) } : { id });
  }

  /**
   * What AWS gives when it is asked, at its list price.
   *
   * @throws OutOfRange, EmptyList, ConflictingOptions, InvalidName, DuplicateKey
   */
  public static onDemand(options: CapacityOptions): Capacity {
    return new Capacity('on-demand', options);
  }

  /**
   * What AWS has left, which it takes back with a notice of two minutes.
   *
   * @throws OutOfRange, EmptyList, ConflictingOptions, InvalidName, DuplicateKey
   */
  public static spot(options: CapacityOptions): Capacity {
    return new Capacity('spot', options);
  }

  /** @internal */
  public readonly _options: CapacityOptions;

  private constructor(
    /** @internal */
    public readonly _type: CapacityType,
    options: CapacityOptions,
    /** @internal */
    public readonly _reservation?: ReservationModel,
  ) {
    const { maxGpus, maxCpuCores, name, zones, instanceFamilies, instanceTypes } = options;
    if (maxGpus !== undefined) requireInteger('maxGpus', maxGpus, 1);
    if (maxCpuCores !== undefined) requireInteger('maxCpuCores', maxCpuCores, 1);
    if (name !== undefined) requireDnsLabel('name', name);
    this._options = {
      ...options,
      ...(zones !== undefined && { zones: [...zones] }),
      ...(instanceFamilies !== undefined && { instanceFamilies: [...instanceFamilies] }),
      ...(instanceTypes !== undefined && { instanceTypes: [...instanceTypes] }),
    };
  }
}

/** How nodes are paid for, as Karpenter calls it. */
export type CapacityType = 'reserved' | 'on-demand' | 'spot';

/** Which capacity reservations, as Karpenter selects them. */
export type ReservationModel = { readonly id: string } | { readonly tags: { readonly [key: string]: string } };
