import { describe, expect, it } from 'vitest';
import { deployment, found, type Json, object, rollout, service } from './manifests';

const rule = 'RolloutReferenceMissing';
const canary = (spec: Json) => rollout('a', { strategy: { canary: spec } });
const blueGreen = (spec: Json) => rollout('a', { strategy: { blueGreen: spec } });
const template = (name: string, namespace?: string) =>
  object('argoproj.io/v1alpha1', 'AnalysisTemplate', name, { spec: { metrics: [] } }, namespace);
const analysis = (templateName: string, rest: Json = {}) => ({ templates: [{ templateName, ...rest }] });

describe(rule, () => {
  it('finds a Service that is not there', () => {
    expect(found(rule, canary({ stableService: 'a', canaryService: 'a-canary' }), service('a'))).toEqual([
      "Rollout/a spec.strategy.canary.canaryService: 'spec.strategy.canary.canaryService' must name a Service of the namespace, got a-canary",
    ]);
  });

  it('finds a template that is not there', () => {
    const steps = [{ setWeight: 10 }, { analysis: analysis('a-gates') }];
    expect(found(rule, canary({ steps }), template('gate'))).toEqual([
      "Rollout/a spec.strategy.canary.steps[1].analysis.templates[0]: 'spec.strategy.canary.steps[1].analysis.templates[0]' must name a template in the folder, got AnalysisTemplate a-gates",
    ]);
  });

  // Fields as https://argo-rollouts.readthedocs.io/en/stable/features/specification/ has them.
  it.each([
    ['the stable Service', [canary({ stableService: 'b' }), service('a')], 1],
    ['both Services of a canary', [canary({ stableService: 'b', canaryService: 'c' }), service('a')], 2],
    ['the active Service', [blueGreen({ activeService: 'b' }), service('a')], 1],
    ['the preview', [blueGreen({ activeService: 'a', previewService: 'b' }), service('a')], 1],
    [
      'Services that are there',
      [blueGreen({ activeService: 'a', previewService: 'b' }), service('a'), service('b')],
      0,
    ],
    ['a Service of another namespace', [canary({ stableService: 'b' }), service('a'), service('b', {}, 'other')], 1],
    ['a folder without Services', [canary({ stableService: 'b' })], 0],
    ['analysis beside the steps', [canary({ analysis: analysis('a-b') }), template('a')], 1],
    ['analysis before a promotion', [blueGreen({ prePromotionAnalysis: analysis('a-b') }), template('a')], 1],
    ['analysis after a promotion', [blueGreen({ postPromotionAnalysis: analysis('a-b') }), template('a')], 1],
    ['a template that is there', [blueGreen({ postPromotionAnalysis: analysis('a-b') }), template('a-b')], 0],
    ['a template of another namespace', [canary({ analysis: analysis('a-b') }), template('a-b', 'other')], 1],
    [
      'one of the cluster, which is elsewhere',
      [canary({ analysis: analysis('a-b', { clusterScope: true }) }), template('a')],
      0,
    ],
    ['a template of somebody else', [canary({ analysis: analysis('theirs') }), template('a')], 0],
    ['a folder without templates', [canary({ analysis: analysis('a-b') })], 0],
    ['no strategy', [rollout('a'), service('a'), template('a')], 0],
    ['a Deployment', [deployment('a', { strategy: { canary: { stableService: 'b' } } }), service('a')], 0],
  ])('judges %s', (_, objects, count) => expect(found(rule, ...objects)).toHaveLength(count));
});
