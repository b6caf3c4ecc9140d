import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlasts, planTimeouts, type TimeoutNode } from '../../lib/traffic/timeouts';

const node = (name: string, dependencies: string[], stated?: number): TimeoutNode => ({ name, dependencies, stated });
const plan = (...nodes: TimeoutNode[]) => Object.fromEntries(planTimeouts(nodes));

// A caller waits for its dependency's timeout times 1.01: measured, see the client of BentoML.
describe('outlasts', () => {
  it.each([
    [1.011, 1],
    [60, 59],
    [61, 60],
    [0.5, 0.1],
  ])('%d s outlasts %d s', (caller, dependency) => {
    expect(outlasts(caller, dependency)).toBe(true);
  });

  it.each([
    [1.01, 1],
    [60, 60],
    [60, 59.5],
    [0, 0],
  ])('%d s does not outlast %d s', (caller, dependency) => {
    expect(outlasts(caller, dependency)).toBe(false);
  });
});

describe('planTimeouts', () => {
  it('gives one service 60 seconds', () => {
    expect(plan(node('A', []))).toEqual({ A: 60 });
  });

  it('gives callers more than their dependencies', () => {
    expect(plan(node('A', ['B']), node('B', []))).toEqual({ A: 66, B: 60 });
    expect(plan(node('A', ['B']), node('B', [], 300))).toEqual({ A: 330, B: 300 });
  });

  it('gives dependencies less than their callers', () => {
    expect(plan(node('A', ['B'], 30), node('B', []))).toEqual({ A: 30, B: 27 });
    expect(plan(node('A', ['B'], 300), node('B', []))).toEqual({ A: 300, B: 60 });
  });

  it('moves nothing that is stated, not even where it contradicts', () => {
    expect(plan(node('A', ['B'], 10), node('B', [], 20))).toEqual({ A: 10, B: 20 });
  });

  it('goes by the shortest of several callers', () => {
    expect(plan(node('A', ['B', 'C'], 100), node('B', ['C'], 11), node('C', []))).toEqual({ A: 100, B: 11, C: 10 });
  });

  it('goes by the longest of several dependencies', () => {
    expect(plan(node('A', ['B', 'C']), node('B', [], 100), node('C', [], 10)).A).toBe(110);
  });

  // 54 and 50 leave room between 50.5 and 53.46, though not 10 percent on both sides.
  it('finds what little room stated ones leave', () => {
    const { B } = plan(node('A', ['B'], 54), node('B', ['C']), node('C', [], 50));
    expect(outlasts(54, B!)).toBe(true);
    expect(outlasts(B!, 50)).toBe(true);
  });

  it('finds room below one second', () => {
    const { B } = plan(node('A', ['B'], 0.5), node('B', ['C']), node('C', [], 0.1));
    expect(outlasts(0.5, B!)).toBe(true);
    expect(outlasts(B!, 0.1)).toBe(true);
  });

  it('gives no service 0 seconds, which BentoML refuses', () => {
    expect(plan(node('A', ['B'], 0.001), node('B', [])).B).toBeGreaterThan(0);
  });
});

/** Services in the order in which callers come first; each may call any that come later. */
const graphs = fc.integer({ min: 1, max: 7 }).chain((size) => {
  const seconds = fc.oneof(fc.integer({ min: 1, max: 600 }), fc.double({ min: 0.001, max: 5, noNaN: true }));
  const nodes = Array.from({ length: size }, (_, index) => {
    const later = Array.from({ length: size - index - 1 }, (__, offset) => `S${index + 1 + offset}`);
    return fc.record({
      name: fc.constant(`S${index}`),
      dependencies: fc.subarray(later),
      stated: fc.option(seconds, { nil: undefined }),
    });
  });
  return fc.tuple(...nodes);
});

/** Whether stated timeouts leave room: along every path each step needs more than 1.01 of the next. */
function contradicts(nodes: TimeoutNode[]): boolean {
  const byName = new Map(nodes.map((one) => [one.name, one]));
  const least = (name: string): number => {
    const { stated, dependencies } = byName.get(name)!;
    return stated ?? Math.max(0, ...dependencies.map(least)) * 1.01;
  };
  return nodes.some(
    ({ stated, dependencies }) => stated !== undefined && dependencies.some((d) => !(stated > least(d) * 1.0101)),
  );
}

describe('planTimeouts of any services', () => {
  it('never moves what is stated', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const planned = planTimeouts(nodes);
        for (const { name, stated } of nodes) if (stated !== undefined) expect(planned.get(name)).toBe(stated);
      }),
    );
  });

  it('gives each a number above 0', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const planned = planTimeouts(nodes);
        expect(planned.size).toBe(nodes.length);
        for (const seconds of planned.values()) expect(seconds > 0 && Number.isFinite(seconds)).toBe(true);
      }),
    );
  });

  it('lets every caller outlast its dependencies, unless stated ones contradict', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        fc.pre(!contradicts(nodes));
        const planned = planTimeouts(nodes);
        for (const { name, dependencies } of nodes) {
          for (const dependency of dependencies) {
            expect(outlasts(planned.get(name)!, planned.get(dependency)!)).toBe(true);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
