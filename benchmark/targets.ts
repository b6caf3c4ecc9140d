// What was to be reached, and what this run has reached: ratios of medians.
import type { Comparison } from './identity';
import { FLOOR, NODE, OURS, PLUS, type Result, STOCK } from './workload';

export interface Target {
  readonly id: string;
  readonly what: string;
  readonly limit: number;
  /** Undefined where what it needs was not run. */
  readonly reached?: number;
  /** The same in processor time, which what else runs on the machine hardly changes. */
  readonly processor?: number;
}

/** What is compared. */
type Quantity = 'milliseconds' | 'processorMilliseconds';

export class Results {
  public constructor(
    public readonly all: readonly Result[],
    private readonly quantity: Quantity = 'milliseconds',
  ) {}

  /** The same results in processor time. */
  public inProcessorTime(): Results {
    return new Results(this.all, 'processorMilliseconds');
  }

  public find(group: string, tool: string, count: number): Result | undefined {
    return this.all.find((one) => one.group === group && one.tool === tool && one.count === count);
  }

  public time(group: string, tool: string, count: number): number {
    return this.find(group, tool, count)?.[this.quantity] ?? Number.NaN;
  }

  /** Tools of a group, in the order in which they are run. */
  public tools(group: string): string[] {
    return [...new Set(this.all.filter((one) => one.group === group).map(({ tool }) => tool))];
  }

  public counts(group: string): number[] {
    return [...new Set(this.all.filter((one) => one.group === group).map(({ count }) => count))].sort((a, b) => a - b);
  }

  /** 1 where twice as much takes twice as long, of what comes on top of the start of the tool. */
  public exponent(group: string, tool: string, from: number, to: number): number {
    const start = this.time(group, tool, this.counts(group)[0]!);
    const net = (count: number): number => this.time(group, tool, count) - start;
    return Math.log(net(to) / net(from)) / Math.log(to / from);
  }
}

export function targetsOf(results: Results, compared: readonly Comparison[]): Target[] {
  const processor = reachedIn(results.inProcessorTime(), compared);
  return reachedIn(results, compared).map((target, index) => {
    const { reached } = processor[index]!;
    return { ...target, ...(reached !== undefined && { processor: reached }) };
  });
}

function reachedIn(results: Results, compared: readonly Comparison[]): Target[] {
  const at = (tool: string, count: number): number => results.time('objects', tool, count);
  const memory = (tool: string): number => results.find('objects', tool, 1_667)?.peakMegabytes ?? Number.NaN;
  const node = results.time('import', NODE, 1);
  const chain = (count: number): number => results.time('chain', OURS, count);
  const perApp = (tool: string, count: number): number => results.time('charts', tool, count);
  const ratio = (id: string, what: string, limit: number, reached: number): Target => ({
    id,
    what,
    limit,
    ...(Number.isFinite(reached) && { reached }),
  });
  return [
    ratio('T1', '5,001 objects in one chart / cdk8s-plus-27', 0.25, at(OURS, 1_667) / at(PLUS, 1_667)),
    ratio('T2', 'the same / helm template', 0.6, at(OURS, 1_667) / at('helm template', 1_667)),
    ratio('T3', 'the same / JSON.stringify and write', 5, at(OURS, 1_667) / at(FLOOR, 1_667)),
    ratio('T4', '1,002 objects / kustomize build', 0.25, at(OURS, 334) / at('kustomize build', 334)),
    ratio('T4', '5,001 objects / kustomize build', 0.02, at(OURS, 1_667) / at('kustomize build', 1_667)),
    ratio('T5', 'growth from 1,000 to 10,000 charts', 1.1, results.exponent('charts', OURS, 1_000, 10_000)),
    ratio(
      'T5',
      '1,000 charts / the same program with the App of cdk8s',
      0.15,
      perApp(OURS, 1_000) / perApp(STOCK, 1_000),
    ),
    ratio('T5', '1,000 charts / cdk8s-plus-27', 0.15, perApp(OURS, 1_000) / perApp(PLUS, 1_000)),
    ratio('T6', '1,000 chained charts, in seconds', 2, chain(1_000) / 1_000),
    ratio('T6', 'growth from 1,000 to 3,000 chained charts', 1.2, results.exponent('chain', OURS, 1_000, 3_000)),
    ratio('T7', 'peak memory at 5,001 objects / cdk8s-plus-27', 0.75, memory(OURS) / memory(PLUS)),
    ratio('T8', '12 objects, net of node / cdk8s-plus-27', 0.6, (at(OURS, 4) - node) / (at(PLUS, 4) - node)),
    ratio(
      'T10',
      `apps whose files differ from those of cdk8s, of ${compared.length}`,
      0,
      compared.filter(({ identical }) => !identical).length,
    ),
    ratio(
      'import',
      'cdk8s and cdk8s-bento / cdk8s',
      1.3,
      results.time('import', 'cdk8s and cdk8s-bento', 1) / results.time('import', 'cdk8s', 1),
    ),
    ratio(
      'small',
      'one deployment: ServingApp / App of cdk8s',
      1,
      results.time('one deployment', 'ServingApp', 1) / results.time('one deployment', 'App of cdk8s', 1),
    ),
  ];
}
