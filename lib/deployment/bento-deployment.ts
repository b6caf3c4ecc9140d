import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import { MAIN_VERSION } from '../component/component-model';
import { answerSeconds } from '../component/drain';
import { type PodOptions, RunState } from '../component/options';
import { type Requirement, requirementsOf } from '../component/requirement';
import { type ResolvedComponent, resolveVersion, type VersionInput } from '../component/resolve-version';
import { runnerModels } from '../component/runner';
import type { VersionOptions } from '../component/version-options';
import type { Exposure } from '../exposure/exposure';
import { requireDnsLabel } from '../internal/checks';
import { located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import { ApiServer } from './api-server';
import { doors, emitRoute, exposureOf, gatewayOf, hostClaims } from './front';
import { findPool, RunnerPool } from './runner-pool';
import { commonPaths, emitShared, namespaceOf } from './serving-tree';
import { callSharedPools, dependencyPeers, warnOfClosedEgress } from './shared-pools';

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

  /** Pools of the deployment's own, in the order in which services depend on them; shared ones are not among them. */
  public readonly runnerPools: RunnerPool[];

  /** The `gateway.networking.k8s.io/v1` HTTPRoute; undefined without {@link Exposure.gateway}. */
  public readonly route?: ApiObject;

  /** What the cluster must have for this definition. */
  public readonly requirements: Requirement[];

  /**
   * @throws RequiredEnv, UnknownService, EntryServiceAsRunner, MissingScaling, TaskReplicas, PoolMismatch,
   * NamespaceUnknown, ClusterMismatch, InvalidName, and all that options throw
   */
  public constructor(scope: Construct, id: string, props: BentoDeploymentProps) {
    super(scope, id);
    const profile = ClusterProfile.of(this);
    const input = located(this.node.path, () => versionInput(this, id, props, profile));
    const components = located(this.node.path, () => resolveVersion(input));
    const [root, ...pools] = components as [ResolvedComponent, ...ResolvedComponent[]];
    this.name = input.owner;
    located(this.node.path, () => emitShared(this, input, components));
    const own = input.rootOptions;
    const exposure = exposureOf(props.exposure);
    const gateway = located(this.node.path, () => gatewayOf(exposure, profile));
    const hosts = hostClaims(root.model.identity.name, exposure, profile);
    this.apiServer = ApiServer._create(
      this,
      root,
      {
        incoming: () => [...doors(root.model, exposure, profile), ...commonPaths(root, profile, own)],
        to: () => own.allowTo && [...dependencyPeers(root, components), ...own.allowTo.map((peer) => peer._model)],
        callers: () => [],
        hosts,
      },
      profile,
    );
    if (gateway !== undefined) {
      this.route = emitRoute(this, root.model, {
        gateway,
        hosts: exposure.route!.hosts,
        backend: { name: root.model.identity.serviceName, port: root.model.servicePort },
        behindSeconds: answerSeconds(root.model),
      });
    }
    this.runnerPools = pools.map((resolved) => RunnerPool._ofDeployment(this, { resolved, all: components, input }));
    located(this.node.path, () => callSharedPools(this, components, input));
    warnOfClosedEgress(this, components, input);
    this.requirements = requirementsOf(
      components.map(({ model }) => model),
      profile,
      gateway,
    );
  }

  /** Where the deployment is reached inside the cluster. */
  public get url(): string {
    return this.apiServer.url;
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
  };
}
