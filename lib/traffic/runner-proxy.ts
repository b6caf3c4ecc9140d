import { requireInteger } from '../internal/checks';
import type { InstanceSize, SizeModel } from '../sizing/instance-size';
import { requireProxySize } from './proxy-size';

/** A few thousand small requests a second, or some dozens of large ones at a time. */
export const SIDECAR_SIZE: SizeModel = { cpuCores: 0.1, memoryBytes: 128 * 2 ** 20 };

/** The same of all callers together. */
export const TIER_SIZE: SizeModel = { cpuCores: 0.25, memoryBytes: 256 * 2 ** 20 };

/** What Envoy takes before it has anything to do, and some room. */
const MIN_MEMORY_BYTES = 64 * 2 ** 20;

/** One goes, the other stays. */
export const TIER_REPLICAS = 2;

/** Options of `RunnerProxy.sidecar`. */
export interface SidecarProxyOptions {
  /**
   * What the proxy beside each replica of a caller needs: at least 64 MiB, and no GPU.
   *
   * @default - 100 millicores and 128 MiB
   */
  readonly size?: InstanceSize;
}

/** Options of `RunnerProxy.tier`. */
export interface TierProxyOptions {
  /**
   * How many proxies: at least 1.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * What each needs: at least 64 MiB, and no GPU.
   *
   * @default - 250 millicores and 256 MiB
   */
  readonly size?: InstanceSize;
}

/**
 * What stands between the callers of a runner pool and its pods. BentoML keeps its connections: without a proxy those stay
 * with the pods that were there first, and pods that an autoscaler adds get next to nothing.
 *
 * @example
 * Runner.pool({ scaling: Scaling.auto({ maxReplicas: 8 }), proxy: RunnerProxy.tier({ replicas: 2 }) });
 */
export class RunnerProxy {
  /**
   * An Envoy in each pod of a caller, which balances its requests over the pods of the pool. Each counts alone: limits are
   * divided by the most replicas that callers have. Needs Kubernetes 1.29.
   *
   * @throws OutOfRange, MissingOption
   */
  public static sidecar(options: SidecarProxyOptions = {}): RunnerProxy {
    return new RunnerProxy({ kind: 'sidecar', ...sized(options.size) });
  }

  /**
   * A few Envoys of their own, through which all callers go: one hop more, and limits and queues that hold for all. Needs
   * Kubernetes 1.30, and a pool that does not sleep.
   *
   * @throws OutOfRange, MissingOption
   */
  public static tier(options: TierProxyOptions = {}): RunnerProxy {
    const { replicas = TIER_REPLICAS, size } = options;
    requireInteger('replicas', replicas, 1, 1000);
    return new RunnerProxy({ kind: 'tier', replicas, ...sized(size) });
  }

  /**
   * None: connections to a Service, which stay where they are. For pools whose replicas never change; a traffic policy that
   * needs a proxy is an error then.
   */
  public static direct(): RunnerProxy {
    return new RunnerProxy({ kind: 'direct' });
  }

  private constructor(
    /** @internal */
    public readonly _model: RunnerProxyModel,
  ) {}
}

function sized(size: InstanceSize | undefined): { size?: SizeModel } {
  if (size === undefined) return {};
  requireProxySize('size', size._model, MIN_MEMORY_BYTES);
  return { size: size._model };
}

/** What the engines read. */
export type RunnerProxyModel =
  | { readonly kind: 'direct' }
  | { readonly kind: 'sidecar'; readonly size?: SizeModel }
  | { readonly kind: 'tier'; readonly replicas: number; readonly size?: SizeModel };
