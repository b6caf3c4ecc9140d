import { nameOf } from '../tools/manifests';
import type { Body, KubernetesObject } from './client';

export interface Pod {
  /** `Deployment/name` or the like: who made it. */
  readonly owner: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
}

/** Who lays hands on which pods: a pod has one owner, at most one budget, and a Service or scaler has one workload. */
export function ownershipFindings(objects: KubernetesObject[], pods: Pod[]): string[] {
  const of = (kind: string) => objects.filter((object) => object.kind === kind && !isKnative(object));
  return [
    ...pods.flatMap((pod) => strangers(pod, [...of('Deployment'), ...of('Rollout')])),
    ...pods.flatMap((pod) => doubled(pod, of('PodDisruptionBudget'))),
    ...['PodDisruptionBudget', 'Service', 'NetworkPolicy', 'PodMonitor'].flatMap((kind) =>
      of(kind).flatMap((object) => aim(object, pods)),
    ),
    ...doubledTargets([...of('HorizontalPodAutoscaler'), ...of('ScaledObject')], objects),
  ];
}

export const isKnative = ({ apiVersion }: KubernetesObject) => apiVersion.startsWith('serving.knative.dev/');

/** A pod as Knative would make it for a Service: its Deployment is none of ours. */
export function podOfKnative({ metadata, spec }: KubernetesObject): Pod {
  return {
    owner: `Knative/${metadata.name}`,
    namespace: metadata.namespace ?? 'default',
    labels: { ...spec.template.metadata?.labels, 'serving.knative.dev/service': metadata.name },
  };
}

function strangers(pod: Pod, deployments: KubernetesObject[]): string[] {
  const selecting = deployments.filter((d) => selects(d, pod)).map(nameOf);
  const wanted = /^(Deployment|Rollout)\//.test(pod.owner) ? [pod.owner] : [];
  if (selecting.join() === wanted.join()) return [];
  return [`a pod of ${pod.owner} is selected by ${selecting.join(' and ') || 'no Deployment'}`];
}

function doubled(pod: Pod, budgets: KubernetesObject[]): string[] {
  const selecting = budgets.filter((b) => selects(b, pod)).map(nameOf);
  return selecting.length > 1 ? [`a pod of ${pod.owner} has the budgets ${selecting.join(' and ')}`] : [];
}

function aim(object: KubernetesObject, pods: Pod[]): string[] {
  if (selectorOf(object) === undefined) return [];
  const owners = [...new Set(pods.filter((pod) => selects(object, pod)).map((pod) => pod.owner))];
  if (owners.length === 0) return isOurs(object) ? [`${nameOf(object)} selects no pod`] : [];
  // A policy or a monitor may be for all pods of a namespace, and a Service for those that a label joins.
  const joins = object.kind === 'Service' && 'cdk8s-bento/global-service' in object.spec.selector;
  if (owners.length > 1 && !joins && !['NetworkPolicy', 'PodMonitor'].includes(object.kind)) {
    return [`${nameOf(object)} selects pods of ${owners.sort().join(' and ')}`];
  }
  return [];
}

/** What an example makes by other means may be for pods that are not in its manifests. */
const isOurs = ({ metadata }: KubernetesObject) => metadata.labels?.['app.kubernetes.io/managed-by'] === 'cdk8s-bento';

function doubledTargets(scalers: KubernetesObject[], objects: KubernetesObject[]): string[] {
  const seen = new Map<string, string>();
  return scalers.flatMap((scaler) => {
    const { kind = 'Deployment', name } = scaler.spec.scaleTargetRef;
    const { namespace } = scaler.metadata;
    const target = `${namespace}/${kind}/${name}`;
    const other = seen.get(target);
    seen.set(target, nameOf(scaler));
    if (other !== undefined) return [`${kind}/${name} has the scalers ${other} and ${nameOf(scaler)}`];
    const found = objects.some(
      (o) => o.kind === kind && o.metadata.namespace === namespace && o.metadata.name === name,
    );
    return found ? [] : [`${nameOf(scaler)} scales ${kind}/${name}, which is not there`];
  });
}

function selectorOf({ kind, spec }: KubernetesObject): Body {
  if (kind === 'Service') return spec.selector && { matchLabels: spec.selector };
  return kind === 'NetworkPolicy' ? spec.podSelector : spec.selector;
}

function selects(object: KubernetesObject, pod: Pod): boolean {
  const selector = selectorOf(object);
  if (selector === undefined || object.metadata.namespace !== pod.namespace) return false;
  const labels = Object.entries(selector.matchLabels ?? {});
  return labels.every(([key, value]) => pod.labels[key] === value) && (selector.matchExpressions ?? []).every(holds);

  function holds({ key, operator, values }: Body): boolean {
    const value = pod.labels[key];
    switch (operator) {
      case 'In':
        return values.includes(value);
      case 'NotIn':
        return !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        throw new Error(`no such operator: ${operator}`);
    }
  }
}
