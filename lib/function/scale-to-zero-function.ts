import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Bento } from '../bento/bento';
import { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel } from '../component/component-model';
import type { FunctionScalingOptions } from '../component/function-options';
import type { ComponentOptions, PodOptions, RunState } from '../component/options';
import type { Release } from '../component/release';
import { type Requirement, requirementsOf } from '../component/requirement';
import { type FunctionPlan, planFunction } from '../component/resolve-function-release';
import type { Runner } from '../component/runner';
import type { ResolvedComponent } from '../component/version-input';
import type { ApiServer } from '../deployment/api-server';
import { mountsOfVersion } from '../deployment/config-maps';
import { deploymentIntent } from '../deployment/deployment-intent';
import { registerMember } from '../deployment/fleet-members';
import { baseName } from '../deployment/regional-name';
import { findPool, type RunnerPool } from '../deployment/runner-pool';
import { emitShared } from '../deployment/serving-tree';
import { findVersion, ServingVersion } from '../deployment/serving-version';
import { calledPaths, callSharedPools, warnOfClosedEgress } from '../deployment/shared-pools';
import { TimeoutPlan } from '../deployment/timeout-plan';
import { emitApiServer, emitPools, entryHops, type ServedVersion, serveVersion } from '../deployment/version-parts';
import type { Exposure } from '../exposure/exposure';
import { errors, located } from '../internal/errors';
import { warn } from '../internal/warnings';
import type { Region } from '../placement/region';
import { ColdStartReport } from './cold-start-report';
import { type FunctionFront, functionFront, functionHosts, versionFront } from './function-front';

/** An on-demand function. */
export interface ScaleToZeroFunctionProps extends PodOptions, FunctionScalingOptions {
  /** What to run. */
  readonly bento: Bento;

  /**
   * The Bento's entry service, which takes the requests.
   *
   * @default - as the Bento's code says
   */
  readonly apiServer?: ComponentOptions;

  /**
   * What serves the services that the entry service depends on, by their exact names.
   *
   * @default - a pool of its own for each; with the KEDA HTTP add-on it sleeps and wakes with the function, up to as many
   * replicas, which pools with a GPU must state by `Scaling.withFunction`
   */
  readonly runners?: { [bentoService: string]: Runner };

  /**
   * The name of the function: its objects are called so, or begin with it. With `region` its short name follows.
   *
   * @default - the construct id as a DNS label; with `region` without the region at its end
   */
  readonly name?: string;

  /**
   * The region that its pods are bound to, in a cluster that spans several, as `BentoDeploymentProps.region` says.
   * Knative must let pods have affinities: `kubernetes.podspec-affinity` among the `enabledFeatures` of the profile.
   *
   * @default - none: pods run anywhere in the cluster
   */
  readonly region?: Region;

  /**
   * The door through which requests reach it.
   *
   * @default - Exposure.inCluster()
   */
  readonly exposure?: Exposure;

  /**
   * How a new version takes over. By the KEDA HTTP add-on and the HorizontalPodAutoscaler pods are those of a Deployment:
   * `Release.rolling` and `Release.recreate` are as there, without `previous`. Knative starts a revision of its
   * own beside the old one, and moves all requests when it is ready: options of `rolling` but `previous` are an error.
   *
   * `Release.split` shares requests out among versions, each of which sleeps and wakes by itself. By the KEDA HTTP
   * add-on each has workloads, autoscalers and pools of its own; a Gateway of Envoy Gateway shares requests out, and each
   * other version is reached alone under the name `<function>-<key>`. Callers inside the cluster get the function's own.
   * By Knative weights are those of its revisions, for all callers: the function's own version is the new one, and each
   * beside it a revision that was made when its key was that of the function; of that the pools and files alone are emitted.
   * A revision is reached alone at `http://<key>-<function>.<namespace>.svc.cluster.local`. While one of them is not there,
   * as in a new cluster, Knative leads requests as before, if at all: see `requirements`.
   *
   * @default Release.rolling()
   */
  readonly release?: Release;

  /**
   * The key of the version that these properties describe: a DNS label of at most 20 letters. Names of its workloads end
   * with it, unless it is `main`. By Knative the revision is called so, and pools: Knative then refuses every other change of
   * the pods, so state another key with each, and what `release` was before where there are pools.
   *
   * @default - `main`; Knative counts revisions itself
   */
  readonly versionKey?: string;

  /**
   * Whether it runs. Terminated, nothing runs and nothing wakes: requests are answered 503 by the KEDA HTTP add-on, and
   * find nothing with Knative.
   *
   * @default RunState.RUNNING
   */
  readonly state?: RunState;
}

/**
 * A Bento as an on-demand function: without requests nothing runs, and requests that come then wait, for a bounded time,
 * until a replica is there.
 *
 * @example
 * new ScaleToZeroFunction(chart, 'Upscaler', {
 *   bento: Bento.fromFile('bentos/upscaler', { image: 'registry.example.com/upscaler:3auspqat6smdonry' }),
 *   apiServer: { size: InstanceSize.named('gpu.l4.1') },
 *   maxReplicas: 4,
 *   targetConcurrency: 1,
 *   idleTimeout: Duration.minutes(10),
 * });
 */
export class ScaleToZeroFunction extends Construct {
  /** The name of the function. */
  public readonly name: string;

  /** The component that takes requests. */
  public readonly apiServer: ApiServer;

  /** Pools of the function's own, in the order in which services depend on them; shared ones are not among them. */
  public readonly runnerPools: RunnerPool[];

  /** Versions beside the function's own, in the order of their keys; of a revision of Knative there are the pools alone. */
  public readonly versions: ServingVersion[];

  /** Where the function is reached inside the cluster, which wakes it: its own version, or by Knative any. */
  public readonly url: string;

  /** What the first request to the sleeping function waits for. */
  public readonly coldStartReport: ColdStartReport;

  /** What the cluster must have for this definition. */
  public readonly requirements: Requirement[];

  /** What every station of a request waits, from the doors to the last pool. */
  public readonly timeoutPlan: TimeoutPlan;

  private readonly front: FunctionFront;

  /**
   * @throws NoFunctionEngine, ClusterLacks, NeedsVersion, NeedsKubernetes, NotByEngine, MissingFeatures,
   * MetricVanishesAtZero, MinOverMax, MissingOption, RequiredEnv, UnknownService, MissingScaling, InvalidName, SameVersion,
   * WrongVersion, WeightsOver, PreviousNeeded, PreviousMounts, TerminatedDuringRelease, and all that options throw
   */
  public constructor(scope: Construct, id: string, props: ScaleToZeroFunctionProps) {
    super(scope, id);
    const profile = ClusterProfile.of(this);
    const intent = located(this.node.path, () => deploymentIntent(this, id, props, profile));
    const plan = located(this.node.path, () => planFunction(intent, props));
    const { own, others } = located(this.node.path, () => serveAll(plan));
    const all = [own, ...others];
    const { components, input } = own;
    const root = components[0]!;
    this.name = input.owner;
    located(this.node.path, () => emitShared(this, all));
    const { doors } = input;
    this.apiServer = emitApiServer(this, own, () => this.front.ways, profile, {
      hosts: functionHosts(root.model, doors, profile),
      // Pods of all revisions are those of one component.
      podsOf: plan.engine === 'knative' ? others : [],
    });
    const beside = others.map((version) => version.components[0]!.model);
    this.front = located(this.node.path, () =>
      functionFront(this, {
        root: root.model,
        options: input.rootOptions,
        doors,
        profile,
        ...(plan.split !== undefined && { split: { model: plan.split.model, others: beside } }),
      }),
    );
    this.runnerPools = emitPools(this, own);
    this.versions = located(this.node.path, () =>
      others.map((version) => {
        if (plan.engine === 'knative') return ServingVersion._pools(this, version);
        const whole = ServingVersion._whole(this, version, () => this.front.ways, profile);
        versionFront(whole, version.components[0]!.model, doors);
        return whole;
      }),
    );
    for (const version of all) {
      located(this.node.path, () => callSharedPools(this, version.components, version.input));
      warnOfClosedEgress(this, version.components, version.input);
    }
    registerMember(this, { ...intent, name: baseName(id, props), components });
    for (const { id: doubt, text } of plan.warnings) warn(this, doubt, text);
    this.url = this.front.url;
    this.coldStartReport = ColdStartReport._of(
      root,
      components.filter((component) => component === root || component.model.scaling.kind === 'on-demand'),
    );
    this.timeoutPlan = TimeoutPlan._of([
      ...(plan.engine === 'knative' ? [own] : all).flatMap((version) =>
        this.front.ways.map((path) => [...path, ...entryHops(version)]),
      ),
      ...all.flatMap((version) => calledPaths(version.components, version.input)),
    ]);
    this.requirements = requirementsOf(
      all.flatMap((version) => version.components).map(({ model }) => model),
      profile,
      doors,
    );
  }

  /** The `http.keda.sh/v1beta1` InterceptorRoute; undefined with other engines. */
  public get interceptorRoute(): ApiObject | undefined {
    return this.front.interceptorRoute;
  }

  /** The `v1` Service under the function's name, which leads to what holds its requests; undefined with other engines. */
  public get doorService(): ApiObject | undefined {
    return this.front.doorService;
  }

  /** The first `gateway.networking.k8s.io/v1` HTTPRoute; undefined without `Exposure.gateway`. */
  public get route(): ApiObject | undefined {
    return this.front.doorObjects.find(({ kind }) => kind === 'HTTPRoute');
  }

  /** All objects of its doors: routes, policies, Services of load balancers. */
  public get doorObjects(): ApiObject[] {
    return [...this.front.doorObjects];
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
   * A version beside the function's own, by its key.
   *
   * @throws NoSuchVersion
   */
  public version(versionKey: string): ServingVersion {
    return findVersion(this, versionKey);
  }
}

/** All versions, resolved. */
function serveAll({ own, others, revision, previousUnknown }: FunctionPlan): {
  own: ServedVersion;
  others: ServedVersion[];
} {
  const served = serveVersion(own);
  const [root, ...pools] = served.components as [ResolvedComponent, ...ResolvedComponent[]];
  if (previousUnknown) requirePrevious(root.model, pools);
  const named = revision === undefined ? root : { ...root, model: { ...root.model, revision } };
  return { own: { ...served, components: [named, ...pools] }, others: others.map(serveVersion) };
}

/** What pods of the old version call and mount goes where nobody says what it was. */
function requirePrevious(root: ComponentModel, pools: readonly ResolvedComponent[]): void {
  const property = 'release.previous';
  const mounted = mountsOfVersion(root);
  if (pools.length > 0) {
    throw errors.previousNeeded(
      property,
      pools.map(({ bentoService }) => bentoService),
    );
  }
  if (mounted.length > 0) throw errors.previousMounts(property, mounted);
}
