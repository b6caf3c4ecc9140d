import { Chart, Testing } from 'cdk8s';
import { ConfigMap } from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import { ConfigMapRef } from '../../lib/refs/config-map-ref';

describe('ConfigMapRef', () => {
  it.each(['a', 'prompts', 'team.prompts', '1', 'a'.repeat(253)])('takes the name %j', (name) => {
    expect(ConfigMapRef.named(name).name).toBe(name);
  });

  it.each(['', 'A', 'a_b', '-a', 'a/b', 'a'.repeat(254), undefined])('fails on the name %j', (name) => {
    expect(() => ConfigMapRef.named(name as string)).toThrow("[InvalidName] 'name' must be a DNS name");
  });

  it('stands for a construct of cdk8s-plus', () => {
    const chart = new Chart(Testing.app(), 'prod');
    expect(ConfigMapRef.of(new ConfigMap(chart, 'It', { metadata: { name: 'prompts' } })).name).toBe('prompts');
    expect(ConfigMapRef.of(ConfigMap.fromConfigMapName(chart, 'Other', 'prompts')).name).toBe('prompts');
  });
});
