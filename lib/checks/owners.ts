import type { Claim } from '../component/plan';
import { errors } from '../internal/errors';
import { groupBy } from '../internal/group-by';
import { type Problem, problemAt } from './tree-component';

/** A claim that an object outside of our components makes. */
export interface ForeignClaim extends Claim {
  readonly path: string;
}

/** A component, or a front of several. */
export interface ClaimHolder {
  readonly path: string;
  readonly claims: readonly Claim[];
}

const REMEDIES: { readonly [resource in Claim['resource']]: string } = {
  replicas: 'keep one of them, or state Scaling.unmanaged()',
  host: 'give each a host of its own',
  weights: 'keep one of them: each would write over what the other has set',
  selector: 'keep one of them: each would lead the Service to other pods',
  targets: 'the controller takes out whatever is not its own: give each a target group',
};

/** What is claimed has one owner: two autoscalers of one workload fight without an error anywhere. */
export function checkOwners(holders: readonly ClaimHolder[], foreign: readonly ForeignClaim[]): Problem[] {
  const own = holders.flatMap(({ path, claims: list }) => list.map((claim) => ({ ...claim, path })));
  const ours = new Set(own.map(keyOf));
  const claims: ForeignClaim[] = [...own, ...foreign.filter((claim) => ours.has(keyOf(claim)))];
  return [...groupBy(claims, keyOf).values()]
    .filter((list) => list.length > 1)
    .map((list) => {
      const { path, resource, target } = list[0]!;
      const owners = list.map(({ owner }) => owner);
      return problemAt(path, errors.twoOwners(resource, target.split('\n').at(-1)!, owners, REMEDIES[resource]));
    });
}

function keyOf({ resource, target }: Claim): string {
  return `${resource} ${target}`;
}
