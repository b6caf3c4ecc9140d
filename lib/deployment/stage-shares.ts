import type { ComponentModel } from '../component/component-model';
import type { ReplicaRange, ShareModel } from './release-stage';

/** What is replaced, where versions have no other names. */
export const OLD = 'old';
/** What takes its place. */
export const NEW = 'new';

/** Replicas of a version, where somebody knows them. */
export interface Replicas {
  readonly replicas?: ReplicaRange;
}

/** Between releases; unknown where a scaler of someone else decides. */
export function replicasOf({ scaling }: ComponentModel): Replicas {
  if (scaling.kind === 'unmanaged') return {};
  if (scaling.kind === 'fixed') return exactly(scaling.replicas);
  return { replicas: { fewest: scaling.minReplicas, most: scaling.maxReplicas } };
}

/** So many, and no autoscaler. */
export function exactly(replicas: number): Replicas {
  return { replicas: { fewest: replicas, most: replicas } };
}

/** One version answers so many of a hundred requests, and the one that replaces it all others. */
export function between(oldPercent: number, old: Replicas, fresh: Replicas): ShareModel[] {
  return [
    { version: OLD, percent: oldPercent, ...old },
    { version: NEW, percent: 100 - oldPercent, ...fresh },
  ];
}
