import { errors } from '../internal/errors';

/** Throws where a key stands in a list twice. */
export function requireUnique(property: string, keys: readonly string[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw errors.duplicateKey(property, key, 'keep the one that is meant');
    seen.add(key);
  }
}
