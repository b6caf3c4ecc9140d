import { type ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { cycleError } from './cycle-error';
import { type Dependency, objectsBeneath } from './tree';

/** Stands for all that one end of a dependency has, so that M objects upon M others are not M x M edges. */
class Join {}

type Vertex = IConstruct | Join;
type Edges = Map<Vertex, Set<Vertex>>;

/**
 * Constructs in the order of cdk8s' `DependencyGraph.topology()`: depth first, what is depended on before what depends,
 * beginning with what nobody depends on.
 *
 * @param constructs parents before their children
 * @param dependencies in the order of their sources
 * @param options whether a dependency of constructs is one of all objects beneath them, too
 * @throws Error if dependencies form a cycle
 */
export function dependencyOrder(
  constructs: readonly IConstruct[],
  dependencies: readonly Dependency[],
  options: { readonly ofObjects: boolean },
): readonly IConstruct[] {
  const beginnings = indexesFirst(constructs);
  if (dependencies.length === 0) return beginnings;
  const inside = new Set(constructs);
  const relevant = dependencies.filter(({ source, target }) => inside.has(source) && inside.has(target));
  if (relevant.length === 0) return beginnings;
  const edges: Edges = new Map();
  for (const { source, target } of relevant) connect(edges, source, target);
  if (options.ofObjects) connectObjects(edges, relevant);
  const order = topology(beginnings, edges);
  if (order === undefined) throw cycleError(constructs, relevant, options);
  return order;
}

/** cdk8s keeps vertices as values of an object by their path: keys that are array indexes come first. */
function indexesFirst(constructs: readonly IConstruct[]): readonly IConstruct[] {
  const isIndex = ({ node: { path } }: IConstruct): boolean =>
    /^\d{1,10}$/.test(path) && String(Number(path) >>> 0) === path && path !== '4294967295';
  if (!constructs.some(isIndex)) return constructs;
  return [...constructs.filter(isIndex), ...constructs.filter((construct) => !isIndex(construct))];
}

function connect(edges: Edges, source: Vertex, target: Vertex): void {
  const known = edges.get(source);
  if (known === undefined) edges.set(source, new Set([target]));
  else known.add(target);
}

/** Every object of a source comes behind every object of its targets, in the order of the tree. */
function connectObjects(edges: Edges, dependencies: readonly Dependency[]): void {
  const known = new Map<IConstruct, ApiObject[]>();
  const objectsOf = (construct: IConstruct): ApiObject[] => {
    const found = known.get(construct) ?? objectsBeneath(construct);
    known.set(construct, found);
    return found;
  };
  const joins = new Map<IConstruct, Join>();
  const joinOf = (target: IConstruct): Join => {
    const join = joins.get(target) ?? new Join();
    if (!joins.has(target)) for (const object of objectsOf(target)) connect(edges, join, object);
    joins.set(target, join);
    return join;
  };
  for (const [source, targets] of targetsBySource(dependencies)) {
    const direct = targets.some((target) => overlapInOne(source, objectsOf(source), target, objectsOf(target)));
    const begins: readonly Vertex[] = direct ? objectsOf(source) : [new Join()];
    if (!direct) for (const object of objectsOf(source)) connect(edges, object, begins[0]!);
    for (const target of targets) {
      const ends: readonly Vertex[] = direct ? objectsOf(target) : [joinOf(target)];
      for (const end of ends) for (const begin of begins) if (begin !== end) connect(edges, begin, end);
    }
  }
}

function targetsBySource(dependencies: readonly Dependency[]): Map<IConstruct, IConstruct[]> {
  const bySource = new Map<IConstruct, IConstruct[]>();
  for (const { source, target } of dependencies) {
    const targets = bySource.get(source);
    if (targets === undefined) bySource.set(source, [target]);
    else targets.push(target);
  }
  return bySource;
}

/** Whether the only object on one end is on the other one, too: that is no cycle, as two of them are. */
function overlapInOne(
  source: IConstruct,
  sources: readonly ApiObject[],
  target: IConstruct,
  targets: readonly ApiObject[],
): boolean {
  if ((sources.length !== 1 && targets.length !== 1) || Chart.of(source) !== Chart.of(target)) return false;
  const [one, many] = sources.length === 1 ? [sources[0], target] : [targets[0], source];
  return one === many || one!.node.path.startsWith(`${many.node.path}/`);
}

/** Undefined if there is a cycle. */
function topology(beginnings: readonly IConstruct[], edges: Edges): IConstruct[] | undefined {
  const dependedOn = new Set<Vertex>();
  for (const [source, targets] of edges) {
    // A source without objects leads nowhere.
    if (!(source instanceof Join)) for (const target of targets) dependedOn.add(target);
  }
  for (const join of dependedOn)
    if (join instanceof Join) for (const target of edges.get(join) ?? []) dependedOn.add(target);
  const order: IConstruct[] = [];
  const open = new Set<Vertex>();
  const done = new Set<Vertex>();
  for (const beginning of beginnings) {
    if (!dependedOn.has(beginning) && !descend(beginning, edges, { open, done, order })) return undefined;
  }
  return order.length === beginnings.length ? order : undefined;
}

/** A loop, for chains of thousands are deeper than the stack; false where it meets itself. */
function descend(
  beginning: IConstruct,
  edges: Edges,
  { open, done, order }: { open: Set<Vertex>; done: Set<Vertex>; order: IConstruct[] },
): boolean {
  const path: { readonly vertex: Vertex; readonly targets: Iterator<Vertex, undefined> }[] = [];
  const enter = (vertex: Vertex): void => {
    open.add(vertex);
    path.push({ vertex, targets: (edges.get(vertex) ?? new Set()).values() });
  };
  enter(beginning);
  while (path.length > 0) {
    const { vertex, targets } = path.at(-1)!;
    const next = targets.next().value;
    if (next === undefined) {
      path.pop();
      done.add(vertex);
      if (!(vertex instanceof Join)) order.push(vertex);
    } else if (!done.has(next)) {
      if (open.has(next)) return false;
      enter(next);
    }
  }
  return true;
}
