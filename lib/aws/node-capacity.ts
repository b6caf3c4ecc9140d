import { errors } from '../internal/errors';
import type { NodeCapacityModel } from './models';

/** How the instances of a managed node group are bought. */
export class NodeCapacity {
  /** When they are needed, at the list price. */
  public static onDemand(): NodeCapacity {
    return new NodeCapacity({ kind: 'on-demand' });
  }

  /** What nobody else needs: cheaper, and taken away with a notice of two minutes. */
  public static spot(): NodeCapacity {
    return new NodeCapacity({ kind: 'spot' });
  }

  /**
   * What an on-demand capacity reservation holds, and nothing beyond it.
   *
   * @param id as `cr-0123456789abcdef0`
   * @throws InvalidText
   */
  public static reservation(id: string): NodeCapacity {
    return new NodeCapacity({ kind: 'reservation', id: requireReservation(id) });
  }

  /**
   * What a Capacity Block for ML holds: GPUs that are bought for some days. `desiredNodes` must be 0 until it begins.
   *
   * @param id as `cr-0123456789abcdef0`
   * @throws InvalidText
   * @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
   */
  public static capacityBlock(id: string): NodeCapacity {
    return new NodeCapacity({ kind: 'capacity-block', id: requireReservation(id) });
  }

  private constructor(
    /** @internal */
    public readonly _model: NodeCapacityModel,
  ) {}
}

function requireReservation(id: string): string {
  if (typeof id !== 'string' || !/^cr-[0-9a-f]{8,17}$/.test(id)) {
    throw errors.invalidText('id', 'that of a capacity reservation, as cr-0123456789abcdef0', id);
  }
  return id;
}
