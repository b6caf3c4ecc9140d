import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { KubernetesObject } from '../cluster/client';

export interface Manifest {
  readonly file: string;
  /** The document as it was written. */
  readonly text: string;
  readonly object: KubernetesObject;
}

/** The documents of YAML files, in the order in which `kubectl apply` takes them. */
export function readManifests(files: string[]): Manifest[] {
  return files.flatMap((file) => parseManifests(file, readFileSync(file, 'utf8')));
}

export function parseManifests(file: string, text: string): Manifest[] {
  return text
    .split(/^---\s*$/m)
    .map((document) => ({ file, text: document, object: parseDocument(document).toJS() as KubernetesObject | null }))
    .filter((manifest): manifest is Manifest => manifest.object !== null);
}

export function yamlFiles(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(dir, name));
}

/** What there can be only one of in a cluster. */
export function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [apiVersion.replace(/\/.*|^v1$/, ''), kind, metadata.namespace ?? '', metadata.name].join('/');
}

export const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`;
