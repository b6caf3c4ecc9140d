import { Yaml } from 'cdk8s';
import { blockText, keyText, scalarText, Unknown } from './yaml-scalar';

type Json = { readonly [key: string]: unknown };

/** What an object renders to. */
export interface Manifest {
  readonly json: unknown;
  /** Whether it is a tree: a part that stands in two places is written twice, where cdk8s would have made a copy of it. */
  readonly tree: boolean;
}

/** What stands between documents. */
export const SEPARATOR = '---\n';

/** What `Yaml.stringify(...)` of cdk8s gives, for any number of manifests. */
export function yamlOf(manifests: Iterable<Manifest>): string {
  return Array.from(manifests, documentOf).join(SEPARATOR);
}

/** One manifest as a document. */
export function documentOf({ json, tree }: Manifest): string {
  // The library of cdk8s writes what stands in two places once, with an anchor.
  if (!isFilledMap(json) || (!tree && repeats(json, new Set()))) return Yaml.stringify(json);
  try {
    return new DocumentWriter().write(json);
  } catch (error) {
    if (error instanceof Unknown) return Yaml.stringify(tree ? unshared(json) : json);
    throw error;
  }
}

/** A copy in which nothing stands in two places. */
export function unshared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshared);
  if (typeof value !== 'object' || value === null || value.constructor !== Object) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unshared(item)]));
}

function repeats(value: object, seen: Set<object>): boolean {
  if (seen.has(value)) return true;
  seen.add(value);
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === 'object' && item !== null && repeats(item, seen)) return true;
  }
  return false;
}

function isFilledMap(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && value.constructor === Object && Object.keys(value).length > 0;
}

/** One document, for maps, lists and scalars of JSON. */
class DocumentWriter {
  // A list to be joined: V8 would keep all the parts of a text that grows by `+=` until it is read.
  private readonly parts: string[] = [];

  public write(document: Json): string {
    this.map(document, Object.keys(document), '');
    this.parts.push('\n');
    return this.parts.join('');
  }

  /** What stands behind a key or a dash; a collection begins with `opening`. */
  private value(value: unknown, indent: string, opening: string): void {
    if (typeof value !== 'object' || value === null) this.parts.push(' ', scalarOf(value, indent));
    else if (Array.isArray(value)) this.list(value, indent, opening);
    else if (value.constructor === Object) this.filled(value as Json, indent, opening);
    else throw new Unknown();
  }

  private list(list: readonly unknown[], indent: string, opening: string): void {
    if (list.length === 0) this.parts.push(' []');
    const inner = `${indent}  `;
    let separator = opening;
    // Holes are written, too.
    for (let index = 0; index < list.length; index++) {
      this.parts.push(separator, '-');
      this.value(list[index], inner, ' ');
      separator = `\n${indent}`;
    }
  }

  private filled(map: Json, indent: string, opening: string): void {
    const keys = Object.keys(map);
    this.parts.push(keys.length === 0 ? ' {}' : opening);
    this.map(map, keys, indent);
  }

  /** The first entry goes where the text ends. */
  private map(map: Json, keys: readonly string[], indent: string): void {
    const inner = `${indent}  `;
    const opening = `\n${inner}`;
    let separator = '';
    for (const key of keys) {
      this.parts.push(separator, keyText(key));
      this.value(map[key], inner, opening);
      separator = `\n${indent}`;
    }
  }
}

function scalarOf(value: unknown, indent: string): string {
  switch (typeof value) {
    case 'string':
      return value.includes('\n') ? blockText(value, indent) : scalarText(value);
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
    case 'undefined':
      return 'null';
    default:
      throw new Unknown();
  }
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
