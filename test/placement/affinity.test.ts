import { describe, expect, it } from 'vitest';
import { Affinity, NodeRequirement } from '../../lib/placement/affinity';

const zone = 'topology.kubernetes.io/zone';

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#NodeSelectorRequirement
describe('NodeRequirement', () => {
  it.each([
    [NodeRequirement.oneOf(zone, ['a', 'b']), { key: zone, operator: 'In', values: ['a', 'b'] }],
    [NodeRequirement.noneOf(zone, ['']), { key: zone, operator: 'NotIn', values: [''] }],
    [NodeRequirement.exists('gpu'), { key: 'gpu', operator: 'Exists' }],
    [NodeRequirement.doesNotExist('gpu'), { key: 'gpu', operator: 'DoesNotExist' }],
    [NodeRequirement.greaterThan('memory', 0), { key: 'memory', operator: 'Gt', values: ['0'] }],
    [NodeRequirement.lessThan('memory', 98304), { key: 'memory', operator: 'Lt', values: ['98304'] }],
  ])('is what Kubernetes writes: %#', (requirement, model) => {
    expect(requirement._model).toStrictEqual(model);
  });

  it('fails without values', () => {
    expect(() => NodeRequirement.oneOf(zone, [])).toThrow("[EmptyList] 'values' must not be empty");
    expect(() => NodeRequirement.noneOf(zone, [])).toThrow("[EmptyList] 'values' must not be empty");
  });

  it.each([-1, 0.5, NaN, Infinity])('fails on %d, which no label of Gt and Lt can be', (value) => {
    expect(() => NodeRequirement.greaterThan('a', value)).toThrow("[OutOfRange] 'value' must be a whole number");
    expect(() => NodeRequirement.lessThan('a', value)).toThrow("[OutOfRange] 'value' must be a whole number");
  });

  it('fails on what is no label', () => {
    expect(() => NodeRequirement.oneOf('a', ['x', 'a b'])).toThrow('[InvalidLabel]');
    for (const key of ['', 'a b']) {
      expect(() => NodeRequirement.exists(key)).toThrow('[InvalidLabel]');
      expect(() => NodeRequirement.doesNotExist(key)).toThrow('[InvalidLabel]');
      expect(() => NodeRequirement.greaterThan(key, 1)).toThrow('[InvalidLabel]');
      expect(() => NodeRequirement.oneOf(key, ['a'])).toThrow('[InvalidLabel]');
    }
  });

  it('keeps its values when the list of the caller changes', () => {
    const values = ['a'];
    const requirement = NodeRequirement.oneOf(zone, values);
    values.push('b');
    expect(requirement._model.values).toEqual(['a']);
  });
});

describe('Affinity to nodes', () => {
  const exists = NodeRequirement.exists('gpu');

  it('is a demand or a wish', () => {
    expect(Affinity.requireNodes([exists])._model).toEqual({ requiredNodes: [exists._model] });
    expect(Affinity.preferNodes(100, [exists])._model).toEqual({
      preferredNodes: { weight: 100, requirements: [exists._model] },
    });
  });

  it('fails without requirements', () => {
    expect(() => Affinity.requireNodes([])).toThrow("[EmptyList] 'requirements' must not be empty");
    expect(() => Affinity.preferNodes(1, [])).toThrow("[EmptyList] 'requirements' must not be empty");
  });
});

describe('Affinity to pods', () => {
  const labels = { app: 'redis' };
  const term = { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' };

  it('is a demand or a wish, for or against', () => {
    expect(Affinity.requirePods({ labels })._model).toEqual({ requiredPods: term });
    expect(Affinity.avoidPods({ labels })._model).toEqual({ avoidedPods: term });
    expect(Affinity.preferPods(1, { labels })._model).toEqual({ preferredPods: { weight: 1, podAffinityTerm: term } });
    expect(Affinity.preferToAvoidPods(100, { labels })._model).toEqual({
      preferablyAvoidedPods: { weight: 100, podAffinityTerm: term },
    });
  });

  it('says what near means, and where the others are', () => {
    expect(Affinity.requirePods({ labels, topologyKey: zone, namespaces: ['cache'] })._model.requiredPods).toEqual({
      ...term,
      topologyKey: zone,
      namespaces: ['cache'],
    });
  });

  it('writes labels in one order', () => {
    const { requiredPods } = Affinity.requirePods({ labels: { b: '2', a: '1' } })._model;
    expect(Object.keys(requiredPods!.labelSelector.matchLabels)).toEqual(['a', 'b']);
  });

  const factories: [string, (options: { labels: { [key: string]: string } }) => Affinity][] = [
    ['requirePods', (options) => Affinity.requirePods(options)],
    ['preferPods', (options) => Affinity.preferPods(1, options)],
    ['avoidPods', (options) => Affinity.avoidPods(options)],
    ['preferToAvoidPods', (options) => Affinity.preferToAvoidPods(1, options)],
  ];

  it.each(factories)('fails in %s without labels, or with what is none', (_, make) => {
    expect(() => make({ labels: {} })).toThrow("[EmptyList] 'labels' must not be empty");
    expect(() => make({ labels: { a: 'b c' } })).toThrow("[InvalidLabel] 'labels.a'");
    expect(() => make({ labels, topologyKey: 'a b' } as never)).toThrow("[InvalidLabel] 'topologyKey'");
    expect(() => make({ labels, namespaces: ['A'] } as never)).toThrow("[InvalidName] 'namespaces'");
  });

  it.each([0, 101, -1, 1.5, NaN])('fails on the weight %d', (weight) => {
    const message = `[OutOfRange] 'weight' must be a whole number from 1 to 100, got ${weight}`;
    expect(() => Affinity.preferPods(weight, { labels })).toThrow(message);
    expect(() => Affinity.preferToAvoidPods(weight, { labels })).toThrow(message);
    expect(() => Affinity.preferNodes(weight, [NodeRequirement.exists('a')])).toThrow(message);
  });
});
