import { dependenciesOf } from '../bento/bento-graph';
import type { BentoModel } from '../bento/bento-model';
import { DEFAULT_TIMEOUT_SECONDS } from '../bento/container-contract';
import { requireDnsLabel } from '../internal/checks';
import { errors } from '../internal/errors';
import { planTimeouts, type TimeoutNode } from '../traffic/timeouts';
import { type AnswerModel, answerOf } from './answer';
import { coldStartSeconds, defaultWaitSeconds } from './cold-start';
import type { IdentityModel, LeadingApiServer } from './component-model';
import { behindHop, entrance } from './entrance';
import { resolveIdentity } from './identity';
import type { AdoptOptions } from './options';
import { headlessHost, headlessName, sleeperBehindTier } from './pool-hop';
import { awaitedReplicas } from './replica-counts';
import { type ResolvedDependency, resolveComponent } from './resolve-component';
import { bypassWarnings, countProxies, dependencyUrl, hopTo, roundingWarnings, sidecarOf } from './resolve-hops';
import type { IRunnerPool, ProxiedPool } from './runner';
import { seriesOf } from './series';
import { isOwnPool, optionsOf, prefixOf, type ResolvedComponent, trafficOf, type VersionInput } from './version-input';

/** All components of a version, the root first. */
export function resolveVersion(input: VersionInput): ResolvedComponent[] {
  const { bento, root, runners } = input;
  const isPool = (service: string): boolean => isOwnPool(runners[service]);
  const dependencies = dependenciesOf(bento, root, (service) => !isPool(service));
  requireKnownRunners(input, dependencies);
  const pools = dependencies.filter(isPool);
  const identities = new Map([root, ...pools].map((service) => [service, identify(input, service)]));
  const timeouts = planTimeouts(timeoutNodes(input, dependencies));
  const answers = new Map([root, ...pools].map((service) => [service, answer(input, service, timeouts)]));
  const hops = new Map(
    [root, ...pools].flatMap((service) =>
      identities.get(service)!.role === 'runner-pool'
        ? [[service, hopTo(input, service, identities.get(service)!, answers.get(service)!)] as const]
        : [],
    ),
  );
  const takes = (name: string): Omit<ResolvedDependency, 'name' | 'url'> => {
    const known = answers.get(name) ?? sharedAnswer(input, name);
    const planned = timeouts.get(name)!;
    return {
      timeoutSeconds: known?.total ?? planned,
      firstByteSeconds: known?.firstByte ?? planned,
      silenceSeconds: known?.silence,
    };
  };
  const rootService = bento.services[root]!;
  const leading = leadingApiServer(input, identities.get(root)!);
  const components = [root, ...pools].map((bentoService) => {
    const service = bento.services[bentoService]!;
    const prefix = prefixOf(input, bentoService);
    const identity = identities.get(bentoService)!;
    const hop = hops.get(bentoService);
    const sidecar = sidecarOf(input, bentoService, hops);
    const ends = hop === undefined ? entrance(input, answers.get(root)!) : behindHop(hop, input.profile._model);
    const { model, warnings } = resolveComponent({
      prefix,
      identity,
      owner: input.owner,
      bento,
      service,
      all: input.all,
      own: optionsOf(input, bentoService),
      timeoutSeconds: timeouts.get(bentoService)!,
      answer: answers.get(bentoService)!,
      traffic: trafficOf(input, bentoService),
      ...ends,
      hop,
      proxied: bentoService === root && (input.cache !== undefined || input.behindSplit !== undefined),
      sidecar,
      dependencies: [
        ...service.dependencies.map((name) => ({
          name,
          url: dependencyUrl(input, name, identities, hops, sidecar),
          ...takes(name),
        })),
        ...addressesInCode(bento, bentoService).map((name) => ({ name, ...takes(name) })),
      ],
      profile: input.profile,
      rolling: input.rolling,
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
      warnings: [...warnings, ...bypassWarnings(input, bentoService)],
      calls: service.dependencies.filter((name) => identities.has(name)),
      sharedPools: service.dependencies.flatMap((name) => {
        const runner = runners[name];
        return runner?.kind === 'shared' ? [runner.pool] : [];
      }),
    };
  });
  for (const { model } of components) countProxies(input, model, hops);
  const warned = components.map((component) => ({
    ...component,
    warnings: [...component.warnings, ...roundingWarnings(input, component.bentoService, hops)],
  }));
  return withHold(
    input,
    warned.map((component) => {
      const awaiting = withAwaitedPools(input, withSleepers(input, component, warned), warned);
      return withLeastReplicas(input, awaiting);
    }),
  );
}

/** While another version is there, an autoscaler has a higher minimum. */
function withLeastReplicas(input: VersionInput, component: ResolvedComponent): ResolvedComponent {
  const { scaling } = component.model;
  const least = input.leastReplicas?.(component.bentoService);
  if (least === undefined || scaling.kind !== 'auto') return component;
  const minReplicas = Math.max(scaling.minReplicas, least === 'maximum' ? scaling.maxReplicas : least);
  const fallbackReplicas = Math.max(scaling.fallbackReplicas, minReplicas);
  return { ...component, model: { ...component.model, scaling: { ...scaling, minReplicas, fallbackReplicas } } };
}

/** Pods of a version that takes another's place start after the pools that they call. */
function withAwaitedPools(
  input: VersionInput,
  component: ResolvedComponent,
  all: readonly ResolvedComponent[],
): ResolvedComponent {
  if (input.waitsForPools !== true) return component;
  const called = calledBy(component, all);
  const waitFor = called.map((pool) => {
    const { identity, cluster, scaling } = pool.model;
    requireDnsLabel('name', headlessName(identity));
    return {
      name: identity.name,
      host: headlessHost(identity, cluster),
      // Without what a release adds: pods that stay must not change when it is over.
      replicas: awaitedReplicas(scaling),
      patienceSeconds: deadlineOf(input, pool, all),
    };
  });
  const counted = all.some(({ calls }) => calls.includes(component.bentoService));
  const progressDeadlineSeconds = deadlineOf(input, component, all);
  return { ...component, model: { ...component.model, waitFor, progressDeadlineSeconds, ...(counted && { counted }) } };
}

function calledBy({ calls }: ResolvedComponent, all: readonly ResolvedComponent[]): ResolvedComponent[] {
  return all.filter(({ bentoService }) => calls.includes(bentoService));
}

/** Its own start begins when the pools that it calls are there: these start at once, each after those that it calls. */
function deadlineOf(input: VersionInput, component: ResolvedComponent, all: readonly ResolvedComponent[]): number {
  const { progressDeadlineSeconds } = component.model;
  const { rolling } = optionsOf(input, component.bentoService);
  const stated = rolling?.progressDeadline ?? input.rolling?.intent.progressDeadlineSeconds;
  if (stated !== undefined) return progressDeadlineSeconds;
  const waits = calledBy(component, all).map((pool) => deadlineOf(input, pool, all));
  return progressDeadlineSeconds + Math.max(0, ...waits);
}

/** How long requests to a function wait, which depends on all that starts with it. */
function withHold({ function: stated }: VersionInput, components: readonly ResolvedComponent[]): ResolvedComponent[] {
  const [root, ...pools] = components as [ResolvedComponent, ...ResolvedComponent[]];
  if (stated === undefined || stated.engine === 'hpa') return [...components];
  // Pools that stay are there already, whoever waits for them.
  const asleep = pools.filter(({ model }) => model.scaling.kind === 'on-demand');
  const needed = coldStartSeconds(root, [root, ...asleep]);
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
  const sleepers = calledBy(component, all).filter(({ model }) => model.scaling.kind === 'on-demand');
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
  const behindTier = sleepers.find(({ model }) => model.hop?.kind === 'tier');
  if (behindTier !== undefined) {
    throw sleeperBehindTier(prefixOf(input, behindTier.bentoService));
  }
  const waitFor = sleepers.map(({ model: { identity, servicePort } }) => ({
    name: identity.name,
    host: identity.serviceName,
    port: servicePort,
  }));
  return { ...component, model: { ...component.model, waitFor } };
}

function requireKnownRunners(
  { runners, root, rootRole, versionPrefix = '' }: VersionInput,
  dependencies: readonly string[],
): void {
  for (const [name, runner] of Object.entries(runners)) {
    const property = `${versionPrefix}runners.${name}`;
    if (name === root && rootRole === 'api-server') throw errors.entryServiceAsRunner(property, name);
    if (!dependencies.includes(name)) throw errors.unknownService(property, name, [...dependencies]);
    if (runner.kind === 'shared' && runner.pool.bentoService !== name) {
      throw errors.poolMismatch(property, name, runner.pool.bentoService);
    }
  }
}

function identify(input: VersionInput, bentoService: string): IdentityModel {
  const own = optionsOf(input, bentoService);
  const isRoot = bentoService === input.root;
  const cached = isRoot && input.cache !== undefined;
  return resolveIdentity({
    prefix: prefixOf(input, bentoService),
    role: isRoot ? input.rootRole : 'runner-pool',
    version: isRoot ? (input.rootVersion ?? input.version) : input.version,
    namespace: input.namespace,
    ...(input.region !== undefined && { region: input.region }),
    owner: input.owner,
    label: isRoot ? undefined : input.bento.services[bentoService]!.label,
    bento: input.bento,
    userLabels: { ...input.all.labels, ...own.labels },
    // The Service that is taken over leads to what stands before the pods from then on.
    adopt: isRoot && (cached || input.behindSplit?.inPath === true) ? withoutService(own.adopt) : own.adopt,
    behindDoor: isRoot && (cached || input.function?.engine === 'keda-http'),
    ...(isRoot && input.entryService !== undefined && { entryService: input.entryService }),
    ...(isRoot && !cached && input.behindSplit !== undefined && { tierName: input.behindSplit.name }),
    ...(isRoot && input.rootVersion !== undefined && { filesOf: input.version }),
  });
}

function withoutService(adopt: AdoptOptions | undefined): AdoptOptions | undefined {
  if (adopt === undefined) return undefined;
  const { serviceName, ...others } = adopt;
  return others;
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
    const stated = trafficOf(input, name).timeoutSeconds ?? inCode;
    const called = runs(name) ? [...bento.services[name]!.dependencies, ...elsewhere(name)] : [];
    return { name, stated, dependencies: called };
  });
}

function answer(input: VersionInput, bentoService: string, timeouts: ReadonlyMap<string, number>): AnswerModel {
  const { streaming } = trafficOf(input, bentoService);
  return answerOf(`${prefixOf(input, bentoService)}traffic`, timeouts.get(bentoService)!, streaming);
}

/**
 * Services of the Bento that one calls by an address in its code alone. What is called both ways keeps the timeout of
 * its pool: BentoML has one setting per service.
 */
function addressesInCode(bento: BentoModel, name: string): string[] {
  const { urls, dependencies } = bento.services[name]!;
  return [...new Set(urls)].filter((url) => bento.services[url] !== undefined && !dependencies.includes(url));
}

/** Pools of the same tree tell more than the interface does. */
function sharedAnswer({ runners }: VersionInput, name: string): AnswerModel | undefined {
  const runner = runners[name];
  return runner?.kind === 'shared' ? (runner.pool as Partial<ProxiedPool>)._component?.answer : undefined;
}

function poolTimeout(pool: IRunnerPool): number {
  return pool.timeout.toSeconds({ integral: false });
}
