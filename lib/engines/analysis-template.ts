import type { ClusterModel } from '../cluster/cluster-profile';
import type { SeriesModel } from '../component/component-model';
import { groupBy } from '../internal/group-by';
import { sortedEntries } from '../internal/names';
import {
  type BoundsModel,
  type GateModel,
  gateName,
  type JobGateModel,
  type JudgingModel,
  type MeasuredGateModel,
  type MetricGateModel,
  NoData,
  type WebhookGateModel,
} from '../release/gate-model';
import { jobSpec, prometheusProvider, secretArguments, type TemplateArgument, webProvider } from './gate-providers';
import { boundedQuery, gateQuery } from './gate-queries';

/** The `spec` of an `argoproj.io/v1alpha1` AnalysisTemplate, as far as it is used. */
export interface AnalysisTemplateSpec {
  readonly args: readonly TemplateArgument[];
  readonly metrics: readonly AnalysisMetric[];
}

interface AnalysisMetric {
  readonly name: string;
  readonly provider: object;
  readonly interval?: string;
  readonly initialDelay?: string;
  readonly count?: number;
  readonly consecutiveSuccessLimit?: string;
  readonly failureLimit?: number;
  readonly inconclusiveLimit?: number;
  readonly consecutiveErrorLimit?: number;
  readonly successCondition?: string;
  readonly failureCondition?: string;
}

/** How a Rollout refers to analyses: in a step, before and after a promotion, or beside all steps. */
export type RolloutAnalysis = {
  readonly templates: readonly { readonly templateName: string; readonly clusterScope?: true }[];
  readonly args: readonly RolloutArgument[];
};

interface RolloutArgument {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly podTemplateHashValue: 'Latest' | 'Stable' };
}

/** In a step, until it has passed for long enough; or beside the steps, without an end. */
export type AnalysisUse = 'step' | 'background';

/** A gate that is asked again and again. */
type RepeatedGate = Exclude<MetricGateModel, JobGateModel>;

/**
 * A step with a metric that has no `count` is refused. It is never reached before one of the limits is, and is no pass when
 * it is: the metric is inconclusive then.
 */
const MAX_COUNT = 1_000_000;

/** How long Argo Rollouts waits after an error, whatever the interval. */
const ERROR_RETRY_SECONDS = 10;
/** Errors in a row, by its own default: an answer that was lost ends no release. */
const MIN_ERROR_LIMIT = 4;

/** The `spec` of the AnalysisTemplate with the metrics of gates; undefined where others have all of them. */
export function analysisTemplateSpec(
  gates: readonly GateModel[],
  { series, cluster }: { readonly series: SeriesModel; readonly cluster: ClusterModel },
  use: AnalysisUse,
): AnalysisTemplateSpec | undefined {
  const own = ownGates(gates);
  if (own.length === 0) return undefined;
  return {
    args: [
      { name: 'canary-hash' },
      { name: 'stable-hash' },
      ...secretArguments(own, cluster.prometheus),
      ...(use === 'step' ? successArguments(own, 0).map(({ name }) => ({ name })) : []),
    ],
    metrics: own.map((gate) => ({ name: gateName(gate), ...metric(gate, series, cluster, use) })),
  };
}

/**
 * How a Rollout refers to the analysis of gates, whose template has such a name: with `seconds` in a step, which then lasts
 * so long at least, with 0 until all have passed once, and without them beside the steps.
 */
export function analysisOf(
  templateName: string,
  gates: readonly GateModel[],
  { seconds }: { readonly seconds?: number } = {},
): RolloutAnalysis {
  const own = ownGates(gates);
  const others = gates.flatMap((gate) => (gate.kind === 'template' ? [gate] : []));
  return {
    args: [
      { name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } },
      { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } },
      ...(seconds === undefined ? [] : successArguments(own, seconds)),
      ...sortedEntries(Object.fromEntries(others.flatMap(({ args }) => args))).map(([name, value]) => ({
        name,
        value,
      })),
    ],
    templates: [
      ...(own.length === 0 ? [] : [{ templateName }]),
      ...others.map(({ name, clusterScope }) => ({
        templateName: name,
        ...(clusterScope && { clusterScope: true as const }),
      })),
    ],
  };
}

function ownGates(gates: readonly GateModel[]): MetricGateModel[] {
  return gates.filter((gate): gate is MetricGateModel => gate.kind !== 'template');
}

function metric(
  gate: MetricGateModel,
  series: SeriesModel,
  cluster: ClusterModel,
  use: AnalysisUse,
): Omit<AnalysisMetric, 'name'> {
  switch (gate.kind) {
    case 'job':
      // Without an interval it runs once.
      return { failureLimit: 0, provider: { job: { spec: jobSpec(gate) } } };
    case 'webhook':
      return { ...repetition(gate, use), ...webhookConditions(gate), provider: { web: webProvider(gate) } };
    case 'measured':
      return {
        ...repetition(gate, use),
        ...vectorConditions(gate, { max: limitOf(gate) }),
        provider: { prometheus: prometheusProvider(gateQuery(gate, series), cluster.prometheus!) },
      };
    case 'prometheus':
      return {
        ...repetition(gate, use),
        ...vectorConditions(gate, gate.bounds),
        provider: { prometheus: prometheusProvider(boundedQuery(gate), cluster.prometheus!) },
      };
  }
}

function repetition(gate: RepeatedGate, use: AnalysisUse): Omit<AnalysisMetric, 'name' | 'provider'> {
  const { intervalSeconds, failureLimit, patience } = gate;
  const delay = initialDelay(gate);
  return {
    consecutiveErrorLimit: Math.max(MIN_ERROR_LIMIT, Math.ceil((patience * intervalSeconds) / ERROR_RETRY_SECONDS)),
    ...(use === 'step' && {
      consecutiveSuccessLimit: `{{args.${successesName(gate)}}}`,
      count: MAX_COUNT,
    }),
    failureLimit,
    inconclusiveLimit: patience,
    ...(delay > 0 && { initialDelay: `${delay}s` }),
    interval: `${intervalSeconds}s`,
  };
}

function initialDelay(gate: RepeatedGate): number {
  return gate.kind === 'measured' ? gate.windowSeconds! : gate.initialDelaySeconds;
}

function successesName({ intervalSeconds }: JudgingModel): string {
  return `successes-every-${intervalSeconds}s`;
}

/** How many measurements in a row must pass, by the interval between them. */
function successArguments(gates: readonly MetricGateModel[], seconds: number): { name: string; value: string }[] {
  const repeated = gates.filter((gate): gate is RepeatedGate => gate.kind !== 'job');
  const groups = [...groupBy(repeated, successesName)].map(([name, group]) => {
    // The first comes after the delay.
    const counts = group.map((gate) => 1 + Math.ceil((seconds - initialDelay(gate)) / gate.intervalSeconds));
    return [name, String(Math.max(1, ...counts))] as const;
  });
  return sortedEntries(Object.fromEntries(groups)).map(([name, value]) => ({ name, value }));
}

function limitOf({ measure }: MeasuredGateModel): number {
  switch (measure.kind) {
    case 'latency':
      return measure.maxSeconds;
    case 'error-rate':
      return measure.maxRate;
    default:
      return measure.maxRatio;
  }
}

type Conditions = Pick<AnalysisMetric, 'failureCondition' | 'successCondition'>;

/**
 * Of one number. Both conditions are stated: with one alone whatever does not meet it is its opposite, so that an empty answer
 * would pass, or fail. What meets neither is inconclusive; an index beyond the end is an error, which ends in an abort.
 */
function vectorConditions({ noData }: JudgingModel, bounds: BoundsModel): Conditions {
  const pick = noData === NoData.ABORT ? 'result[len(result) == 1 ? 0 : len(result)]' : 'result[0]';
  const { success, failure } = within(pick, bounds);
  if (noData === NoData.ABORT)
    return { failureCondition: failure.join(' || '), successCondition: success.join(' && ') };
  const one = 'len(result) == 1';
  return {
    failureCondition: failure.map((text) => `${one} && ${text}`).join(' || '),
    successCondition: [one, ...success].join(' && '),
  };
}

function within(what: string, { min, max }: BoundsModel): { success: string[]; failure: string[] } {
  return {
    success: [...(min === undefined ? [] : [`${what} >= ${min}`]), ...(max === undefined ? [] : [`${what} <= ${max}`])],
    failure: [...(min === undefined ? [] : [`${what} < ${min}`]), ...(max === undefined ? [] : [`${what} > ${max}`])],
  };
}

/** Text compared with a number is an error, as it should be. */
function webhookConditions({ verdict }: WebhookGateModel): Conditions {
  if (verdict.kind === 'bounds') {
    const { success, failure } = within('result', verdict.bounds);
    return { failureCondition: failure.join(' || '), successCondition: success.join(' && ') };
  }
  const is = (operator: string, text: string) => `string(result) ${operator} ${JSON.stringify(text)}`;
  const { success, failure } = verdict;
  return {
    failureCondition: failure === undefined ? is('!=', success) : is('==', failure),
    successCondition: is('==', success),
  };
}
