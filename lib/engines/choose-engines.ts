import type { ComponentModel } from '../component/component-model';
import type { EnginePlan } from '../component/plan';

/** Which engines carry a component: the HPA is part of every Kubernetes, and serves every metric there is so far. */
export function planComponent({ scaling }: ComponentModel): EnginePlan {
  return { workload: 'deployment', scaler: scaling.kind === 'auto' ? 'hpa' : 'none' };
}
