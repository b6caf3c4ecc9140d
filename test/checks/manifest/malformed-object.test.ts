import { describe, expect, it } from 'vitest';
import { deployment, found } from './manifests';

const rule = 'MalformedObject';

describe(rule, () => {
  it.each([
    ['a list', [], ''],
    ['text', 'kind: Pod', ''],
    ['a number', 7, ''],
    ['a map without apiVersion', { kind: 'Pod', metadata: { name: 'a' } }, 'apiVersion'],
    ['an apiVersion that is no text', { apiVersion: 1, kind: 'Pod', metadata: { name: 'a' } }, 'apiVersion'],
    ['a map without kind', { apiVersion: 'v1', metadata: { name: 'a' } }, 'kind'],
    ['no metadata', { apiVersion: 'v1', kind: 'Pod' }, 'metadata'],
    ['metadata that is a list', { apiVersion: 'v1', kind: 'Pod', metadata: [] }, 'metadata'],
    ['no name', { apiVersion: 'v1', kind: 'Pod', metadata: {} }, 'metadata.name'],
    ['an empty name', { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' } }, 'metadata.name'],
    [
      'a namespace of null',
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: null } },
      'metadata.namespace',
    ],
    [
      'labels that are a list',
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: [] } },
      'metadata.labels',
    ],
    ['a spec that is text', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: 'x' }, 'spec'],
  ])('finds %s', (_, value, location) => {
    const findings = found(rule, value);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(` ${location}: `);
  });

  it('says what is there, not what it says', () => {
    expect(found(rule, { apiVersion: 'v1', kind: 'Pod', metadata: 'hunter2' })).toEqual([
      "Pod/undefined metadata: 'metadata' must be a map, got a string",
    ]);
  });

  it.each([
    ['an object', deployment('a')],
    ['an empty document', null],
    ['a generated name', { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'a-' } }],
    ['an object without spec', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }],
    ['what kustomize reads', { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [] }],
    ['an empty List', { apiVersion: 'v1', kind: 'List', items: [] }],
  ])('takes %s', (_, value) => expect(found(rule, value)).toEqual([]));

  it('looks into Lists, and Lists in them', () => {
    const inner = { apiVersion: 'v1', kind: 'PodList', items: [{ apiVersion: 'v1', kind: 'Pod' }] };
    expect(found(rule, { apiVersion: 'v1', kind: 'List', items: [deployment('a'), inner] })).toEqual([
      "Pod/undefined metadata: 'metadata' must be a map, got nothing",
    ]);
  });
});
