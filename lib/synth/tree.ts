import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** One construct comes behind another. */
export interface Dependency {
  readonly source: IConstruct;
  readonly target: IConstruct;
}

/** What constructs say themselves, in the order in which they say it. */
export function dependenciesOf(constructs: readonly IConstruct[]): Dependency[] {
  const found: Dependency[] = [];
  for (const source of constructs) {
    for (const target of source.node.dependencies) found.push({ source, target });
  }
  return found;
}

/** A construct and all beneath it, without what lies in charts beneath. */
export function ownConstructs(construct: IConstruct, into: IConstruct[] = []): IConstruct[] {
  into.push(construct);
  for (const child of construct.node.children) {
    if (!Chart.isChart(child)) ownConstructs(child, into);
  }
  return into;
}

/** Objects of a construct that lie in the same chart as the construct itself. */
export function objectsBeneath(construct: IConstruct): ApiObject[] {
  return ownConstructs(construct).filter((own): own is ApiObject => ApiObject.isApiObject(own));
}
