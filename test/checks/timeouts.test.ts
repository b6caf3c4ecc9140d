import { describe, expect, it } from 'vitest';
import { checkTimeouts } from '../../lib/checks/timeouts';
import { component } from './component';

const caller = (...paths: [number, number][]) =>
  component({
    name: 'rag',
    outgoing: () =>
      paths.map(([outer, inner], index) => [
        { kind: 'api-server', name: 'rag', peers: [], timeoutSeconds: outer },
        { kind: 'runner-pool', name: `Dependency${index}`, peers: [], timeoutSeconds: inner },
      ]),
  });

describe('checkTimeouts', () => {
  it.each([
    [101.1, 100, 0],
    [101, 100, 1],
    [100, 100, 1],
    [1, 100, 1],
  ])('of a caller with %d s and a dependency with %d s finds %d', (outer, inner, count) => {
    expect(checkTimeouts([caller([outer, inner])])).toHaveLength(count);
  });

  it('fails on each dependency that is slower, and names both with their timeouts', () => {
    expect(checkTimeouts([caller([30, 10], [30, 60], [30, 90])]).map(({ message }) => message)).toEqual([
      "[TimeoutOrder] 'traffic.timeout' of rag must be above 1.01 x that of Dependency1 (60 s), got 30 s; raise the one of rag or lower the one of Dependency1 (at app/rag)",
      "[TimeoutOrder] 'traffic.timeout' of rag must be above 1.01 x that of Dependency2 (90 s), got 30 s; raise the one of rag or lower the one of Dependency2 (at app/rag)",
    ]);
  });
});
