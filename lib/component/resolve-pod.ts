import { BENTO_USER } from '../bento/container-contract';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { errors } from '../internal/errors';
import { sortedEntries, sortedMap } from '../internal/names';
import { type AffinityRule, inRegion } from '../placement/affinity';
import { gpuTaintKey } from '../placement/gpu-taint';
import type { NodePoolModel } from '../placement/node-pool-model';
import { TaintEffect, type TolerationModel } from '../placement/toleration';
import type { SizeModel } from '../sizing/instance-size';
import type { IdentityModel, PodModel } from './component-model';
import type { MergedOptions } from './merge-options';
import { resolveVolumes } from './resolve-volumes';

/** What a pod must know beside its options. */
export interface PodInput {
  readonly identity: IdentityModel;
  /** What its claims and its service account are named after. */
  readonly owner: string;
  /** What stands before the user's properties in messages: `apiServer.`, or nothing. */
  readonly prefix: string;
  readonly profile: ClusterProfile;
}

/** The pod with every default filled in. */
export function resolvePod(
  { identity, owner, prefix, profile }: PodInput,
  options: MergedOptions,
  size: SizeModel,
  pool?: NodePoolModel,
): PodModel {
  const account = options.serviceAccount?._model;
  const runsAs = {
    serviceAccountName: account?.name ?? owner,
    imagePullSecrets: options.imagePullSecrets.map(({ name }) => name),
    user: options.security.runAsUser ?? BENTO_USER,
    group: options.security.runAsGroup ?? BENTO_USER,
    readOnlyRoot: options.security.readOnlyRootFilesystem ?? true,
  };
  return {
    ...runsAs,
    annotations: options.annotations,
    nodeSelector: nodeSelector(prefix, options, pool),
    tolerations: tolerations(options, size, pool),
    affinity: affinity(identity, options),
    ...(pool !== undefined && { nodePool: pool }),
    spreadOver: pool?.spreadOver ?? SPREAD_OVER,
    priorityClassName: options.priorityClassName,
    runtimeClassName: options.runtimeClassName ?? (size.gpu === undefined ? undefined : pool?.runtimeClassName),
    serviceAccountExists: account?.create === false,
    automountServiceAccountToken: options.automountServiceAccountToken,
    initContainers: options.initContainers.map((container) => container._model),
    sidecars: options.sidecars.map((container) => container._model),
    hostAliases: hostAliases(options),
    volumes: resolveVolumes(prefix, owner, options.models, runsAs, profile._model.kubernetes),
    files: Object.entries(options.files),
    filesName: `${identity.configName}-files`,
  };
}

/** What binds a deployment to a region binds its proxies, too, which know nothing else of where it runs. */
function affinity({ region }: IdentityModel, options: MergedOptions): AffinityRule[] {
  const stated = options.affinity.map((rule) => rule._model);
  return region === undefined ? stated : [inRegion(region), ...stated];
}

const SPREAD_OVER = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'];

/** Labels of the pool, beside those that the user asks for. */
function nodeSelector(
  prefix: string,
  { nodeSelector: stated }: MergedOptions,
  pool: NodePoolModel | undefined,
): PodModel['nodeSelector'] {
  if (pool === undefined) return stated;
  for (const [key, value] of sortedEntries(pool.nodeLabels)) {
    if (stated[key] !== undefined && stated[key] !== value) {
      throw errors.conflictingOptions(`${prefix}nodeSelector.${key}`, `${prefix}nodePool`, `its nodes have ${value}`);
    }
  }
  return sortedMap({ ...stated, ...pool.nodeLabels });
}

function tolerations(options: MergedOptions, size: SizeModel, pool: NodePoolModel | undefined): TolerationModel[] {
  const own = options.tolerations.map((toleration) => toleration._model);
  const stated = [...own, ...(pool?.tolerations ?? []).filter((toleration) => !own.some(covers(toleration)))];
  if (size.gpu === undefined) return stated;
  // Which taint nodes have that nobody describes, only the user can know.
  const key = gpuTaintKey(size.gpu.resourceName);
  if (stated.some((toleration) => toleration.key === key)) return stated;
  return [...stated, { key, operator: 'Exists', effect: TaintEffect.NO_SCHEDULE }];
}

/** Whether another toleration is enough; one of a value may be of another than the taint has. */
function covers({ key, operator, value, effect }: TolerationModel): (other: TolerationModel) => boolean {
  return (other) =>
    other.key === key &&
    (other.effect ?? effect) === effect &&
    (other.operator === 'Exists' || (operator === 'Equal' && other.value === value));
}

/** The API keeps one entry per address. */
function hostAliases(options: MergedOptions): PodModel['hostAliases'] {
  const byIp = new Map<string, string[]>();
  for (const { ip, hostnames } of options.hostAliases.map(({ _model }) => _model)) {
    byIp.set(ip, [...new Set([...(byIp.get(ip) ?? []), ...hostnames])]);
  }
  return [...byIp].map(([ip, hostnames]) => ({ ip, hostnames }));
}
