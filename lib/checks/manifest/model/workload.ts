import { asInteger, asList, asMap, asText, dig, type JsonMap, pathTo, textEntries } from '../../../internal/json';
import { type Labels, labelSelector, mapSelector, type Selector } from './label-selector';
import type { ManifestObject } from './manifest-object';

/** An object that makes pods, or is one. */
export interface Workload {
  readonly object: ManifestObject;
  readonly podLabels: Labels;
  readonly podTemplate: JsonMap;
  readonly podSpec: JsonMap;
  /** Where the pod's spec lies in the object. */
  readonly podPath: string;
  /** How it knows its pods; undefined where Kubernetes makes it up, as for Jobs. */
  readonly selector?: Selector;
  /** Undefined where no number is stated, or it has none, as a DaemonSet. */
  readonly replicas?: number;
  /** Whether it has a number of replicas at all. */
  readonly scalable: boolean;
  /** The object whose template it runs, for a Rollout with `workloadRef`. */
  readonly templateOf?: ManifestObject;
}

/** A container that runs as long as its pod: an ordinary one, or a native sidecar. */
export interface PodContainer {
  readonly name: string;
  readonly value: JsonMap;
  readonly path: string;
}

const APPS = 'apps';
export const ROLLOUTS = 'argoproj.io';
export const KNATIVE = 'serving.knative.dev';

const TEMPLATES: { readonly [kind: string]: readonly string[] } = {
  [`${APPS}/DaemonSet`]: ['spec', 'template'],
  [`${APPS}/Deployment`]: ['spec', 'template'],
  [`${APPS}/ReplicaSet`]: ['spec', 'template'],
  [`${APPS}/StatefulSet`]: ['spec', 'template'],
  [`${ROLLOUTS}/Rollout`]: ['spec', 'template'],
  [`${KNATIVE}/Configuration`]: ['spec', 'template'],
  [`${KNATIVE}/Service`]: ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/Job': ['spec', 'template'],
  '/ReplicationController': ['spec', 'template'],
  '/Pod': [],
};

const SCALABLE = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'Rollout', 'StatefulSet']);

/** What the object runs, or undefined where it runs nothing that we know. */
export function workloadOf(object: ManifestObject, templateOf?: ManifestObject): Workload | undefined {
  const { group, kind } = object;
  const path = Object.hasOwn(TEMPLATES, `${group}/${kind}`) ? TEMPLATES[`${group}/${kind}`] : undefined;
  if (path === undefined) return undefined;
  const template = dig((templateOf ?? object).value, ...path);
  const spec = asMap(dig(object.value, 'spec'));
  return {
    object,
    podLabels: new Map([...textEntries(dig(template, 'metadata', 'labels')), ...madeLabels(object)]),
    podTemplate: asMap(template),
    podSpec: asMap(dig(template, 'spec')),
    podPath: pathTo('', ...path, 'spec'),
    selector: selectorOf(object, spec.selector),
    replicas: asInteger(spec.replicas),
    scalable: SCALABLE.has(kind),
    templateOf,
  };
}

/** The Deployment that a Rollout takes over. */
export function workloadRefOf({ value, kind }: ManifestObject): { kind: string; name: string } | undefined {
  const name = asText(dig(value, 'spec', 'workloadRef', 'name'));
  if (kind !== 'Rollout' || name === undefined) return undefined;
  return { kind: asText(dig(value, 'spec', 'workloadRef', 'kind')) ?? 'Deployment', name };
}

function selectorOf({ kind, group }: ManifestObject, selector: unknown): Selector | undefined {
  // Jobs get theirs from the server; a core ReplicationController has a plain map.
  if (selector === undefined || selector === null || group === 'batch' || group === KNATIVE || kind === 'Pod') {
    return undefined;
  }
  return kind === 'ReplicationController' ? mapSelector(selector) : labelSelector(selector);
}

/** Labels that the controller gives to all pods of the object. */
function madeLabels({ group, name }: ManifestObject): [string, string][] {
  if (group !== KNATIVE) return [];
  return [
    [`${KNATIVE}/configuration`, name],
    [`${KNATIVE}/service`, name],
  ];
}

export function containersOf({ podSpec, podPath }: Workload): PodContainer[] {
  return [
    ...listContainers(podSpec.containers, pathTo(podPath, 'containers')),
    ...listContainers(podSpec.initContainers, pathTo(podPath, 'initContainers')).filter(
      ({ value }) => value.restartPolicy === 'Always',
    ),
  ];
}

/** With those that only start the pod. */
export function allContainersOf({ podSpec, podPath }: Workload): PodContainer[] {
  return ['containers', 'initContainers'].flatMap((field) => listContainers(podSpec[field], pathTo(podPath, field)));
}

function listContainers(list: unknown, path: string): PodContainer[] {
  return asList(list).map((value, index) => ({
    name: asText(dig(value, 'name')) ?? `#${index + 1}`,
    value: asMap(value),
    path: pathTo(path, index),
  }));
}
