import { Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import { SecretRef } from '../../lib/refs/secret-ref';

describe('SecretRef', () => {
  it.each(['a', 'rag-keys', 'team.rag-keys', '1', 'a'.repeat(253)])('takes the name %j', (name) => {
    expect(SecretRef.named(name).name).toBe(name);
  });

  it.each(['', 'A', 'a_b', '-a', 'a/b', 'a'.repeat(254), undefined])('fails on the name %j', (name) => {
    expect(() => SecretRef.named(name as string)).toThrow("[InvalidName] 'name' must be a DNS name");
  });

  it('stands for a construct of cdk8s-plus', () => {
    const chart = new Chart(Testing.app(), 'prod');
    expect(SecretRef.of(new Secret(chart, 'It', { metadata: { name: 'rag-keys' } })).name).toBe('rag-keys');
    expect(SecretRef.of(Secret.fromSecretName(chart, 'Other', 'rag-keys')).name).toBe('rag-keys');
  });
});
