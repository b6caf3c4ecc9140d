import { type RolloutStrategy, surgeOf } from '../release/rolling';
import type { ComponentModel } from './component-model';
import { maxReplicas } from './replica-counts';

/** What a component needs at the most while a release goes on. */
export class ComponentPeak {
  /** @internal */
  public static _of(part: PeakPart): ComponentPeak {
    const { identity, size } = part.model;
    const { most, beside, reason } = peakReplicas(part);
    return new ComponentPeak(
      identity.workloadName,
      reason,
      most,
      most && most + beside,
      size.gpu?.name,
      size.gpu?.count,
    );
  }

  /** All its GPUs at the peak; undefined where it has none, or where somebody else scales it. */
  public readonly gpus?: number;

  private constructor(
    /** The name of its workload. */
    public readonly name: string,
    /** How the number comes about: `8 replicas, and 1 more while they are replaced`. */
    public readonly reason: string,
    /** The most replicas without a release; undefined where somebody else scales it. */
    public readonly replicas?: number,
    /** The most pods with a release; undefined where somebody else scales it. */
    public readonly pods?: number,
    /** The name of its kind of GPU: `l4`. */
    public readonly gpuName?: string,
    /** GPUs of each pod. */
    public readonly gpusPerPod?: number,
  ) {
    if (pods !== undefined && gpusPerPod !== undefined) this.gpus = pods * gpusPerPod;
  }

  /** As a line of text: `rag-embedder: 9 pods, 9 l4 (8 replicas, and 1 more while they are replaced)`. */
  public toString(): string {
    const pods = this.pods === undefined ? 'unknown' : counted(this.pods, 'pod');
    return `${this.name}: ${pods}${this.gpus === undefined ? '' : `, ${this.gpus} ${this.gpuName}`} (${this.reason})`;
  }
}

/**
 * What a deployment needs at the most while a release goes on: all components at their most replicas, and what the
 * release adds to them. Pods that end are not counted, though they hold their GPUs until they are gone: new ones wait for
 * these where there are no others, and an autoscaler of nodes may add one for them in the meantime. A release that begins
 * before the old version of the one before it is gone (`scaleDownDelay`) holds its pods, too.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge
 */
export class ReleasePeak {
  /** @internal */
  public static _of(parts: readonly PeakPart[]): ReleasePeak {
    return new ReleasePeak(parts.map((part) => ComponentPeak._of(part)));
  }

  /** All pods; undefined where somebody else scales a component. */
  public readonly pods?: number;

  /** All GPUs by the name of their kind, `l4`; those of components that somebody else scales are not among them. */
  public readonly gpus: { [gpuName: string]: number };

  /** Components that somebody else scales: what they need is not known. */
  public readonly unknown: string[];

  private constructor(
    /** Component by component. */
    public readonly components: ComponentPeak[],
  ) {
    this.unknown = components.filter(({ pods }) => pods === undefined).map(({ name }) => name);
    if (this.unknown.length === 0) this.pods = this._knownPods();
    const gpus = new Map<string, number>();
    for (const { gpuName, gpus: count } of components) {
      if (gpuName !== undefined && count !== undefined) gpus.set(gpuName, (gpus.get(gpuName) ?? 0) + count);
    }
    this.gpus = Object.fromEntries([...gpus].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** As text, a line for each component. */
  public toString(): string {
    return this.components.map(String).join('\n');
  }

  /**
   * Pods that there are for certain.
   *
   * @internal
   */
  public _knownPods(): number {
    return this.components.reduce((sum, { pods = 0 }) => sum + pods, 0);
  }
}

/** A component, and what a release does to it. */
export interface PeakPart {
  readonly model: ComponentModel;
  /**
   * Replicas of another version that run beside all of its own before these go: so many, or as many as there can be. A
   * pool that just stays while others change: 0. Undefined: it is replaced in place.
   */
  readonly beside?: number | 'all';
  /** How it is replaced in place, where that is not to be what it says itself. */
  readonly strategy?: RolloutStrategy;
}

function peakReplicas(part: PeakPart): { most?: number; beside: number; reason: string } {
  const { scaling, terminated } = part.model;
  if (terminated) return { most: 0, beside: 0, reason: 'it is terminated' };
  const most = maxReplicas(scaling);
  if (most === undefined) return { beside: 0, reason: 'a scaler of someone else decides' };
  // A revision of Knative has a maximum of its own, and the old one stays until the new one is ready.
  const stays = scaling.kind === 'on-demand' && scaling.engine === 'knative' ? 'all' : part.beside;
  const strategy = part.strategy ?? part.model.rolling.strategy;
  const beside = stays === undefined ? surgeOf(strategy, most) : stays === 'all' ? most : stays;
  const replicas = counted(most, 'replica');
  if (beside === 0) return { most, beside, reason: replicas };
  const why = stays === undefined ? 'while they are replaced' : 'of another version beside them';
  return { most, beside, reason: `${replicas}, and ${beside} more ${why}` };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
