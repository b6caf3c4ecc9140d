import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { Bento } from '../bento/bento';
import { requireServiceName, requireServiceUrl } from '../bento/container-contract';
import { ClusterProfile } from '../cluster/cluster-profile';
import type { PoolHop } from '../component/component-model';
import { type ComponentModel, MAIN_VERSION } from '../component/component-model';
import type { Path } from '../component/hops';
import { type RunnerPoolOptions, RunState } from '../component/options';
import { type Requirement, requirementsOf } from '../component/requirement';
import { resolveVersion } from '../component/resolve-version';
import { type IRunnerPool, type Runner, type RunnerCaller, runnerModels } from '../component/runner';
import { proxyTier } from '../component/tier';
import { optionsOf, type ResolvedComponent, type VersionInput } from '../component/version-input';
import { requireNamespace, requireNumber } from '../internal/checks';
import { errors, located } from '../internal/errors';
import { requireLabels } from '../internal/labels';
import { requireNodePool } from '../placement/node-pool-model';
import type { Region } from '../placement/region';
import { ProxyTier } from './proxy-tier';
import { ownerOf } from './regional-name';
import { type ComponentNetwork, ServingComponent } from './serving-component';
import { commonPaths, emitShared, namespaceOf } from './serving-tree';
import { callSharedPools, dependencyPeers, RUNNER_POOL, warnOfClosedEgress } from './shared-pools';

/** A runner pool that stands alone. */
export interface RunnerPoolProps extends RunnerPoolOptions {
  /** The Bento whose service it runs. Callers must come from the same one: they exchange pickled Python objects. */
  readonly bento: Bento;

  /** The exact name of the service that it runs. */
  readonly bentoService: string;

  /**
   * What serves the services that it depends on itself, by their exact names.
   *
   * @default - a pool of its own for each
   */
  readonly runners?: { [bentoService: string]: Runner };

  /**
   * The name of its objects. With `region` its short name follows.
   *
   * @default - the construct id as a DNS label; with `region` without the region at its end
   */
  readonly name?: string;

  /**
   * The region that its pods are bound to, in a cluster that spans several: a required affinity to nodes with
   * `topology.kubernetes.io/region`, which pods have as a label, too. Names end with the short name of the region, the label
   * `cdk8s-bento/track` has it, and containers have it in the variable `REGION` unless `env` says otherwise. All pods of the
   * pool are bound: its own, those of its dependencies, proxies and downloads of weights.
   *
   * @default - none: pods run anywhere in the cluster
   */
  readonly region?: Region;

  /**
   * Whether it runs.
   *
   * @default RunState.RUNNING
   */
  readonly state?: RunState;
}

/** Options of `RunnerPool.fromAttributes`. */
export interface RunnerPoolAttributes {
  /** The exact name of the service that it runs. */
  readonly bentoService: string;

  /** Where it is reached, without `=` and blanks: `http://embedder.models:3000`. */
  readonly url: string;

  /**
   * The timeout of its requests: above 0.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;
}

/** Components of a tree by their service, to be made. */
interface OwnedPool {
  readonly resolved: ResolvedComponent;
  readonly all: readonly ResolvedComponent[];
  readonly input: VersionInput;
}

const owned = new WeakMap<RunnerPoolProps, OwnedPool>();

/**
 * One dependency service of a Bento as pods of its own, which scale by themselves. A `BentoDeployment` makes those that
 * its Bento needs; one that stands alone can be shared by several deployments.
 *
 * @example
 * const embedder = new RunnerPool(chart, 'Embedder', {
 *   bento,
 *   bentoService: 'Embedder',
 *   size: InstanceSize.named('gpu.l4.1'),
 *   scaling: Scaling.replicas(2),
 * });
 * new BentoDeployment(chart, 'Search', { bento, runners: { Embedder: Runner.shared(embedder) } });
 */
export class RunnerPool extends ServingComponent implements IRunnerPool {
  /**
   * A pool that is deployed elsewhere. Its network policy is not ours to change: it must let the callers in.
   *
   * @throws InvalidUrl, InvalidName, OutOfRange
   */
  public static fromAttributes(attributes: RunnerPoolAttributes): IRunnerPool {
    const { bentoService, url, timeout = Duration.seconds(60) } = attributes;
    requireServiceName('bentoService', bentoService);
    requireServiceUrl('url', url);
    requireNumber('timeout', timeout.toSeconds({ integral: false }), { above: 0 });
    return { bentoService, url, timeout, registerCaller: () => undefined };
  }

  /** @internal */
  public static _ofDeployment(scope: Construct, pool: OwnedPool): RunnerPool {
    const props = { bento: undefined as never, bentoService: pool.resolved.bentoService };
    owned.set(props, pool);
    return new RunnerPool(scope, pool.resolved.bentoService, props);
  }

  /** The proxies between its callers and its pods, as pods of their own; undefined without `RunnerProxy.tier`. */
  public readonly proxy?: ProxyTier;

  /** What the cluster must have for this pool. */
  public readonly requirements: Requirement[];

  private readonly callers: RunnerCaller[] = [];

  /**
   * @throws UnknownService, and all that its options throw
   */
  public constructor(scope: Construct, id: string, props: RunnerPoolProps) {
    super(scope, id);
    Object.defineProperty(this, RUNNER_POOL, { value: true });
    const profile = ClusterProfile.of(this);
    const part = owned.get(props);
    const built = located(this.node.path, () => part ?? this.resolveAlone(id, props, profile));
    const { resolved, all, input } = built;
    const own = optionsOf(input, resolved.bentoService);
    const calling = (): Path[] => [
      ...callersIn(all, resolved),
      ...this.callers.map((caller) => callerPath(caller, resolved)),
    ];
    this.proxy = emitTier(this, built, calling, profile);
    this._emit(
      resolved,
      {
        incoming: () => [
          ...(this.proxy === undefined ? calling() : [throughTier(this.proxy._component, resolved)]),
          ...commonPaths(resolved, profile, own),
        ],
        to: () => own.allowTo && [...dependencyPeers(resolved, all), ...own.allowTo.map((peer) => peer._model)],
        callers: () => this.callers,
      },
      profile,
    );
    if (part === undefined) {
      // A scope of their own: a service may be called as one of this pool's objects is.
      const scopeOfPools = new Construct(this, 'runners');
      for (const pool of all.slice(1)) RunnerPool._ofDeployment(scopeOfPools, { resolved: pool, all, input });
      located(this.node.path, () => callSharedPools(this, all, input));
      warnOfClosedEgress(this, all, input);
    }
    this.requirements = requirementsOf(part === undefined ? all.map(({ model }) => model) : [resolved.model], profile);
  }

  /** The exact name of the BentoML service that it runs. */
  public get bentoService(): string {
    return this._component.wiring!.bentoService;
  }

  /** How long its answers take at most, streams included. */
  public get timeout(): Duration {
    return Duration.millis(this._component.answer.total * 1000);
  }

  /** Where its callers find it inside the cluster: at the proxies before its pods, where there are such. */
  public override get url(): string {
    return this.proxy === undefined ? super.url : this.proxy.url;
  }

  /** @internal */
  public get _hop(): PoolHop {
    return this._component.hop!;
  }

  /**
   * Lets a component in that calls this pool.
   *
   * @throws InvalidLabel, InvalidName
   */
  public registerCaller(caller: RunnerCaller): void {
    requireLabels('podLabels', caller.podLabels);
    if (caller.namespace !== undefined) requireNamespace('namespace', caller.namespace);
    this.callers.push(caller);
  }

  private resolveAlone(id: string, props: RunnerPoolProps, profile: ClusterProfile): OwnedPool {
    const { bento, bentoService, runners, state, region, nodePool } = props;
    if (nodePool !== undefined) requireNodePool('nodePool', nodePool);
    const name = ownerOf(id, props, profile);
    if (!bento.serviceNames.includes(bentoService)) {
      throw errors.unknownService('bentoService', bentoService, bento.serviceNames);
    }
    const input: VersionInput = {
      version: MAIN_VERSION,
      owner: name,
      namespace: namespaceOf(this, profile),
      ...(region !== undefined && { region }),
      profile,
      bento: bento._model,
      root: bentoService,
      rootRole: 'runner-pool',
      all: {},
      rootOptions: props,
      rootPrefix: '',
      runners: runnerModels(runners),
      terminated: state === RunState.TERMINATED,
      doors: [],
    };
    const all = resolveVersion(input);
    emitShared(this, [{ input, components: all }]);
    return { resolved: all[0]!, all, input };
  }
}

/** The proxies that all callers of a pool share, where there are such. */
function emitTier(
  scope: Construct,
  { resolved, input }: OwnedPool,
  calling: () => Path[],
  profile: ClusterProfile,
): ProxyTier | undefined {
  if (resolved.model.hop!.kind !== 'tier') return undefined;
  const tier = proxyTier(resolved.model, input.all, profile);
  const peers = [{ podLabels: resolved.model.identity.selector }];
  const network: ComponentNetwork = {
    incoming: calling,
    to: () => peers,
    callers: () => [],
  };
  return ProxyTier._create(scope, 'proxy', tier, network, profile);
}

/** From the proxies of a pool to its pods. */
function throughTier({ identity }: ComponentModel, { model }: ResolvedComponent): Path {
  return [
    { kind: 'proxy', name: identity.name, peers: [{ podLabels: identity.selector }] },
    { kind: 'runner-pool', name: model.identity.name, peers: [] },
  ];
}

/** A pool by the exact name of its service, among those that something owns. */
export function findPool(owner: Construct & { readonly runnerPools: RunnerPool[] }, bentoService: string): RunnerPool {
  const pool = owner.runnerPools.find((candidate) => candidate.bentoService === bentoService);
  if (pool !== undefined) return pool;
  const known = owner.runnerPools.map((candidate) => candidate.bentoService);
  throw errors.noSuchPool(bentoService, known).at(owner.node.path);
}

/** Components of the same tree that call this one. */
function callersIn(all: readonly ResolvedComponent[], callee: ResolvedComponent): Path[] {
  return all
    .filter(({ calls }) => calls.includes(callee.bentoService))
    .map((caller) => [
      { kind: caller.model.identity.role, name: caller.model.identity.name, peers: [podsOf(caller)] },
      { kind: 'runner-pool', name: callee.model.identity.name, peers: [] },
    ]);
}

function callerPath(caller: RunnerCaller, callee: ResolvedComponent): Path {
  const { identity } = callee.model;
  const elsewhere = caller.namespace !== undefined && caller.namespace !== identity.namespace;
  return [
    {
      kind: 'api-server',
      name: caller.name,
      peers: [{ podLabels: { ...caller.podLabels }, ...(elsewhere && { namespace: caller.namespace }) }],
    },
    { kind: 'runner-pool', name: identity.name, peers: [] },
  ];
}

/** Pods of the same namespace. */
function podsOf({ model }: ResolvedComponent): { podLabels: { readonly [key: string]: string } } {
  return { podLabels: model.identity.selector };
}
