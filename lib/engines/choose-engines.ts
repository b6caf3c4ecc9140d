import type { ComponentModel, IdentityModel } from '../component/component-model';
import type { Claim, EnginePlan } from '../component/plan';
import { needsKeda } from '../component/resolve-metrics';
import type { TrafficRouterModel } from '../component/rollout-model';
import { placed } from '../internal/names';
import type { ScaleTargetModel } from './hpa';

/** Which engines carry a component: the HPA is part of every Kubernetes, so it does what it can do alone. */
export function planComponent({ scaling, rollout }: ComponentModel): EnginePlan {
  const workload = rollout === undefined ? 'deployment' : 'rollout';
  switch (scaling.kind) {
    case 'auto':
      return { workload, scaler: scaling.metrics.some(needsKeda) ? 'keda' : 'hpa' };
    case 'on-demand':
      return scaling.engine === 'knative' ? { workload: 'knative', scaler: 'none' } : { workload, scaler: 'keda' };
    default:
      return { workload, scaler: 'none' };
  }
}

/** The object whose replicas are scaled. */
export function scaleTarget({ workload }: EnginePlan, { workloadName }: IdentityModel): ScaleTargetModel {
  return { ...WORKLOAD_KINDS[workload], name: workloadName };
}

/** The kind of object that runs the pods of a component, as manifests call it. */
export const WORKLOAD_KINDS = {
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  rollout: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
  knative: { apiVersion: 'serving.knative.dev/v1', kind: 'Service' },
} as const;

/** The kind of object that scales a component, as manifests call it. */
export const SCALER_KINDS = {
  hpa: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  keda: { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
} as const;

/** Who decides where the Services of a component lead to, and how doors share requests out between them. */
export function routingClaims({ identity, rollout }: ComponentModel, cluster: string): Claim[] {
  const own = `Rollout ${identity.workloadName}`;
  const of = (resource: 'selector' | 'weights', what: string, owner = own): Claim => ({
    resource,
    target: placed(cluster, identity.namespace, what),
    owner,
  });
  const service = `Service ${identity.serviceName}`;
  // Beside a Deployment nothing of a release is there yet.
  if (rollout === undefined || rollout.besideDeployment) return [of('selector', service, service)];
  const services = Object.values(rollout.services ?? {});
  const router = rollout.kind === 'canary' ? rollout.router : undefined;
  return [
    ...(services.length > 0
      ? services.map((name) => of('selector', `Service ${name}`))
      : [of('selector', service, service)]),
    ...(router === undefined ? [] : routedBy(router).map((what) => of('weights', what))),
  ];
}

/** What has the weights of a canary. */
function routedBy(router: TrafficRouterModel): string[] {
  if (router.kind === 'gateway-api-plugin') return router.routes.map(({ kind, name }) => `${kind} ${name}`);
  return router.ingresses.map((name) => `Ingress ${name}`);
}

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
