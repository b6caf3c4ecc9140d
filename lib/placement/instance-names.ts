import { requireText, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';

const KINDS = {
  instanceFamilies: { pattern: /^[a-z][a-z0-9-]*[0-9][a-z0-9-]*$/, rule: 'families, as g6' },
  instanceTypes: { pattern: /^[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9-]*$/, rule: 'instance types, as g6.2xlarge' },
  zones: { pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, rule: 'zones, as us-east-1a' },
} as const;

/** What nodes are chosen by, under the name that its property has. */
export type InstanceNames = keyof typeof KINDS;

/** Throws unless these are names of EC2, each once; `remedy` is for an empty list. */
export function requireInstanceNames(
  kind: InstanceNames,
  property: string,
  names: readonly string[],
  remedy: string,
): void {
  if (names.length === 0) throw errors.emptyList(property, remedy);
  requireUnique(property, names);
  const { pattern, rule } = KINDS[kind];
  for (const name of names) {
    requireText(property, name, 63);
    if (!pattern.test(name)) throw errors.invalidText(property, rule, name);
  }
}
