import type { ScalingModel } from './component-model';

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
