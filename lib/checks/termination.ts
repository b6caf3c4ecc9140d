import { errors } from '../internal/errors';
import { placed } from '../internal/names';
import { type Problem, problemAt, type TreeComponent } from './tree-component';

/** A shared pool is not stopped under those who call it; callers that are stopped themselves call nobody. */
export function checkTermination(components: readonly TreeComponent[]): Problem[] {
  const stopped = new Set(
    components
      .filter(({ model }) => model.terminated)
      .map(({ cluster, model }) => placed(cluster, model.identity.namespace, model.identity.name)),
  );
  return components
    .filter(({ model }) => model.terminated)
    .flatMap(({ path, cluster, model, callers }) => {
      const { name: pool, namespace } = model.identity;
      const live = callers()
        .filter((caller) => !stopped.has(placed(cluster, caller.namespace ?? namespace, caller.name)))
        .map(({ name }) => name);
      return live.length === 0 ? [] : [problemAt(path, errors.terminatedWithCallers(pool, live))];
    });
}
