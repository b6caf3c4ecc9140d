import { describe, expect, it } from 'vitest';
import { checkOwners } from '../../lib/checks/owners';
import { component } from './component';

const target = ['c', 'ml', 'Deployment rag'].join('\n');
const claim = (owner: string, on = target) => ({ resource: 'replicas' as const, target: on, owner });

describe('checkOwners', () => {
  it('finds nothing where each thing has one owner', () => {
    const other = ['c', 'ml', 'Deployment other'].join('\n');
    expect(
      checkOwners(
        [component({ name: 'a', claims: [claim('x')] }), component({ name: 'b', claims: [claim('y', other)] })],
        [],
      ),
    ).toEqual([]);
  });

  it('fails on two owners, ours or not, and names all of them', () => {
    const ours = [
      component({ name: 'a', claims: [claim('HPA a')] }),
      component({ name: 'b', claims: [claim('HPA b')] }),
    ];
    expect(checkOwners(ours, [{ ...claim('ScaledObject c'), path: 'app/c' }])).toEqual([
      {
        path: 'app/a',
        message:
          '[TwoOwners] replicas of Deployment rag must have one owner, got HPA a and HPA b and ScaledObject c; keep one of them, or state Scaling.unmanaged() (at app/a)',
      },
    ]);
  });

  it('leaves what others do among themselves alone', () => {
    const foreign = ['c', 'd'].map((owner) => ({ ...claim(owner), path: `app/${owner}` }));
    expect(checkOwners([component({ name: 'a' })], foreign)).toEqual([]);
  });
});
