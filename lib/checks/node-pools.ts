import type { ComponentModel } from '../component/component-model';
import type { KarpenterPoolModel } from '../component/karpenter-pool';
import { leastReplicas, mostReplicas } from '../component/replica-counts';
import { podRequests } from '../engines/pod-requests';
import { errors } from '../internal/errors';
import { groupBy } from '../internal/group-by';
import { bytesQuantity } from '../internal/quantity';
import type { NodePoolModel, NodeShape } from '../placement/node-pool-model';
import { surgeOf, unavailableOf } from '../release/rolling';
import { type Problem, problemAt, type TreeComponent } from './tree-component';

/** A pool that the tree makes. */
export interface TreeNodePool {
  readonly path: string;
  readonly model: KarpenterPoolModel;
}

/** Pods fit a node of the pool that they name, all of them its limits, and its times theirs. */
export function checkNodePools(components: readonly TreeComponent[], pools: readonly TreeNodePool[]): Problem[] {
  const named = components.filter(({ model }) => model.pod.nodePool !== undefined);
  const byPool = groupBy(named, ({ cluster, model }) => poolKey(model.pod.nodePool!, cluster));
  return [
    ...named.flatMap(checkPlace),
    ...[...byPool.values()].flatMap(checkLimits),
    ...pools.flatMap((pool) => checkTimes(pool, byPool.get(pool.path) ?? [])),
  ];
}

/** Components that name a pool of the tree. */
export function usersOf(components: readonly TreeComponent[], path: string): TreeComponent[] {
  return components.filter(({ model }) => model.pod.nodePool?.place?.path === path);
}

/** From the first pull of its image until a pod is ready, as far as it is known. */
export function startSeconds({ coldStart }: ComponentModel): number {
  return coldStart.image + coldStart.model + coldStart.server;
}

function poolKey({ place, name }: NodePoolModel, cluster: string): string {
  return place?.path ?? `${cluster}\n${name}`;
}

function checkPlace({ path, cluster, model }: TreeComponent): Problem[] {
  const pool = model.pod.nodePool!;
  const { workloadName } = model.identity;
  if (pool.place !== undefined && pool.place.cluster !== cluster) {
    const error = errors.poolOfOtherCluster(workloadName, pool.name, pool.place.cluster, cluster);
    return [problemAt(path, error)];
  }
  if (pool.shapes.length === 0) return [];
  const requests = podRequests(model);
  const gpus = model.size.gpu?.count ?? 0;
  const fits = ({ cpuCores, memoryBytes, gpus: has }: NodeShape): boolean =>
    !(thousandths(requests.cpuCores) > thousandths(cpuCores ?? Number.POSITIVE_INFINITY)) &&
    !(requests.memoryBytes > (memoryBytes ?? Number.POSITIVE_INFINITY)) &&
    !(gpus > (has ?? Number.POSITIVE_INFINITY));
  if (pool.shapes.some(fits)) return [];
  const needs = describe({ ...requests, gpus });
  return [problemAt(path, errors.podTooLarge(workloadName, needs, pool.name, offer(pool.shapes, gpus)))];
}

/** The node that comes nearest: with GPUs enough, if there is one, that of the most memory. */
function offer(shapes: readonly NodeShape[], gpus: number): string {
  const enough = shapes.filter((shape) => (shape.gpus ?? gpus) >= gpus);
  const [first, ...others] = enough.length > 0 ? enough : shapes;
  const largest = others.reduce((best, shape) => (size(shape) > size(best) ? shape : best), first!);
  return `${largest.name ?? 'its largest'} has ${describe(largest)}`;
}

function size({ gpus = 0, memoryBytes = 0, cpuCores = 0 }: NodeShape): number {
  return gpus * 2 ** 50 + memoryBytes + cpuCores;
}

/** What Kubernetes counts in: sums of fractions are off by less. */
function thousandths(value: number): number {
  return Math.round(value * 1000);
}

const MEBIBYTE = 2 ** 20;

function describe({ cpuCores, memoryBytes, gpus }: NodeShape): string {
  return [
    ...(cpuCores === undefined ? [] : [`${Number(cpuCores.toFixed(3))} CPU`]),
    ...(memoryBytes === undefined ? [] : [`${bytesQuantity(Math.floor(memoryBytes / MEBIBYTE) * MEBIBYTE)} of memory`]),
    ...(gpus === undefined || gpus === 0 ? [] : [`${gpus} GPU`]),
  ].join(', ');
}

/** Replicas above the limits of a pool would wait for ever. */
function checkLimits(users: readonly TreeComponent[]): Problem[] {
  const { name, place, maxGpus, maxCpuCores } = users[0]!.model.pod.nodePool!;
  const path = place?.path ?? users[0]!.path;
  const check = (resource: string, limit: number | undefined, perPod: (model: ComponentModel) => number): Problem[] => {
    if (limit === undefined) return [];
    const needs = users.map(({ model }) => ({ model, all: perPod(model) * mostReplicas(model) }));
    const sum = needs.reduce((total, { all }) => total + all, 0);
    if (thousandths(sum) <= thousandths(limit)) return [];
    const names = needs.map(({ model, all }) => `${model.identity.workloadName} ${Number(all.toFixed(3))}`);
    return [problemAt(path, errors.poolTooSmall(name, resource, limit, Number(sum.toFixed(3)), names))];
  };
  const gpusOf = ({ size: { gpu } }: ComponentModel): number => gpu?.count ?? 0;
  return [
    ...check('maxGpus', maxGpus, gpusOf),
    ...check('maxCpuCores', maxCpuCores, (model) => podRequests(model).cpuCores),
    ...(maxGpus === undefined ? [] : checkRoom(users, name, path, maxGpus, gpusOf)),
  ];
}

/** A rollout that ends no replica before new ones are ready needs room for these, or never goes on. */
function checkRoom(
  users: readonly TreeComponent[],
  name: string,
  path: string,
  limit: number,
  gpusOf: (model: ComponentModel) => number,
): Problem[] {
  const always = users.reduce((total, { model }) => total + gpusOf(model) * leastReplicas(model), 0);
  if (always > limit) return [];
  return users.flatMap(({ model }) => {
    const needed = always + gpusOf(model) * replicasBeside(model);
    if (needed <= limit) return [];
    return [problemAt(path, errors.noRoomToReplace(name, model.identity.workloadName, limit, needed))];
  });
}

/** New replicas without which no old one ends. */
function replicasBeside(model: ComponentModel): number {
  const { rolling, rollout } = model;
  const replicas = leastReplicas(model);
  if (replicas === 0 || rollout?.kind === 'blue-green') return replicas;
  if (rollout !== undefined) return 1;
  const waits = surgeOf(rolling.strategy, replicas) > 0 && unavailableOf(rolling.strategy, replicas) === 0;
  return waits ? 1 : 0;
}

function checkTimes({ path, model }: TreeNodePool, users: readonly TreeComponent[]): Problem[] {
  const { name, terminationGraceSeconds: grace, consolidation } = model;
  const after = consolidation.policy === 'WhenEmptyOrUnderutilized' ? consolidation.afterSeconds : undefined;
  return users.flatMap(({ model: user }) => {
    const { workloadName } = user.identity;
    const { gracePeriodSeconds } = user.drain;
    const start = startSeconds(user);
    return [
      ...(grace !== undefined && grace < gracePeriodSeconds
        ? [problemAt(path, errors.graceOverPool(name, grace, workloadName, gracePeriodSeconds))]
        : []),
      ...(after !== undefined && after < start
        ? [problemAt(path, errors.consolidatesTooSoon(name, after, workloadName, start))]
        : []),
    ];
  });
}
