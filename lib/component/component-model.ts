import type { WiringModel } from '../bento/container-contract';
import type { ImageModel } from '../bento/image';
import type { ClusterModel } from '../cluster/cluster-profile';
import type { AffinityRule } from '../placement/affinity';
import type { NodePoolModel } from '../placement/node-pool-model';
import type { TolerationModel } from '../placement/toleration';
import type { EnvFromModel } from '../refs/env-from';
import type { EnvVarModel } from '../refs/env-var';
import type { RollingModel } from '../release/rolling';
import type { SplitModel } from '../release/split-model';
import type { ScalingMetricModel } from '../scaling/metric-model';
import type { OverflowModel } from '../scaling/overflow';
import type { ScalingBehaviorModel } from '../scaling/scaling-behavior';
import type { SizeModel } from '../sizing/instance-size';
import type { ModelVolumeModel } from '../storage/model-volume';
import type { ResponseCacheModel } from '../traffic/response-cache';
import type { RunnerProxyModel } from '../traffic/runner-proxy';
import type { TrafficIntent } from '../traffic/traffic-policy';
import type { UpstreamModel } from '../traffic/upstream';
import type { AnswerModel } from './answer';
import type { PodContainerModel } from './pod-container';
import type { RolloutModel } from './rollout-model';

/** How the version takes part in a release. */
export type VersionRole = 'stable' | 'canary' | 'preview';

/** A version of a deployment: who it is, and what it does, are two things. */
export interface VersionModel {
  /** Identity: in names (but for `main`) and in every selector. */
  readonly key: string;
  readonly role: VersionRole;
}

/** The version of a deployment that has one. */
export const MAIN_VERSION: VersionModel = { key: 'main', role: 'stable' };

/** What a component does for its Bento. */
export type ComponentRole = 'api-server' | 'runner-pool' | 'proxy' | 'cache' | 'split';

/** Names and labels, fixed before anything is rendered. */
export interface IdentityModel {
  readonly role: ComponentRole;
  readonly version: VersionModel;
  readonly namespace?: string;
  /** The name of the component, and of the objects that have none of their own. */
  readonly name: string;
  readonly workloadName: string;
  readonly serviceName: string;
  readonly scalerName: string;
  readonly disruptionBudgetName: string;
  readonly networkPolicyName: string;
  /** What the Service of its single pods is called after. */
  readonly headlessOf: string;
  /** What ConfigMaps of the component are called after: where pods of two versions share all else, it is of one version. */
  readonly configName: string;
  /** Of every selector of the component, immutable in the cluster. */
  readonly selector: { readonly [key: string]: string };
  /** Of every object of the component. */
  readonly labels: { readonly [key: string]: string };
  /** Of the pods: the selector's and those of the objects. */
  readonly podLabels: { readonly [key: string]: string };
}

/** What a container promises: ports, health, writable paths, end. */
export interface ContractModel {
  readonly image: ImageModel;
  readonly args: readonly string[];
  readonly env: readonly EnvVarModel[];
  readonly envFrom: readonly EnvFromModel[];
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly startupPath: string;
  readonly readyPath: string;
  readonly livePath: string;
  readonly metricsPath: string;
  readonly metricsEnabled: boolean;
}

/** How a pod ends; the numbers grow from one another. */
export interface DrainModel {
  readonly preStopSeconds: number;
  /** Whether the user stated it: nothing raises it then. */
  readonly preStopStated?: true;
  readonly gracefulShutdownSeconds: number;
  readonly gracePeriodSeconds: number;
}

/** Replicas and who owns them, with every default filled in. */
export type ScalingModel =
  | { readonly kind: 'fixed'; readonly replicas: number }
  | { readonly kind: 'unmanaged' }
  | {
      readonly kind: 'auto';
      readonly minReplicas: number;
      readonly maxReplicas: number;
      readonly metrics: readonly ScalingMetricModel[];
      readonly behavior?: ScalingBehaviorModel;
      readonly fallbackReplicas: number;
    }
  | OnDemandModel;

/** Replicas that come with requests and go without: those of a function, and of the pools that sleep with it. */
export interface OnDemandModel {
  readonly kind: 'on-demand';
  readonly engine: 'keda-http' | 'knative';
  /** The name of the function, under which its requests are counted. */
  readonly functionName: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly target: RequestTarget;
  readonly idleSeconds: number;
  /** What else wakes it, and makes it grow. */
  readonly metrics: readonly ScalingMetricModel[];
  readonly behavior?: ScalingBehaviorModel;
}

/** Requests per replica; at least one of the two. */
export interface RequestTarget {
  readonly concurrency?: number;
  readonly requestRate?: number;
}

/** What tells the series of a component from all others in Prometheus. */
export interface SeriesModel {
  /** Labels that Prometheus gives to what it scrapes from the component's pods. */
  readonly labels: { readonly [label: string]: string };
  /** BentoML's metrics namespace: `bentoml_service`. */
  readonly prefix: string;
  /** Paths that are no requests. */
  readonly probePaths: readonly string[];
}

/** The API server that leads to a pool. */
export interface LeadingApiServer {
  readonly name: string;
  readonly series: SeriesModel;
  readonly selector: { readonly [key: string]: string };
}

/** The pod as intent: engines map it, or refuse what they cannot carry. */
export interface PodModel {
  readonly annotations: { readonly [key: string]: string };
  readonly nodeSelector: { readonly [key: string]: string };
  readonly tolerations: readonly TolerationModel[];
  readonly affinity: readonly AffinityRule[];
  /** The nodes that it names; undefined: any. */
  readonly nodePool?: NodePoolModel;
  /** Labels of nodes over which replicas are spread as far as there is room. */
  readonly spreadOver: readonly string[];
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
  readonly serviceAccountName: string;
  /** Whether somebody else makes the service account. */
  readonly serviceAccountExists: boolean;
  readonly automountServiceAccountToken: boolean;
  readonly imagePullSecrets: readonly string[];
  readonly initContainers: readonly PodContainerModel[];
  readonly sidecars: readonly PodContainerModel[];
  readonly hostAliases: readonly { readonly ip: string; readonly hostnames: string[] }[];
  readonly volumes: readonly MountedModelVolume[];
  readonly files: readonly (readonly [string, string])[];
  readonly filesName: string;
  readonly user: number;
  readonly group: number;
  readonly readOnlyRoot: boolean;
}

/** Weights of a component; a claim of our own has the name under which it is emitted. */
export interface MountedModelVolume {
  readonly volume: ModelVolumeModel;
  readonly claimName: string;
}

/** One component with every default filled in: all that the engines read. */
export interface ComponentModel {
  readonly identity: IdentityModel;
  /** The name of the deployment that it is of: what components share is called after it. */
  readonly owner: string;
  readonly contract: ContractModel;
  /** Of the Bento; undefined for what the library runs itself. */
  readonly wiring?: WiringModel;
  /** What the library runs itself. */
  readonly program?: ProgramModel;
  readonly size: SizeModel;
  readonly scaling: ScalingModel;
  /** How Argo Rollouts replaces its pods; undefined: they are a Deployment's. */
  readonly rollout?: RolloutModel;
  /** The Deployment that still runs beside its Rollout, as it was. */
  readonly replaced?: ComponentModel;
  /** What Knative calls its pods of this version, and which others share the requests; undefined: as Knative does itself. */
  readonly revision?: RevisionModel;
  readonly terminated: boolean;
  /** Whether two of its pods must never serve side by side. */
  readonly exclusive: boolean;
  /** Until the first byte of an answer: what bounds BentoML. */
  readonly timeoutSeconds: number;
  readonly answer: AnswerModel;
  /** What the user said of its requests. */
  readonly traffic: TrafficIntent;
  /** How long it keeps idle connections. */
  readonly keepAliveSeconds: number;
  /** How callers reach it; undefined where it is no pool. */
  readonly hop?: PoolHop;
  /** Whether a tier of the library's own stands before it, which balances requests over its pods. */
  readonly proxied?: boolean;
  /** Whether callers ask cluster DNS how many of its pods are ready. */
  readonly counted?: boolean;
  /** The proxy beside it, through which it calls pools. */
  readonly sidecar?: SidecarModel;
  readonly startupSeconds: number;
  /** How its replicas are replaced. */
  readonly rolling: RollingModel;
  readonly progressDeadlineSeconds: number;
  readonly drain: DrainModel;
  readonly pod: PodModel;
  readonly servicePort: number;
  readonly series: SeriesModel;
  /** Paths of its API, as far as they are known: other paths are not worth a series. */
  readonly routes?: readonly string[];
  /** Undefined for the API server itself, and for pools that stand alone. */
  readonly apiServer?: LeadingApiServer;
  /** What its pods wait for before they start: pools that start at the same time. */
  readonly waitFor: readonly AwaitedPool[];
  /** What it waits for from zero to ready. */
  readonly coldStart: ColdStartTerms;
  /** What requests get while nothing runs; undefined for what does not take those of a function. */
  readonly hold?: HoldModel;
  readonly cluster: ClusterModel;
}

/** A pool whose pods have to be there first. */
export type AwaitedPool = { readonly name: string; readonly host: string } & (
  | { readonly port: number }
  /** So many of them, or any after so many seconds: a pool that has lost some must not keep its callers from growing. */
  | { readonly replicas: number; readonly patienceSeconds: number }
);

/** A program of the library's own choice, in the place of a Bento. */
export type ProgramModel = EnvoyProgram | CacheProgram | SplitProgram;

/** An Envoy that balances requests. */
export interface EnvoyProgram {
  readonly kind: 'envoy';
  readonly upstream: () => UpstreamModel;
}

/** An nginx that keeps answers. */
export interface CacheProgram {
  readonly kind: 'nginx';
  readonly upstream: () => UpstreamModel;
  readonly cache: ResponseCacheModel;
  /** Of what answers: answers of one are never given for another. */
  readonly generation: string;
  /** How long a request waits for the answer to the same question of another, before it goes its own way. */
  readonly lockSeconds: number;
}

/** An nginx that shares requests out among versions. */
export interface SplitProgram {
  readonly kind: 'nginx-split';
  readonly split: SplitModel;
  /** One for each version, in the order of their keys. */
  readonly upstreams: () => readonly SplitUpstream[];
}

/** How requests are passed on to a version. */
export interface SplitUpstream {
  /** The key of the version. */
  readonly key: string;
  readonly upstream: UpstreamModel;
  /** Whether it leads to another tier of nginx, which says itself who has asked. */
  readonly cached: boolean;
}

/** How callers reach a pool, and what the proxy between does. */
export interface PoolHop {
  readonly kind: RunnerProxyModel['kind'];
  /** What each proxy needs; undefined: the default of its kind. */
  readonly size?: SizeModel;
  /** Of a tier. */
  readonly replicas?: number;
  /** How a proxy passes requests on, one of so many; undefined where there is none. */
  readonly upstream?: () => UpstreamModel;
  /** The most replicas of each caller that has a proxy of its own; undefined where somebody else scales it. */
  readonly callers: (number | undefined)[];
}

/** An Envoy beside a component. */
export interface SidecarModel {
  /** One for each pool, at a port of its own. */
  readonly listeners: readonly SidecarListener[];
  readonly size?: SizeModel;
}

/** Where a component finds a pool, and how it is reached from there. */
export interface SidecarListener {
  readonly port: number;
  readonly bentoService: string;
  readonly upstream: () => UpstreamModel;
}

/** A revision of Knative. */
export interface RevisionModel {
  readonly name: string;
  /** Every revision that has a share or a host of its own, this one first; undefined: the newest gets all requests. */
  readonly traffic?: readonly RevisionShare[];
}

/** The part of the requests that a revision of Knative gets. */
export interface RevisionShare {
  readonly revision: string;
  readonly percent: number;
  /** Begins the host under which it is reached alone. */
  readonly tag: string;
}

/** What happens to requests while nothing runs. */
export interface HoldModel {
  /** How long they wait for the first replica. */
  readonly timeoutSeconds: number;
  /** Undefined: as many as the engine takes. */
  readonly maxPending?: number;
  readonly overflow: OverflowModel;
}

/** What a first replica waits for, in seconds; `assumed` are those that nobody stated. */
export interface ColdStartTerms {
  readonly node: number;
  readonly image: number;
  readonly model: number;
  readonly server: number;
  readonly assumed: readonly ('node' | 'image' | 'model')[];
}
