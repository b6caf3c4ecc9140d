import { describe, expect, it } from 'vitest';
import { ConfigMapRef } from '../../lib/refs/config-map-ref';
import { EnvFrom } from '../../lib/refs/env-from';
import { SecretRef } from '../../lib/refs/secret-ref';

const rendered = (source: EnvFrom) => JSON.parse(JSON.stringify(source._model));

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables
describe('EnvFrom', () => {
  it('takes all keys of a Secret', () => {
    expect(rendered(EnvFrom.secret(SecretRef.named('rag-env')))).toEqual({ secretRef: { name: 'rag-env' } });
  });

  it('takes all keys of a ConfigMap', () => {
    expect(rendered(EnvFrom.configMap(ConfigMapRef.named('rag-env')))).toEqual({ configMapRef: { name: 'rag-env' } });
  });

  it.each([true, false])('says whether it is optional: %s', (optional) => {
    expect(rendered(EnvFrom.secret(SecretRef.named('a'), { optional })).secretRef).toEqual({ name: 'a', optional });
    expect(rendered(EnvFrom.configMap(ConfigMapRef.named('a'), { optional })).configMapRef).toEqual({
      name: 'a',
      optional,
    });
  });

  it.each(['A_', '_', 'a.b-'])('takes the prefix %j', (prefix) => {
    expect(rendered(EnvFrom.secret(SecretRef.named('a'), { prefix })).prefix).toBe(prefix);
  });

  it.each(['', '1', 'a b', '=', '..'])('fails on the prefix %j', (prefix) => {
    expect(() => EnvFrom.secret(SecretRef.named('a'), { prefix })).toThrow("[InvalidName] 'prefix' must be letters");
    expect(() => EnvFrom.configMap(ConfigMapRef.named('a'), { prefix })).toThrow("[InvalidName] 'prefix'");
  });
});
