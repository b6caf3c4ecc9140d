import { ApiObject, Chart, JsonPatch, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { sortedMap } from './names';

/** An object to emit; `content` is asked at synth, when all of the tree is known. */
export interface ObjectSpec {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  /** Top-level fields beside `metadata`: spec, data. */
  readonly content: { readonly [field: string]: () => unknown };
}

const emitted = new WeakSet<ApiObject>();

const CLUSTER_SCOPED = new Set(['EC2NodeClass', 'Namespace', 'NodePool', 'PersistentVolume', 'PriorityClass']);

/** Whether objects of this kind have no namespace, though cdk8s gives them that of their chart. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** The one way in which objects reach the tree. */
export function emitObject(scope: Construct, id: string, spec: ObjectSpec): ApiObject {
  const fields = Object.entries(spec.content).map(([field, produce]) => [field, Lazy.any({ produce })]);
  const clusterScoped = isClusterScoped(spec.kind);
  const object = new ApiObject(scope, id, {
    apiVersion: spec.apiVersion,
    kind: spec.kind,
    metadata: {
      name: spec.name,
      ...(spec.namespace !== undefined && !clusterScoped && { namespace: spec.namespace }),
      ...(spec.labels !== undefined && { labels: sortedMap(spec.labels) }),
      ...(spec.annotations !== undefined && { annotations: sortedMap(spec.annotations) }),
    },
    ...Object.fromEntries(fields),
  });
  // cdk8s gives every object the chart's namespace, and `undefined` does not take it away.
  if (clusterScoped && Chart.of(scope).namespace !== undefined)
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  emitted.add(object);
  return object;
}

/** Whether the library made this object. */
export function isOurs(object: ApiObject): boolean {
  return emitted.has(object);
}
