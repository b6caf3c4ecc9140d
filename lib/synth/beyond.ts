import { App, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** Why an app is left to cdk8s itself. */
export interface Beyond {
  readonly construct: IConstruct;
  /** Begins with a subject: `the chart has a toJson() of its own`. */
  readonly reason: string;
}

const OUTPUT_TYPES = [
  YamlOutputType.FILE_PER_APP,
  YamlOutputType.FILE_PER_CHART,
  YamlOutputType.FILE_PER_RESOURCE,
  YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
];

/** Getters that give the charts in the order of cdk8s. */
const knownCharts = new WeakSet<object>();

/** Tells that `charts` of this class are in the order of cdk8s. */
export function knowsCharts(prototype: object): void {
  knownCharts.add(Object.getOwnPropertyDescriptor(prototype, 'charts')!.get!);
}

knowsCharts(App.prototype);

/** What an app has that its manifests are not synthesized here; undefined for nearly all. */
export function beyondOf(app: App): Beyond | undefined {
  // Newer versions of cdk8s may know more.
  if (!OUTPUT_TYPES.includes(app.yamlOutputType)) return { construct: app, reason: 'the app has a new kind of output' };
  if (!knownCharts.has(chartsGetter(app) ?? app)) return { construct: app, reason: 'the app has `charts` of its own' };
  const constructs = app.node.findAll();
  return overriddenChart(app, constructs) ?? beyondOfDependencies(app, constructs);
}

/** What keeps the order of charts from being found here. */
export function beyondOfDependencies(app: App, constructs = app.node.findAll()): Beyond | undefined {
  for (const construct of constructs) {
    const { dependencies } = construct.node;
    // cdk8s leaves such a construct out, or runs out of stack.
    if (dependencies.includes(construct)) return { construct, reason: 'the construct depends on itself' };
    if (dependencies.some(({ node }) => node.root !== app))
      return { construct, reason: 'the construct depends on one of another tree' };
  }
  return undefined;
}

function overriddenChart(app: App, constructs: readonly IConstruct[]): Beyond | undefined {
  // cdk8s asks charts for their JSON but where each object has a file in the folder of its chart.
  if (app.yamlOutputType === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) return undefined;
  const construct = constructs.find(
    (candidate) => Chart.isChart(candidate) && candidate.toJson !== Chart.prototype.toJson,
  );
  return construct && { construct, reason: 'the chart has a toJson() of its own' };
}

function chartsGetter(app: App): object | undefined {
  for (let owner: object | null = app; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, 'charts');
    if (descriptor !== undefined) return descriptor.get;
  }
  return undefined;
}
