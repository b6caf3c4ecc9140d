import { describe, expect, it } from 'vitest';
import { configMap, deployment, found, foundInFiles } from './manifests';

const rule = 'DuplicateObject';

describe(rule, () => {
  it('finds the second of a kind, namespace and name in a file', () => {
    expect(found(rule, deployment('a'), configMap('a', {}), deployment('a', { replicas: 2 }))).toEqual([
      "Deployment/a metadata.name: 'metadata.name' must be stated once per kind and namespace, got a a second time in the file",
    ]);
  });

  it('finds it across versions of an API', () => {
    const old = { ...deployment('a'), apiVersion: 'apps/v1beta1' };
    expect(found(rule, deployment('a'), old)).toHaveLength(1);
  });

  it.each([
    ['another namespace', deployment('a', { namespace: 'other' })],
    ['another group', deployment('a', { apiVersion: 'example.com/v1' })],
  ])('takes %s', (_, second) => expect(found(rule, deployment('a'), second)).toEqual([]));

  it('takes the same object in two files, which may be for two clusters', () => {
    expect(foundInFiles(rule, { 'eu.yaml': [deployment('a')], 'us.yaml': [deployment('a')] })).toEqual([]);
  });

  it('takes names that the server generates', () => {
    const generated = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'a-' } };
    expect(found(rule, generated, generated)).toEqual([]);
  });
});
