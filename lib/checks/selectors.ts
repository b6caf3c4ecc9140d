import { errors } from '../internal/errors';
import { groupBy } from '../internal/group-by';
import { LABELS } from '../internal/labels';
import { type Problem, placeOf, problemAt, type TreeComponent } from './tree-component';

/** No selector matches the pods of another component: two budgets, two autoscalers or two Services would share them. */
export function checkSelectors(components: readonly TreeComponent[]): Problem[] {
  const byAnchor = groupBy(components, anchorOf);
  return components.flatMap((pods) =>
    Object.entries(pods.model.identity.podLabels)
      .flatMap(([key, value]) => byAnchor.get(`${placeOf(pods)}\n${key}=${value}`) ?? [])
      .filter((selecting) => selecting !== pods && matches(selecting, pods))
      .map(({ path, model }) => problemAt(path, errors.selectorOverlap(model.identity.name, pods.model.identity.name))),
  );
}

/** The label of a selector that fewest others share, so that few pairs have to be compared. */
function anchorOf(component: TreeComponent): string {
  const { selector } = component.model.identity;
  const key = LABELS.instance in selector ? LABELS.instance : Object.keys(selector)[0]!;
  return `${placeOf(component)}\n${key}=${selector[key]}`;
}

function matches(selecting: TreeComponent, pods: TreeComponent): boolean {
  const { podLabels } = pods.model.identity;
  return Object.entries(selecting.model.identity.selector).every(([key, value]) => podLabels[key] === value);
}
