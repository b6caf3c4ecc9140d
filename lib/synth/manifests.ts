import { ApiObject, type App, Chart } from 'cdk8s';
import type { ChartPlan } from './chart-plan';
import { dependencyOrder } from './dependency-order';
import { Renderer } from './renderer';
import { dependenciesOf, ownConstructs } from './tree';
import { validate } from './validate';

/** The objects of charts, and what they render to. */
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
  public of(chart: Chart): unknown[] {
    if (chart === this.last) validate(this.app);
    return this.objectsOf(chart).map((object) => this.toJson(object));
  }

  public toJson(object: ApiObject): unknown {
    return this.renderer.toJson(object);
  }

  /** The objects of a chart in the order of cdk8s, read when it is its turn: the content of others may have added some. */
  public objectsOf(chart: Chart): ApiObject[] {
    const isOwn = (construct: unknown): construct is ApiObject =>
      ApiObject.isApiObject(construct) && Chart.of(construct as ApiObject) === chart;
    const constructs = this.plan.reentered.has(chart) ? chart.node.findAll() : ownConstructs(chart);
    return dependencyOrder(constructs, dependenciesOf(constructs), { ofObjects: true }).filter(isOwn);
  }
}
