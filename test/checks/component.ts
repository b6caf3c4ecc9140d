import type { TreeComponent } from '../../lib/checks/tree-component';
import type { ComponentModel } from '../../lib/component/component-model';

export interface ComponentOptions extends Partial<Omit<TreeComponent, 'model'>> {
  readonly name: string;
  readonly namespace?: string;
  readonly selector?: { [key: string]: string };
  readonly podLabels?: { [key: string]: string };
  readonly terminated?: boolean;
}

/** A component as far as the checks look at it. */
export function component({
  name,
  namespace,
  selector,
  podLabels,
  terminated,
  ...rest
}: ComponentOptions): TreeComponent {
  const labels = selector ?? { 'app.kubernetes.io/instance': name };
  const model = {
    identity: { name, namespace, selector: labels, podLabels: { ...podLabels, ...labels } },
    terminated: terminated ?? false,
  } as unknown as ComponentModel;
  return { path: `app/${name}`, cluster: 'c', claims: [], outgoing: () => [], callers: () => [], ...rest, model };
}
