import { Chart, Size, Testing } from 'cdk8s';
import { PersistentVolumeClaim } from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import { ClaimRef } from '../../lib/refs/claim-ref';

describe('ClaimRef', () => {
  it.each(['a', 'weights', 'team.weights', '1', 'a'.repeat(253)])('takes the name %j', (name) => {
    expect(ClaimRef.named(name).name).toBe(name);
  });

  it.each(['', 'A', 'a_b', '-a', 'a/b', 'a'.repeat(254), undefined])('fails on the name %j', (name) => {
    expect(() => ClaimRef.named(name as string)).toThrow("[InvalidName] 'name' must be a DNS name");
  });

  it('stands for a construct of cdk8s-plus', () => {
    const chart = new Chart(Testing.app(), 'prod');
    expect(
      ClaimRef.of(new PersistentVolumeClaim(chart, 'It', { metadata: { name: 'weights' }, storage: Size.gibibytes(1) }))
        .name,
    ).toBe('weights');
    expect(ClaimRef.of(PersistentVolumeClaim.fromClaimName(chart, 'Other', 'weights')).name).toBe('weights');
  });
});
