import type { Duration } from 'cdk8s';
import type { FunctionEngine } from '../scaling/function-engine';
import type { Overflow } from '../scaling/overflow';
import type { ScalingBehavior } from '../scaling/scaling-behavior';
import type { ScalingMetric } from '../scaling/scaling-metric';

/** What happens to requests while a function has no replica. */
export interface ColdStartOptions {
  /**
   * How long requests wait for the first replica, beside the time that their answer takes: whole seconds, 1 second to 1
   * hour.
   *
   * @default - half as much again as `coldStartReport` says, at least 1 minute
   */
  readonly timeout?: Duration;

  /**
   * How many requests may wait, per interceptor: at least 1. Needs the KEDA HTTP add-on 0.16.
   *
   * @default - as many as come, with a warning; Knative's activator holds 10,000 of a function
   */
  readonly maxPending?: number;

  /**
   * What requests get that cannot wait. A placeholder without `maxPending` answers all of them at once: nobody waits.
   *
   * @default Overflow.reject()
   */
  readonly overflow?: Overflow;
}

/** How a function scales. */
export interface FunctionScalingOptions {
  /** The most replicas: at least 1. With a GPU this is what the function can cost. */
  readonly maxReplicas: number;

  /**
   * The fewest replicas: 0 to `maxReplicas`. Above 0 it never sleeps.
   *
   * @default 0
   */
  readonly minReplicas?: number;

  /**
   * Requests that a replica has at the same time, those that wait included, to aim at: at least 1. With Knative they are
   * the limit too, unless `traffic.maxConcurrency` states a higher one: others wait in a queue.
   *
   * @default - `traffic.concurrency` of the Bento's code; one of the two targets must be given where there is none
   */
  readonly targetConcurrency?: number;

  /**
   * Requests per second and replica to aim at: at least 1. The KEDA HTTP add-on takes both targets, Knative one.
   *
   * @default - none
   */
  readonly targetRequestRate?: number;

  /**
   * How long without requests until nothing runs: whole seconds, 10 seconds to 24 hours; with Knative and the
   * HorizontalPodAutoscaler at most 1 hour.
   *
   * @default Duration.minutes(5)
   */
  readonly idleTimeout?: Duration;

  /**
   * What else wakes it and makes it grow: `schedule`, `prometheus` and `kedaTrigger` with the KEDA HTTP add-on, `external`
   * and `ofObject` with the HorizontalPodAutoscaler, which has nothing else.
   *
   * @default - requests alone
   */
  readonly metrics?: ScalingMetric[];

  /**
   * How the autoscaler moves between one replica and `maxReplicas`; Knative has rules of its own.
   *
   * @default - Kubernetes' own; with a GPU, up by at most 100 % or one pod in 3 minutes, the time a node takes, or what
   * `startup.nodeStart` says
   */
  readonly behavior?: ScalingBehavior;

  /**
   * What happens to requests while nothing runs.
   *
   * @default - they wait for as long as a start may take
   */
  readonly coldStart?: ColdStartOptions;

  /**
   * What carries it.
   *
   * @default - what the ClusterProfile has: the KEDA HTTP add-on, else Knative
   */
  readonly engine?: FunctionEngine;
}
