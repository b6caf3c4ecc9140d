import { asMap } from '../../internal/json';
import type { ManifestRule } from './model/finding';

/**
 * Base64 hides nothing. Sealed and external secrets are kinds of their own; a file that SOPS has encrypted says so.
 * @see https://kubernetes.io/docs/concepts/security/secrets-good-practices/#avoid-sharing-secret-manifests
 */
export const secretInManifest: ManifestRule = {
  name: 'SecretInManifest',
  *check(folder) {
    for (const object of folder.ofKind('Secret', '')) {
      if (object.value.sops !== undefined) continue;
      for (const field of ['data', 'stringData']) {
        const keys = Object.entries(asMap(object.value[field]))
          .filter(([, value]) => typeof value === 'string' && value !== '' && !isPlaceholder(value))
          .map(([key]) => key);
        if (keys.length === 0) continue;
        yield {
          object,
          location: field,
          text: `'${field}' of a Secret must not be in the manifests, got ${keys.join(', ')}`,
          remedy: 'create it in the cluster, or use a SealedSecret, an ExternalSecret or SOPS',
        };
      }
    }
  },
};

/** What a plug-in of the pipeline fills in. */
function isPlaceholder(value: string): boolean {
  return /^(?:<.*>|\$\{.*\}|ENC\[.*\]|ref\+.*|vault:.*)$/s.test(value);
}
