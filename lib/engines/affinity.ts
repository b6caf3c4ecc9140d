import type { Affinity as KubeAffinity } from 'kubernetes-types/core/v1';
import type { AffinityRule, PodTermModel } from '../placement/affinity';
import { unlessEmpty } from './unless-empty';

/** All rules of a pod as Kubernetes writes them, or undefined where there are none. */
export function kubeAffinity(rules: readonly AffinityRule[]): KubeAffinity | undefined {
  const all = <K extends keyof AffinityRule>(key: K): NonNullable<AffinityRule[K]>[] =>
    rules.map((rule) => rule[key]).filter((value) => value !== undefined);
  // Terms are alternatives to Kubernetes; what the user requires holds together, so it is one term.
  const requiredNodes = all('requiredNodes').flat();
  const preferredNodes = all('preferredNodes');
  const affinity: KubeAffinity = {
    ...((requiredNodes.length > 0 || preferredNodes.length > 0) && {
      nodeAffinity: {
        ...(requiredNodes.length > 0 && {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: requiredNodes }] },
        }),
        ...(preferredNodes.length > 0 && {
          preferredDuringSchedulingIgnoredDuringExecution: preferredNodes.map(({ weight, requirements }) => ({
            weight,
            preference: { matchExpressions: requirements },
          })),
        }),
      },
    }),
    ...podAffinity('podAffinity', all('requiredPods'), all('preferredPods')),
    ...podAffinity('podAntiAffinity', all('avoidedPods'), all('preferablyAvoidedPods')),
  };
  return unlessEmpty(affinity);
}

function podAffinity(
  kind: 'podAffinity' | 'podAntiAffinity',
  required: PodTermModel[],
  preferred: NonNullable<AffinityRule['preferredPods']>[],
): Pick<KubeAffinity, 'podAffinity' | 'podAntiAffinity'> {
  if (required.length === 0 && preferred.length === 0) return {};
  return {
    [kind]: {
      ...(required.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: required }),
      ...(preferred.length > 0 && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
    },
  };
}
