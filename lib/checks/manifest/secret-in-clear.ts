import { asList, asMap, asText, dig, isMap, pathTo } from '../../internal/json';
import { credentialIn, isSecretByName } from './model/credentials';
import type { ManifestProblem, ManifestRule } from './model/finding';
import type { ManifestObject } from './model/manifest-object';
import { allContainersOf, type Workload } from './model/workload';

const REMEDY = 'put it into a Secret that is not in the manifests, and refer to it: valueFrom.secretKeyRef';

/** Schemas quote examples; Secrets have a rule of their own. */
const NOT_READ = new Set(['CustomResourceDefinition', 'Secret']);

/**
 * Manifests are reviewed, committed and logged: whoever reads them has the secret. Found by the name of a variable,
 * and by the shape of any text. Messages never repeat the value.
 * @see https://kubernetes.io/docs/concepts/security/secrets-good-practices/
 */
export const secretInClear: ManifestRule = {
  name: 'SecretInClear',
  *check(folder) {
    for (const object of folder.objects) {
      if (NOT_READ.has(object.kind)) continue;
      const found = new Map<string, string>();
      for (const [location, text] of namedSecrets(object, folder.workload(object))) found.set(location, text);
      for (const [location, text] of texts(object.value)) {
        const credential = credentialIn(text);
        if (credential !== undefined) found.set(location, `got ${credential}`);
      }
      for (const [location, got] of found) yield problem(object, location, got);
    }
  },
};

function problem(object: ManifestObject, location: string, got: string): ManifestProblem {
  return { object, location, text: `'${location}' must not hold a secret in the clear, ${got}`, remedy: REMEDY };
}

/** Where a name says that its value is secret. */
function* namedSecrets(object: ManifestObject, workload: Workload | undefined): Generator<[string, string]> {
  if (object.kind === 'ConfigMap') {
    for (const [key, value] of Object.entries(asMap(object.value.data))) {
      if (typeof value === 'string' && isSecretByName(key, value)) yield [pathTo('data', key), got(key, value)];
    }
  }
  if (workload === undefined || workload.templateOf !== undefined) return;
  for (const { value: container, path } of allContainersOf(workload)) {
    for (const [index, variable] of asList(container.env).entries()) {
      const name = asText(dig(variable, 'name'));
      const value = asText(dig(variable, 'value'));
      if (name !== undefined && value !== undefined && isSecretByName(name, value)) {
        yield [pathTo(path, 'env', index, 'value'), got(name, value)];
      }
    }
    for (const field of ['command', 'args']) yield* secretFlags(asList(container[field]), pathTo(path, field));
  }
}

/** `--api-key=x` and `--api-key x`. */
function* secretFlags(words: readonly unknown[], path: string): Generator<[string, string]> {
  for (const [index, word] of words.entries()) {
    const match = typeof word === 'string' ? /^--?([A-Za-z][-A-Za-z0-9_.]*)(?:=(.*))?$/s.exec(word) : null;
    if (match === null) continue;
    const next = asText(words[index + 1]);
    const value = match[2] ?? (next?.startsWith('-') ? undefined : next);
    if (value === undefined || !isSecretByName(match[1]!, value)) continue;
    yield [pathTo(path, match[2] === undefined ? index + 1 : index), got(`--${match[1]}`, value)];
  }
}

function got(name: string, value: string): string {
  return `got a literal of ${value.length} characters for ${name}`;
}

function* texts(value: unknown, path = ''): Generator<[string, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* texts(item, pathTo(path, index));
  else if (isMap(value)) for (const [key, item] of Object.entries(value)) yield* texts(item, pathTo(path, key));
}
