/** Which engines carry a component, chosen before anything is rendered. */
export interface EnginePlan {
  readonly workload: 'deployment' | 'rollout' | 'knative';
  readonly scaler: 'none' | 'hpa' | 'keda';
}

/** What an object decides alone; two claims on one target are a mistake. */
export interface Claim {
  readonly resource: 'replicas' | 'host' | 'targets' | 'weights' | 'selector';
  /** What is decided upon, unique in its cluster. */
  readonly target: string;
  /** The object that decides. */
  readonly owner: string;
}
