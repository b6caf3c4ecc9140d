import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { checkNames, type NamedObject } from '../checks/names';
import { checkNodePools, type TreeNodePool, usersOf } from '../checks/node-pools';
import { type ClaimHolder, checkOwners, type ForeignClaim } from '../checks/owners';
import { checkScaleTargets } from '../checks/scale-targets';
import { checkSelectors } from '../checks/selectors';
import { checkTermination } from '../checks/termination';
import { checkTimeouts } from '../checks/timeouts';
import type { Problem, TreeComponent } from '../checks/tree-component';
import { ClusterProfile } from '../cluster/cluster-profile';
import type { Claim } from '../component/plan';
import { isClusterScoped, isOurs } from '../internal/emit';
import { groupBy } from '../internal/group-by';
import { placed } from '../internal/names';

interface TreeState {
  readonly components: TreeComponent[];
  /** Fronts of several components. */
  readonly fronts: ClaimHolder[];
  readonly pools: TreeNodePool[];
  /** Problems by path, of the synthesis that runs. */
  found?: Map<string, string[]>;
}

const trees = new WeakMap<IConstruct, TreeState>();

/** Lets a component take part in the rules that only the whole tree can judge; they are reported at its construct. */
export function registerComponent(construct: IConstruct, component: TreeComponent): void {
  const tree = treeOf(construct.node.root);
  tree.components.push(component);
  reportAt(construct, tree);
}

/** The same for what a front of several components claims. */
export function registerFront(construct: IConstruct, claims: readonly Claim[]): void {
  const tree = treeOf(construct.node.root);
  tree.fronts.push({ path: construct.node.path, claims });
  reportAt(construct, tree);
}

/** The same for nodes that pods of components run on. */
export function registerNodePool(construct: IConstruct, pool: TreeNodePool): void {
  const tree = treeOf(construct.node.root);
  tree.pools.push(pool);
  reportAt(construct, tree);
}

/** Components that name a pool; asked at synth, when all are there. */
export function componentsNaming(pool: IConstruct): TreeComponent[] {
  return usersOf(treeOf(pool.node.root).components, pool.node.path);
}

/** All components of the tree; asked at synth, when all are there. */
export function componentsBeside(construct: IConstruct): readonly TreeComponent[] {
  return treeOf(construct.node.root).components;
}

function reportAt({ node }: IConstruct, tree: TreeState): void {
  node.addValidation({ validate: () => problemsOf(node.root, tree).get(node.path) ?? [] });
}

function treeOf(root: IConstruct): TreeState {
  const known = trees.get(root);
  if (known !== undefined) return known;
  const state: TreeState = { components: [], fronts: [], pools: [] };
  trees.set(root, state);
  // The root is validated first: what it finds holds for one round over the tree.
  root.node.addValidation({ validate: () => refresh(root, state) });
  return state;
}

function refresh(root: IConstruct, state: TreeState): string[] {
  state.found = undefined;
  const own = new Set([...state.components, ...state.fronts, ...state.pools].map(({ path }) => path));
  return [...problemsOf(root, state)].flatMap(([path, messages]) => (own.has(path) ? [] : messages));
}

function problemsOf(root: IConstruct, state: TreeState): Map<string, string[]> {
  state.found ??= group(check(root, state));
  return state.found;
}

function check(root: IConstruct, { components, fronts, pools }: TreeState): Problem[] {
  const objects = root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  const apart = withoutNamesakes(components);
  const foreign = objects.flatMap(foreignClaims);
  return [
    ...checkNames(objects.map(named)),
    ...checkSelectors(apart),
    ...checkOwners([...apart, ...fronts], foreign),
    ...checkScaleTargets(components, foreign),
    ...checkTimeouts(components),
    ...checkTermination(components),
    ...checkNodePools(components, pools),
  ];
}

/** Components under one name share pods and replicas, too: that is one mistake, which the names tell. */
function withoutNamesakes(components: readonly TreeComponent[]): TreeComponent[] {
  const byName = groupBy(components, ({ cluster, model: { identity } }) =>
    placed(cluster, identity.namespace, identity.workloadName),
  );
  return [...byName.values()].flatMap((namesakes) => (namesakes.length === 1 ? namesakes : []));
}

function named(object: ApiObject): NamedObject {
  return {
    path: object.node.path,
    cluster: ClusterProfile.of(object).name,
    // Of two groups that share a kind's name, neither replaces the other.
    kind: object.apiGroup === 'core' ? object.kind : `${object.kind}.${object.apiGroup}`,
    name: object.name,
    namespace: isClusterScoped(object.kind) ? undefined : namespaceOfObject(object),
    ours: isOurs(object),
  };
}

/** What lies in no namespace of its own goes where ours goes. */
function namespaceOfObject(object: ApiObject): string | undefined {
  return object.metadata.namespace ?? ClusterProfile.of(object).namespace;
}

/** What the user wrote that takes hold of one of our objects: scalers and Rollouts. */
function foreignClaims(object: ApiObject): ForeignClaim[] {
  if (isOurs(object)) return [];
  const claim = (resource: Claim['resource'], kind: string, name: string): ForeignClaim => ({
    resource,
    target: placed(ClusterProfile.of(object).name, namespaceOfObject(object), `${kind} ${name}`),
    owner: `${object.kind} ${object.name}`,
    path: object.node.path,
  });
  if (['HorizontalPodAutoscaler', 'ScaledObject'].includes(object.kind)) {
    const { kind = 'Deployment', name } = object.toJson().spec?.scaleTargetRef ?? {};
    return [claim('replicas', kind, name)];
  }
  if (object.kind !== 'Rollout') return [];
  const { workloadRef, strategy } = object.toJson().spec ?? {};
  const { stableService, canaryService } = strategy?.canary ?? {};
  const { activeService, previewService } = strategy?.blueGreen ?? {};
  const services = [stableService, canaryService, activeService, previewService].filter((name) => name !== undefined);
  return [
    ...(workloadRef === undefined ? [] : [claim('replicas', workloadRef.kind ?? 'Deployment', workloadRef.name)]),
    ...services.map((name) => claim('selector', 'Service', name)),
  ];
}

function group(problems: readonly Problem[]): Map<string, string[]> {
  const byPath = new Map<string, string[]>();
  for (const { path, message } of problems) byPath.set(path, [...new Set([...(byPath.get(path) ?? []), message])]);
  return byPath;
}
