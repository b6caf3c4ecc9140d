import type { ClusterProfile } from '../cluster/cluster-profile';
import { requireDnsLabel, requireInteger, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import type { NodeRequirementModel } from '../placement/affinity';
import type { Capacity, CapacityOptions, CapacityType, ReservationModel } from '../placement/capacity';
import type { InstanceType } from '../placement/instance-table';
import type { NodeOptions } from '../placement/node-options';
import type { Gpu } from '../sizing/gpu';
import { chooseInstances, type InstanceChoice, instanceIntent } from './node-requirements';

/** What the user said of the nodes of a pool, and where they come from. */
export interface RungsIntent extends NodeOptions {
  readonly name: string;
  readonly gpu?: Gpu;
  readonly capacity: readonly Capacity[];
  readonly maxGpus?: number;
  readonly cpuCores?: { readonly min?: number; readonly max?: number };
}

/** One NodePool of Karpenter. */
export interface RungModel {
  readonly name: string;
  readonly weight: number;
  readonly nodeClassName: string;
  readonly reservation?: ReservationModel;
  readonly requirements: readonly NodeRequirementModel[];
  readonly limits: { readonly [resource: string]: string };
}

/** The first rung has the highest weight that there is; room between them is for none. */
const MAX_WEIGHT = 100;
const WEIGHT_STEP = 10;
const MAX_RUNGS = 10;

/** The NodePools of a ladder, and which instance types each may make. */
export function resolveRungs(
  intent: RungsIntent,
  profile: ClusterProfile,
): { rungs: RungModel[]; choices: InstanceChoice[] } {
  const { capacity, name, gpu, cpuCores } = intent;
  if (capacity.length === 0) throw errors.emptyList('capacity', 'state at least one rung, as Capacity.onDemand()');
  if (capacity.length > MAX_RUNGS) {
    throw errors.outOfRange('capacity', `at most ${MAX_RUNGS} rungs`, capacity.length, 'make another pool');
  }
  const choices = capacity.map(({ _options: options }, index) => {
    const of = instanceIntent(intent, options, `capacity[${index}].`);
    requireZones(of.zones, profile, `${of.zonesPrefix}zones`);
    const choice = chooseInstances({ ...of, ...(cpuCores !== undefined && { cpuCores }) });
    return withinLimits(choice, options, `capacity[${index}].`);
  });
  const names = capacity.map((rung) => rungName(rung, gpu));
  requireUnique('capacity', names, 'state `name` of one of them');
  const rungs = capacity.map((rung, index): RungModel => {
    const own = `${name}-${names[index]}`;
    requireDnsLabel('capacity', own);
    const { _reservation: reservation } = rung;
    return {
      name: own,
      weight: MAX_WEIGHT - index * WEIGHT_STEP,
      // Reservations are selected by the class of nodes, which all other rungs share.
      nodeClassName: reservation === undefined ? name : own,
      ...(reservation !== undefined && { reservation }),
      requirements: [capacityRequirement(rung._type), ...choices[index]!.requirements],
      limits: limitsOf(rung, index, gpu),
    };
  });
  return { rungs, choices };
}

function rungName({ _options: { name, gpu }, _type: type }: Capacity, own: Gpu | undefined): string {
  if (name !== undefined) return name;
  return gpu === undefined || gpu.name === own?.name ? type : `${gpu.name}-${type}`;
}

function capacityRequirement(type: CapacityType): NodeRequirementModel {
  return { key: 'karpenter.sh/capacity-type', operator: 'In', values: [type] };
}

function limitsOf(
  { _options: options }: Capacity,
  index: number,
  gpu: Gpu | undefined,
): { [resource: string]: string } {
  const property = `capacity[${index}].${gpu === undefined ? 'maxCpuCores' : 'maxGpus'}`;
  const [limit, other] = gpu === undefined ? [options.maxCpuCores, options.maxGpus] : [options.maxGpus, undefined];
  if (limit === undefined) throw errors.missingOption(property, 'for each rung', 'say how much it may cost');
  if (other !== undefined || (gpu === undefined && options.gpu !== undefined)) {
    throw errors.conflictingOptions(
      `capacity[${index}].${other === undefined ? 'gpu' : 'maxGpus'}`,
      'NodePool',
      'use GpuNodePool',
    );
  }
  return {
    ...(gpu !== undefined && options.maxCpuCores !== undefined && { cpu: String(options.maxCpuCores) }),
    [gpu === undefined ? 'cpu' : gpu.resourceName]: String(limit),
  };
}

/** A node that would go above a limit is never made. */
function withinLimits(
  choice: InstanceChoice,
  { maxGpus, maxCpuCores }: CapacityOptions,
  prefix: string,
): InstanceChoice {
  if (choice.types === undefined) return choice;
  const below = (
    types: readonly InstanceType[],
    property: string,
    limit: number | undefined,
    key: 'gpus' | 'instanceCpu',
  ) => {
    if (limit === undefined) return types;
    const found = types.filter((type) => type[key] <= limit);
    if (found.length > 0) return found;
    const least = types.reduce((best, type) => (type[key] < best[key] ? type : best));
    throw errors.outOfRange(
      `${prefix}${property}`,
      `at least what one node has (${least[key]} of ${least.name})`,
      limit,
      'Karpenter makes no node that goes above the limit',
    );
  };
  const few = below(choice.types, 'maxGpus', maxGpus, 'gpus');
  return { ...choice, types: below(few, 'maxCpuCores', maxCpuCores, 'instanceCpu') };
}

/** What whole nodes make of the limit of a rung: of 12 GPUs 8, where each node has 8. */
function usableGpus({ _options: { maxGpus = 0 } }: Capacity, { types }: InstanceChoice): number {
  if (types === undefined) return maxGpus;
  const least = Math.min(...types.map(({ gpus }) => gpus));
  return Math.floor(maxGpus / least) * least;
}

/** Limits of rungs add up: each of a ladder may be full. */
export function totalGpus({ capacity, maxGpus }: RungsIntent, choices: readonly InstanceChoice[]): number {
  const usable = capacity.reduce((total, rung, index) => total + usableGpus(rung, choices[index]!), 0);
  if (maxGpus === undefined) return usable;
  const sum = sumOf(capacity, 'maxGpus');
  requireInteger('maxGpus', maxGpus, 1);
  if (maxGpus > sum) {
    throw errors.outOfRange('maxGpus', `at most the limits of all rungs together (${sum})`, maxGpus);
  }
  return Math.min(maxGpus, usable);
}

/** The limits of all rungs together. */
export function sumOf(capacity: readonly Capacity[], key: 'maxGpus' | 'maxCpuCores'): number {
  return capacity.reduce((sum, { _options: options }) => sum + (options[key] ?? 0), 0);
}

function requireZones(zones: readonly string[] | undefined, { region }: ClusterProfile, property: string): void {
  if (region === undefined) return;
  // As us-east-1a, and us-east-1-bos-1a of a local zone.
  const foreign = zones?.find(
    (zone) => !zone.startsWith(region.name) || !/^([a-z]|-.+)$/.test(zone.slice(region.name.length)),
  );
  if (foreign !== undefined) throw errors.zoneOfOtherRegion(property, foreign, region.name);
}
