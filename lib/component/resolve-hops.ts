import { PORT } from '../bento/container-contract';
import { errors } from '../internal/errors';
import type { AnswerModel } from './answer';
import type { ComponentModel, IdentityModel, PoolHop, SidecarModel } from './component-model';
import type { RunnerPoolOptions } from './options';
import { FIRST_LISTENER_PORT, poolHop, tierName, totalProxies } from './pool-hop';
import { maxReplicas } from './replica-counts';
import { concurrencyWarnings } from './resolve-traffic';
import type { ProxiedPool, RunnerModel } from './runner';
import { optionsOf, prefixOf, trafficOf, type VersionInput } from './version-input';
import type { Warning } from './warning';

/** How callers reach a pool. */
export function hopTo(
  input: VersionInput,
  bentoService: string,
  identity: IdentityModel,
  answers: AnswerModel,
): PoolHop {
  const own: RunnerPoolOptions = optionsOf(input, bentoService);
  const { hasTasks, pathPrefix } = input.bento.services[bentoService]!;
  return poolHop({
    prefix: prefixOf(input, bentoService),
    identity,
    cluster: input.profile._model,
    proxy: own.proxy?._model,
    traffic: trafficOf(input, bentoService),
    scaling: own.scaling?._model,
    answer: answers,
    readyPath: `${pathPrefix}/readyz`,
    port: PORT,
    single: hasTasks,
    sidecars: input.function?.engine !== 'knative',
  });
}

/** Each replica of a caller has a proxy: limits of the pools that it calls are divided among all of them. */
export function countProxies(
  input: VersionInput,
  { sidecar, scaling }: ComponentModel,
  hops: ReadonlyMap<string, PoolHop>,
): void {
  for (const listener of sidecar?.listeners ?? []) {
    hopOfDependency(input, listener.bentoService, hops)!.callers.push(maxReplicas(scaling));
    // What cannot be divided is an error here, not at synth.
    listener.upstream();
  }
}

/** The proxy beside a component that calls pools through one. */
export function sidecarOf(
  input: VersionInput,
  bentoService: string,
  hops: ReadonlyMap<string, PoolHop>,
): SidecarModel | undefined {
  const { dependencies } = input.bento.services[bentoService]!;
  const called = [...dependencies].sort().flatMap((name) => {
    const hop = hopOfDependency(input, name, hops);
    return hop?.kind === 'sidecar' && hop.upstream !== undefined ? [{ name, hop, upstream: hop.upstream }] : [];
  });
  if (called.length === 0 || (bentoService === input.root && input.function?.engine === 'knative')) return undefined;
  const sizes = called.flatMap(({ name, hop }) => (hop.size === undefined ? [] : [{ name, size: hop.size }]));
  const other = sizes.find(({ size }) => JSON.stringify(size) !== JSON.stringify(sizes[0]!.size));
  if (other !== undefined) {
    throw errors.conflictingOptions(
      `runners.${other.name}.proxy.size`,
      `runners.${sizes[0]!.name}.proxy.size`,
      'one proxy leads to both: state the same size',
    );
  }
  return {
    listeners: called.map(({ name, upstream }, index) => ({
      port: FIRST_LISTENER_PORT + index,
      bentoService: name,
      upstream,
    })),
    ...(sizes.length > 0 && { size: sizes[0]!.size }),
  };
}

/** Proxies share what each replica takes: what does not divide is lost. */
export function roundingWarnings(
  input: VersionInput,
  bentoService: string,
  hops: ReadonlyMap<string, PoolHop>,
): Warning[] {
  const hop = hops.get(bentoService);
  // Before a tier of nginx nothing queues.
  const doors =
    bentoService === input.root && input.cache === undefined && input.behindSplit?.inPath !== true ? input.doors : [];
  const counts = [
    ...(hop === undefined ? [] : [hop.replicas ?? totalProxies(hop.callers)]),
    ...doors.map(({ proxies }) => proxies),
  ];
  const traffic = trafficOf(input, bentoService);
  return [...new Set(counts)].flatMap((proxies) =>
    proxies === undefined ? [] : concurrencyWarnings(`${prefixOf(input, bentoService)}traffic`, traffic, proxies),
  );
}

/** Shared pools that a function by Knative calls past the proxy that others have beside them. */
export function bypassWarnings(input: VersionInput, bentoService: string): Warning[] {
  if (bentoService !== input.root || input.function?.engine !== 'knative') return [];
  return input.bento.services[bentoService]!.dependencies.flatMap((name): Warning[] =>
    hopOfDependency(input, name, new Map())?.kind === 'sidecar'
      ? [
          {
            id: 'PoolPastItsProxy',
            text: `it calls the pool of ${name} without a proxy, for Knative has no field for one beside it: what the pool's \`traffic\` says of proxies does not hold for its requests, and they stay with the pods that were there first; give the pool RunnerProxy.tier()`,
          },
        ]
      : [],
  );
}

function hopOfDependency(
  { runners }: VersionInput,
  name: string,
  hops: ReadonlyMap<string, PoolHop>,
): PoolHop | undefined {
  const runner = runners[name];
  if (runner?.kind === 'shared') return (runner.pool as Partial<ProxiedPool>)._hop;
  return runner?.kind === 'url' ? undefined : hops.get(name);
}

/** Where a component finds a service that it calls. */
export function dependencyUrl(
  input: VersionInput,
  name: string,
  identities: ReadonlyMap<string, IdentityModel>,
  hops: ReadonlyMap<string, PoolHop>,
  sidecar: SidecarModel | undefined,
): string {
  const runner = input.runners[name];
  const listener = sidecar?.listeners.find(({ bentoService }) => bentoService === name);
  if (listener !== undefined) return `http://127.0.0.1:${listener.port}`;
  if (runner?.kind === 'shared') return runner.pool.url;
  if (runner?.kind === 'url') return runner.url;
  const identity = identities.get(name)!;
  if (hops.get(name)?.kind === 'tier') return `http://${tierName(identity)}:${PORT}`;
  return serviceUrl(identity, servicePortOf(runner), input.namespace);
}

function servicePortOf(runner: RunnerModel | undefined): number {
  return (runner?.kind === 'pool' ? runner.options.servicePort : undefined) ?? PORT;
}

/** The shortest name that resolves at the first try: cluster DNS searches the caller's namespace before all others. */
export function serviceUrl(identity: IdentityModel, port: number, callerNamespace: string | undefined): string {
  const { serviceName, namespace } = identity;
  const host = namespace === undefined || namespace === callerNamespace ? serviceName : `${serviceName}.${namespace}`;
  return `http://${host}:${port}`;
}
