import { describe, expect, it } from 'vitest';
import { dependenciesOf, requireSoundGraph } from '../../lib/bento/bento-graph';
import { BentoService } from '../../lib/bento/bento-service';

const service = (name: string, ...dependsOn: string[]) => BentoService.named(name, { dependsOn })._model;
const bento = (...services: ReturnType<typeof service>[]) => ({
  image: { reference: 'x:1', mutable: false },
  name: 'x',
  entryService: services[0]!.name,
  services: Object.fromEntries(services.map((one) => [one.name, one])),
  requiredEnv: [],
  source: 'x',
});

describe('requireSoundGraph', () => {
  it.each([
    [[service('A')]],
    [[service('A', 'B'), service('B')]],
    [[service('A', 'B', 'C'), service('B', 'C'), service('C')]],
    [[service('B'), service('A', 'B')]],
    [[service('A'), service('Alone')]],
  ])('takes %#', (services) => {
    expect(() => requireSoundGraph(services[0]!.name, services)).not.toThrow();
  });

  it('fails on what is not there, and says what is', () => {
    expect(() => requireSoundGraph('A', [service('A', 'b'), service('B')])).toThrow(
      '[UnknownDependency] service "A" must depend on services of its Bento, got "b"; known are A, B; names are case-sensitive: use the exact name of the class',
    );
  });

  it.each([
    [[service('A', 'A')], 'A -> A'],
    [[service('A', 'B'), service('B', 'A')], 'A -> B -> A'],
    [[service('A', 'B'), service('B', 'C'), service('C', 'B')], 'B -> C -> B'],
    [[service('A'), service('B', 'C'), service('C', 'B')], 'B -> C -> B'],
  ])('fails on a circle and shows it: %#', (services, circle) => {
    expect(() => requireSoundGraph('A', services)).toThrow(
      `[DependencyCycle] services must not depend on one another in a circle, got ${circle}; break the circle`,
    );
  });

  it.each([
    ['TextSearch', 'text_search', 'text-search'],
    ['A', 'a', 'a'],
    ['A', 'A', 'A'],
    ['a.b', 'a-b', 'a-b'],
  ])('fails on %s beside %s', (first, second, label) => {
    expect(() => requireSoundGraph(first, [service(first), service(second)])).toThrow(
      `[DnsLabelClash] services "${first}" and "${second}" must have different DNS labels, both give "${label.toLowerCase()}"`,
    );
  });

  it('goes through many paths once', () => {
    const layers = Array.from({ length: 30 }, (_, i) => [
      service(`L${i}`, ...(i < 29 ? [`L${i + 1}`, `R${i + 1}`] : [])),
      service(`R${i}`, ...(i < 29 ? [`L${i + 1}`, `R${i + 1}`] : [])),
    ]).flat();
    expect(() => requireSoundGraph('L0', layers)).not.toThrow();
  });
});

describe('dependenciesOf', () => {
  const chain = bento(service('A', 'B', 'C'), service('B', 'D'), service('C', 'D'), service('D'), service('Alone'));

  it('finds all, each once, in the order in which they are met', () => {
    expect(dependenciesOf(chain, 'A', () => false)).toEqual(['B', 'D', 'C']);
  });

  it('finds none of a leaf', () => {
    expect(dependenciesOf(chain, 'D', () => false)).toEqual([]);
  });

  it('goes no further where it is told to stop', () => {
    expect(dependenciesOf(chain, 'A', (name) => name === 'B')).toEqual(['B', 'C', 'D']);
    expect(dependenciesOf(chain, 'A', () => true)).toEqual(['B', 'C']);
  });
});
