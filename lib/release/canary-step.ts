import type { Duration } from 'cdk8s';
import { requireInteger, requireSeconds, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireOwnHeaderName } from '../traffic/http-names';

/** A week: a release that takes longer is two versions side by side. */
const MAX_PAUSE_SECONDS = 604_800;

/** How long a step of a canary lasts. */
export interface CanaryStepOptions {
  /**
   * How long it lasts; in a step with a weight gates of the release must pass all that time. Whole seconds, 1 second to 7
   * days.
   *
   * @default - the next step comes at once, or as soon as gates of the release have passed once
   */
  readonly pause?: Duration;

  /**
   * That it lasts until a human says `kubectl argo rollouts promote`, after its gates have passed once. Nothing else ends it:
   * old and new version run side by side until then.
   *
   * @default false
   */
  readonly untilPromoted?: boolean;

  /**
   * How many replicas the new version has from this step on: at least 1, at most the maximum of the API server. Fewer than
   * its share of the requests takes are overloaded.
   *
   * @default - its weight of the most replicas that there may be, rounded up; 1 before the first weight
   */
  readonly replicas?: number;
}

/**
 * What happens in a canary release, one after the other. After the last step the new version has as many replicas as the
 * old one, and gets all requests.
 *
 * @example
 * CanaryStep.weight(10, { pause: Duration.minutes(5) });
 */
export class CanaryStep {
  /**
   * The new version gets so many of a hundred requests, as soon as the replicas for that are ready.
   *
   * @param percent whole percent, 1 to 100; at 100 the old version stays at full size until the next step
   * @throws OutOfRange, ConflictingOptions
   * @see https://argo-rollouts.readthedocs.io/en/stable/features/canary/
   */
  public static weight(percent: number, options: CanaryStepOptions = {}): CanaryStep {
    requireInteger('percent', percent, 1, 100);
    return new CanaryStep({ kind: 'weight', percent, ...lasting(options) });
  }

  /**
   * Requests with this value of a header go to the new version, from here to the end of the release; weights share out all
   * others. Doors that share requests out by an Application Load Balancer can, and by Gateway API with the plugin.
   *
   * @param header its name: letters, digits, - and _
   * @param value all of it, as it is written: at most 128 printable characters of ASCII, no blank at either end
   * @throws InvalidName, InvalidText, OutOfRange, ConflictingOptions
   * @see https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/#traffic-routing-based-on-a-header-values-for-canary
   */
  public static headerRoute(header: string, value: string, options: CanaryStepOptions = {}): CanaryStep {
    requireOwnHeaderName('header', header);
    requireText('value', value, 128);
    // A load balancer takes * and ? for any characters.
    if (!/^[!-~]([ -~]*[!-~])?$/.test(value) || /[*?\\]/.test(value)) {
      throw errors.invalidText('value', 'printable ASCII without *, ? and \\ and without blanks at its ends', value);
    }
    return new CanaryStep({ kind: 'header-route', header, value, ...lasting(options) });
  }

  /**
   * Nothing changes for a while.
   *
   * @param duration whole seconds, 1 second to 7 days
   * @throws OutOfRange
   */
  public static pause(duration: Duration): CanaryStep {
    return new CanaryStep({ kind: 'pause', pause: pauseOf('duration', duration) });
  }

  /**
   * Nothing changes until a human says `kubectl argo rollouts promote`: old and new version run side by side until then, and
   * nobody else ends it, which a warning says.
   */
  public static untilPromoted(): CanaryStep {
    return new CanaryStep({ kind: 'pause', pause: { kind: 'until-promoted' } });
  }

  /** @internal */
  public readonly _model: CanaryStepModel;

  private constructor(model: CanaryStepModel) {
    this._model = model;
  }
}

function lasting({ pause, untilPromoted, replicas }: CanaryStepOptions): { pause?: PauseModel; replicas?: number } {
  if (pause !== undefined && untilPromoted === true) {
    throw errors.conflictingOptions('pause', 'untilPromoted', 'add CanaryStep.pause() before or after it');
  }
  if (replicas !== undefined) requireInteger('replicas', replicas, 1);
  return {
    ...(pause !== undefined && { pause: pauseOf('pause', pause) }),
    ...(untilPromoted === true && { pause: { kind: 'until-promoted' as const } }),
    ...(replicas !== undefined && { replicas }),
  };
}

function pauseOf(property: string, duration: Duration): PauseModel {
  return { kind: 'time', seconds: requireSeconds(property, duration, 1, MAX_PAUSE_SECONDS) };
}

/** How long a step lasts. */
export type PauseModel = { readonly kind: 'time'; readonly seconds: number } | { readonly kind: 'until-promoted' };

/** What the engines read. */
export type CanaryStepModel =
  | { readonly kind: 'weight'; readonly percent: number; readonly pause?: PauseModel; readonly replicas?: number }
  | {
      readonly kind: 'header-route';
      readonly header: string;
      readonly value: string;
      readonly pause?: PauseModel;
      readonly replicas?: number;
    }
  | { readonly kind: 'pause'; readonly pause: PauseModel };
