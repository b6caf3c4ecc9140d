import { describe, expect, it } from 'vitest';
import { budget, cronJob, deployment, found, knativeService, policy, service } from './manifests';

// One table for the three rules that ask the same of a Service, a budget and a policy.
describe.each([
  ['ServiceSelectsNothing', 'spec.selector', (selector: object) => service('s', { selector })],
  ['BudgetSelectsNothing', 'spec.selector', (selector: object) => budget('s', { selector: { matchLabels: selector } })],
  ['PolicySelectsNothing', 'spec.podSelector', (selector: object) => policy('s', { matchLabels: selector })],
])('%s', (rule, location, make) => {
  it('finds a selector that no template meets', () => {
    const [finding, ...others] = found(rule, deployment('a'), make({ app: 'b' }));
    expect(others).toEqual([]);
    expect(finding).toContain(`/s ${location}: '${location}' must match the pods of a workload, got app=b,`);
  });

  it('finds one that no template meets as a whole', () => {
    const pods = deployment('a', { labels: { app: 'a', tier: 'web' } });
    expect(found(rule, pods, make({ app: 'a', tier: 'db' }))).toHaveLength(1);
  });

  it.each([
    ['the labels of a template', deployment('a'), { app: 'a' }],
    ['fewer labels', deployment('a', { labels: { app: 'a', tier: 'web' } }), { tier: 'web' }],
    ['those of a CronJob', cronJob('a', { app: 'a' }), { app: 'a' }],
    ['a folder without workloads', service('other'), { app: 'b' }],
    ['workloads of another namespace only', deployment('a', { namespace: 'other' }), { app: 'b' }],
    // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-name-label
    ['a pod by its name', deployment('a'), { app: 'a', 'statefulset.kubernetes.io/pod-name': 'a-0' }],
    ['labels that an operator gives', deployment('a'), { 'cnpg.io/cluster': 'db' }],
    ['what Knative gives', knativeService('k', { template: { spec: {} } }), { 'serving.knative.dev/service': 'k' }],
  ])('takes %s', (_, workload, selector) => expect(found(rule, workload, make(selector))).toEqual([]));

  it('finds a prefixed label that templates have with other values', () => {
    const pods = deployment('a', { labels: { 'example.com/team': 'x' } });
    expect(found(rule, pods, make({ 'example.com/team': 'y' }))).toHaveLength(1);
  });
});

describe('ServiceSelectsNothing', () => {
  it.each([
    ['no selector: someone else writes the endpoints', { selector: undefined }],
    ['an external name', { type: 'ExternalName', externalName: 'example.com', selector: { app: 'b' } }],
  ])('takes %s', (_, spec) => expect(found('ServiceSelectsNothing', deployment('a'), service('s', spec))).toEqual([]));

  it('finds the recommended label where pods have the short one', () => {
    const mixed = service('s', { selector: { 'app.kubernetes.io/name': 'a' } });
    expect(found('ServiceSelectsNothing', deployment('a'), mixed)).toHaveLength(1);
  });

  it('takes one over several workloads', () => {
    const pods = (name: string) => deployment(name, { labels: { app: 'x', track: name } });
    const front = service('s', { selector: { app: 'x' } });
    expect(found('ServiceSelectsNothing', pods('stable'), pods('canary'), front)).toEqual([]);
  });
});

describe('PolicySelectsNothing', () => {
  it('takes an empty selector: every pod', () => {
    expect(found('PolicySelectsNothing', deployment('a'), policy('all', {}))).toEqual([]);
  });

  it('takes labels that no pod here has: its pods come from elsewhere', () => {
    expect(found('PolicySelectsNothing', deployment('a'), policy('p', { matchLabels: { role: 'db' } }))).toEqual([]);
  });
});

describe('BudgetSelectsNothing', () => {
  // https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/
  it('takes an empty selector: every pod', () => {
    expect(found('BudgetSelectsNothing', deployment('a'), budget('all', { selector: {} }))).toEqual([]);
  });
});
