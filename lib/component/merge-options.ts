import { posix } from 'node:path';
import { requireFreeEnvName } from '../bento/container-contract';
import { type LogModel, logModel } from '../bento/log-options';
import { requireDnsName, requireInteger, requireUnique } from '../internal/checks';
import { digest } from '../internal/digest';
import { errors } from '../internal/errors';
import { requireAnnotations, requireLabels, requireOwnLabels } from '../internal/labels';
import { sortedEntries, sortedMap } from '../internal/names';
import type { EnvVar } from '../refs/env-var';
import { requireMountPath } from '../storage/model-volume';
import type { ComponentOptions, PodOptions } from './options';
import type { SecurityOptions } from './security-options';

/** A ConfigMap holds at most this; the rest is for its metadata. */
const MAX_FILES_BYTES = 1_000_000;

/** The longest key of a ConfigMap. */
const MAX_KEY_LENGTH = 253;

/** Options of one component, those of all components beneath its own. */
export type MergedOptions = Required<
  Pick<
    PodOptions,
    | 'env'
    | 'envFrom'
    | 'labels'
    | 'annotations'
    | 'nodeSelector'
    | 'tolerations'
    | 'affinity'
    | 'imagePullSecrets'
    | 'initContainers'
    | 'sidecars'
    | 'hostAliases'
    | 'models'
    | 'files'
    | 'security'
  >
> &
  Pick<PodOptions, 'priorityClassName' | 'runtimeClassName' | 'serviceAccount' | 'tracing'> & {
    readonly automountServiceAccountToken: boolean;
    readonly logging: LogModel;
  };

/** Lays a component's own options over those of all; lists add up, of one name the component's own wins. */
export function mergeOptions(prefix: string, all: PodOptions, own: ComponentOptions): MergedOptions {
  requireOwnLabels('labels', all.labels ?? {});
  requireOwnLabels(`${prefix}labels`, own.labels ?? {});
  const merged: MergedOptions = {
    env: mergeEnv(prefix, all.env ?? [], own.env ?? []),
    envFrom: concat(all.envFrom, own.envFrom),
    labels: sortedMap({ ...all.labels, ...own.labels }),
    annotations: sortedMap({ ...all.annotations, ...own.annotations }),
    nodeSelector: sortedMap({ ...all.nodeSelector, ...own.nodeSelector }),
    tolerations: concat(all.tolerations, own.tolerations),
    affinity: concat(all.affinity, own.affinity),
    imagePullSecrets: uniqueBy(concat(all.imagePullSecrets, own.imagePullSecrets), ({ name }) => name),
    initContainers: concat(all.initContainers, own.initContainers),
    sidecars: concat(all.sidecars, own.sidecars),
    hostAliases: concat(all.hostAliases, own.hostAliases),
    models: concat(all.models, own.models),
    files: mergeFiles(prefix, all.files, own.files),
    security: mergeSecurity(prefix, { ...all.security, ...own.security }),
    logging: logModel({ ...all.logging, ...own.logging }),
    tracing: own.tracing ?? all.tracing,
    priorityClassName: own.priorityClassName ?? all.priorityClassName,
    runtimeClassName: own.runtimeClassName ?? all.runtimeClassName,
    serviceAccount: own.serviceAccount ?? all.serviceAccount,
    automountServiceAccountToken: own.automountServiceAccountToken ?? all.automountServiceAccountToken ?? false,
  };
  requireAnnotations(`${prefix}annotations`, merged.annotations);
  requireLabels(`${prefix}nodeSelector`, merged.nodeSelector);
  requireUnique(
    `${prefix}initContainers and ${prefix}sidecars`,
    [...merged.initContainers, ...merged.sidecars].map(({ _model }) => _model.name),
  );
  requireUnique(
    `${prefix}models`,
    merged.models.map(({ _model }) => _model.name),
  );
  requireUnique(
    `${prefix}models[].mountPath`,
    merged.models.map(({ _model }) => _model.mountPath.replace(/\/+$/, '')),
  );
  requireFreePaths(prefix, merged);
  for (const key of ['priorityClassName', 'runtimeClassName'] as const) {
    if (merged[key] !== undefined) requireDnsName(`${prefix}${key}`, merged[key]);
  }
  return merged;
}

function mergeEnv(prefix: string, all: readonly EnvVar[], own: readonly EnvVar[]): EnvVar[] {
  requireUnique(
    'env',
    all.map(({ name }) => name),
  );
  requireUnique(
    `${prefix}env`,
    own.map(({ name }) => name),
  );
  for (const { name } of [...all, ...own]) requireFreeEnvName(name);
  const ownByName = new Map(own.map((variable) => [variable.name, variable]));
  const names = new Set(all.map(({ name }) => name));
  return [
    ...all.map((variable) => ownByName.get(variable.name) ?? variable),
    ...own.filter(({ name }) => !names.has(name)),
  ];
}

function mergeFiles(prefix: string, all: PodOptions['files'], own: PodOptions['files']): { [path: string]: string } {
  const files = sortedMap({ ...all, ...own });
  let bytes = 0;
  for (const [path, content] of sortedEntries(files)) {
    requireMountPath(`${prefix}files`, path);
    if (path.endsWith('/')) throw errors.invalidText(`${prefix}files`, 'paths of files, not of folders', path);
    if (typeof content !== 'string') throw errors.invalidText(`${prefix}files[${path}]`, 'text', content);
    bytes += Buffer.byteLength(content);
  }
  if (bytes > MAX_FILES_BYTES) throw errors.configTooLarge(`${prefix}files`, bytes, MAX_FILES_BYTES);
  const keys = Object.keys(files).map(fileKey);
  requireUnique(`${prefix}files`, keys);
  const bad = keys.find((key) => key.length > MAX_KEY_LENGTH || key.startsWith('..'));
  if (bad !== undefined) {
    throw errors.invalidText(`${prefix}files`, `paths of at most ${MAX_KEY_LENGTH} characters, none as /..x`, bad);
  }
  return files;
}

/** Nothing can be mounted into what is mounted read-only, be it a folder or a file. */
function requireFreePaths(prefix: string, { files, models }: MergedOptions): void {
  const mounts = new Set(models.map(({ _model }) => _model.mountPath.replace(/\/+$/, '')));
  for (const path of [...mounts, ...Object.keys(files)]) {
    for (let folder = posix.dirname(path); folder !== '/'; folder = posix.dirname(folder)) {
      if (mounts.has(folder)) throw errors.reservedPath(`${prefix}models`, path, `a model is mounted at ${folder}`);
      if (folder in files) throw errors.reservedPath(`${prefix}files`, path, `${folder} is a file`);
    }
    if (mounts.has(path) && path in files) {
      throw errors.reservedPath(`${prefix}files`, path, 'a model is mounted there');
    }
  }
}

/** The key of a file in its ConfigMap: its path, as far as keys allow, and no other path's. */
export function fileKey(path: string): string {
  const key = path.slice(1).replace(/[^-._a-zA-Z0-9]/g, '_');
  if (/^[-./a-zA-Z0-9]*$/.test(path)) return key;
  return `${key}.${digest(path, 8)}`;
}

function mergeSecurity(prefix: string, security: SecurityOptions): SecurityOptions {
  // The largest id that Linux and the API have.
  for (const key of ['runAsUser', 'runAsGroup'] as const) {
    if (security[key] !== undefined) requireInteger(`${prefix}security.${key}`, security[key], 1, 2 ** 31 - 1);
  }
  return security;
}

function concat<T>(all: readonly T[] | undefined, own: readonly T[] | undefined): T[] {
  return [...(all ?? []), ...(own ?? [])];
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
