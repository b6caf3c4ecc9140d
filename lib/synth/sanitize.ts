/** How cdk8s cleans what it has resolved. */
export interface SanitizeOptions {
  readonly sortKeys: boolean;
  /** Whether empty maps and lists are left out, as in metadata. */
  readonly dropEmpty?: boolean;
}

/**
 * A value without nulls in maps, as cdk8s' `sanitizeValue()` makes it. What is clean already is returned itself; cdk8s copies
 * it.
 *
 * @throws Error if something is neither a scalar, a list nor a plain object
 */
export function sanitize(value: unknown, options: SanitizeOptions): unknown {
  if (value === null || typeof value !== 'object') return value ?? undefined;
  if (Array.isArray(value)) {
    return options.dropEmpty === true && value.length === 0 ? undefined : sanitizeList(value, options);
  }
  if (value.constructor.name !== 'Object')
    throw new Error(`can't render non-simple object of type '${value.constructor.name}'`);
  return sanitizeMap(value as { readonly [key: string]: unknown }, options);
}

function sanitizeList(list: readonly unknown[], options: SanitizeOptions): readonly unknown[] {
  const clean = list.map((item) => sanitize(item, options));
  return clean.every((item, index) => item === list[index]) ? list : clean;
}

function sanitizeMap(map: { readonly [key: string]: unknown }, options: SanitizeOptions): unknown {
  const keys = Object.keys(map);
  const sorted = !options.sortKeys || isSorted(keys);
  // Of maps of another realm the writer would make nothing.
  let copy: { [key: string]: unknown } | undefined = sorted && map.constructor === Object ? undefined : {};
  if (!sorted) keys.sort();
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    const value = map[key];
    const clean = sanitize(value, options);
    // Assigned to a copy, a prototype is no entry.
    const changed = clean !== value || clean === undefined || key === '__proto__';
    if (changed) copy ??= Object.fromEntries(keys.slice(0, index).map((before) => [before, map[before]]));
    if (copy !== undefined && clean !== undefined) copy[key] = clean;
  }
  const result = copy ?? map;
  return options.dropEmpty === true && Object.keys(result).length === 0 ? undefined : result;
}

/** Most maps are, and the check is cheaper than the sort. */
function isSorted(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) if (keys[index - 1]! > keys[index]!) return false;
  return true;
}
