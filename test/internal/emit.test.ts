import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { emitObject, isClusterScoped, isOurs } from '../../lib/internal/emit';

const chart = (namespace?: string) => new Chart(Testing.app(), 'prod', { namespace });

describe('emitObject', () => {
  it('emits name, sorted labels and annotations, and content', () => {
    const scope = chart('ml');
    emitObject(scope, 'Rag', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'rag',
      labels: { b: '2', a: '1' },
      annotations: { d: '4', c: '3' },
      content: { data: () => ({ key: 'value' }) },
    });
    expect(JSON.stringify(Testing.synth(scope)[0])).toBe(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { annotations: { c: '3', d: '4' }, labels: { a: '1', b: '2' }, name: 'rag', namespace: 'ml' },
        data: { key: 'value' },
      }),
    );
  });

  it('asks for content at synth, when all is known', () => {
    const scope = chart();
    const peers: string[] = [];
    emitObject(scope, 'Rag', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'rag',
      content: { data: () => ({ peers }) },
    });
    peers.push('late');
    expect(Testing.synth(scope)[0].data).toEqual({ peers: ['late'] });
  });

  it.each([
    ['ml', undefined, 'ml'],
    ['ml', 'other', 'other'],
    [undefined, 'other', 'other'],
    [undefined, undefined, undefined],
  ])('in a chart of %s with %s lies in %s', (ofChart, own, expected) => {
    const scope = chart(ofChart);
    emitObject(scope, 'Rag', { apiVersion: 'v1', kind: 'ConfigMap', name: 'rag', namespace: own, content: {} });
    expect(Testing.synth(scope)[0].metadata.namespace).toBe(expected);
  });

  it.each([
    ['Namespace', 'ml'],
    ['Namespace', undefined],
    ['PersistentVolume', 'ml'],
    ['PersistentVolume', undefined],
  ])('gives a %s no namespace in a chart of %s', (kind, namespace) => {
    const scope = chart(namespace);
    emitObject(new Construct(scope, 'Deep'), 'It', {
      apiVersion: 'v1',
      kind,
      name: 'it',
      namespace: 'other',
      content: {},
    });
    expect(Testing.synth(scope)[0].metadata).toEqual({ name: 'it' });
    expect(isClusterScoped(kind)).toBe(true);
  });

  it('leaves room for patches of the user', () => {
    const scope = chart('ml');
    const object = emitObject(scope, 'Rag', { apiVersion: 'v1', kind: 'Namespace', name: 'rag', content: {} });
    object.addJsonPatch(JsonPatch.add('/metadata/labels', { a: 'b' }));
    expect(Testing.synth(scope)[0].metadata).toEqual({ name: 'rag', labels: { a: 'b' } });
  });

  it('gives the same bytes twice', () => {
    const scope = chart();
    emitObject(scope, 'Rag', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'rag',
      content: { data: () => ({ a: 'b' }) },
    });
    expect(Testing.synth(scope)).toEqual(Testing.synth(scope));
  });
});

describe('isOurs', () => {
  it('tells our objects from those of others', () => {
    const scope = chart();
    expect(isOurs(emitObject(scope, 'A', { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', content: {} }))).toBe(true);
    expect(isOurs(new ApiObject(scope, 'B', { apiVersion: 'v1', kind: 'ConfigMap' }))).toBe(false);
  });
});
