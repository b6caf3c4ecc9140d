import { errors } from '../internal/errors';

/** What Argo Rollouts replaces by the hash of the pods of a version. */
export const STABLE_HASH = '{{args.stable-hash}}';
export const CANARY_HASH = '{{args.canary-hash}}';

/** Throws where Argo Rollouts would look for what it does not find: it resolves everything between two braces. */
export function requirePlaceholders(property: string, text: string): void {
  const rest = text.replaceAll(STABLE_HASH, '').replaceAll(CANARY_HASH, '');
  if (!rest.includes('{{')) return;
  throw errors.unknownPlaceholder(property, text, [STABLE_HASH, CANARY_HASH]);
}
