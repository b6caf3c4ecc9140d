import { errors } from '../internal/errors';
import { placed } from '../internal/names';
import type { ForeignClaim } from './owners';
import { type Problem, problemAt, type TreeComponent } from './tree-component';

/** A scaler of a Deployment that is a Rollout would find nothing, and nobody would scale. */
export function checkScaleTargets(components: readonly TreeComponent[], foreign: readonly ForeignClaim[]): Problem[] {
  const rollouts = new Map(
    components
      .filter(({ model }) => model.rollout !== undefined)
      .map(({ cluster, model: { identity } }) => [
        placed(cluster, identity.namespace, `Deployment ${identity.workloadName}`),
        identity.workloadName,
      ]),
  );
  return foreign.flatMap(({ resource, target, owner, path }) => {
    const name = rollouts.get(target);
    if (resource !== 'replicas' || name === undefined) return [];
    return [problemAt(path, errors.wrongScaleTarget(owner, name))];
  });
}
