import { dependenciesOf } from '../bento/bento-graph';
import type { BentoModel } from '../bento/bento-model';
import { DEFAULT_TIMEOUT_SECONDS, PORT } from '../bento/container-contract';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { errors } from '../internal/errors';
import { planTimeouts, type TimeoutNode } from '../traffic/timeouts';
import { trafficIntent } from '../traffic/traffic-policy';
import { coldStartSeconds, defaultWaitSeconds } from './cold-start';
import type { ComponentModel, ComponentRole, IdentityModel, LeadingApiServer, VersionModel } from './component-model';
import type { FunctionModel } from './function-model';
import { resolveIdentity } from './identity';
import type { PodOptions, ScaledComponentOptions } from './options';
import { type ResolvedDependency, resolveComponent } from './resolve-component';
import type { IRunnerPool, RunnerModel } from './runner';
import { seriesOf } from './series';
import type { Warning } from './warning';

/** What one version runs, as the user said it. */
export interface VersionInput {
  readonly version: VersionModel;
  /** The name of the deployment, or of the pool that stands alone. */
  readonly owner: string;
  readonly namespace?: string;
  readonly profile: ClusterProfile;
  readonly bento: BentoModel;
  /** The service that the version is about: the entry service, or that of a pool that stands alone. */
  readonly root: string;
  readonly rootRole: ComponentRole;
  readonly all: PodOptions;
  readonly rootOptions: ScaledComponentOptions;
  /** What stands before the properties of the root in messages: `apiServer.`, or nothing. */
  readonly rootPrefix: string;
  readonly runners: { readonly [bentoService: string]: RunnerModel };
  readonly terminated: boolean;
  /** The function that the version is of; undefined for online services and pools. */
  readonly function?: FunctionModel;
}

/** One component of a version, resolved. */
export interface ResolvedComponent {
  readonly bentoService: string;
  readonly model: ComponentModel;
  readonly warnings: readonly Warning[];
  /** Services of the version that it calls, by name. */
  readonly calls: readonly string[];
  /** Pools of others that it calls. */
  readonly sharedPools: readonly IRunnerPool[];
}

/** All components of a version, the root first. */
export function resolveVersion(input: VersionInput): ResolvedComponent[] {
  const { bento, root, runners } = input;
  const isPool = (service: string): boolean => isOwnPool(runners[service]);
  const dependencies = dependenciesOf(bento, root, (service) => !isPool(service));
  requireKnownRunners(input, dependencies);
  const pools = dependencies.filter(isPool);
  const identities = new Map([root, ...pools].map((service) => [service, identify(input, service)]));
  const timeouts = planTimeouts(timeoutNodes(input, dependencies));
  const rootService = bento.services[root]!;
  const leading = leadingApiServer(input, identities.get(root)!);
  const components = [root, ...pools].map((bentoService) => {
    const service = bento.services[bentoService]!;
    const { model, warnings } = resolveComponent({
      prefix: prefixOf(input, bentoService),
      identity: identities.get(bentoService)!,
      owner: input.owner,
      bento,
      service,
      all: input.all,
      own: optionsOf(input, bentoService),
      timeoutSeconds: timeouts.get(bentoService)!,
      dependencies: [
        ...service.dependencies.map((name) => dependency(input, name, identities, timeouts)),
        ...addressesInCode(bento, bentoService).map((name) => ({ name, timeoutSeconds: timeouts.get(name)! })),
      ],
      profile: input.profile,
      terminated: input.terminated,
      function: input.function,
      isRoot: bentoService === root,
      apiServer:
        bentoService === root
          ? undefined
          : leading && { ...leading, service: rootService, sleeps: input.function?.minReplicas === 0 },
    });
    return {
      bentoService,
      model,
      warnings,
      calls: service.dependencies.filter((name) => identities.has(name)),
      sharedPools: service.dependencies.flatMap((name) => {
        const runner = runners[name];
        return runner?.kind === 'shared' ? [runner.pool] : [];
      }),
    };
  });
  return withHold(
    input,
    components.map((component) => withSleepers(input, component, components)),
  );
}

/** How long requests to a function wait, which depends on all that starts with it. */
function withHold({ function: stated }: VersionInput, components: readonly ResolvedComponent[]): ResolvedComponent[] {
  const [root, ...pools] = components as [ResolvedComponent, ...ResolvedComponent[]];
  if (stated === undefined || stated.engine === 'hpa') return [...components];
  const needed = coldStartSeconds(root, components);
  const timeoutSeconds = stated.hold.timeoutSeconds ?? defaultWaitSeconds(needed);
  const warnings = [...root.warnings];
  if (timeoutSeconds < needed) {
    warnings.push({
      id: 'ColdStartOverTimeout',
      text: `'coldStart.timeout' (${timeoutSeconds} s) is below what a cold start takes (${needed} s, see coldStartReport): the requests that wake it fail; raise it, or state what a start really takes in \`startup\``,
    });
  }
  if (stated.minReplicas === 0 && stated.idleSeconds < needed) {
    warnings.push({
      id: 'IdleShorterThanColdStart',
      text: `'idleTimeout' (${stated.idleSeconds} s) is below what a cold start takes (${needed} s): it spends its time on starting; raise it`,
    });
  }
  return [{ ...root, warnings, model: { ...root.model, hold: { ...stated.hold, timeoutSeconds } } }, ...pools];
}

function leadingApiServer(
  { bento, root, rootRole, profile }: VersionInput,
  identity: IdentityModel,
): LeadingApiServer | undefined {
  if (rootRole !== 'api-server') return undefined;
  const series = seriesOf(identity, bento.services[root]!, profile._model);
  return { name: identity.name, series, selector: identity.selector };
}

/** Pools that wake at the same time as their callers are waited for: whoever is ready first would fail its requests. */
function withSleepers(
  input: VersionInput,
  component: ResolvedComponent,
  all: readonly ResolvedComponent[],
): ResolvedComponent {
  const sleepers = all.filter(
    ({ bentoService, model }) => component.calls.includes(bentoService) && model.scaling.kind === 'on-demand',
  );
  if (sleepers.length === 0) return component;
  if (component.model.scaling.kind !== 'on-demand') {
    throw errors.conflictingOptions(
      `${prefixOf(input, component.bentoService)}scaling`,
      `Scaling.withFunction() of ${sleepers.map(({ bentoService }) => bentoService).join(', ')}`,
      'a pool that stays would wait for one that sleeps: let both sleep, or both stay',
    );
  }
  if (optionsOf(input, component.bentoService).readiness?.includeDependencies === true) {
    throw errors.conflictingOptions(
      `${prefixOf(input, component.bentoService)}readiness.includeDependencies`,
      `Scaling.withFunction() of ${sleepers.map(({ bentoService }) => bentoService).join(', ')}`,
      'a pool that sleeps would keep its callers from getting ready; leave the former out',
    );
  }
  const waitFor = sleepers.map(({ model: { identity, servicePort } }) => ({
    name: identity.name,
    host: identity.serviceName,
    port: servicePort,
  }));
  return { ...component, model: { ...component.model, waitFor } };
}

function requireKnownRunners({ runners, root, rootRole }: VersionInput, dependencies: readonly string[]): void {
  for (const [name, runner] of Object.entries(runners)) {
    if (name === root && rootRole === 'api-server') throw errors.entryServiceAsRunner(`runners.${name}`, name);
    if (!dependencies.includes(name)) throw errors.unknownService(`runners.${name}`, name, [...dependencies]);
    if (runner.kind === 'shared' && runner.pool.bentoService !== name) {
      throw errors.poolMismatch(`runners.${name}`, name, runner.pool.bentoService);
    }
  }
}

function identify(input: VersionInput, bentoService: string): IdentityModel {
  const own = optionsOf(input, bentoService);
  const isRoot = bentoService === input.root;
  return resolveIdentity({
    prefix: prefixOf(input, bentoService),
    role: isRoot ? input.rootRole : 'runner-pool',
    version: input.version,
    namespace: input.namespace,
    owner: input.owner,
    label: isRoot ? undefined : input.bento.services[bentoService]!.label,
    bento: input.bento,
    userLabels: { ...input.all.labels, ...own.labels },
    adopt: own.adopt,
    behindDoor: isRoot && input.function?.engine === 'keda-http',
  });
}

/** The options of one component, whichever it is. */
export function optionsOf({ root, rootOptions, runners }: VersionInput, bentoService: string): ScaledComponentOptions {
  if (bentoService === root) return rootOptions;
  const runner = runners[bentoService];
  return runner?.kind === 'pool' ? runner.options : {};
}

function prefixOf({ root, rootPrefix }: VersionInput, bentoService: string): string {
  return bentoService === root ? rootPrefix : `runners.${bentoService}.`;
}

/** Callers first, as the plan of timeouts wants them. */
function timeoutNodes(input: VersionInput, dependencies: readonly string[]): TimeoutNode[] {
  const { bento, root, runners } = input;
  const order: string[] = [];
  const runs = (name: string): boolean => name === root || (dependencies.includes(name) && isOwnPool(runners[name]));
  // What runs here is in the plan by its own callers; an address may lead back to one of them.
  const elsewhere = (name: string): string[] => addressesInCode(bento, name).filter((service) => !runs(service));
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    if (runs(name)) [...bento.services[name]!.dependencies, ...elsewhere(name)].forEach(visit);
    order.push(name);
  };
  visit(root);
  return order.reverse().map((name) => {
    const runner = runners[name];
    const inCode = bento.services[name]!.timeoutSeconds;
    if (name !== root && runner?.kind === 'shared') return { name, stated: poolTimeout(runner.pool), dependencies: [] };
    if (name !== root && runner?.kind === 'url') {
      return { name, stated: runner.timeoutSeconds ?? inCode ?? DEFAULT_TIMEOUT_SECONDS, dependencies: [] };
    }
    const stated =
      trafficIntent(`${prefixOf(input, name)}traffic`, optionsOf(input, name).traffic).timeoutSeconds ?? inCode;
    const called = runs(name) ? [...bento.services[name]!.dependencies, ...elsewhere(name)] : [];
    return { name, stated, dependencies: called };
  });
}

function dependency(
  { namespace, runners }: VersionInput,
  name: string,
  identities: ReadonlyMap<string, IdentityModel>,
  timeouts: ReadonlyMap<string, number>,
): ResolvedDependency {
  const runner = runners[name];
  const timeoutSeconds = timeouts.get(name)!;
  if (runner?.kind === 'shared') return { name, url: runner.pool.url, timeoutSeconds };
  if (runner?.kind === 'url') return { name, url: runner.url, timeoutSeconds };
  return { name, url: serviceUrl(identities.get(name)!, servicePortOf(runner), namespace), timeoutSeconds };
}

/** A dependency of which nothing is said gets a pool of its own. */
function isOwnPool(runner: RunnerModel | undefined): boolean {
  return (runner?.kind ?? 'pool') === 'pool';
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

/**
 * Services of the Bento that one calls by an address in its code alone. What is called both ways keeps the timeout of
 * its pool: BentoML has one setting per service.
 */
function addressesInCode(bento: BentoModel, name: string): string[] {
  const { urls, dependencies } = bento.services[name]!;
  return [...new Set(urls)].filter((url) => bento.services[url] !== undefined && !dependencies.includes(url));
}

function poolTimeout(pool: IRunnerPool): number {
  return pool.timeout.toSeconds({ integral: false });
}
