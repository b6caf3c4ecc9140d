import type { ApiObject } from 'cdk8s';
import type { ComponentModel } from '../component/component-model';
import type { EnginePlan } from '../component/plan';
import type { RolloutModel } from '../component/rollout-model';
import { leadsToVersion, rolloutSpec, versionServiceSpec } from '../engines/argo-rollouts';
import { WORKLOAD_KINDS } from '../engines/choose-engines';
import { deploymentSpec } from '../engines/deployment';
import { hpaSpec, type ScaleTargetModel } from '../engines/hpa';
import { scaledObjectAnnotations, scaledObjectSpec } from '../engines/keda';
import { knativeServiceSpec } from '../engines/knative';
import { serviceSpec } from '../engines/service';
import type { ObjectSpec } from '../internal/emit';

/** What an object of a component is, beside its namespace and labels. */
export type Emission = Pick<ObjectSpec, 'apiVersion' | 'kind' | 'name' | 'annotations' | 'content'>;

export type Emit = (id: string, spec: Emission) => ApiObject;

/** What runs the pods, and what leads to them. */
export function workloadObjects(model: ComponentModel, plan: EnginePlan, emit: Emit): WorkloadObjects {
  const { identity, rollout } = model;
  if (plan.workload === 'knative') {
    const workload = emit('workload', {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      name: identity.workloadName,
      content: { spec: () => knativeServiceSpec(model) },
    });
    // Else Knative gives it an address outside of the cluster.
    workload.metadata.addLabel('networking.knative.dev/visibility', 'cluster-local');
    return { workload, service: workload };
  }
  const service = (id: string, name: string): ApiObject =>
    emit(id, {
      apiVersion: 'v1',
      kind: 'Service',
      name,
      content: { spec: () => (leadsToVersion(model) ? versionServiceSpec(model) : serviceSpec(model)) },
    });
  if (rollout?.besideDeployment === true) {
    emit('deployment', {
      ...WORKLOAD_KINDS.deployment,
      name: identity.workloadName,
      content: { spec: () => deploymentSpec(model.replaced ?? model) },
    });
  }
  const preview = rollout && previewOf(rollout);
  return {
    workload: emit('workload', {
      ...WORKLOAD_KINDS[plan.workload],
      name: identity.workloadName,
      content: { spec: () => (rollout === undefined ? deploymentSpec(model) : rolloutSpec(model, rollout)) },
    }),
    service: service('service', identity.serviceName),
    ...(preview !== undefined && { previewService: service('preview-service', preview) }),
  };
}

/** What runs the pods of a component, and Services that lead to them. */
export interface WorkloadObjects {
  readonly workload: ApiObject;
  readonly service: ApiObject;
  /** The Service of the new version alone; Argo Rollouts tells the two apart in their selectors. */
  readonly previewService?: ApiObject;
}

function previewOf(rollout: RolloutModel): string | undefined {
  if (rollout.besideDeployment) return undefined;
  return rollout.kind === 'canary' ? rollout.services?.canary : rollout.services.preview;
}

/** What a scaler says. */
export function scalerObject(
  target: ScaleTargetModel,
  model: ComponentModel,
  scaler: 'hpa' | 'keda',
): Pick<Emission, 'annotations' | 'content'> {
  if (scaler === 'hpa') {
    const scaling = model.scaling as Extract<ComponentModel['scaling'], { kind: 'auto' }>;
    return { content: { spec: () => hpaSpec(target, scaling, model.terminated) } };
  }
  return {
    annotations: scaledObjectAnnotations(model),
    content: { spec: () => scaledObjectSpec(target, model, model.identity.scalerName) },
  };
}
