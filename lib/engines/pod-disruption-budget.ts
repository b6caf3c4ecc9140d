import type { PodDisruptionBudgetSpec } from 'kubernetes-types/policy/v1';

/** Kubernetes rounds it up: one replica never blocks the drain of its node. */
const MAX_UNAVAILABLE = '25%';

/** The `spec` of a `policy/v1` PodDisruptionBudget. */
export function disruptionBudgetSpec(selector: { readonly [key: string]: string }): PodDisruptionBudgetSpec {
  return {
    maxUnavailable: MAX_UNAVAILABLE,
    selector: { matchLabels: { ...selector } },
    // A pod that never gets ready would block the drain of its node for ever.
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  };
}
