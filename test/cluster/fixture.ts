import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Manifest, parseManifests } from '../tools/manifests';
import type { KubernetesObject } from './client';

/** Objects by kind; there is one of each. */
export type Fixture = Record<string, KubernetesObject>;

/** Manifests that every judge accepts, after `mutate` had its way with them. */
export function fixture(namespace: string, mutate: (objects: Fixture) => void = () => {}): Manifest[] {
  const manifests = parseManifests('fixture.yaml', readFileSync(join(__dirname, 'fixture.yaml'), 'utf8'));
  const objects: Fixture = Object.fromEntries(manifests.map(({ object }) => [object.kind, object]));
  for (const object of Object.values(objects)) object.metadata.namespace = namespace;
  mutate(objects);
  return parseManifests('fixture.yaml', toYaml(Object.values(objects)));
}

export const toYaml = (objects: KubernetesObject[]) => objects.map((object) => stringify(object)).join('---\n');
