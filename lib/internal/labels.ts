import { requireResolved } from './checks';
import { errors } from './errors';

/** Labels that the library owns; selectors, policies, queries and the split of versions rely on them. */
export const LABELS = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  component: 'app.kubernetes.io/component',
  version: 'app.kubernetes.io/version',
  managedBy: 'app.kubernetes.io/managed-by',
  /** The key of the version: in every selector, so that those of two versions never overlap. */
  track: 'cdk8s-bento/track',
  /** The name of the GlobalService that leads to the pods, beside the Service of their own. */
  globalService: 'cdk8s-bento/global-service',
  /** Of nodes: the name of their pool. */
  nodePool: 'cdk8s-bento/node-pool',
} as const;

/**
 * The region: of nodes, whose provider states it, and of the pods that are bound to it. Kubernetes itself gives pods the
 * label of their node from 1.35 on, which is the same one then.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesioregion
 */
export const REGION_LABEL = 'topology.kubernetes.io/region';

/** What Prometheus makes of a label of pods. */
export function metricLabel(label: string): string {
  return label.replace(/[^a-zA-Z0-9_]/g, '_');
}

/** What `app.kubernetes.io/managed-by` says. */
export const MANAGED_BY = 'cdk8s-bento';

const NAME = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const PREFIX = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const KEY = new RegExp(`^(?<prefix>${PREFIX}/)?${NAME}$`);
const VALUE = new RegExp(`^(${NAME})?$`);

/** Whether Kubernetes takes `value` as the value of a label. */
export function isLabelValue(value: string): boolean {
  return VALUE.test(value);
}

/** Throws unless Kubernetes takes these labels. */
export function requireLabels(property: string, labels: { readonly [key: string]: string }): void {
  for (const [key, value] of Object.entries(labels)) {
    requireQualifiedKey(property, key);
    requireResolved(`${property}.${key}`, value);
    if (typeof value !== 'string' || !isLabelValue(value)) {
      throw errors.invalidLabel(
        `${property}.${key}`,
        'at most 63 letters, digits, dashes, dots and underscores',
        value,
      );
    }
  }
}

/** Throws unless pods can be selected by these labels: none at all would select every pod. */
export function requireSelector(property: string, labels: { readonly [key: string]: string }): void {
  if (Object.keys(labels).length === 0) {
    throw errors.emptyList(property, 'every pod of the namespace would be let in: name labels of the proxies');
  }
  requireLabels(property, labels);
}

/** Throws unless Kubernetes takes these annotations, each of text, 256 KiB together. */
export function requireAnnotations(property: string, annotations: { readonly [key: string]: string }): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    requireQualifiedKey(property, key);
    requireResolved(`${property}.${key}`, value);
    if (typeof value !== 'string') throw errors.invalidLabel(`${property}.${key}`, 'text', value);
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > 256 * 1024) throw errors.invalidLabel(property, 'at most 256 KiB together', `${size} bytes`);
}

/** Throws where user labels would change what the library's selectors rely on. */
export function requireOwnLabels(property: string, labels: { readonly [key: string]: string }): void {
  requireLabels(property, labels);
  const owned = Object.values(LABELS).find((key) => key in labels);
  if (owned !== undefined) throw errors.reservedLabel(property, owned);
}

/** Whether Kubernetes takes `key` as a name with or without a DNS prefix, as `example.com/fast`. */
export function isQualifiedName(key: string): boolean {
  const prefix = KEY.exec(key)?.groups?.prefix;
  return KEY.test(key) && (prefix === undefined || prefix.length <= 254);
}

function requireQualifiedKey(property: string, key: string): void {
  if (!isQualifiedName(key)) {
    throw errors.invalidLabel(property, 'a map whose keys are names, with or without a DNS prefix', key);
  }
}
