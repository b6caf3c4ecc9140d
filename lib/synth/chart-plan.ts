import { type App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { dependencyOrder } from './dependency-order';
import { dependenciesOf } from './tree';

/** The order of charts, and what is needed to find that of their objects. */
export interface ChartPlan {
  /** Each behind those that it depends on. */
  readonly charts: readonly Chart[];
  /** Whether a chart depends on another, so that files are numbered. */
  readonly dependent: boolean;
  /** Charts on which something beneath them, but of another chart, depends: it has a say in the order of their objects. */
  readonly reentered: ReadonlySet<Chart>;
}

/**
 * Makes dependencies between charts explicit, as cdk8s does, and orders the charts.
 *
 * @throws Error if dependencies form a cycle, or lead out of charts
 */
export function planCharts(app: App): ChartPlan {
  const constructs = app.node.findAll();
  const nested = dependOnNested(constructs);
  const crossing = dependOnOthers(constructs);
  const dependencies = dependenciesOf(constructs);
  const reentered = dependencies.flatMap(({ source, target }) => {
    const chart = Chart.of(target);
    return chart !== Chart.of(source) && source.node.path.startsWith(`${chart.node.path}/`) ? [chart] : [];
  });
  return {
    charts: dependencyOrder(constructs, dependencies, { ofObjects: true }).filter(isChart),
    dependent: nested || crossing,
    reentered: new Set(reentered),
  };
}

/** The charts in the order of the dependencies that are explicit by now. */
export function chartsInOrder(app: App): Chart[] {
  const constructs = app.node.findAll();
  return dependencyOrder(constructs, dependenciesOf(constructs), { ofObjects: false }).filter(isChart);
}

function isChart(construct: IConstruct): construct is Chart {
  return Chart.isChart(construct);
}

function dependOnNested(constructs: readonly IConstruct[]): boolean {
  const nested = constructs
    .filter(isChart)
    .flatMap((chart) => chart.node.children.filter(isChart).map((child) => ({ chart, child })));
  for (const { chart, child } of nested) chart.node.addDependency(child);
  return nested.length > 0;
}

function dependOnOthers(constructs: readonly IConstruct[]): boolean {
  const crossing = dependenciesOf(constructs)
    .map(({ source, target }) => ({ from: Chart.of(source), to: Chart.of(target) }))
    .filter(({ from, to }) => from !== to);
  for (const { from, to } of crossing) from.node.addDependency(to);
  return crossing.length > 0;
}
