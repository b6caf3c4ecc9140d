// What Kubernetes makes of the bounds of a Deployment, line by line after its source (v1.36.3):
// GetScaledValueFromIntOrPercent of apimachinery/pkg/util/intstr, ResolveFenceposts and MaxUnavailable of
// pkg/controller/deployment/util.

/** `maxSurge` or `maxUnavailable` as a manifest has it. */
export type IntOrPercent = number | string;

/** The `strategy` of a Deployment. */
export interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly maxSurge?: IntOrPercent; readonly maxUnavailable?: IntOrPercent };
}

export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

function scaled(value: IntOrPercent, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  const percent = Number(/^([0-9]{1,3})%$/.exec(value)![1]);
  return roundUp ? Math.ceil((percent * total) / 100) : Math.floor((percent * total) / 100);
}

/** How many replicas may be too many, and how many may be missing. */
export function fenceposts(strategy: Strategy, desired: number): Fenceposts {
  if (strategy.type === 'Recreate') return { surge: 0, unavailable: desired };
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate!;
  const surge = scaled(maxSurge!, desired, true);
  let unavailable = scaled(maxUnavailable!, desired, false);
  if (surge === 0 && unavailable === 0) unavailable = 1;
  return { surge, unavailable: Math.min(unavailable, desired) };
}
