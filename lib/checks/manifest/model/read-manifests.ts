import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../../../internal/errors';
import { documentsOf, type ManifestDocument } from './manifest-object';

/** What cdk8s writes beside the manifests. */
const CONSTRUCT_METADATA = 'construct-metadata.json';
const ALIASES = 100;

/** The manifests of a folder and all folders in it, in the order of their names; paths are relative to the folder. */
export function readFolder(path: string): ManifestDocument[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) throw errors.folderNotFound('path', path);
  const documents = manifestFiles(path, '').flatMap((file) => readManifestFile(join(path, file), file));
  if (documents.length === 0) throw errors.noManifests('path', path);
  return documents;
}

/** The documents of a file, under the name that messages are to show. */
export function readManifestFile(path: string, shown = path): ManifestDocument[] {
  // Loaded here, for an import of the library must not load it.
  const { parseAllDocuments } = require('yaml') as typeof import('yaml');
  // Kubernetes reads YAML 1.1, of which JSON is a part.
  const parsed = parseAllDocuments(readFileSync(path, 'utf8'), { logLevel: 'error', uniqueKeys: true, version: '1.1' });
  const values = [...parsed].map((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw errors.manifestNotYaml(shown, problem.message.split('\n')[0]!);
    try {
      const value: unknown = document.toJS({ maxAliasCount: ALIASES });
      requireFinite(value);
      return value;
    } catch (error) {
      throw errors.manifestNotYaml(shown, (error as Error).message);
    }
  });
  return documentsOf(shown, values);
}

/** An alias may lie in what it stands for, and such a map has no end. */
function requireFinite(value: unknown, within: ReadonlySet<unknown> = new Set()): void {
  if (typeof value !== 'object' || value === null) return;
  if (within.has(value)) throw new Error('an alias contains itself');
  const path = new Set([...within, value]);
  for (const item of Object.values(value)) requireFinite(item, path);
}

/** As `kubectl apply -R` takes them, but for hidden folders and those of packages. */
function manifestFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : manifestFiles(root, path);
      }
      const isManifest = /\.(?:json|ya?ml)$/.test(entry.name) && entry.name !== CONSTRUCT_METADATA;
      return isManifest && statSync(join(root, path)).isFile() ? [path] : [];
    });
}
