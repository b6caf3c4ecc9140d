import { errors } from '../internal/errors';
import { placed } from '../internal/names';
import { type Problem, problemAt } from './tree-component';

/** An object of the tree. */
export interface NamedObject {
  readonly path: string;
  readonly cluster: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Whether the library made it: what others do among themselves is not our business. */
  readonly ours: boolean;
}

/** Within a cluster and namespace, one object has a name: the second would silently replace the first. */
export function checkNames(objects: readonly NamedObject[]): Problem[] {
  const seen = new Map<string, NamedObject>();
  const problems: Problem[] = [];
  for (const object of objects) {
    const { cluster, namespace, kind, name, path } = object;
    const key = placed(cluster, namespace, kind, name);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, object);
    else if (first.ours || object.ours) {
      const place = `${namespace === undefined ? 'its namespace' : `namespace ${namespace}`} of ${cluster}`;
      problems.push(problemAt(path, errors.nameCollision(kind, name, place, first.path, path)));
    }
  }
  return problems;
}
