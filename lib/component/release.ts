import type { Duration } from 'cdk8s';
import type { CanaryStep } from '../release/canary-step';
import type { Gate } from '../release/gate';
import type { Promotion } from '../release/promotion';
import type { RollingOptions } from '../release/rolling';
import { RollingPreset } from '../release/rolling';
import type { SplitRouter } from '../release/split-router';
import type { StickyKey } from '../release/sticky-key';
import type { Version } from './version';

/** Options of `Release.rolling`. */
export interface RollingReleaseOptions extends RollingOptions {
  /**
   * The version before this one. Stated, runner pools are called after the key of their version, so that a new API server
   * never calls an old pool: pods of the API server wait until those of their own version are ready, and the old pools stay
   * until an edit says `Version.absent`. From then on it is always stated: without it pools have other names, and an
   * edit takes away those that are called. To go back is a release too, whose version before is the one that runs.
   *
   * @default - pools are replaced in place, pod by pod: for the time of a release either version calls either
   */
  readonly previous?: Version;
}

/** Options of `Release.split`. */
export interface SplitReleaseOptions {
  /**
   * Versions beside the deployment's own, by their keys: a DNS label of at most 20 letters each. What none of them gets
   * goes to the deployment's own; weights are 100 together at the most.
   */
  readonly versions: { [versionKey: string]: Version };

  /**
   * What keeps the requests of one user with one version: a hash of it is shared out by the weights. A tier of nginx before
   * all versions does it. Requests without it go to the deployment's own version.
   *
   * @default - each request is shared out by itself
   */
  readonly stickyBy?: StickyKey;

  /**
   * What shares requests out.
   *
   * @default - the doors where they can, else a tier of nginx before all versions, under the deployment's name; then callers
   * inside the cluster are shared out, too
   */
  readonly router?: SplitRouter;
}

/** What releases by Argo Rollouts have in common. */
export interface ArgoRolloutsReleaseOptions {
  /**
   * The version before this one: its runner pools stay, for pods of the old API server call them as long as there are any.
   * Needed where the deployment has pools of its own, and where its pods mount files or weights of their version. To go back
   * is a release too, whose version before is the one that runs: an edit that just restores the definition from before takes
   * away the pools that are called.
   *
   * @default - none, for deployments without pools of their own
   */
  readonly previous?: Version;

  /**
   * The least replicas that pools of the new version have while the one before is there, by the services that they run. At
   * least 1 and at most the maximum of the pool. Pods of the new API server wait for the minimum of the pool's own scaling
   * before they take requests; a blue-green release waits for all of these before its promotion.
   *
   * @default - in a blue-green release the maximum of the pool, as all requests come at once; in a canary its minimum
   */
  readonly runnerReplicas?: { [bentoService: string]: number };

  /**
   * How long a new pod must be ready until it counts. Whole seconds, at most 1 hour.
   *
   * @default Duration.seconds(0)
   */
  readonly minReady?: Duration;

  /**
   * How long pods of the new version may take until they are ready; then the release is aborted. Whole seconds, above what
   * a start takes.
   *
   * @default - what a node, the image and a start may take, as of any component
   */
  readonly progressDeadline?: Duration;

  /**
   * How long the old version stays, at full size, after the new one has all requests: to go back to it takes no start.
   * Whole seconds, 30 seconds to 24 hours.
   *
   * @default - 30 seconds after a canary, 5 minutes in a blue-green release
   */
  readonly scaleDownDelay?: Duration;

  /**
   * How many old versions Argo Rollouts keeps to go back to: 1 to 100. Pools and files of a version are there as long as it
   * is stated: to go back beyond that is an edit of the definition.
   *
   * @default 5
   */
  readonly revisionHistory?: number;

  /**
   * That a Deployment of the same name runs now, which the Rollout is to take over: for this release both run, under one
   * Service, and nothing else of the release is there yet. The edit after it, when the Rollout has as many pods as it needs,
   * leaves this out: then the Deployment goes.
   *
   * @default false
   */
  readonly besideDeployment?: boolean;
}

/** Options of `Release.canary`. */
export interface CanaryReleaseOptions extends ArgoRolloutsReleaseOptions {
  /** What happens one after the other, with rising weights; after the last one the new version gets all requests. */
  readonly steps: CanaryStep[];

  /**
   * What the new version must pass, all of them at each step with a weight, for as long as the pause of the step: then the
   * next step comes. What fails aborts the release, and all requests go to the old version.
   *
   * @default - none: time alone decides
   */
  readonly gates?: Gate[];

  /**
   * What is watched from the first step with a weight until the end, beside the steps: what fails aborts the release.
   *
   * @default - none
   */
  readonly backgroundGates?: Gate[];

  /**
   * That weights are met as well as replicas can, where no door shares requests out: of 4 replicas one is 25 percent. Then
   * the new pods take the place of old ones.
   *
   * @default false
   */
  readonly weightsByReplicas?: boolean;

  /**
   * How long pods of the new version stay after an abort, while doors take their requests away. Whole seconds, 10 seconds
   * to 1 hour.
   *
   * @default Duration.seconds(30)
   */
  readonly abortScaleDownDelay?: Duration;
}

/** Options of `Release.blueGreen`. */
export interface BlueGreenReleaseOptions extends ArgoRolloutsReleaseOptions {
  /**
   * What must pass before requests go to the new version, which is reached under the preview's Service alone: what fails
   * aborts the release.
   *
   * @default - none
   */
  readonly beforePromotion?: Gate[];

  /**
   * What must pass after that: what fails sends requests back to the old version, which is still there.
   *
   * @default - none
   */
  readonly afterPromotion?: Gate[];

  /**
   * When requests go to the new version, once all of its pods are ready and `beforePromotion` has passed.
   *
   * @default Promotion.automatic()
   */
  readonly promotion?: Promotion;
}

/** The two versions of a blue-green release, of which one is there between releases. */
export enum Color {
  /** One of them. */
  BLUE = 'blue',
  /** The other. */
  GREEN = 'green',
}

/** Options of `Release.manualBlueGreen`. */
export interface ManualBlueGreenOptions {
  /** The colour of the deployment's own version: the other one than that of the version before. */
  readonly color: Color;

  /**
   * The version before, which has the other colour unless it states a key, as `main` where it was rolled out in place;
   * `Version.absent` at the first release, and when one is over.
   */
  readonly previous: Version;

  /**
   * Whether requests go to the deployment's own version; the other is then the preview. An edit promotes it, or goes back.
   *
   * @default - false with a version before, else true
   */
  readonly promoted?: boolean;

  /**
   * Whether components of both versions run at the maximum of their autoscalers while both are there, as all requests come
   * at once.
   *
   * @default true
   */
  readonly fullSize?: boolean;
}

/**
 * How a new version takes over.
 *
 * @example
 * Release.canary({
 *   previous: Version.of({ bento: lastBento }),
 *   steps: [CanaryStep.weight(10, { pause: Duration.minutes(5) }), CanaryStep.weight(50, { pause: Duration.minutes(10) })],
 *   gates: [Gate.latencyRelativeToStable({ maxRatio: 1.1 }), Gate.errorRateRelativeToStable({ maxRatio: 1.5 })],
 * });
 */
export class Release {
  /** Pods are replaced in place, some at a time. */
  public static rolling(options: RollingReleaseOptions = {}): Release {
    return new Release({ kind: 'rolling', options });
  }

  /** All pods end before new ones start: an outage for as long as a start takes, and no spare node is needed. */
  public static recreate(): Release {
    return new Release({ kind: 'rolling', options: { preset: RollingPreset.RECREATE } });
  }

  /** Several versions side by side, each with its own replicas, share the requests. Edits promote them, or take them out. */
  public static split(options: SplitReleaseOptions): Release {
    return new Release({ kind: 'split', options });
  }

  /** A new version gets more and more of the requests, and all of them once its gates have passed. By Argo Rollouts. */
  public static canary(options: CanaryReleaseOptions): Release {
    return new Release({ kind: 'canary', options });
  }

  /** A new version starts beside the old one, then gets all requests at once. By Argo Rollouts. */
  public static blueGreen(options: BlueGreenReleaseOptions = {}): Release {
    return new Release({ kind: 'blue-green', options });
  }

  /**
   * Two versions, of which one gets all requests: an edit of the definition switches the selector of one Service. For
   * clusters without Argo Rollouts.
   */
  public static manualBlueGreen(options: ManualBlueGreenOptions): Release {
    return new Release({ kind: 'manual-blue-green', options });
  }

  private constructor(
    /** @internal */
    public readonly _model: ReleaseIntent,
  ) {}
}

/** A release as the user said it. */
export type ReleaseIntent =
  | { readonly kind: 'rolling'; readonly options: RollingReleaseOptions }
  | { readonly kind: 'split'; readonly options: SplitReleaseOptions }
  | { readonly kind: 'canary'; readonly options: CanaryReleaseOptions }
  | { readonly kind: 'blue-green'; readonly options: BlueGreenReleaseOptions }
  | { readonly kind: 'manual-blue-green'; readonly options: ManualBlueGreenOptions };
