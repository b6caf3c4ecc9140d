import { ApiObject, Chart, type IAnyProducer, type IResolver, JsonPatch, Lazy } from 'cdk8s';
import { Construct, DependencyGroup, type IConstruct } from 'constructs';
import fc from 'fast-check';
import type { Definition } from './identity';

interface NodeSpec {
  readonly kind: 'chart' | 'construct' | 'object';
  readonly parent: number;
  readonly id: string;
  readonly content: ContentSpec;
}

type ContentSpec = 'plain' | 'lazy' | 'token' | 'union' | 'shared' | 'patched' | 'resolved' | 'odd';

interface DependencySpec {
  readonly source: number;
  readonly targets: readonly number[];
}

export interface TreeSpec {
  readonly nodes: readonly NodeSpec[];
  readonly dependencies: readonly DependencySpec[];
  readonly direction: 'backward' | 'forward' | 'any';
  readonly resolver: boolean;
}

const ids = fc.constantFrom(
  'a',
  'b',
  'c',
  'Web',
  'default',
  '1',
  '2',
  '10',
  '02',
  '4294967294',
  '4294967295',
  'x.y',
  'é',
);
const contents = fc.constantFrom<ContentSpec>(
  'plain',
  'lazy',
  'token',
  'union',
  'shared',
  'patched',
  'resolved',
  'odd',
);

const nodes = fc.record<NodeSpec>({
  kind: fc.constantFrom('chart', 'construct', 'object', 'object', 'object'),
  parent: fc.nat(9),
  id: ids,
  content: contents,
});

const dependencies = fc.record<DependencySpec>({
  source: fc.nat(20),
  targets: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
});

/** Trees of nested charts, constructs and objects, with dependencies that now and then form cycles. */
export const trees: fc.Arbitrary<TreeSpec> = fc.record<TreeSpec>({
  nodes: fc.array(nodes, { maxLength: 24 }),
  dependencies: fc.array(dependencies, { maxLength: 7 }),
  direction: fc.constantFrom('backward', 'backward', 'forward', 'any'),
  resolver: fc.boolean(),
});

/** Builds a tree in an app; whatever cdk8s does not take is left out. */
export function definitionOf({ nodes, dependencies, direction }: TreeSpec): Definition {
  return (app, log) => {
    const shared = { list: [1, { a: 'b' }], empty: {} };
    const built: IConstruct[] = [app];
    for (const node of nodes) {
      const parent = built[node.parent % built.length]!;
      if (parent.node.tryFindChild(node.id) !== undefined) continue;
      if (node.kind === 'object' && !isInChart(parent)) continue;
      built.push(build(node, parent, { shared, log }));
    }
    for (const { source, targets } of dependencies) {
      for (const target of targets) connect(built, [source % built.length, target % built.length], direction);
    }
    const group = new DependencyGroup(...built.slice(-2).filter((construct) => construct !== app));
    if (nodes.length % 5 === 0 && direction === 'backward') built.at(-3)?.node.addDependency(group);
  };
}

function connect(
  built: readonly IConstruct[],
  ends: readonly [number, number],
  direction: TreeSpec['direction'],
): void {
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const [source, target] = direction === 'any' ? ends : direction === 'backward' ? [high, low] : [low, high];
  if (direction !== 'any' && (source === target || !ends.every((end) => isInChart(built[end]!)))) return;
  if (direction === 'any' || !built[high]!.node.scopes.includes(built[low]!))
    built[source]!.node.addDependency(built[target]!);
}

function isInChart({ node }: IConstruct): boolean {
  return node.scopes.some((scope) => Chart.isChart(scope));
}

interface Material {
  readonly shared: object;
  readonly log: (text: string) => void;
}

function build({ kind, id, content }: NodeSpec, parent: IConstruct, material: Material): IConstruct {
  const scope = parent as Construct;
  if (kind === 'construct') return new Construct(scope, id);
  if (kind === 'chart') return new Chart(scope, id, { namespace: 'n', labels: { chart: id } });
  const object = new ApiObject(scope, id, {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { annotations: contentOf(content, `${parent.node.path}/${id} metadata`, material) as never },
    spec: contentOf(content, `${parent.node.path}/${id}`, material),
  });
  if (content === 'patched')
    object.addJsonPatch(JsonPatch.add('/spec/added', { b: 1, a: [] }), JsonPatch.remove('/kind'));
  return object;
}

/** A union class as generated code has them. */
class IntOrString {
  public constructor(public readonly value: number | string) {}
}

function lazy(log: (text: string) => void, name: string, value: unknown): unknown {
  const producer: IAnyProducer = {
    produce() {
      log(name);
      return value;
    },
  };
  return Lazy.any(producer);
}

function contentOf(content: ContentSpec, name: string, { shared, log }: Material): unknown {
  switch (content) {
    case 'plain':
      return { b: 1, a: [true, null, { z: undefined, y: 'x' }], '10': 'ten', '9': {} };
    case 'lazy':
      return {
        b: lazy(log, `${name} b`, { d: lazy(log, `${name} d`, [1]), c: 2 }),
        a: [lazy(log, `${name} a`, undefined)],
      };
    case 'token':
      return { b: { resolve: () => ({ once: lazy(log, `${name} token`, 'x') }) }, a: 1 };
    case 'union':
      return { port: new IntOrString(80), name: new IntOrString('http'), text: 'y' };
    case 'shared':
      return { one: shared, two: shared, three: [shared, shared] };
    case 'resolved':
      return { a: 'resolve-me', list: ['resolve-me', { b: 'resolve-me' }] };
    case 'patched':
      return { a: lazy(log, name, { b: 'c' }) };
    case 'odd':
      return { text: 'a\nb\n', key: { 'a b': 'no', '': '' }, date: name.length % 4 === 0 ? new Date(0) : '2001-12-14' };
  }
}

/** Replaces a text, and tells where it has found it. */
export function resolverOf(log: (text: string) => void): IResolver {
  return {
    resolve(context) {
      if (context.value !== 'resolve-me') return;
      log(`${context.obj.node.path} ${context.key.join('.')}`);
      context.replaceValue({ resolved: context.key.length });
    },
  };
}
