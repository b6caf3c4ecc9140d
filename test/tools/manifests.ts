import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import type { KubernetesObject } from '../cluster/client';

export interface Manifest {
  readonly file: string;
  /** The document as it was written. */
  readonly text: string;
  readonly object: KubernetesObject;
}

/** The documents of every YAML file in a folder, in the order in which `kubectl apply -R` takes them. */
export function readManifests(dir: string): Manifest[] {
  return yamlFiles(dir).flatMap((path) => parseManifests(relative(dir, path), readFileSync(path, 'utf8')));
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

export const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`;
