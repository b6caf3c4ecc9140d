import { ApiObject, type App, Chart } from 'cdk8s';
import type { Manifest } from '../internal/yaml';
import type { ChartPlan } from './chart-plan';
import { dependencyOrder } from './dependency-order';
import { Renderer } from './renderer';
import { dependenciesOf, ownConstructs } from './tree';
import { validate } from './validate';

/** The objects of charts, and what they render to: when it is asked for, so that no more than one is in memory. */
export class Manifests {
  private readonly renderer: Renderer;
  private readonly last: Chart | undefined;

  public constructor(
    private readonly app: App,
    private readonly plan: ChartPlan,
  ) {
    this.renderer = new Renderer(app);
    this.last = plan.charts.at(-1);
  }

  /**
   * What the objects of a chart render to.
   *
   * cdk8s validates the app before each chart. Before the last one is enough to find what the content of the others has
   * brought to light.
   */
  public *of(chart: Chart): Iterable<Manifest> {
    if (chart === this.last) validate(this.app);
    for (const object of this.objectsOf(chart)) yield this.render(object);
  }

  public render(object: ApiObject): Manifest {
    return this.renderer.render(object);
  }

  /** What all charts render to, one after the other. */
  public *all(): Iterable<Manifest> {
    for (const chart of this.plan.charts) yield* this.of(chart);
  }

  /** The objects of a chart in the order of cdk8s, read when it is its turn: the content of others may have added some. */
  public objectsOf(chart: Chart): ApiObject[] {
    const isOwn = (construct: unknown): construct is ApiObject =>
      ApiObject.isApiObject(construct) && Chart.of(construct as ApiObject) === chart;
    const constructs = this.plan.reentered.has(chart) ? chart.node.findAll() : ownConstructs(chart);
    return dependencyOrder(constructs, dependenciesOf(constructs), { ofObjects: true }).filter(isOwn);
  }
}
