import type { Body, KubernetesObject } from './cluster/client';

/** Whether a selector of labels alone selects what has these. */
export const matches = (selector: { [key: string]: string }, labels: { [key: string]: string }) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Everything in an object that is no text, number or truth, with its path. */
function* leaves(value: Body, path: string): Generator<[string, unknown]> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) yield* leaves(child, `${path}.${key}`);
  } else yield [path, value];
}

/** What no manifest may hold. */
export function faultsOf(object: KubernetesObject): string[] {
  const faults = [...leaves(object, object.kind)].flatMap(([path, leaf]) => {
    if (typeof leaf === 'number') return Number.isSafeInteger(leaf) ? [] : [`${path} is ${leaf}`];
    if (typeof leaf === 'string') return /undefined|NaN|\[object/.test(leaf) ? [`${path} is ${leaf}`] : [];
    return typeof leaf === 'boolean' ? [] : [`${path} is ${leaf}`];
  });
  const { selector, podSelector } = object.kind === 'PersistentVolumeClaim' ? {} : (object.spec ?? {});
  for (const labels of [selector?.matchLabels ?? selector, podSelector?.matchLabels]) {
    if (labels !== undefined && Object.keys(labels).length === 0) faults.push(`${object.kind} selects everything`);
  }
  return faults;
}
