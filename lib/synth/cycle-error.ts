import type { IConstruct } from 'constructs';
import { type Dependency, objectsBeneath } from './tree';

type Edge = readonly [IConstruct, IConstruct];
type Graph = ReadonlyMap<IConstruct, readonly IConstruct[]>;

/** cdk8s would need longer than a build lasts. */
const MOST_EDGES = 1_000_000;
const LONGEST_ROUTE = 10_000;

/**
 * The error of cdk8s about a cycle: it inserts edge by edge, and names a route that the first bad one closes.
 *
 * @param constructs parents before their children
 * @param dependencies in the order of their sources, a cycle among them
 */
export function cycleError(
  constructs: readonly IConstruct[],
  dependencies: readonly Dependency[],
  options: { readonly ofObjects: boolean },
): Error {
  const edges = edgesOf(constructs, dependencies, options.ofObjects);
  const first = firstClosing(edges);
  const [source, target] = edges[first]!;
  const route = [...routeOf(graphOf(edges.slice(0, first)), target, source), target];
  return new Error(`Dependency cycle detected: ${route.map(({ node }) => node.path).join(' => ')}`);
}

function edgesOf(constructs: readonly IConstruct[], dependencies: readonly Dependency[], ofObjects: boolean): Edge[] {
  const targets = new Map<IConstruct, Set<IConstruct>>(constructs.map((construct) => [construct, new Set()]));
  for (const { source, target } of dependencies) targets.get(source)!.add(target);
  let left = MOST_EDGES;
  for (const { source, target } of ofObjects ? dependencies : []) {
    const begins = objectsBeneath(source);
    for (const end of objectsBeneath(target)) {
      for (const begin of begins) if (begin !== end && left-- > 0) targets.get(begin)!.add(end);
    }
  }
  return [...targets].flatMap(([source, ends]) => [...ends].map((end): Edge => [source, end]));
}

/** The first edge that closes a cycle with those before it. */
function firstClosing(edges: readonly Edge[]): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hasCycle(edges.slice(0, middle + 1))) high = middle;
    else low = middle + 1;
  }
  return low;
}

function hasCycle(edges: readonly Edge[]): boolean {
  const incoming = new Map<IConstruct, number>();
  for (const [source, target] of edges) {
    incoming.set(source, incoming.get(source) ?? 0);
    incoming.set(target, (incoming.get(target) ?? 0) + 1);
  }
  const graph = graphOf(edges);
  const free = [...incoming].filter(([, count]) => count === 0).map(([vertex]) => vertex);
  for (const vertex of free) {
    for (const target of graph.get(vertex) ?? []) {
      const count = incoming.get(target)! - 1;
      incoming.set(target, count);
      if (count === 0) free.push(target);
    }
  }
  return free.length < incoming.size;
}

function graphOf(edges: readonly Edge[]): Graph {
  const graph = new Map<IConstruct, IConstruct[]>();
  for (const [source, target] of edges) {
    const targets = graph.get(source);
    if (targets === undefined) graph.set(source, [target]);
    else targets.push(target);
  }
  return graph;
}

/**
 * What cdk8s' `findRoute` finds. It goes on behind a hit and then takes back what it found last, so that its route may have
 * gaps and leftovers; what it leaves of a vertex depends on the vertex alone.
 */
function routeOf(graph: Graph, from: IConstruct, to: IConstruct): readonly IConstruct[] {
  const leading = leadingTo(graph, from, to);
  const left = new Map<IConstruct, { readonly route: readonly IConstruct[]; readonly found: boolean }>();
  for (const vertex of leading) {
    const route = [vertex];
    let found = false;
    for (const target of graph.get(vertex)!) {
      const beneath = left.get(target);
      found = target === to || (beneath?.found ?? false);
      if (target === to) route.push(to);
      else route.push(...(beneath?.route ?? []));
      if (target === to) break;
    }
    if (!found) route.pop();
    left.set(vertex, { route: route.slice(0, LONGEST_ROUTE), found });
  }
  return left.get(from)!.route;
}

/** Vertices on ways from one to another, those before others last. */
function leadingTo(graph: Graph, from: IConstruct, to: IConstruct): IConstruct[] {
  const order: IConstruct[] = [];
  const leads = new Set<IConstruct>([to]);
  const seen = new Set<IConstruct>([to]);
  const path = [{ vertex: from, next: 0 }];
  seen.add(from);
  while (path.length > 0) {
    const step = path.at(-1)!;
    const target = graph.get(step.vertex)?.[step.next++];
    if (target === undefined) {
      path.pop();
      if (graph.get(step.vertex)?.some((end) => leads.has(end))) {
        leads.add(step.vertex);
        order.push(step.vertex);
      }
    } else if (!seen.has(target)) {
      seen.add(target);
      path.push({ vertex: target, next: 0 });
    }
  }
  return order;
}
