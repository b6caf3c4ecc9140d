import type { ApiObject } from 'cdk8s';
import type { ComponentModel } from '../component/component-model';
import type { EnginePlan } from '../component/plan';
import { deploymentSpec } from '../engines/deployment';
import { hpaSpec, type ScaleTargetModel } from '../engines/hpa';
import { scaledObjectAnnotations, scaledObjectSpec } from '../engines/keda';
import { knativeServiceSpec } from '../engines/knative';
import { serviceSpec } from '../engines/service';
import type { ObjectSpec } from '../internal/emit';

/** What an object of a component is, beside its namespace and labels. */
export type Emission = Pick<ObjectSpec, 'apiVersion' | 'kind' | 'name' | 'annotations' | 'content'>;

type Emit = (id: string, spec: Emission) => ApiObject;

/** What runs the pods, and what leads to them. */
export function workloadObjects(
  model: ComponentModel,
  plan: EnginePlan,
  emit: Emit,
): { workload: ApiObject; service: ApiObject } {
  const { identity } = model;
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
  return {
    workload: emit('workload', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: identity.workloadName,
      content: { spec: () => deploymentSpec(model) },
    }),
    service: emit('service', {
      apiVersion: 'v1',
      kind: 'Service',
      name: identity.serviceName,
      content: { spec: () => serviceSpec(model) },
    }),
  };
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
