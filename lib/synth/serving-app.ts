import { App, type AppProps, type Chart } from 'cdk8s';
import { knowsCharts } from './beyond';
import { chartsOf, synthesize, synthesizeYaml } from './synthesize';

/** What an `App` of cdk8s takes: where files go, how objects are divided into them, resolvers. */
export interface ServingAppProps extends AppProps {}

/**
 * An `App` of cdk8s for definitions of any size: it writes the same bytes to the same files, in a time that grows with
 * the number of objects, where cdk8s' own grows with the square of the charts and doubles with each chart that depends on another.
 *
 * Properties, the environment's `CDK8S_OUTDIR`, validations, resolvers and errors are those of cdk8s. What an app has that
 * only cdk8s itself can synthesize is left to it, with the warning `StockSynthesis`.
 *
 * @see https://github.com/cdk8s-bento/cdk8s-bento/blob/main/docs/speed.md
 *
 * @example
 * const fleet = new ServingApp({ outdir: 'manifests' });
 * for (const region of ['us-east-1', 'eu-west-1']) {
 *   new BentoDeployment(new Chart(fleet, region, { namespace: 'ml' }), 'Summarizer', { bento });
 * }
 * fleet.synth();
 */
export class ServingApp extends App {
  /** @param props the properties of cdk8s' `App` */
  public constructor(props: ServingAppProps = {}) {
    super(props);
  }

  /** All charts, each behind those that it depends on. */
  public get charts(): Chart[] {
    return chartsOf(this) ?? super.charts;
  }

  /**
   * Writes all manifests into the output directory. Files that are there already and have another name stay.
   *
   * Nothing reaches a cluster: `kubectl apply`, or what watches the repository, does that.
   *
   * @throws what validations say, and how dependencies form a cycle, in the words of cdk8s
   */
  public synth(): void {
    synthesize(this);
  }

  /**
   * All objects of all charts as one YAML text; no file is written.
   *
   * @throws what validations say, and how dependencies form a cycle, in the words of cdk8s
   */
  public synthYaml(): string {
    return synthesizeYaml(this);
  }
}

knowsCharts(ServingApp.prototype);
