import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionOf, resolverOf, trees } from './arbitrary-trees';
import { OUTPUT_TYPES, outcomes, WAYS } from './identity';

const types = fc.constantFrom(...OUTPUT_TYPES);
const ways = fc.constantFrom(...Object.keys(WAYS));

describe('random trees', () => {
  it('give the files, errors and order of content of cdk8s', () => {
    fc.assert(
      fc.property(trees, types, fc.boolean(), ways, (tree, yamlOutputType, recordConstructMetadata, way) => {
        const resolved: string[] = [];
        const resolvers = tree.resolver ? [resolverOf((text) => resolved.push(text))] : [];
        const props = { yamlOutputType, recordConstructMetadata, resolvers, outputFileExtension: '.yaml' };
        const { stock, ours } = outcomes(definitionOf(tree), props, 'synth', WAYS[way]!);
        expect(ours).toEqual(stock);
        expect(resolved.slice(resolved.length / 2)).toEqual(resolved.slice(0, resolved.length / 2));
      }),
      { numRuns: Number(process.env.SYNTH_RUNS ?? 300) },
    );
  });

  it('give the text of cdk8s', () => {
    fc.assert(
      fc.property(trees, ways, (tree, way) => {
        const { stock, ours } = outcomes(definitionOf(tree), {}, 'synthYaml', WAYS[way]!);
        expect(ours).toEqual(stock);
      }),
      { numRuns: Number(process.env.SYNTH_RUNS ?? 100) },
    );
  });
});
