import { describe, expect, it } from 'vitest';
import { Affinity, NodeRequirement } from '../../lib';
import { kubeAffinity } from '../../lib/engines/affinity';

const render = (...rules: Affinity[]) => kubeAffinity(rules.map(({ _model }) => _model));
const near = { labels: { app: 'cache' }, topologyKey: 'topology.kubernetes.io/zone', namespaces: ['web'] };
const term = {
  labelSelector: { matchLabels: { app: 'cache' } },
  topologyKey: 'topology.kubernetes.io/zone',
  namespaces: ['web'],
};

// Shapes from the API reference of core/v1 Affinity, by hand.
describe('kubeAffinity', () => {
  it('is nothing for no rules', () => {
    expect(render()).toBeUndefined();
  });

  // Terms of nodeSelectorTerms are alternatives.
  it('lets all that is required of nodes hold at once', () => {
    expect(
      render(
        Affinity.requireNodes([NodeRequirement.noneOf('zone', ['c']), NodeRequirement.greaterThan('cores', 8)]),
        Affinity.requireNodes([NodeRequirement.doesNotExist('spot')]),
      ),
    ).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'zone', operator: 'NotIn', values: ['c'] },
                { key: 'cores', operator: 'Gt', values: ['8'] },
                { key: 'spot', operator: 'DoesNotExist' },
              ],
            },
          ],
        },
      },
    });
  });

  it('weighs what is preferred, each rule by itself', () => {
    expect(
      render(
        Affinity.preferNodes(1, [NodeRequirement.exists('ssd')]),
        Affinity.preferNodes(100, [NodeRequirement.lessThan('age', 3)]),
      ),
    ).toEqual({
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, preference: { matchExpressions: [{ key: 'ssd', operator: 'Exists' }] } },
          { weight: 100, preference: { matchExpressions: [{ key: 'age', operator: 'Lt', values: ['3'] }] } },
        ],
      },
    });
  });

  it.each([
    ['near', Affinity.requirePods(near), 'podAffinity', 'required'],
    ['rather near', Affinity.preferPods(5, near), 'podAffinity', 'preferred'],
    ['never near', Affinity.avoidPods(near), 'podAntiAffinity', 'required'],
    ['rather not near', Affinity.preferToAvoidPods(5, near), 'podAntiAffinity', 'preferred'],
  ])('puts pods %s others', (_, rule, kind, strength) => {
    expect(render(rule)).toEqual({
      [kind]: {
        [`${strength}DuringSchedulingIgnoredDuringExecution`]: [
          strength === 'required' ? term : { weight: 5, podAffinityTerm: term },
        ],
      },
    });
  });
});
