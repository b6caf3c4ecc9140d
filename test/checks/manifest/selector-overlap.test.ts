import { describe, expect, it } from 'vitest';
import { deployment, found, foundInFiles, job, rollout } from './manifests';

const rule = 'SelectorOverlap';
const shared = { labels: { app: 'x' } };

describe(rule, () => {
  it('finds two workloads with the same labels, both', () => {
    expect(found(rule, deployment('a', shared), deployment('b', shared))).toEqual([
      "Deployment/a spec.selector: 'spec.selector' must match its own pods only, got app=x, which matches those of Deployment/ml/b too",
      "Deployment/b spec.selector: 'spec.selector' must match its own pods only, got app=x, which matches those of Deployment/ml/a too",
    ]);
  });

  it('finds the wider one only, where the other is narrower', () => {
    const canary = deployment('canary', { labels: { app: 'x', track: 'canary' } });
    const stable = deployment('stable', {
      labels: { app: 'x', track: 'stable' },
      selector: { matchLabels: { app: 'x' } },
    });
    expect(found(rule, stable, canary)).toHaveLength(1);
    expect(found(rule, stable, canary)[0]).toMatch(/^Deployment\/stable /);
  });

  it.each([
    ['another namespace', deployment('b', { ...shared, namespace: 'other' })],
    ['no namespace', { ...deployment('b', shared), metadata: { name: 'b' } }],
    ['a label that differs', deployment('b', { labels: { app: 'x2' } })],
    ['a Job, whose pods come and go', job('b', { app: 'x' })],
  ])('takes %s', (_, other) => expect(found(rule, deployment('a', shared), other)).toEqual([]));

  it('takes a Rollout and the Deployment that it takes over', () => {
    const borrowing = rollout('r', { labels: { app: 'a' }, workloadRef: { kind: 'Deployment', name: 'a' } });
    delete borrowing.spec.template;
    expect(found(rule, borrowing, deployment('a'))).toEqual([]);
  });

  it('takes the same definition for two clusters', () => {
    const files = { 'eu.yaml': [deployment('a'), deployment('b')], 'us.yaml': [deployment('a'), deployment('b')] };
    expect(foundInFiles(rule, files)).toEqual([]);
  });

  it('finds it across the files of one cluster', () => {
    const files = { 'a.yaml': [deployment('a', shared)], 'b.yaml': [deployment('b', shared)] };
    expect(foundInFiles(rule, files)).toHaveLength(2);
  });

  it('finds it between workloads without a namespace', () => {
    const bare = (name: string) => ({ ...deployment(name, shared), metadata: { name } });
    expect(found(rule, bare('a'), bare('b'))).toHaveLength(2);
  });
});
