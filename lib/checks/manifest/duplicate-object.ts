import type { ManifestRule } from './model/finding';
import { keyOf } from './model/manifest-object';

/** Within a file: the second replaces the first without a word. Two files may be for two clusters. */
export const duplicateObject: ManifestRule = {
  name: 'DuplicateObject',
  *check({ objects }) {
    const seen = new Set<string>();
    for (const object of objects) {
      const key = `${object.file}\n${keyOf(object)}`;
      if (seen.has(key) && !object.name.endsWith('*')) {
        yield {
          object,
          location: 'metadata.name',
          text: `'metadata.name' must be stated once per kind and namespace, got ${object.name} a second time in the file`,
          remedy: 'rename or remove one, for the last one applied wins',
        };
      }
      seen.add(key);
    }
  },
};
