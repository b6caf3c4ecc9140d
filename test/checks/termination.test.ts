import { describe, expect, it } from 'vitest';
import { checkTermination } from '../../lib/checks/termination';
import { component } from './component';

const pool = (callers: { name: string; namespace?: string }[], terminated = true) =>
  component({ name: 'pool', namespace: 'models', terminated, callers: () => callers });

describe('checkTermination', () => {
  it('lets a pool go that nobody calls, and one be called that runs', () => {
    expect(checkTermination([pool([])])).toEqual([]);
    expect(checkTermination([pool([{ name: 'a' }], false)])).toEqual([]);
  });

  it('fails where somebody calls it, and names who runs alone', () => {
    const stopped = component({ name: 'b', namespace: 'web', terminated: true });
    const callers = [{ name: 'a', namespace: 'web' }, { name: 'b', namespace: 'web' }, { name: 'c' }];
    expect(checkTermination([pool(callers), stopped])).toEqual([
      {
        path: 'app/pool',
        message:
          "[TerminatedWithCallers] 'state' must not be TERMINATED for pool while a, c call it; terminate the callers first (at app/pool)",
      },
    ]);
  });

  it('knows a caller by its namespace, which is that of the pool where none is stated', () => {
    const inPools = component({ name: 'a', namespace: 'models', terminated: true });
    expect(checkTermination([pool([{ name: 'a' }]), inPools])).toEqual([]);
    expect(checkTermination([pool([{ name: 'a', namespace: 'web' }]), inPools])).toHaveLength(1);
  });

  it('knows a caller by its cluster', () => {
    const elsewhere = component({ name: 'a', namespace: 'models', terminated: true, cluster: 'other' });
    expect(checkTermination([pool([{ name: 'a' }]), elsewhere])).toHaveLength(1);
  });
});
