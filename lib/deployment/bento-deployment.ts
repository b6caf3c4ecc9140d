import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { trafficBeforeCache } from '../component/cache-tier';
import type { ComponentModel } from '../component/component-model';
import { doorTimes, type ResolvedDoor } from '../component/doors';
import { longestAnswer, widenTogether } from '../component/entrance';
import type { Path } from '../component/hops';
import type { PodOptions, RunState } from '../component/options';
import type { Release } from '../component/release';
import type { ReleasePeak } from '../component/release-peak';
import { type Requirement, requirementsOf } from '../component/requirement';
import { type DeploymentIntent, type PlannedVersions, planRelease } from '../component/resolve-release';
import type { VersionOptions } from '../component/version-options';
import type { Exposure } from '../exposure/exposure';
import type { ServingEndpoint } from '../exposure/serving-endpoint';
import { located } from '../internal/errors';
import { warn } from '../internal/warnings';
import type { Region } from '../placement/region';
import type { ReleaseCapacity } from '../release/release-capacity';
import type { ResponseCache } from '../traffic/response-cache';
import type { ApiServer } from './api-server';
import { ArgoCdIgnoreDifference } from './argo-cd';
import { deploymentIntent } from './deployment-intent';
import { registerMember } from './fleet-members';
import { emitFront, type Front, hostClaims } from './front';
import type { ProxyTier } from './proxy-tier';
import { baseName } from './regional-name';
import { checkCapacity, releasePeakOf } from './release-capacity';
import { ReleasePlan } from './release-plan';
import { releaseStages } from './release-stages';
import { emitAnalyses, ignoreRulesOf, type PlannedRollout, rolloutOf } from './rollout';
import { findPool, type RunnerPool } from './runner-pool';
import type { ServingComponent } from './serving-component';
import { endpointsOf, onlyEndpoint } from './serving-endpoints';
import { emitShared } from './serving-tree';
import { findVersion, ServingVersion } from './serving-version';
import { calledPaths, callSharedPools, warnOfClosedEgress } from './shared-pools';
import { type SplitTier, splitBackends, splitTierOf } from './split';
import { TimeoutPlan } from './timeout-plan';
import {
  emitApiServer,
  emitCache,
  emitPools,
  entryHops,
  entryOf,
  type ServedVersion,
  serveVersion,
} from './version-parts';

/** An online service. */
export interface BentoDeploymentProps extends VersionOptions, PodOptions {
  /**
   * The name of the deployment: its objects are called so, or begin with it. With `region` its short name follows.
   *
   * @default - the construct id as a DNS label: `TextSearch` gives `text-search`; with `region` without the region at its end
   */
  readonly name?: string;

  /**
   * The region that its pods are bound to, in a cluster that spans several: a required affinity to nodes with
   * `topology.kubernetes.io/region`, which pods have as a label, too. Names end with the short name of the region, the label
   * `cdk8s-bento/track` has it, and containers have it in the variable `REGION` unless `env` says otherwise. All pods of the
   * deployment are bound: API server, pools, caches, proxies and downloads of weights.
   *
   * @default - none: pods run anywhere in the cluster
   */
  readonly region?: Region;

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
   * How a new version takes over.
   *
   * @default Release.rolling()
   */
  readonly release?: Release;

  /**
   * What there is at the most for the deployment while one of its releases goes on: `BentoDeployment.releasePeak` must
   * not be above it.
   *
   * @default - nothing is checked
   */
  readonly releaseCapacity?: ReleaseCapacity;

  /**
   * The key of the version that these properties describe: names of its workloads end with it, unless it is `main`, and
   * its pods have it in the label `cdk8s-bento/track`. A DNS label of at most 20 letters. The version keeps its key, and so
   * its pods, when others come and go.
   *
   * @default - `main`; with `release.previous` the version of the Bento
   */
  readonly versionKey?: string;

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

  /** The component that takes requests: that of the deployment's own version. */
  public readonly apiServer: ApiServer;

  /** What keeps answers of the API server; undefined without `cache`. */
  public readonly cache?: ProxyTier;

  /**
   * Pools of the deployment's own version, in the order in which services depend on them; shared ones are not among them.
   */
  public readonly runnerPools: RunnerPool[];

  /** Versions beside the deployment's own, in the order of their keys; of one that is replaced there are the pools alone. */
  public readonly versions: ServingVersion[];

  /** What shares requests out among versions; undefined where doors do, or there is one version. */
  public readonly splitter?: ProxyTier;

  /** The first `gateway.networking.k8s.io/v1` HTTPRoute or GRPCRoute; undefined without `Exposure.gateway`. */
  public readonly route?: ApiObject;

  /** All objects of its doors: routes, policies, Services of load balancers. */
  public readonly doorObjects: ApiObject[];

  /** What the cluster must have for this definition. */
  public readonly requirements: Requirement[];

  /** What the deployment needs at the most while one of its releases goes on, whether one does now or not. */
  public readonly releasePeak: ReleasePeak;

  /**
   * Entries of `spec.ignoreDifferences` of an Application of Argo CD that syncs this deployment: the weights that Argo
   * Rollouts writes into its routes and Ingresses while a canary goes on, and its routes by header. Empty where it writes
   * nothing that stands in a manifest. They need the sync option `ApplyOutOfSyncOnly=true`, and never
   * `RespectIgnoreDifferences=true`, by which Argo CD would apply whole lists of the cluster, so that no edit of a route
   * arrives any more.
   *
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/
   */
  public readonly argoCdIgnoreDifferences: ArgoCdIgnoreDifference[];

  /** @internal */
  public readonly _entry: ServingComponent;

  private readonly joined: Path[] = [];
  private readonly doors: readonly ResolvedDoor[];
  private readonly plan: () => TimeoutPlan;
  private readonly stages: () => ReleasePlan;
  private readonly targets: () => ServingEndpoint[];

  /**
   * @throws RequiredEnv, UnknownService, EntryServiceAsRunner, MissingScaling, TaskReplicas, PoolMismatch,
   * NamespaceUnknown, NamespaceNeeded, ClusterMismatch, NotByEngine, InvalidName, PreviousNeeded, PreviousMounts,
   * SameVersion, WrongVersion, WeightsOver, TerminatedDuringRelease, CapacityExceeded, and all that options throw
   */
  public constructor(scope: Construct, id: string, props: BentoDeploymentProps) {
    super(scope, id);
    const profile = ClusterProfile.of(this);
    const intent = located(this.node.path, () => deploymentIntent(this, id, props, profile));
    const release = located(this.node.path, () => planRelease(intent));
    const { rollout, ...served } = located(this.node.path, () => serveAll(intent, release));
    const { own, others, earlier, active } = served;
    const { doors, owner } = intent;
    this.name = owner;
    const tier = located(this.node.path, () => splitTierOf(intent, release, own, others));
    const passesTier = tier?.inPath === true;
    const root = active.components[0]!.model;
    const entry = passesTier ? tier.resolved.model : entryOf(active);
    const all = [own, ...others];
    const before = earlier === undefined ? [] : [earlier];
    located(this.node.path, () => emitShared(this, [...all, ...before]));
    const hosts = hostClaims({ name: owner, namespace: intent.namespace }, doors, profile);
    const direct = (): readonly Path[] => this.waysTo(front);
    const waysIn = tier === undefined ? direct : () => tier.waysThrough(direct());
    // Whether requests pass the tier or not, nobody is shut out while that changes.
    const waysToOwn = tier === undefined ? direct : () => [...direct(), ...waysIn()];
    this.apiServer = emitApiServer(this, own, waysToOwn, profile, { hosts, podsOf: before });
    const behind = [...all.map(entryOf), ...(tier === undefined ? [] : [tier.resolved.model])];
    const front = located(this.node.path, () =>
      emitFront(this, {
        name: owner,
        root,
        doors,
        profile,
        entry,
        ...(entry !== root && { traffic: trafficBeforeCache(root.traffic) }),
        ...(tier === undefined && splitBackends(release, own, others)),
        ...(rollout?.backends !== undefined && { backends: rollout.backends }),
        ...(all.length > 1 && {
          times: (door) => doorTimes(door, longestAnswer(behind)),
        }),
      }),
    );
    if (rollout !== undefined) emitAnalyses(this, rollout);
    this.cache = emitCache(this, own, waysToOwn, profile);
    this.doorObjects = [...front.objects];
    this.route = this.doorObjects.find(({ kind }) => kind === 'HTTPRoute' || kind === 'GRPCRoute');
    this.runnerPools = emitPools(this, own);
    this.splitter = tier?.emit(this, direct);
    this.versions = [
      ...others.map((version) => ServingVersion._whole(this, version, waysIn, profile)),
      ...before.map((version) => ServingVersion._pools(this, version)),
    ];
    const taking = this.versions.find(({ key }) => key === active.input.version.key) ?? this;
    this._entry = (passesTier ? this.splitter : undefined) ?? taking.cache ?? taking.apiServer ?? this.apiServer;
    for (const { components, input } of [...all, ...before]) {
      located(this.node.path, () => callSharedPools(this, components, input));
      warnOfClosedEgress(this, components, input);
    }
    const peak = { ...served, intent, tiers: this.tiers().map(({ _component }) => _component) };
    this.releasePeak = releasePeakOf(peak);
    const { releaseCapacity } = props;
    const doubts = located(this.node.path, () =>
      releaseCapacity === undefined ? [] : checkCapacity(releaseCapacity, peak, this.releasePeak),
    );
    for (const { id: doubt, text } of [...release.warnings, ...doubts]) warn(this, doubt, text);
    if (earlier !== undefined && props.files !== undefined) {
      warn(
        this,
        'FilesOfAllVersions',
        "'files' hold for pods of the version before, too: one that starts anew has those of now; state `files` of `apiServer` and `runners` in each version",
      );
    }
    registerMember(this, {
      ...intent,
      name: baseName(id, props),
      components: own.components,
    });
    this.targets = () =>
      endpointsOf({ ...intent, name: owner, component: { ...entry, answer: longestAnswer(behind) } });
    this.doors = doors;
    this.plan = () =>
      TimeoutPlan._of([
        ...all.flatMap((version) => {
          const ways = version === own && !passesTier ? direct() : waysIn();
          return ways.map((path) => [...path, ...entryHops(version)]);
        }),
        ...all.flatMap(({ components, input }) => calledPaths(components, input)),
      ]);
    const rules = rollout === undefined ? [] : ignoreRulesOf(rollout);
    this.argoCdIgnoreDifferences = rules.map((rule) => ArgoCdIgnoreDifference._of(rule));
    this.stages = () =>
      ReleasePlan._of(owner, releaseStages({ intent, ...served, ...(rollout !== undefined && { rollout }) }));
    this.requirements = requirementsOf(
      modelsOf(served, tier),
      profile,
      doors,
      { ...entry, answer: longestAnswer(behind), traffic: root.traffic },
      {
        ...(rollout !== undefined && { gates: rollout.analyses.flatMap(({ gates }) => gates) }),
        ...(tier === undefined && release.split !== undefined && { split: release.split.model }),
      },
    );
  }

  /** What every station of a request waits, from the doors to the last pool. */
  public get timeoutPlan(): TimeoutPlan {
    return this.plan();
  }

  /** What happens in the release of this definition, stage by stage. */
  public get releasePlan(): ReleasePlan {
    return this.stages();
  }

  /** Where the deployment is reached inside the cluster. */
  public get url(): string {
    return this._entry.url;
  }

  /**
   * Where its pods take requests from the one target group of an exposure with `targetGroupName`: what both the chart and the
   * definition of the load balancer know. To be asked when all that leads to the deployment is made.
   *
   * @throws NoEndpoint
   */
  public get endpoint(): ServingEndpoint {
    return located(this.node.path, () => onlyEndpoint(this.targets(), this.doors));
  }

  /** All of them, in the order of the exposures' keys: empty without `targetGroupName`. */
  public get endpoints(): ServingEndpoint[] {
    return this.targets();
  }

  /**
   * An owned pool by the exact name of its service.
   *
   * @throws NoSuchPool
   */
  public runnerPool(bentoService: string): RunnerPool {
    return findPool(this, bentoService);
  }

  /**
   * A version beside the deployment's own, by its key.
   *
   * @throws NoSuchVersion
   */
  public version(versionKey: string): ServingVersion {
    return findVersion(this, versionKey);
  }

  /** @internal */
  public _join(paths: readonly Path[]): void {
    this.joined.push(...paths);
  }

  /** What the library runs itself before components. */
  private tiers(): ProxyTier[] {
    const pools = [this, ...this.versions].flatMap(({ runnerPools }) => runnerPools);
    const before = [
      this.splitter,
      this.cache,
      ...this.versions.map(({ cache }) => cache),
      ...pools.map(({ proxy }) => proxy),
    ];
    return before.flatMap((tier) => (tier === undefined ? [] : [tier]));
  }

  private waysTo({ paths }: Front): readonly Path[] {
    return [...paths, ...this.joined];
  }
}

/** The versions of a deployment, resolved. */
interface ServedRelease {
  readonly own: ServedVersion;
  readonly others: readonly ServedVersion[];
  readonly earlier?: ServedVersion;
  readonly active: ServedVersion;
  readonly rollout?: PlannedRollout;
}

function serveAll(intent: DeploymentIntent, { own, others, earlier, active }: PlannedVersions): ServedRelease {
  const served = new Map([own, ...others].map((input) => [input, serveVersion(input)]));
  const before = earlier && serveVersion(earlier);
  const rollout = rolloutOf(intent, served.get(own)!, before);
  if (rollout !== undefined) served.set(own, rollout.own);
  const entries = [...served.values()].map(entryOf);
  if (entries.length > 1) widenTogether(entries, own);
  return {
    own: served.get(own)!,
    others: others.map((input) => served.get(input)!),
    ...(before !== undefined && { earlier: before }),
    active: served.get(active)!,
    ...(rollout !== undefined && { rollout }),
  };
}

function modelsOf({ own, others, earlier }: ServedRelease, tier: SplitTier | undefined): ComponentModel[] {
  return [
    ...[own, ...others].flatMap(({ components, cache }) => [...components, ...(cache === undefined ? [] : [cache])]),
    ...(earlier?.components.slice(1) ?? []),
    ...(tier === undefined ? [] : [tier.resolved]),
  ].map(({ model }) => model);
}
