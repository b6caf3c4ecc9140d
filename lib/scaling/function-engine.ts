/**
 * What carries a function from zero and back.
 *
 * | | holds requests at cold start | holds requests at overload | pools that sleep too |
 * |---|---|---|---|
 * | `kedaHttp()` | yes | no: BentoML's 429 | yes |
 * | `knative()` | yes | yes | no |
 * | `hpa()` | no | no: BentoML's 429 | no |
 */
export class FunctionEngine {
  /**
   * KEDA's HTTP add-on: requests pass its interceptor, which holds them while replicas start. Needs `keda` and
   * `kedaHttpAddOn` in the ClusterProfile.
   *
   * @see https://keda.sh/http-add-on/
   */
  public static kedaHttp(): FunctionEngine {
    return new FunctionEngine('keda-http');
  }

  /**
   * Knative Serving: requests pass its activator while replicas start, and a queue in each pod. Needs `knative` in the
   * ClusterProfile, and its feature flags for much of what GPU pods have.
   *
   * @see https://knative.dev/docs/serving/
   */
  public static knative(): FunctionEngine {
    return new FunctionEngine('knative');
  }

  /**
   * The HorizontalPodAutoscaler of Kubernetes 1.37: replicas follow metrics of `external` or `ofObject` that exist without
   * them. Nothing holds requests: those that come while nothing runs fail.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
   */
  public static hpa(): FunctionEngine {
    return new FunctionEngine('hpa');
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'keda-http' | 'knative' | 'hpa',
  ) {}
}
