import type { Claim } from '../component/plan';
import { errors } from '../internal/errors';
import type { Problem, TreeComponent } from './tree-component';

/** A claim that an object outside of our components makes. */
export interface ForeignClaim extends Claim {
  readonly path: string;
}

/** What is claimed has one owner: two autoscalers of one workload fight without an error anywhere. */
export function checkOwners(components: readonly TreeComponent[], foreign: readonly ForeignClaim[]): Problem[] {
  const claims = new Map<string, ForeignClaim[]>();
  const own = components.flatMap(({ path, claims: list }) => list.map((claim) => ({ ...claim, path })));
  const ours = new Set(own.map(({ resource, target }) => `${resource} ${target}`));
  for (const claim of [...own, ...foreign]) {
    const key = `${claim.resource} ${claim.target}`;
    if (ours.has(key)) claims.set(key, [...(claims.get(key) ?? []), claim]);
  }
  return [...claims.values()]
    .filter((list) => list.length > 1)
    .map(([first, ...others]) => ({
      path: first!.path,
      message: errors
        .twoOwners(
          first!.resource,
          first!.target.split('\n').at(-1)!,
          [first!, ...others].map(({ owner }) => owner),
        )
        .at(first!.path).message,
    }));
}
