import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Bento } from '../bento/bento';
import { ClusterProfile } from '../cluster/cluster-profile';
import { MAIN_VERSION } from '../component/component-model';
import { resolveDoors } from '../component/doors';
import type { FunctionScalingOptions } from '../component/function-options';
import { type ComponentOptions, type PodOptions, RunState } from '../component/options';
import { type Requirement, requirementsOf } from '../component/requirement';
import { resolveFunctionOptions } from '../component/resolve-function';
import { resolveVersion } from '../component/resolve-version';
import { type Runner, runnerModels } from '../component/runner';
import type { ResolvedComponent, VersionInput } from '../component/version-input';
import { ApiServer } from '../deployment/api-server';
import { exposureOf } from '../deployment/front';
import { findPool, RunnerPool } from '../deployment/runner-pool';
import { commonPaths, emitShared, namespaceOf } from '../deployment/serving-tree';
import { callSharedPools, dependencyPeers, planOf, warnOfClosedEgress } from '../deployment/shared-pools';
import type { TimeoutPlan } from '../deployment/timeout-plan';
import type { Exposure } from '../exposure/exposure';
import { requireDnsLabel } from '../internal/checks';
import { errors, located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import { ColdStartReport } from './cold-start-report';
import { type FunctionFront, functionFront, functionHosts } from './function-front';

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
   * replicas, which pools with a GPU must state by {@link Scaling.withFunction}
   */
  readonly runners?: { [bentoService: string]: Runner };

  /**
   * The name of the function: its objects are called so, or begin with it.
   *
   * @default - the construct id as a DNS label
   */
  readonly name?: string;

  /**
   * The door through which requests reach it.
   *
   * @default - Exposure.inCluster()
   */
  readonly exposure?: Exposure;

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

  /** Where the function is reached inside the cluster, which wakes it. */
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
   * MetricVanishesAtZero, MinOverMax, MissingOption, RequiredEnv, UnknownService, MissingScaling, InvalidName, and all
   * that options throw
   */
  public constructor(scope: Construct, id: string, props: ScaleToZeroFunctionProps) {
    super(scope, id);
    const profile = ClusterProfile.of(this);
    const input = located(this.node.path, () => versionInput(this, id, props, profile));
    const components = located(this.node.path, () => resolveVersion(input));
    const [root, ...pools] = components as [ResolvedComponent, ...ResolvedComponent[]];
    this.name = input.owner;
    located(this.node.path, () => emitShared(this, input, components));
    const own = input.rootOptions;
    const { doors } = input;
    this.apiServer = ApiServer._create(
      this,
      root,
      {
        incoming: () => [...this.front.paths, ...commonPaths(root, profile, own)],
        to: () => own.allowTo && [...dependencyPeers(root, components), ...own.allowTo.map((peer) => peer._model)],
        callers: () => [],
        hosts: functionHosts(root.model, doors, profile),
      },
      profile,
    );
    this.front = located(this.node.path, () => functionFront(this, { root: root.model, options: own, doors, profile }));
    this.runnerPools = pools.map((resolved) => RunnerPool._ofDeployment(this, { resolved, all: components, input }));
    located(this.node.path, () => callSharedPools(this, components, input));
    warnOfClosedEgress(this, components, input);
    this.url = this.front.url;
    this.coldStartReport = ColdStartReport._of(
      root,
      components.filter((component) => component === root || component.model.scaling.kind === 'on-demand'),
    );
    this.timeoutPlan = planOf(this.front.paths, components, input);
    this.requirements = requirementsOf(
      components.map(({ model }) => model),
      profile,
      doors,
    );
  }

  /** The `http.keda.sh/v1beta1` InterceptorRoute; undefined with other engines. */
  public get interceptorRoute(): ApiObject | undefined {
    return this.front.interceptorRoute;
  }

  /** The `v1` Service under the function's name, which leads to what holds its requests; undefined with other engines. */
  public get door(): ApiObject | undefined {
    return this.front.door;
  }

  /** The first `gateway.networking.k8s.io/v1` HTTPRoute; undefined without {@link Exposure.gateway}. */
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
}

function versionInput(
  scope: Construct,
  id: string,
  props: ScaleToZeroFunctionProps,
  profile: ClusterProfile,
): VersionInput {
  const owner = props.name ?? dnsLabel(id);
  requireDnsLabel('name', owner);
  const bento = props.bento._model;
  const root = props.bento.entryService;
  const namespace = namespaceOf(scope, profile);
  const rootOptions = props.apiServer ?? {};
  if ('scaling' in rootOptions) {
    throw errors.conflictingOptions('apiServer.scaling', 'maxReplicas', 'a function scales by its own options');
  }
  return {
    version: MAIN_VERSION,
    owner,
    namespace,
    profile,
    bento,
    root,
    rootRole: 'api-server',
    all: props,
    rootOptions,
    rootPrefix: 'apiServer.',
    runners: runnerModels(props.runners),
    terminated: props.state === RunState.TERMINATED,
    doors: resolveDoors(exposureOf(props.exposure), profile),
    function: resolveFunctionOptions(props, {
      name: owner,
      namespace,
      entry: bento.services[root]!,
      cluster: profile._model,
    }),
  };
}
