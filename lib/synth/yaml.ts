import { Yaml } from 'cdk8s';
import { blockText, keyText, scalarText, Unknown } from './yaml-scalar';

type Json = { readonly [key: string]: unknown };

/** What `Yaml.stringify(...documents)` of cdk8s gives, for any number of documents. */
export function yamlOf(documents: readonly unknown[]): string {
  return documents.map(documentText).join('---\n');
}

function documentText(document: unknown): string {
  if (!isMap(document) || repeats(document, new Set())) return Yaml.stringify(document);
  try {
    return new DocumentWriter().write(document);
  } catch (error) {
    if (error instanceof Unknown) return Yaml.stringify(document);
    throw error;
  }
}

/** Whether an object stands in two places: the library of cdk8s writes it once, with an anchor. */
function repeats(value: object, seen: Set<object>): boolean {
  if (seen.has(value)) return true;
  seen.add(value);
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === 'object' && item !== null && repeats(item, seen)) return true;
  }
  return false;
}

function isMap(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && value.constructor === Object && Object.keys(value).length > 0;
}

/** One document, for maps, lists and scalars of JSON. */
class DocumentWriter {
  private text = '';

  public write(document: Json): string {
    this.map(document, '');
    return `${this.text}\n`;
  }

  /** The first entry goes where the text ends. */
  private map(map: Json, indent: string): void {
    let separator = '';
    for (const key of Object.keys(map)) {
      this.text += separator + keyText(key);
      this.value(map[key], indent);
      separator = `\n${indent}`;
    }
  }

  private list(list: readonly unknown[], indent: string): void {
    let separator = '';
    // Holes are written, too.
    for (let index = 0; index < list.length; index++) {
      this.text += `${separator}-`;
      this.item(list[index], indent);
      separator = `\n${indent}`;
    }
  }

  /** What stands behind a key: collections begin a new line. */
  private value(value: unknown, indent: string): void {
    const inner = `${indent}  `;
    if (!isCollection(value) || isEmpty(value)) this.scalar(value, inner);
    else {
      this.text += `\n${inner}`;
      this.collection(value, inner);
    }
  }

  /** What stands behind a dash: collections begin on its line. */
  private item(value: unknown, indent: string): void {
    const inner = `${indent}  `;
    if (!isCollection(value) || isEmpty(value)) this.scalar(value, inner);
    else {
      this.text += ' ';
      this.collection(value, inner);
    }
  }

  private collection(value: object, indent: string): void {
    if (Array.isArray(value)) this.list(value, indent);
    else if (value.constructor === Object) this.map(value as Json, indent);
    else throw new Unknown();
  }

  private scalar(value: unknown, indent: string): void {
    this.text += ` ${scalarOf(value, indent)}`;
  }
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: object): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

function scalarOf(value: unknown, indent: string): string {
  switch (typeof value) {
    case 'string':
      return value.includes('\n') ? blockText(value, indent) : scalarText(value);
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'undefined':
      return 'null';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return '[]';
      if (value.constructor === Object) return '{}';
      throw new Unknown();
    default:
      throw new Unknown();
  }
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
