// Files come from anywhere: every access must bear any shape, and never follow a prototype.

export interface JsonMap {
  readonly [key: string]: unknown;
}

const EMPTY: JsonMap = Object.freeze({});

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The map, or an empty one where there is none. */
export function asMap(value: unknown): JsonMap {
  return isMap(value) ? value : EMPTY;
}

/** The list, or an empty one where there is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A whole number. */
export function asInteger(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** What lies at the end of these keys, or undefined. */
export function dig(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (!isMap(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

/** Entries whose values are text; the scalars that YAML made of unquoted text are turned back. */
export function textEntries(value: unknown): [string, string][] {
  return Object.entries(asMap(value))
    .filter(([, entry]) => ['string', 'number', 'boolean'].includes(typeof entry))
    .map(([key, entry]) => [key, String(entry)]);
}

/** A path as Kubernetes writes it: `spec.ports[0].name`, `data["a.b"]`. */
export function pathTo(base: string, ...segments: readonly (string | number)[]): string {
  return segments.reduce<string>((path, segment) => {
    if (typeof segment === 'number') return `${path}[${segment}]`;
    if (!/^[A-Za-z_][-A-Za-z0-9_]*$/.test(segment)) return `${path}[${JSON.stringify(segment)}]`;
    return path === '' ? segment : `${path}.${segment}`;
  }, base);
}
