import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Body, KubernetesObject } from '../cluster/client';
import { yamlFiles } from '../tools/manifests';

const definitions = new Map<string, Body[]>();

function definitionsIn(folder: string): Body[] {
  if (!definitions.has(folder)) {
    const files = yamlFiles(join(__dirname, folder));
    definitions.set(folder, files.map((file) => parse(readFileSync(file, 'utf8'))));
  }
  return definitions.get(folder)!;
}

/**
 * What the structural schema of a pinned definition has against an object, a line each: unknown fields, types, bounds and
 * patterns. Its CEL rules are for the real API server to judge.
 */
export function structuralFindings(object: KubernetesObject, ...folders: readonly string[]): string[] {
  const [, version] = object.apiVersion.split('/');
  const crd = folders
    .flatMap(definitionsIn)
    .find(({ kind, spec }) => kind === 'CustomResourceDefinition' && spec.names.kind === object.kind);
  if (crd === undefined) return [`${object.kind}: no definition`];
  const { schema } = crd.spec.versions.find(({ name }: Body) => name === version);
  const { metadata: _, ...rest } = object;
  return findings(rest, schema.openAPIV3Schema, object.kind);
}

function findings(value: Body, schema: Body, path: string): string[] {
  const wrong = (what: string) => [`${path}: ${what}: ${JSON.stringify(value)}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return wrong('not in the list');
  switch (schema.type) {
    case 'object': {
      if (typeof value !== 'object' || Array.isArray(value)) return wrong('no object');
      const { properties = {}, additionalProperties, required = [] } = schema;
      const missing = required.filter((name: string) => value[name] === undefined);
      return [
        ...missing.flatMap((name: string) => wrong(`lacks ${name}`)),
        ...Object.entries<Body>(value).flatMap(([name, part]) => {
          const of = properties[name] ?? additionalProperties;
          return of === undefined ? [`${path}.${name}: unknown`] : findings(part, of, `${path}.${name}`);
        }),
      ];
    }
    case 'array': {
      if (!Array.isArray(value)) return wrong('no list');
      const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
      if (value.length < minItems || value.length > maxItems) return wrong(`not of ${minItems} to ${maxItems} items`);
      return value.flatMap((item, index) => findings(item, items, `${path}[${index}]`));
    }
    case 'string': {
      if (typeof value !== 'string') return wrong('no text');
      const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern = '' } = schema;
      const fits = value.length >= minLength && value.length <= maxLength && new RegExp(pattern).test(value);
      return fits ? [] : wrong(`not of ${minLength} to ${maxLength} characters like ${pattern}`);
    }
    case 'integer': {
      const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
      return Number.isInteger(value) && value >= minimum && value <= maximum ? [] : wrong('no such number');
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('neither true nor false');
    default:
      return [];
  }
}
