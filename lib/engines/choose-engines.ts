import type { ComponentModel, IdentityModel } from '../component/component-model';
import type { Claim, EnginePlan } from '../component/plan';
import { needsKeda } from '../component/resolve-metrics';
import { placed } from '../internal/names';
import type { ScaleTargetModel } from './hpa';

/** Which engines carry a component: the HPA is part of every Kubernetes, so it does what it can do alone. */
export function planComponent({ scaling }: ComponentModel): EnginePlan {
  switch (scaling.kind) {
    case 'auto':
      return { workload: 'deployment', scaler: scaling.metrics.some(needsKeda) ? 'keda' : 'hpa' };
    case 'on-demand':
      return scaling.engine === 'knative'
        ? { workload: 'knative', scaler: 'none' }
        : { workload: 'deployment', scaler: 'keda' };
    default:
      return { workload: 'deployment', scaler: 'none' };
  }
}

/** The object whose replicas are scaled. */
export function scaleTarget({ workload }: EnginePlan, { workloadName }: IdentityModel): ScaleTargetModel {
  return workload === 'knative'
    ? { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: workloadName }
    : { apiVersion: 'apps/v1', kind: 'Deployment', name: workloadName };
}

/** The kind of object that scales a component, as manifests call it. */
export const SCALER_KINDS = {
  hpa: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  keda: { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
} as const;

/** Who owns the replicas of a component. */
export function replicaClaims(model: ComponentModel, plan: EnginePlan, cluster: string): Claim[] {
  const { identity, scaling, terminated } = model;
  const { kind, name } = scaleTarget(plan, identity);
  const claim = (owner: string): Claim[] => [
    { resource: 'replicas', target: placed(cluster, identity.namespace, `${kind} ${name}`), owner },
  ];
  // Whether it stays at zero is up to someone else's scaler, which a warning says.
  if (scaling.kind === 'unmanaged') return [];
  // Knative scales by itself. A ScaledObject holds the zero itself; an autoscaler whose target is at zero is disabled.
  if (plan.workload === 'knative') return claim(`${kind} ${name}`);
  if (plan.scaler === 'keda') return claim(`${SCALER_KINDS.keda.kind} ${identity.scalerName}`);
  if (terminated || plan.scaler === 'none') return claim(`${kind} ${name}`);
  return claim(`${SCALER_KINDS.hpa.kind} ${identity.scalerName}`);
}
