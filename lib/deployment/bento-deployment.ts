import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { cacheTier, trafficBeforeCache } from '../component/cache-tier';
import { MAIN_VERSION } from '../component/component-model';
import { resolveDoors } from '../component/doors';
import type { Path } from '../component/hops';
import { type PodOptions, RunState } from '../component/options';
import { cacheHop } from '../component/request-path';
import { type Requirement, requirementsOf } from '../component/requirement';
import { resolveVersion } from '../component/resolve-version';
import { runnerModels } from '../component/runner';
import type { ResolvedComponent, VersionInput } from '../component/version-input';
import type { VersionOptions } from '../component/version-options';
import type { Exposure } from '../exposure/exposure';
import { requireDnsLabel } from '../internal/checks';
import { located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import type { ResponseCache } from '../traffic/response-cache';
import { ApiServer } from './api-server';
import { emitFront, exposureOf, hostClaims } from './front';
import { ProxyTier } from './proxy-tier';
import { findPool, RunnerPool } from './runner-pool';
import type { ServingComponent } from './serving-component';
import { commonPaths, emitShared, namespaceOf } from './serving-tree';
import { callSharedPools, dependencyPeers, planOf, warnOfClosedEgress } from './shared-pools';
import type { TimeoutPlan } from './timeout-plan';

/** An online service. */
export interface BentoDeploymentProps extends VersionOptions, PodOptions {
  /**
   * The name of the deployment: its objects are called so, or begin with it.
   *
   * @default - the construct id as a DNS label: `TextSearch` gives `text-search`
   */
  readonly name?: string;

  /**
   * The door through which requests reach the API server.
   *
   * @default - Exposure.inCluster()
   */
  readonly exposure?: Exposure;

  /**
   * What keeps answers of the API server, and gives them again: a tier of nginx between the doors and the API server. The
   * Service of the deployment's name leads to it, so that callers inside the cluster have it too; the API server lets in
   * nobody else but Prometheus. nginx then carries what `apiServer.traffic` says of balancing, retries and the circuit
   * breaker.
   *
   * @default - every request is answered by the API server
   */
  readonly cache?: ResponseCache;

  /**
   * Whether it runs. Terminated, it keeps everything but its pods: replicas are 0, which switches its autoscalers off.
   * Restored, it starts with one replica, and the autoscaler brings it to its minimum.
   *
   * @default RunState.RUNNING
   */
  readonly state?: RunState;
}

/**
 * A Bento as an online service: never below one replica, requests go straight to the serving pods.
 *
 * The entry service becomes the API server, each service that it depends on a runner pool; every one is a Deployment
 * that scales by itself, wired as BentoML does it, with the image unchanged.
 *
 * @example
 * new BentoDeployment(chart, 'Summarizer', {
 *   bento: Bento.fromFile('bentos/summarizer', { image: 'registry.example.com/summarizer:3auspqat6smdonry' }),
 *   env: [EnvVar.fromSecret('API_KEY', { secret: SecretRef.named('summarizer'), key: 'api-key' })],
 * });
 */
export class BentoDeployment extends Construct {
  /** The name of the deployment. */
  public readonly name: string;

  /** The component that takes requests. */
  public readonly apiServer: ApiServer;

  /** What keeps answers of the API server; undefined without `cache`. */
  public readonly cache?: ProxyTier;

  /** Pools of the deployment's own, in the order in which services depend on them; shared ones are not among them. */
  public readonly runnerPools: RunnerPool[];

  /** The first `gateway.networking.k8s.io/v1` HTTPRoute or GRPCRoute; undefined without {@link Exposure.gateway}. */
  public readonly route?: ApiObject;

  /** All objects of its doors: routes, policies, Services of load balancers. */
  public readonly doorObjects: ApiObject[];

  /** What the cluster must have for this definition. */
  public readonly requirements: Requirement[];

  private readonly joined: Path[] = [];
  private readonly plan: () => TimeoutPlan;

  /**
   * @throws RequiredEnv, UnknownService, EntryServiceAsRunner, MissingScaling, TaskReplicas, PoolMismatch,
   * NamespaceUnknown, NamespaceNeeded, ClusterMismatch, NotByEngine, InvalidName, and all that options throw
   */
  public constructor(scope: Construct, id: string, props: BentoDeploymentProps) {
    super(scope, id);
    const profile = ClusterProfile.of(this);
    const input = located(this.node.path, () => versionInput(this, id, props, profile));
    const components = located(this.node.path, () => resolveVersion(input));
    const [root, ...pools] = components as [ResolvedComponent, ...ResolvedComponent[]];
    this.name = input.owner;
    const cache = located(this.node.path, () => cacheTier(components, input));
    located(this.node.path, () => emitShared(this, input, components));
    const own = input.rootOptions;
    const { doors } = input;
    this.apiServer = ApiServer._create(
      this,
      root,
      {
        incoming: () => [...front.paths, ...this.joined, ...commonPaths(root, profile, cache === undefined ? own : {})],
        to: () => own.allowTo && [...dependencyPeers(root, components), ...own.allowTo.map((peer) => peer._model)],
        callers: () => [],
        hosts: hostClaims(root.model.identity, doors, profile),
      },
      profile,
    );
    const front = located(this.node.path, () =>
      emitFront(this, {
        root: root.model,
        doors,
        profile,
        ...(cache !== undefined && { cache: cache.model, traffic: trafficBeforeCache(root.model.traffic) }),
      }),
    );
    this.cache =
      cache &&
      emitCache(this, cache, root, profile, () => [
        ...[...front.paths, ...this.joined].map((path) => path.slice(0, -1)),
        ...commonPaths(cache, profile, own),
      ]);
    this.doorObjects = [...front.objects];
    this.route = this.doorObjects.find(({ kind }) => kind === 'HTTPRoute' || kind === 'GRPCRoute');
    this.runnerPools = pools.map((resolved) => RunnerPool._ofDeployment(this, { resolved, all: components, input }));
    located(this.node.path, () => callSharedPools(this, components, input));
    warnOfClosedEgress(this, components, input);
    this.plan = () => planOf([...front.paths, ...this.joined], components, input, cache?.model);
    this.requirements = requirementsOf(
      [...components, ...(cache === undefined ? [] : [cache])].map(({ model }) => model),
      profile,
      doors,
      cache && { ...cache.model, traffic: root.model.traffic },
    );
  }

  /** What every station of a request waits, from the doors to the last pool. */
  public get timeoutPlan(): TimeoutPlan {
    return this.plan();
  }

  /** Where the deployment is reached inside the cluster. */
  public get url(): string {
    return this._entry.url;
  }

  /**
   * An owned pool by the exact name of its service.
   *
   * @throws NoSuchPool
   */
  public runnerPool(bentoService: string): RunnerPool {
    return findPool(this, bentoService);
  }

  /** @internal */
  public get _entry(): ServingComponent {
    return this.cache ?? this.apiServer;
  }

  /** @internal */
  public _join(paths: readonly Path[]): void {
    const between = this.cache === undefined ? [] : [cacheHop(this.cache._component)];
    this.joined.push(...paths.map((path) => [...path.slice(0, -1), ...between, ...path.slice(-1)]));
  }
}

/** What keeps answers of the root, before it. */
function emitCache(
  scope: Construct,
  cache: ResolvedComponent,
  root: ResolvedComponent,
  profile: ClusterProfile,
  incoming: () => readonly Path[],
): ProxyTier {
  const peers = [{ podLabels: root.model.identity.selector }];
  // With a character that no service has in its name.
  const id = `ProxyTier:${cache.bentoService}`;
  return ProxyTier._create(scope, id, cache, { incoming, to: () => peers, callers: () => [] }, profile);
}

function versionInput(
  scope: Construct,
  id: string,
  props: BentoDeploymentProps,
  profile: ClusterProfile,
): VersionInput {
  const owner = props.name ?? dnsLabel(id);
  requireDnsLabel('name', owner);
  return {
    version: MAIN_VERSION,
    owner,
    namespace: namespaceOf(scope, profile),
    profile,
    bento: props.bento._model,
    root: props.bento.entryService,
    rootRole: 'api-server',
    all: props,
    rootOptions: props.apiServer ?? {},
    rootPrefix: 'apiServer.',
    runners: runnerModels(props.runners),
    terminated: props.state === RunState.TERMINATED,
    doors: resolveDoors(exposureOf(props.exposure), profile),
    ...(props.cache !== undefined && { cache: props.cache._model }),
  };
}
