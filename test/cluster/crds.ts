import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { yamlFiles } from '../tools/manifests';
import { ApiError, type Body, type Client, type KubernetesObject, until } from './client';

/** Folders of `test/schemas`, the newest of each project. Older ones of the same kinds are to be named. */
export const NEWEST_SCHEMAS = [
  'keda-2.21.0',
  'keda-http-add-on-0.16.0-derived',
  'knative-serving-0.51.0',
  'prometheus-operator-0.85.0',
  'gateway-api-1.7.0',
  'aws-load-balancer-controller-3.5.0',
  'envoy-gateway-1.9.1',
  'argo-rollouts-1.10.2',
  'karpenter-aws-1.15.1',
  'karpenter-capacity-buffer',
] as const;

export type SchemaFolder = (typeof NEWEST_SCHEMAS)[number] | 'keda-http-add-on-0.15.0';

interface Definition {
  readonly text: string;
  readonly object: KubernetesObject;
}

/** Which of the newest schemas define kinds among `objects`. */
export function schemasOf(objects: KubernetesObject[]): SchemaFolder[] {
  return NEWEST_SCHEMAS.filter((folder) => objects.some((object) => definitionsIn(folder).some(defines(object))));
}

/** Whether an object is of a kind that one of our schemas defines. */
export const isCustom = (object: KubernetesObject) => schemasOf([object]).length > 0;

/** Installs custom resource definitions, and waits until the server serves them. */
export async function installCrds(client: Client, folders: readonly SchemaFolder[]): Promise<void> {
  await installAll(client, folders.flatMap(definitionsIn));
}

/** The same of the definitions in any folder. */
export async function installCrdsFrom(client: Client, dir: string): Promise<void> {
  await installAll(client, definitionsAt(dir));
}

async function installAll(client: Client, definitions: Definition[]): Promise<void> {
  // All at once: the server makes its OpenAPI document anew after each pause.
  await Promise.all(definitions.map((definition) => install(client, definition)));
}

const read = new Map<SchemaFolder, Definition[]>();

function definitionsIn(folder: SchemaFolder): Definition[] {
  if (!read.has(folder)) read.set(folder, definitionsAt(join(__dirname, '../schemas', folder)));
  return read.get(folder)!;
}

function definitionsAt(dir: string): Definition[] {
  const texts = yamlFiles(dir).map((file) => readFileSync(file, 'utf8'));
  const definitions = texts.map((text) => ({ text, object: parse(text) as KubernetesObject }));
  return definitions.filter(({ object }) => object.kind === 'CustomResourceDefinition');
}

const defines =
  ({ apiVersion, kind }: KubernetesObject) =>
  ({ object: { spec } }: Definition) =>
    spec.names.kind === kind && spec.versions.some((v: Body) => `${spec.group}/${v.name}` === apiVersion);

async function install(client: Client, { text, object }: Definition): Promise<void> {
  await client.createStrictly(object, text).catch((error) => {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  });
  const path = await client.path(object);
  await until(`${object.metadata.name} established`, async () => {
    const { status } = await client.get(path);
    return status?.conditions?.some((c: Body) => c.type === 'Established' && c.status === 'True');
  });
  // Discovery and the storage come a moment after that, each by itself.
  const { group, names, versions } = object.spec;
  for (const { name } of versions.filter((v: Body) => v.served)) {
    await until(`${object.metadata.name} served`, async () => {
      const discovered = await client.find(`/apis/${group}/${name}`);
      const listed = await client.get(`/apis/${group}/${name}/${names.plural}`).catch(notYet);
      return listed !== undefined && discovered?.resources.some((r: Body) => r.name === names.plural);
    });
  }
}

/** 404 before the server knows the kind, 429 while it makes its storage. */
function notYet(error: unknown): undefined {
  if (!(error instanceof ApiError && [404, 429].includes(error.status))) throw error;
}
