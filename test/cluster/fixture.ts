import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Manifest, parseManifests } from '../tools/manifests';
import type { KubernetesObject } from './client';

/** Objects by kind; there is one of each. */
export type Fixture = Record<string, KubernetesObject>;

/** Manifests that every judge accepts, after `mutate` had its way with them. */
export function fixture(namespace: string, mutate: (objects: Fixture) => void = () => {}): Manifest[] {
  return mutated(namespace, objectsOf('fixture.yaml'), mutate);
}

/** The same, scaled by KEDA in place of an autoscaler, with more custom objects; a Knative Service goes by `Knative`. */
export function engineFixture(namespace: string, mutate: (objects: Fixture) => void = () => {}): Manifest[] {
  const { HorizontalPodAutoscaler: _, ...workload } = objectsOf('fixture.yaml');
  const { Service: Knative, ...engines } = objectsOf('engines.yaml');
  return mutated(namespace, { ...workload, ...engines, Knative }, mutate);
}

/** Nodes as Karpenter is told to make them: these objects are in no namespace. */
export function nodesFixture(mutate: (objects: Fixture) => void = () => {}): Manifest[] {
  return mutated(undefined, objectsOf('nodes.yaml'), mutate);
}

export const toYaml = (objects: KubernetesObject[]) => objects.map((object) => stringify(object)).join('---\n');

function objectsOf(file: string): Fixture {
  const manifests = parseManifests(file, readFileSync(join(__dirname, file), 'utf8'));
  return Object.fromEntries(manifests.map(({ object }) => [object.kind, object]));
}

function mutated(namespace: string | undefined, objects: Fixture, mutate: (objects: Fixture) => void): Manifest[] {
  if (namespace !== undefined) {
    for (const object of Object.values(objects)) object.metadata.namespace = namespace;
  }
  mutate(objects);
  return parseManifests('fixture.yaml', toYaml(Object.values(objects)));
}
