import { asInteger, asList, asText, dig, isMap, pathTo } from '../../../internal/json';
import type { ManifestFolder } from './manifest-folder';
import { groupOf, type ManifestObject, type ObjectKey } from './manifest-object';

export const KEDA = 'keda.sh';

/** An object that owns the replicas of another. */
export interface Scaler {
  readonly object: ManifestObject;
  readonly target: ObjectKey & { readonly apiVersion: string };
  readonly targetPath: string;
  readonly min?: number;
  readonly max?: number;
  readonly resourceMetrics: readonly ResourceMetric[];
}

/** A metric that is a share of what containers request. */
export interface ResourceMetric {
  readonly resource: string;
  /** Undefined: all containers of the pod together. */
  readonly container?: string;
  readonly path: string;
}

export function scalersOf(folder: ManifestFolder): Scaler[] {
  const hpas = folder.ofKind('HorizontalPodAutoscaler', 'autoscaling').map(hpa);
  const scaledObjects = folder.ofKind('ScaledObject', KEDA).map(scaledObject);
  return [...hpas, ...scaledObjects].filter((scaler) => scaler !== undefined);
}

function hpa(object: ManifestObject): Scaler | undefined {
  const { spec } = object.value;
  const target = targetOf(object, dig(spec, 'scaleTargetRef'), { apiVersion: '', kind: '' });
  if (target === undefined) return undefined;
  return {
    object,
    target,
    targetPath: 'spec.scaleTargetRef',
    min: asInteger(dig(spec, 'minReplicas')) ?? 1,
    max: asInteger(dig(spec, 'maxReplicas')),
    resourceMetrics: object.apiVersion === 'autoscaling/v1' ? [defaultMetric(object)] : hpaMetrics(object),
  };
}

/**
 * Without metrics Kubernetes scales on 80 % of the CPU request.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
 */
function hpaMetrics(object: ManifestObject): ResourceMetric[] {
  const metrics = asList(dig(object.value, 'spec', 'metrics'));
  if (metrics.length === 0) return [defaultMetric(object)];
  return metrics.flatMap((metric, index) => {
    const [field, source] = dig(metric, 'type') === 'ContainerResource' ? CONTAINER : WHOLE_POD;
    const target = dig(metric, field, 'target');
    if (dig(metric, 'type') !== source || dig(target, 'type') !== 'Utilization') return [];
    const resource = asText(dig(metric, field, 'name'));
    if (resource === undefined) return [];
    const container = asText(dig(metric, field, 'container'));
    return [{ resource, container, path: pathTo('spec.metrics', index, field) }];
  });
}

const CONTAINER = ['containerResource', 'ContainerResource'] as const;
const WHOLE_POD = ['resource', 'Resource'] as const;

function defaultMetric({ apiVersion }: ManifestObject): ResourceMetric {
  return {
    resource: 'cpu',
    path: apiVersion === 'autoscaling/v1' ? 'spec.targetCPUUtilizationPercentage' : 'spec.metrics',
  };
}

/** @see https://keda.sh/docs/latest/reference/scaledobject-spec/ */
function scaledObject(object: ManifestObject): Scaler | undefined {
  const { spec } = object.value;
  const target = targetOf(object, dig(spec, 'scaleTargetRef'), { apiVersion: 'apps/v1', kind: 'Deployment' });
  if (target === undefined) return undefined;
  return {
    object,
    target,
    targetPath: 'spec.scaleTargetRef',
    min: asInteger(dig(spec, 'minReplicaCount')) ?? 0,
    max: asInteger(dig(spec, 'maxReplicaCount')) ?? 100,
    resourceMetrics: asList(dig(spec, 'triggers')).flatMap(kedaMetric),
  };
}

function kedaMetric(trigger: unknown, index: number): ResourceMetric[] {
  const resource = asText(dig(trigger, 'type'));
  const kind = asText(dig(trigger, 'metricType')) ?? asText(dig(trigger, 'metadata', 'type')) ?? 'Utilization';
  if ((resource !== 'cpu' && resource !== 'memory') || kind !== 'Utilization') return [];
  const container = asText(dig(trigger, 'metadata', 'containerName'));
  return [{ resource, container, path: pathTo('spec.triggers', index) }];
}

function targetOf(
  { namespace }: ManifestObject,
  ref: unknown,
  defaults: { apiVersion: string; kind: string },
): Scaler['target'] | undefined {
  const name = asText(dig(ref, 'name'));
  if (!isMap(ref) || name === undefined) return undefined;
  const apiVersion = asText(ref.apiVersion) ?? defaults.apiVersion;
  return { apiVersion, group: groupOf(apiVersion), kind: asText(ref.kind) ?? defaults.kind, namespace, name };
}
