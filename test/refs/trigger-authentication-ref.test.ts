import { describe, expect, it } from 'vitest';
import { TriggerAuthenticationRef } from '../../lib/refs/trigger-authentication-ref';

describe('TriggerAuthenticationRef', () => {
  it('is one of the namespace, or one of the cluster', () => {
    const own = TriggerAuthenticationRef.named('aws');
    expect([own.name, own._model]).toEqual(['aws', { kind: 'TriggerAuthentication', name: 'aws' }]);
    expect(TriggerAuthenticationRef.ofCluster('aws')._model.kind).toBe('ClusterTriggerAuthentication');
  });

  it.each(['a', '0', 'a.b-c.d', 'a'.repeat(253)])('takes the name %s', (name) => {
    expect(TriggerAuthenticationRef.named(name).name).toBe(name);
  });

  it.each(['', 'A', 'a_b', '-a', 'a-', 'a..b', 'a b', 'a'.repeat(254)])('fails on the name %j', (name) => {
    expect(() => TriggerAuthenticationRef.named(name)).toThrow("[InvalidName] 'name' must be a DNS name");
    expect(() => TriggerAuthenticationRef.ofCluster(name)).toThrow("[InvalidName] 'name' must be a DNS name");
  });
});
