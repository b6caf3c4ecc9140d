import { asList, asText, dig, isMap, type JsonMap } from '../../../internal/json';

/** A document of a file as it was parsed, items of a List one by one. */
export interface ManifestDocument {
  readonly file: string;
  /** Its position in the file, from 0. */
  readonly index: number;
  readonly value: unknown;
}

/** A document that says which object it is. */
export interface ManifestObject extends ManifestDocument {
  readonly value: JsonMap;
  /** The part of `apiVersion` before the slash, '' for the core. */
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** '' where none is stated. */
  readonly namespace: string;
}

/** Which object a reference means. */
export interface ObjectKey {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function keyOf({ group, kind, namespace, name }: ObjectKey): string {
  return [group, kind, namespace, name].join('\n');
}

/** As messages call it: `Deployment/ml/rag`. */
export function titleOf(document: ManifestDocument): string {
  const kind = asText(dig(document.value, 'kind')) ?? 'document';
  const namespace = asText(dig(document.value, 'metadata', 'namespace')) ?? '';
  const name = nameOf(document.value) ?? `#${document.index + 1}`;
  return [kind, namespace, name].filter((part) => part !== '').join('/');
}

export function nameOf(value: unknown): string | undefined {
  const name = asText(dig(value, 'metadata', 'name'));
  if (name !== undefined && name !== '') return name;
  const prefix = asText(dig(value, 'metadata', 'generateName'));
  return prefix === undefined || prefix === '' ? undefined : `${prefix}*`;
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The object, or undefined where the document is none: MalformedObject says why. */
export function objectOf(document: ManifestDocument): ManifestObject | undefined {
  const { value } = document;
  const apiVersion = asText(dig(value, 'apiVersion'));
  const kind = asText(dig(value, 'kind'));
  const name = nameOf(value);
  if (!isMap(value) || apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  const namespace = asText(dig(value, 'metadata', 'namespace')) ?? '';
  return { ...document, value, apiVersion, group: groupOf(apiVersion), kind, name, namespace };
}

/** The documents of one file: empty ones left out, Lists taken apart, what only kustomize reads left out. */
export function documentsOf(file: string, values: readonly unknown[]): ManifestDocument[] {
  return values
    .flatMap(itemsOf)
    .filter((value) => value !== null && value !== undefined && !isForKustomize(value))
    .map((value, index) => ({ file, index, value }));
}

function itemsOf(value: unknown): readonly unknown[] {
  const kind = asText(dig(value, 'kind'));
  const items = dig(value, 'items');
  return kind?.endsWith('List') && Array.isArray(items) ? asList(items).flatMap(itemsOf) : [value];
}

function isForKustomize(value: unknown): boolean {
  return asText(dig(value, 'apiVersion'))?.startsWith('kustomize.config.k8s.io/') === true;
}
