import { asList, asText, dig, textEntries } from '../../../internal/json';

export type Labels = ReadonlyMap<string, string>;

/** One condition; a selector is all of them together. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export type Selector = readonly LabelRequirement[];

/** A `LabelSelector`; an empty one matches everything. */
export function labelSelector(value: unknown): Selector {
  const expressions = asList(dig(value, 'matchExpressions')).map((expression) => ({
    key: asText(dig(expression, 'key')) ?? '',
    operator: asText(dig(expression, 'operator')) ?? '',
    values: asList(dig(expression, 'values')).map(String),
  }));
  return [...mapSelector(dig(value, 'matchLabels')), ...expressions];
}

/** The plain map that a Service has. */
export function mapSelector(value: unknown): Selector {
  return textEntries(value).map(([key, text]) => ({ key, operator: 'In', values: [text] }));
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
export function matches(selector: Selector, labels: Labels): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = labels.get(key);
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return false;
    }
  });
}

/** Labels that a controller gives to single pods: no template shows them. */
const RUNTIME_KEYS = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]);

/** Whether the selector also depends on labels that only running pods have. */
export function needsRuntimeLabels(selector: Selector): boolean {
  return selector.some(({ key }) => RUNTIME_KEYS.has(key));
}

/** The selector as far as templates can answer it. */
export function withoutRuntimeLabels(selector: Selector): Selector {
  return selector.filter(({ key }) => !RUNTIME_KEYS.has(key));
}

/** As `kubectl get -l` writes it. */
export function showSelector(selector: Selector): string {
  if (selector.length === 0) return 'every pod';
  return selector
    .map(({ key, operator, values }) => {
      if (operator === 'In') return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`;
      if (operator === 'NotIn') return `${key} notin (${values.join(', ')})`;
      return operator === 'DoesNotExist' ? `!${key}` : key;
    })
    .join(', ');
}

export function showLabels(labels: Labels): string {
  return labels.size === 0 ? 'no labels' : [...labels].map(([key, value]) => `${key}=${value}`).join(', ');
}
