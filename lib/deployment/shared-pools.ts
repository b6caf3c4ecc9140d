import type { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel } from '../component/component-model';
import type { Path } from '../component/hops';
import { type CalledPool, callPaths } from '../component/request-path';
import type { IRunnerPool } from '../component/runner';
import { tierIdentity } from '../component/tier';
import { optionsOf, type ResolvedComponent, type VersionInput } from '../component/version-input';
import { errors } from '../internal/errors';
import { warn } from '../internal/warnings';
import type { PeerModel } from '../traffic/network-peer';
import type { ServingComponent } from './serving-component';

/** The brand of pools that are constructs of a tree, whichever copy of the library made them. */
export const RUNNER_POOL = Symbol.for('cdk8s-bento.RunnerPool');

/** Tells each shared pool who of these components calls it. */
export function callSharedPools(scope: Construct, components: readonly ResolvedComponent[], input: VersionInput): void {
  for (const { model, sharedPools } of components) {
    for (const pool of sharedPools) {
      if (isOfTree(pool)) {
        requireReachable(pool, input);
        requireAwake(pool);
        warnOfOtherBento(scope, pool, input);
      }
      pool.registerCaller({
        name: model.identity.name,
        podLabels: { ...model.identity.selector },
        namespace: model.identity.namespace,
      });
    }
  }
}

/** The pods of all pools that a component calls, as far as they are known: those of imported ones are not. */
export function dependencyPeers(caller: ResolvedComponent, all: readonly ResolvedComponent[]): PeerModel[] {
  const { namespace } = caller.model.identity;
  return [
    ...all
      .filter(({ bentoService }) => caller.calls.includes(bentoService))
      .map(({ model }) => ({ podLabels: entryOf(model) })),
    ...caller.sharedPools.filter(isOfTree).map((pool) => ({
      podLabels: entryOf(pool._component),
      ...(pool.namespace !== undefined && pool.namespace !== namespace && { namespace: pool.namespace }),
    })),
  ];
}

/** From each component of a version to each service that it calls. */
export function calledPaths(components: readonly ResolvedComponent[], input: VersionInput): Path[] {
  const pools: CalledPool[] = [
    ...components.slice(1).map(({ bentoService, model }) => ({ bentoService, model })),
    ...components.flatMap(({ sharedPools }) =>
      sharedPools.map((pool) => ({
        bentoService: pool.bentoService,
        url: pool.url,
        ...(isOfTree(pool) && { model: pool._component }),
      })),
    ),
    ...Object.entries(input.runners).flatMap(([bentoService, runner]) =>
      runner.kind === 'url' ? [{ bentoService, url: runner.url }] : [],
    ),
  ];
  return components.flatMap(({ model }) => callPaths(model, pools));
}

/** Labels of the pods that take the requests of a pool: its own, or those of the proxies before it. */
function entryOf({ identity, hop }: ComponentModel): { readonly [key: string]: string } {
  return hop?.kind === 'tier' ? tierIdentity(identity).selector : identity.selector;
}

/** Where egress is restricted, dependencies whose pods nobody knows have to be let out by hand. */
export function warnOfClosedEgress(
  scope: Construct,
  components: readonly ResolvedComponent[],
  input: VersionInput,
): void {
  for (const { bentoService, model, sharedPools } of components) {
    if (optionsOf(input, bentoService).allowTo === undefined) continue;
    const { dependencies, urls } = input.bento.services[bentoService]!;
    const { tracing } = model.wiring!.config[bentoService]!;
    const unknown = [
      ...dependencies.filter((name) => input.runners[name]?.kind === 'url'),
      ...sharedPools.filter((pool) => !isOfTree(pool)).map((pool) => pool.bentoService),
      ...urls,
      ...(tracing === undefined ? [] : [tracing.endpoint]),
    ];
    if (unknown.length === 0) continue;
    warn(
      scope,
      'EgressToUnknownPods',
      `'allowTo' of ${model.identity.name} restricts where it connects to, and the pods of ${unknown.join(', ')} are not known: name them there`,
    );
  }
}

/** Requests of its own function alone wake it. */
function requireAwake(pool: IRunnerPool & ServingComponent): void {
  if (pool._component.scaling.kind !== 'on-demand') return;
  throw errors.conflictingOptions(
    `runners.${pool.bentoService}`,
    `Scaling.withFunction() of ${pool.name}`,
    'it sleeps with its own function: share a pool that stays',
  );
}

function isOfTree(pool: IRunnerPool): pool is IRunnerPool & ServingComponent {
  return RUNNER_POOL in pool;
}

/** A shared pool must be in the same cluster, under a name that the caller can resolve. */
function requireReachable(pool: IRunnerPool & ServingComponent, { profile, namespace }: VersionInput): void {
  const property = `runners.${pool.bentoService}`;
  const cluster = ClusterProfile.of(pool).name;
  if (cluster !== profile.name) throw errors.clusterMismatch(property, profile.name, cluster);
  if (pool.namespace !== namespace && (pool.namespace === undefined || namespace === undefined)) {
    throw errors.namespaceUnknown(property, pool.node.path);
  }
}

function warnOfOtherBento(scope: Construct, pool: ServingComponent, { bento }: VersionInput): void {
  const image = pool._component.contract.image.reference;
  if (image === bento.image.reference) return;
  warn(
    scope,
    'SharedPoolOfOtherBento',
    `it calls ${pool.name}, which runs ${image}, with ${bento.image.reference}: they exchange pickled objects, so keep Python, BentoML and the classes they share the same`,
  );
}
