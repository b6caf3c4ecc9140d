import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSelectors } from '../../lib/checks/selectors';
import { component } from './component';

describe('checkSelectors', () => {
  it('finds nothing among components of their own labels', () => {
    expect(checkSelectors([component({ name: 'a' }), component({ name: 'b' })])).toEqual([]);
  });

  it('fails on a selector that matches the pods of another, at the one that selects', () => {
    const wide = component({ name: 'wide', selector: { app: 'x' } });
    const narrow = component({ name: 'narrow', selector: { app: 'x', tier: 'y' } });
    expect(checkSelectors([wide, narrow])).toEqual([
      {
        path: 'app/wide',
        message: expect.stringMatching(/^\[SelectorOverlap\] .* that of wide matches the pods of narrow/),
      },
    ]);
  });

  it('sees labels of pods that are in no selector', () => {
    const pods = component({ name: 'pods', podLabels: { team: 'ml' } });
    expect(checkSelectors([pods, component({ name: 'wide', selector: { team: 'ml' } })])).toHaveLength(1);
  });

  it.each([[{ namespace: 'other' }], [{ cluster: 'other' }]])('leaves components elsewhere alone: %j', (elsewhere) => {
    const selector = { app: 'x' };
    expect(
      checkSelectors([component({ name: 'a', selector }), component({ name: 'b', selector, ...elsewhere })]),
    ).toEqual([]);
  });

  // The fast way compares few pairs; all of them is the definition.
  it('finds what comparing every pair finds', () => {
    const map = fc.dictionary(fc.constantFrom('a', 'b', 'app.kubernetes.io/instance'), fc.constantFrom('1', '2'), {
      minKeys: 1,
      noNullPrototype: true,
    });
    const some = fc.array(fc.record({ selector: map, podLabels: map, namespace: fc.constantFrom(undefined, 'n') }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(some, (list) => {
        const all = list.map((options, index) => component({ name: `c${index}`, ...options }));
        const pairs = all.flatMap((one) =>
          all
            .filter((other) => {
              const { selector, namespace } = one.model.identity;
              const pods = other.model.identity;
              return (
                one !== other &&
                namespace === pods.namespace &&
                Object.entries(selector).every(([key, value]) => pods.podLabels[key] === value)
              );
            })
            .map(() => one.path),
        );
        expect(
          checkSelectors(all)
            .map(({ path }) => path)
            .sort(),
        ).toEqual(pairs.sort());
      }),
    );
  });
});
