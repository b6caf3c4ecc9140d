import { dig, isMap } from '../../internal/json';
import type { ManifestProblem, ManifestRule } from './model/finding';
import { type ManifestDocument, nameOf } from './model/manifest-object';

/** What `kubectl apply` refuses before it reads any further; no other rule can judge it. */
export const malformedObject: ManifestRule = {
  name: 'MalformedObject',
  *check({ documents }) {
    for (const document of documents) {
      const problem = firstProblem(document.value);
      if (problem !== undefined) yield problemOf(document, problem);
    }
  },
};

type Shape = readonly [location: string, rule: string, got: unknown];

function firstProblem(value: unknown): Shape | undefined {
  if (!isMap(value)) return ['', 'the document must be a map', value];
  for (const field of ['apiVersion', 'kind']) {
    if (!isText(value[field])) return [field, `'${field}' must be text that is not empty`, value[field]];
  }
  const { metadata } = value;
  if (!isMap(metadata)) return ['metadata', "'metadata' must be a map", metadata];
  if (nameOf(value) === undefined) {
    return ['metadata.name', "'metadata.name' must be text that is not empty", metadata.name];
  }
  if (metadata.namespace !== undefined && !isText(metadata.namespace)) {
    return ['metadata.namespace', "'metadata.namespace' must be text that is not empty", metadata.namespace];
  }
  for (const field of ['labels', 'annotations']) {
    const map = dig(metadata, field);
    if (map !== undefined && map !== null && !isMap(map)) {
      return [`metadata.${field}`, `'metadata.${field}' must be a map`, map];
    }
  }
  return value.spec === undefined || isMap(value.spec) ? undefined : ['spec', "'spec' must be a map", value.spec];
}

function problemOf(object: ManifestDocument, [location, rule, got]: Shape): ManifestProblem {
  return {
    object,
    location,
    text: `${rule}, got ${nature(got)}`,
    remedy: 'write a Kubernetes object, or move a file that holds none out of the folder',
  };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** What it is, not what it says: it may hold anything. */
function nature(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'empty text';
  if (Array.isArray(value)) return 'a list';
  return isMap(value) ? 'a map' : `a ${typeof value}`;
}
