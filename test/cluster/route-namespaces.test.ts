import { describe, expect, it } from 'vitest';
import { RouteNamespaces } from '../../lib/cluster/route-namespaces';

describe('RouteNamespaces', () => {
  // FromNamespaces of gateway.networking.k8s.io/v1: All, Selector, Same.
  it('are those of the Gateway, every one, or some by name', () => {
    expect(RouteNamespaces.same()._model).toEqual({ from: 'Same' });
    expect(RouteNamespaces.all()._model).toEqual({ from: 'All' });
    expect(RouteNamespaces.named(['ml', '0-lab'])._model).toEqual({ from: 'Selector', namespaces: ['ml', '0-lab'] });
  });

  it('keep what they were given', () => {
    const namespaces = ['ml'];
    const named = RouteNamespaces.named(namespaces);
    namespaces.push('web');
    expect(named._model).toEqual({ from: 'Selector', namespaces: ['ml'] });
  });

  it('fail on none, on one twice, and on what is no namespace', () => {
    expect(() => RouteNamespaces.named([])).toThrow(
      "[EmptyList] 'namespaces' must not be empty; use RouteNamespaces.same() for its own alone",
    );
    expect(() => RouteNamespaces.named(['a', 'b', 'a'])).toThrow(
      '[DuplicateKey] \'namespaces\' must state "a" once, got it twice',
    );
    for (const name of ['', 'A', 'a.b', '-a', 'a'.repeat(64)]) {
      expect(() => RouteNamespaces.named(['ml', name])).toThrow("[InvalidName] 'namespaces' must be a DNS label");
    }
  });
});
