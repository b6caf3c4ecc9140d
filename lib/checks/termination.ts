import { errors } from '../internal/errors';
import type { Problem, TreeComponent } from './tree-component';

/** A shared pool is not stopped under those who call it. */
export function checkTermination(components: readonly TreeComponent[]): Problem[] {
  return components
    .filter(({ model, callers }) => model.terminated && callers().length > 0)
    .map(({ path, model, callers }) => ({
      path,
      message: errors.terminatedWithCallers(model.identity.name, [...callers()]).at(path).message,
    }));
}
