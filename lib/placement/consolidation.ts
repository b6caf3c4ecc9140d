import type { Duration } from 'cdk8s';
import { requireInteger, requireMember, requireSeconds, requireText } from '../internal/checks';
import { errors } from '../internal/errors';

/** When a pool gives nodes back. */
export interface ConsolidationOptions {
  /**
   * How long a node must have been so: whole seconds, up to 24 hours. Where pods move, not below what theirs take to
   * start.
   *
   * @default - as long as the pods of the pool take to start, 10 minutes with a GPU and 5 without at the least
   */
  readonly after?: Duration;
}

/**
 * Whether Karpenter gives back nodes that are not needed.
 *
 * @see https://karpenter.sh/docs/concepts/disruption/#consolidation
 */
export class Consolidation {
  /**
   * Nodes without pods go. Pods are not moved.
   *
   * @throws OutOfRange
   */
  public static whenEmpty(options: ConsolidationOptions = {}): Consolidation {
    return new Consolidation('WhenEmpty', options);
  }

  /**
   * Nodes without pods go, and those whose pods fit on others, or on a cheaper node: their pods start anew there.
   *
   * @throws OutOfRange
   */
  public static whenEmptyOrUnderutilized(options: ConsolidationOptions = {}): Consolidation {
    return new Consolidation('WhenEmptyOrUnderutilized', options);
  }

  /** Nodes stay until they expire. */
  public static never(): Consolidation {
    return new Consolidation('never', {});
  }

  /** @internal */
  public readonly _afterSeconds?: number;

  private constructor(
    /** @internal */
    public readonly _policy: 'WhenEmpty' | 'WhenEmptyOrUnderutilized' | 'never',
    { after }: ConsolidationOptions,
  ) {
    if (after !== undefined) this._afterSeconds = requireSeconds('after', after, 0, 86_400);
  }
}

/** Why Karpenter ends a node. */
export enum DisruptionReason {
  /** It has no pods. */
  EMPTY = 'Empty',
  /** Its pods fit elsewhere. */
  UNDERUTILIZED = 'Underutilized',
  /** It is not what the pool says any more: another image, other instance types. */
  DRIFTED = 'Drifted',
}

/** What a budget is about. */
export interface NodeDisruptionBudgetOptions {
  /**
   * The reasons that it bounds.
   *
   * @default - all
   */
  readonly reasons?: DisruptionReason[];

  /**
   * When it begins to hold, as cron writes it, in UTC: `0 8 * * mon-fri`.
   *
   * @default - it always holds
   */
  readonly schedule?: string;

  /**
   * How long it holds from then on: whole minutes, up to 7 days. Needed with `schedule`.
   *
   * @default - it always holds
   */
  readonly duration?: Duration;
}

/**
 * How many nodes of a rung Karpenter may end at once on its own; of several budgets that hold the strictest counts. Nodes
 * that expire, and those that AWS takes back, ask none.
 *
 * @see https://karpenter.sh/docs/concepts/disruption/#disruption-budgets
 */
export class NodeDisruptionBudget {
  /**
   * So many nodes; 0 for none.
   *
   * @throws OutOfRange, EmptyList, MissingOption, InvalidText
   */
  public static nodes(count: number, options: NodeDisruptionBudgetOptions = {}): NodeDisruptionBudget {
    requireInteger('count', count, 0);
    return new NodeDisruptionBudget(String(count), options);
  }

  /**
   * So many of the nodes that there are, rounded up.
   *
   * @param percent 0 to 100
   * @throws OutOfRange, EmptyList, MissingOption, InvalidText
   */
  public static percent(percent: number, options: NodeDisruptionBudgetOptions = {}): NodeDisruptionBudget {
    requireInteger('percent', percent, 0, 100);
    return new NodeDisruptionBudget(`${percent}%`, options);
  }

  /** @internal */
  public readonly _model: NodeDisruptionBudgetModel;

  private constructor(nodes: string, { reasons, schedule, duration }: NodeDisruptionBudgetOptions) {
    if (reasons?.length === 0) throw errors.emptyList('reasons', 'leave it out for all');
    for (const reason of reasons ?? []) requireMember('reasons', reason, 'DisruptionReason', DisruptionReason);
    if ((schedule === undefined) !== (duration === undefined)) {
      const [missing, stated] = schedule === undefined ? ['schedule', 'duration'] : ['duration', 'schedule'];
      throw errors.missingOption(missing, `with '${stated}'`, 'Karpenter takes both or none');
    }
    if (schedule !== undefined) requireSchedule(schedule);
    this._model = {
      nodes,
      ...(reasons !== undefined && { reasons: [...new Set(reasons)] }),
      ...(schedule !== undefined && { schedule, minutes: minutesOf(duration!) }),
    };
  }
}

/** As Karpenter writes it, its duration aside. */
export interface NodeDisruptionBudgetModel {
  readonly nodes: string;
  readonly reasons?: readonly string[];
  readonly schedule?: string;
  readonly minutes?: number;
}

function minutesOf(duration: Duration): number {
  const seconds = requireSeconds('duration', duration, 60, 7 * 86_400);
  if (seconds % 60 !== 0) throw errors.outOfRange('duration', 'whole minutes', `${seconds} s`);
  return seconds / 60;
}

function requireSchedule(schedule: string): void {
  requireText('schedule', schedule, 200);
  const words = schedule.trim().split(/\s+/);
  const named = /^@(annually|yearly|monthly|weekly|daily|midnight|hourly)$/.test(schedule);
  const field = /^[0-9a-zA-Z*?/,-]+$/;
  if (!named && (words.length !== 5 || !words.every((word) => field.test(word)))) {
    throw errors.invalidText('schedule', 'five fields of cron, as `0 8 * * mon-fri`', schedule);
  }
}
