import { describe, expect, it } from 'vitest';
import { cronJob, deployment, found, job, knativeService, rollout } from './manifests';

const rule = 'SelectorMismatch';
const exists = (key: string, operator: string, values?: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

describe(rule, () => {
  it('finds a selector that its own template does not meet', () => {
    expect(found(rule, deployment('a', { selector: { matchLabels: { app: 'other' } } }))).toEqual([
      "Deployment/a spec.selector: 'spec.selector' must match the labels of its own pods (app=a), got app=other",
    ]);
  });

  // https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
  it.each([
    [exists('app', 'In', ['a', 'b']), 0],
    [exists('app', 'In', ['b']), 1],
    [exists('app', 'NotIn', ['b']), 0],
    [exists('other', 'NotIn', ['b']), 0],
    [exists('app', 'NotIn', ['a']), 1],
    [exists('app', 'Exists'), 0],
    [exists('other', 'Exists'), 1],
    [exists('other', 'DoesNotExist'), 0],
    [exists('app', 'DoesNotExist'), 1],
    [exists('app', 'Like'), 1],
  ])('reads %j', (selector, count) => expect(found(rule, deployment('a', { selector }))).toHaveLength(count));

  it.each(['StatefulSet', 'DaemonSet', 'ReplicaSet'])('reads a %s', (kind) => {
    expect(found(rule, deployment('a', { kind, selector: { matchLabels: { app: 'b' } } }))).toHaveLength(1);
    expect(found(rule, deployment('a', { kind }))).toEqual([]);
  });

  it('reads a Rollout, with a template or with that of a Deployment', () => {
    expect(found(rule, rollout('a', { selector: { matchLabels: { app: 'b' } } }))).toHaveLength(1);
    const borrowing = rollout('r', { labels: { app: 'a' }, workloadRef: { kind: 'Deployment', name: 'a' } });
    delete borrowing.spec.template;
    expect(found(rule, borrowing, deployment('a'))).toEqual([]);
    expect(found(rule, borrowing, deployment('a', { labels: { app: 'b' } }))).toHaveLength(1);
    expect(found(rule, borrowing)).toEqual([]);
  });

  it('leaves to the server what it makes itself', () => {
    expect(found(rule, job('a', {}), cronJob('b', {}), knativeService('c'))).toEqual([]);
  });

  it('takes numbers that YAML made of labels as the text they were', () => {
    expect(found(rule, deployment('a', { labels: { v: 1 }, selector: { matchLabels: { v: '1' } } }))).toEqual([]);
  });
});
