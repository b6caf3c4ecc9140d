import { requireText } from './checks';
import { errors } from './errors';
import { sortedEntries } from './names';

/** Of AWS, in characters. */
const MAX_KEY = 128;
const MAX_VALUE = 256;

/** Throws unless AWS puts these tags on a resource: a value may be empty, and `aws:` is its own. */
export function requireTags(property: string, tags: { readonly [key: string]: string } | undefined): void {
  for (const [key, value] of sortedEntries(tags)) {
    requireText(property, key, MAX_KEY);
    if (/^aws:/i.test(key)) throw errors.invalidText(property, 'none that AWS sets itself', key);
    if (value !== '') requireText(`${property}.${key}`, value, MAX_VALUE);
  }
}

/** Throws unless Karpenter finds resources by these tags: it takes none that is empty. */
export function requireTagSelector(property: string, tags: { readonly [key: string]: string }): void {
  for (const [key, value] of sortedEntries(tags)) {
    requireText(property, key, MAX_KEY);
    requireText(`${property}.${key}`, value, MAX_VALUE);
  }
}
