import { describe, expect, it } from 'vitest';
import { argoCdIgnoreRules } from '../../lib/engines/argo-cd';

// https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/
describe('argoCdIgnoreRules', () => {
  it('are none where nothing of the definition is written by the controller', () => {
    expect(argoCdIgnoreRules({ headerRoutes: [] })).toEqual([]);
  });

  it('leave the replicas to the autoscaler', () => {
    expect(argoCdIgnoreRules({ namespace: 'ml', autoscaledRollout: 'rag', headerRoutes: [] })).toEqual([
      { group: 'argoproj.io', kind: 'Rollout', name: 'rag', namespace: 'ml', jsonPointers: ['/spec/replicas'] },
    ]);
  });

  it('leave weights of routes, and no other field of them', () => {
    const routes = [{ kind: 'HTTPRoute', name: 'rag', namespace: 'doors' }] as const;
    expect(argoCdIgnoreRules({ namespace: 'ml', headerRoutes: ['canary-step-1'], routes })).toEqual([
      {
        group: 'gateway.networking.k8s.io',
        kind: 'HTTPRoute',
        name: 'rag',
        namespace: 'doors',
        jqPathExpressions: [
          '.spec.rules[].backendRefs[].weight',
          '.spec.rules[] | select((.name // "") | test("^canary-step-1(-[0-9]+)?$"))',
        ],
      },
    ]);
  });

  it('leave the action of a load balancer, whose name has a slash that a pointer escapes', () => {
    const albIngresses = [{ name: 'rag', action: 'weighted' }];
    expect(argoCdIgnoreRules({ headerRoutes: [], albIngresses })).toEqual([
      {
        group: 'networking.k8s.io',
        kind: 'Ingress',
        name: 'rag',
        jsonPointers: ['/metadata/annotations/alb.ingress.kubernetes.io~1actions.weighted'],
      },
    ]);
    expect(argoCdIgnoreRules({ headerRoutes: ['canary-step-2'], albIngresses })[0]!.jqPathExpressions).toEqual([
      '.spec.rules[].http.paths[] | select(.backend.service.name == "canary-step-2")',
    ]);
  });
});
