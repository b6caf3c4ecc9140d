import { timeoutInversions } from '../component/hops';
import { errors } from '../internal/errors';
import { type Problem, problemAt, type TreeComponent } from './tree-component';

/** A caller gives up after its dependency: else its own 504 hides what the dependency has to say. */
export function checkTimeouts(components: readonly TreeComponent[]): Problem[] {
  return components.flatMap((component) =>
    component
      .outgoing()
      .flatMap(timeoutInversions)
      .map(({ outer, inner, property, outerSeconds, innerSeconds }) =>
        problemAt(
          component.path,
          errors.timeoutOrder(property, outer.name, `${outerSeconds} s`, inner.name, `${innerSeconds} s`),
        ),
      ),
  );
}
