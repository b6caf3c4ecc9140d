/** How cdk8s cleans what it has resolved. */
export interface SanitizeOptions {
  readonly sortKeys: boolean;
  /** Whether empty maps and lists are left out, as in metadata. */
  readonly dropEmpty?: boolean;
}

/**
 * A copy without nulls in maps, as cdk8s' `sanitizeValue()` makes it.
 *
 * @throws Error if something is neither a scalar, a list nor a plain object
 */
export function sanitize(value: unknown, options: SanitizeOptions): unknown {
  if (value === null || typeof value !== 'object') return value ?? undefined;
  if (Array.isArray(value)) {
    return options.dropEmpty === true && value.length === 0 ? undefined : value.map((item) => sanitize(item, options));
  }
  if (value.constructor.name !== 'Object')
    throw new Error(`can't render non-simple object of type '${value.constructor.name}'`);
  return sanitizeMap(value as { readonly [key: string]: unknown }, options);
}

function sanitizeMap(map: { readonly [key: string]: unknown }, options: SanitizeOptions): unknown {
  const copy: { [key: string]: unknown } = {};
  const keys = Object.keys(map);
  for (const key of options.sortKeys && !isSorted(keys) ? keys.sort() : keys) {
    const value = sanitize(map[key], options);
    if (value !== undefined) copy[key] = value;
  }
  return options.dropEmpty === true && Object.keys(copy).length === 0 ? undefined : copy;
}

/** Most maps are, and the check is cheaper than the sort. */
function isSorted(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) if (keys[index - 1]! > keys[index]!) return false;
  return true;
}
