import type { Duration } from 'cdk8s';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { KarpenterModel } from '../cluster/karpenter';
import { requireDnsLabel, requireInteger, requireSeconds, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { LABELS, requireOwnLabels } from '../internal/labels';
import { sortedMap } from '../internal/names';
import { requireTags } from '../internal/tags';
import type { Consolidation, NodeDisruptionBudget, NodeDisruptionBudgetModel } from '../placement/consolidation';
import { gpuTaint } from '../placement/gpu-taint';
import { CPU_DISK, GPU_DISK, type NodeDiskModel } from '../placement/node-disk';
import { LATEST_IMAGE, NodeImage } from '../placement/node-image';
import type { NodePoolModel, NodeShape } from '../placement/node-pool-model';
import type { Gpu } from '../sizing/gpu';
import { type RungModel, type RungsIntent, resolveRungs, sumOf, totalGpus } from './karpenter-rungs';
import type { InstanceChoice } from './node-requirements';
import type { Warning } from './warning';

/** What the user said of a pool that Karpenter makes. */
export interface KarpenterPoolIntent extends RungsIntent {
  readonly runtimeClassName?: string;
  readonly consolidation?: Consolidation;
  readonly disruptionBudgets?: readonly NodeDisruptionBudget[];
  readonly expireAfter?: Duration;
  readonly terminationGracePeriod?: Duration;
  readonly warmNodes?: number;
  /** What the pool itself runs on each node. */
  readonly daemon?: { readonly cpuCores?: number; readonly memoryBytes?: number };
}

/** A pool with every default filled in, but for what depends on the pods that name it. */
export interface KarpenterPoolModel {
  readonly name: string;
  readonly karpenter: KarpenterModel;
  readonly nodeLabels: { readonly [key: string]: string };
  readonly taints: readonly TaintModel[];
  readonly rungs: readonly RungModel[];
  readonly disk: NodeDiskModel;
  readonly image: string;
  readonly bottlerocket: boolean;
  readonly tags: { readonly [key: string]: string };
  readonly expireSeconds: number;
  readonly terminationGraceSeconds?: number;
  readonly consolidation: { readonly policy: Consolidation['_policy']; readonly afterSeconds?: number };
  readonly budgets: readonly NodeDisruptionBudgetModel[];
  readonly warmNodes: number;
  /** What pods see of it. */
  readonly pool: NodePoolModel;
}

/** A taint, as Kubernetes writes it. */
export interface TaintModel {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** Karpenter's own. */
const EXPIRE_SECONDS = 30 * 86_400;

/** All that Karpenter has to be told of a pool, and what it is to pods. */
export function resolveKarpenterPool(
  intent: KarpenterPoolIntent,
  profile: ClusterProfile,
  path: string,
): { model: KarpenterPoolModel; warnings: Warning[] } {
  const { name, gpu } = intent;
  const { karpenter } = profile._model;
  requireDnsLabel('name', name);
  if (karpenter === undefined) {
    throw errors.clusterLacks(
      'capacity',
      'karpenter',
      'state `karpenter` in the ClusterProfile, or use ExistingNodePool',
    );
  }
  if (gpu !== undefined) requireWholeDevices(gpu);
  const taints = taintsOf(intent);
  const nodeLabels = labelsOf(intent);
  const image = intent.image ?? NodeImage.al2023();
  const { rungs, choices } = resolveRungs(intent, profile);
  const gpus = [...new Map(gpusOf(intent).map((each) => [each.name, each])).values()];
  const maxGpus = gpu === undefined ? undefined : totalGpus(intent, choices);
  const maxCpuCores = gpu === undefined ? sumOf(intent.capacity, 'maxCpuCores') : undefined;
  return {
    model: {
      name,
      karpenter,
      nodeLabels,
      taints,
      rungs,
      disk: intent.disk?._model ?? (gpu === undefined ? CPU_DISK : GPU_DISK),
      image: `${image._family}@${image._release}`,
      bottlerocket: image._family === 'bottlerocket',
      tags: tagsOf(intent),
      expireSeconds: seconds('expireAfter', intent.expireAfter, 3600, 365 * 86_400) ?? EXPIRE_SECONDS,
      ...optional(
        'terminationGraceSeconds',
        seconds('terminationGracePeriod', intent.terminationGracePeriod, 60, 7 * 86_400),
      ),
      consolidation: consolidationOf(intent),
      budgets: budgetsOf(intent),
      warmNodes: warmNodesOf(intent),
      pool: {
        name,
        place: { path, cluster: profile.name },
        nodeLabels: { [LABELS.nodePool]: name },
        tolerations: taints.map(({ key, effect }) => ({ key, operator: 'Exists', effect })),
        gpus: gpus.map((each) => ({ name: each.name, resourceName: each.resourceName })),
        shapes: shapesOf(choices, karpenter, intent.daemon),
        ...optional('maxGpus', maxGpus),
        ...optional('maxCpuCores', maxCpuCores),
        ...optional('runtimeClassName', intent.runtimeClassName),
        spreadOver: spreadOf(intent),
      },
    },
    warnings: warningsOf(intent, image, choices),
  };
}

/** Karpenter counts the devices that an instance type has; slices and shares of them it does not know. */
function requireWholeDevices(gpu: Gpu): void {
  const whole = [
    'nvidia.com/gpu',
    'amd.com/gpu',
    'aws.amazon.com/neuron',
    'aws.amazon.com/neuroncore',
    'habana.ai/gaudi',
  ];
  if (whole.includes(gpu.resourceName)) return;
  throw errors.notByEngine(
    'gpu',
    'Karpenter',
    `it knows of no node with ${gpu.resourceName}, and would never make one (kubernetes-sigs/karpenter#729)`,
    'use ExistingNodePool for nodes that share their GPUs in time or by MIG',
  );
}

/** All kinds that its pods may get: one extended resource. */
function gpusOf({ gpu, capacity }: KarpenterPoolIntent): Gpu[] {
  if (gpu === undefined) return [];
  return [
    gpu,
    ...capacity.flatMap(({ _options: { gpu: other } }, index) => {
      if (other === undefined) return [];
      if (other.resourceName !== gpu.resourceName) {
        throw errors.mixedResources(`capacity[${index}].gpu`, gpu.resourceName, other.resourceName);
      }
      return [other];
    }),
  ];
}

/**
 * Karpenter takes what is merely preferred for required as long as any rung can give it: a spread over hosts makes a node
 * for each replica, and a spread over zones passes a rung by that is in fewer zones than others, as all reservations are.
 *
 * @see https://karpenter.sh/docs/concepts/scheduling/#topology-spread
 */
function spreadOf({ gpu, capacity, cpuCores, zones: all }: KarpenterPoolIntent): string[] {
  const zones = new Set(capacity.map(({ _options: { zones } }) => [...(zones ?? all ?? [])].sort().join()));
  const overZones = zones.size === 1 && capacity.every(({ _type: type }) => type !== 'reserved');
  const overHosts = gpu === undefined && cpuCores?.min === undefined;
  return [...(overZones ? ['topology.kubernetes.io/zone'] : []), ...(overHosts ? ['kubernetes.io/hostname'] : [])];
}

/** What is left of each kind of node when its daemons have theirs. */
function shapesOf(
  choices: readonly InstanceChoice[],
  karpenter: KarpenterModel,
  own: KarpenterPoolIntent['daemon'] = {},
): NodeShape[] {
  if (choices.some(({ types }) => types === undefined)) return [];
  const types = new Map(choices.flatMap((choice) => choice.types!).map((type) => [type.name, type]));
  return [...types.values()].map(({ name, cpuCores, memoryBytes, gpus }) => ({
    name,
    cpuCores: cpuCores - karpenter.daemonCpuCores - (own.cpuCores ?? 0),
    memoryBytes: memoryBytes - karpenter.daemonMemoryBytes - (own.memoryBytes ?? 0),
    gpus,
  }));
}

function taintsOf({ gpu, taints = [] }: KarpenterPoolIntent): TaintModel[] {
  const all = [
    ...(gpu === undefined ? [] : [gpuTaint(gpu.resourceName)]),
    ...taints.map(({ key, value, effect }) => ({ key, ...(value !== '' && { value }), effect })),
  ];
  requireUnique(
    'taints',
    all.map(({ key, effect }) => `${key}:${effect}`),
    gpu === undefined ? undefined : 'that of the GPU is there anyway',
  );
  return all;
}

function labelsOf({ name, labels = {} }: KarpenterPoolIntent): { [key: string]: string } {
  requireOwnLabels('labels', labels);
  for (const key of Object.keys(labels)) {
    // Karpenter refuses them: they say what a node is, not what it is for.
    if (/^([^/]+\.)?(karpenter\.sh|karpenter\.k8s\.aws|kubernetes\.io|k8s\.io)\//.test(key)) {
      throw errors.reservedLabel('labels', key);
    }
  }
  return sortedMap({ ...labels, [LABELS.nodePool]: name });
}

/** Those that Karpenter sets itself, it refuses. */
const RESERVED_TAGS = /^(eks:eks-cluster-name$|kubernetes\.io\/cluster|karpenter\.sh\/|karpenter\.k8s\.aws\/)/;

function tagsOf({ tags }: KarpenterPoolIntent): { [key: string]: string } {
  requireTags('tags', tags);
  const reserved = Object.keys(tags ?? {}).find((key) => RESERVED_TAGS.test(key));
  if (reserved !== undefined) throw errors.invalidText('tags', 'none that Karpenter sets itself', reserved);
  return sortedMap(tags);
}

/** Pods with models start for minutes: they are not moved to save a part of a node. */
function consolidationOf({ gpu, consolidation }: KarpenterPoolIntent): KarpenterPoolModel['consolidation'] {
  const policy = consolidation?._policy ?? (gpu === undefined ? 'WhenEmptyOrUnderutilized' : 'WhenEmpty');
  return { policy, ...optional('afterSeconds', consolidation?._afterSeconds) };
}

function budgetsOf({ disruptionBudgets }: KarpenterPoolIntent): NodeDisruptionBudgetModel[] {
  if (disruptionBudgets === undefined) return DEFAULT_BUDGETS;
  if (disruptionBudgets.length === 0) throw errors.emptyList('disruptionBudgets', 'leave it out for the default');
  if (disruptionBudgets.length > 50) {
    throw errors.outOfRange('disruptionBudgets', 'at most 50', disruptionBudgets.length);
  }
  return disruptionBudgets.map(({ _model }) => _model);
}

/** Nodes with pods go one by one: what a tenth would be of ten nodes, and none of three. Empty ones may all go at once. */
const DEFAULT_BUDGETS: NodeDisruptionBudgetModel[] = [
  { nodes: '1', reasons: ['Drifted', 'Underutilized'] },
  { nodes: '100%', reasons: ['Empty'] },
];

function warmNodesOf({ warmNodes = 0 }: KarpenterPoolIntent): number {
  requireInteger('warmNodes', warmNodes, 0, 100);
  return warmNodes;
}

function warningsOf({ name }: KarpenterPoolIntent, image: NodeImage, choices: readonly InstanceChoice[]): Warning[] {
  return [
    ...(image._release === LATEST_IMAGE
      ? [
          {
            id: 'LatestNodeImage' as const,
            text: `nodes of ${name} are replaced whenever AWS publishes an image of ${image._family}; state \`image\` with a version`,
          },
        ]
      : []),
    ...(choices.some(({ types }) => types === undefined)
      ? [
          {
            id: 'UnknownInstances' as const,
            text: `the library does not know all instance types of ${name}: whether pods fit its nodes is not checked`,
          },
        ]
      : []),
  ];
}

function seconds(property: string, duration: Duration | undefined, min: number, max: number): number | undefined {
  return duration && requireSeconds(property, duration, min, max);
}

function optional<K extends string, T>(key: K, value: T | undefined): { [key in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: T });
}
