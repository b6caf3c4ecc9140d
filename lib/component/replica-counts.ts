import type { ComponentModel, ScalingModel } from './component-model';

/** The most replicas that there may be; undefined where somebody else scales. */
export function maxReplicas(scaling: ScalingModel): number | undefined {
  if (scaling.kind === 'fixed') return scaling.replicas;
  return scaling.kind === 'unmanaged' ? undefined : scaling.maxReplicas;
}

/** The fewest replicas that serve; undefined where somebody else decides. */
export function fewestReplicas(scaling: ScalingModel): number | undefined {
  if (scaling.kind === 'unmanaged') return undefined;
  return scaling.kind === 'fixed' ? scaling.replicas : Math.max(1, scaling.minReplicas);
}

/** How many replicas others may wait for. */
export function awaitedReplicas(scaling: ScalingModel): number {
  if (scaling.kind === 'fixed') return scaling.replicas;
  return scaling.kind === 'auto' ? scaling.minReplicas : 1;
}

/** Those that are there at any time; of what somebody else scales none for certain. */
export function leastReplicas({ scaling, terminated }: ComponentModel): number {
  if (terminated || scaling.kind === 'unmanaged') return 0;
  return scaling.kind === 'fixed' ? scaling.replicas : scaling.minReplicas;
}

/** The most that there may be, as far as it is known: of what somebody else scales none. */
export function mostReplicas({ scaling, terminated }: ComponentModel): number {
  return terminated ? 0 : (maxReplicas(scaling) ?? 0);
}
