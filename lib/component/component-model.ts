import type { WiringModel } from '../bento/container-contract';
import type { ImageModel } from '../bento/image';
import type { ClusterModel } from '../cluster/cluster-profile';
import type { AffinityRule } from '../placement/affinity';
import type { TolerationModel } from '../placement/toleration';
import type { EnvFromModel } from '../refs/env-from';
import type { EnvVarModel } from '../refs/env-var';
import type { ScalingMetricModel } from '../scaling/metric-model';
import type { OverflowModel } from '../scaling/overflow';
import type { ScalingBehaviorModel } from '../scaling/scaling-behavior';
import type { SizeModel } from '../sizing/instance-size';
import type { ModelVolumeModel } from '../storage/model-volume';
import type { PodContainerModel } from './pod-container';

/** How the version takes part in a release. */
export type VersionRole = 'stable';

/** A version of a deployment: who it is, and what it does, are two things. */
export interface VersionModel {
  /** Identity: in names (but for `main`) and in every selector. */
  readonly key: string;
  readonly role: VersionRole;
}

/** The version of a deployment that has one. */
export const MAIN_VERSION: VersionModel = { key: 'main', role: 'stable' };

/** What a component does for its Bento. */
export type ComponentRole = 'api-server' | 'runner-pool';

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
  readonly wiring: WiringModel;
  readonly size: SizeModel;
  readonly scaling: ScalingModel;
  readonly terminated: boolean;
  /** Whether two of its pods must never serve side by side. */
  readonly exclusive: boolean;
  readonly timeoutSeconds: number;
  readonly startupSeconds: number;
  readonly progressDeadlineSeconds: number;
  readonly drain: DrainModel;
  readonly pod: PodModel;
  readonly servicePort: number;
  readonly series: SeriesModel;
  /** Paths of its API, as far as they are known: other paths are not worth a series. */
  readonly routes?: readonly string[];
  /** Undefined for the API server itself, and for pools that stand alone. */
  readonly apiServer?: LeadingApiServer;
  /** What its pods wait for before they start: pools that wake at the same time. */
  readonly waitFor: readonly { readonly name: string; readonly host: string; readonly port: number }[];
  /** What it waits for from zero to ready. */
  readonly coldStart: ColdStartTerms;
  /** What requests get while nothing runs; undefined for what does not take those of a function. */
  readonly hold?: HoldModel;
  readonly cluster: ClusterModel;
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
