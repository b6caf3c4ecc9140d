import type { Duration, Size } from 'cdk8s';
import type { LogOptions } from '../bento/log-options';
import type { Tracing } from '../bento/tracing';
import type { Affinity } from '../placement/affinity';
import type { INodePool } from '../placement/node-pool';
import type { Toleration } from '../placement/toleration';
import type { EnvFrom } from '../refs/env-from';
import type { EnvVar } from '../refs/env-var';
import type { SecretRef } from '../refs/secret-ref';
import type { ServiceAccountRef } from '../refs/service-account-ref';
import type { RollingOptions } from '../release/rolling';
import type { Scaling } from '../scaling/scaling';
import type { InstanceSize } from '../sizing/instance-size';
import type { ModelVolume } from '../storage/model-volume';
import type { NetworkPeer } from '../traffic/network-peer';
import type { RunnerProxy } from '../traffic/runner-proxy';
import type { TrafficPolicy } from '../traffic/traffic-policy';
import type { HostAlias } from './host-alias';
import type { PodContainer } from './pod-container';
import type { SecurityOptions } from './security-options';

/** What holds for pods, of one component or of all. */
export interface PodOptions {
  /**
   * Environment variables. A component's own wins over the deployment's of the same name.
   *
   * @default - what the Bento needs for its wiring and caches
   */
  readonly env?: EnvVar[];

  /**
   * Secrets and config maps whose keys become environment variables.
   *
   * @default - none
   */
  readonly envFrom?: EnvFrom[];

  /**
   * More labels of the pods and the objects. They are in no selector: change them at will.
   *
   * @default - those of the library
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the pods.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels that nodes must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [key: string]: string };

  /**
   * Taints that keep the pods off no node.
   *
   * @default - that of the GPU, for components with one
   */
  readonly tolerations?: Toleration[];

  /**
   * Where pods may or should run, beside their spread over hosts and zones.
   *
   * @default - anywhere
   */
  readonly affinity?: Affinity[];

  /**
   * The priority class, by name.
   *
   * @default - that of the cluster
   */
  readonly priorityClassName?: string;

  /**
   * The runtime class, by name, as `nvidia` where nodes need it.
   *
   * @default - that of the node
   */
  readonly runtimeClassName?: string;

  /**
   * Whom the pods run as.
   *
   * @default - a service account of its own for the deployment, without token
   */
  readonly serviceAccount?: ServiceAccountRef;

  /**
   * Whether pods get the token of their service account, to talk to the Kubernetes API.
   *
   * @default false
   */
  readonly automountServiceAccountToken?: boolean;

  /**
   * Secrets with the credentials of the image registry.
   *
   * @default - those of the service account
   */
  readonly imagePullSecrets?: SecretRef[];

  /**
   * Containers that run to their end before the server starts.
   *
   * @default - none
   */
  readonly initContainers?: PodContainer[];

  /**
   * Containers that run beside the server: started before it and stopped after it where Kubernetes can (1.29).
   *
   * @default - none
   */
  readonly sidecars?: PodContainer[];

  /**
   * Lines of /etc/hosts.
   *
   * @default - none
   */
  readonly hostAliases?: HostAlias[];

  /**
   * Weights that do not lie in the image.
   *
   * @default - none
   */
  readonly models?: ModelVolume[];

  /**
   * Small text files by their absolute path, read-only in the server. A changed file restarts the pods.
   *
   * @default - none
   */
  readonly files?: { [path: string]: string };

  /**
   * What BentoML logs.
   *
   * @default - as the Bento's code says, else a line per request
   */
  readonly logging?: LogOptions;

  /**
   * Where BentoML sends spans.
   *
   * @default - as the Bento's code says, else nowhere
   */
  readonly tracing?: Tracing;

  /**
   * Under which user, and how locked down, containers run.
   *
   * @default - the image's user 1034, and all that Pod Security calls restricted, with a read-only root
   */
  readonly security?: SecurityOptions;
}

/** One component: API server or runner pool. */
export interface ComponentOptions extends PodOptions {
  /**
   * What a replica needs.
   *
   * @default - `resources` of the Bento's code, else 1 CPU and 2 GiB with a warning
   */
  readonly size?: InstanceSize;

  /**
   * The nodes it runs on: its pods get their selector, the tolerations of their taints, the extended resource and the
   * runtime class of their GPUs.
   *
   * @default - any node that `nodeSelector` and `affinity` allow
   */
  readonly nodePool?: INodePool;

  /**
   * How it treats its requests.
   *
   * @default - as the Bento's code says
   */
  readonly traffic?: TrafficPolicy;

  /**
   * Processes per replica.
   *
   * @default - as the Bento's code says, `cpu_count` being the CPU cores of `size`; else BentoML's: 1
   */
  readonly workers?: number;

  /**
   * How long a replica may take from its start until it is ready.
   *
   * @default - 10 minutes
   */
  readonly startup?: StartupOptions;

  /**
   * When a replica gets requests.
   *
   * @default - when BentoML's /readyz answers
   */
  readonly readiness?: ReadinessOptions;

  /**
   * How a replica ends.
   *
   * @default - a pause, and the longest answer for what has begun
   */
  readonly drain?: DrainOptions;

  /**
   * How replicas are replaced when their pods change: by a new Bento, or by any other edit of them.
   *
   * @default - one more at a time, none missing; services with tasks end before they start anew
   */
  readonly rolling?: RollingOptions;

  /**
   * Who else may open connections to it: the library lets in those that it knows to call it.
   *
   * @default - nobody else
   */
  readonly allowFrom?: NetworkPeer[];

  /**
   * Where else it may open connections to: DNS and pools of the same tree that it calls are always among them, and an
   * empty list leaves just those. Other addresses of dependencies must be named, which a warning says.
   *
   * @default - anywhere, as far as other network policies let it
   */
  readonly allowTo?: NetworkPeer[];

  /**
   * The port of its Service.
   *
   * @default 3000
   */
  readonly servicePort?: number;

  /**
   * Takes over objects that run already.
   *
   * @default - names and labels of the library's own
   */
  readonly adopt?: AdoptOptions;
}

/** One component whose replicas scale. */
export interface ScaledComponentOptions extends ComponentOptions {
  /**
   * How many replicas, and who decides.
   *
   * @default - 2 to 10 on 70 percent CPU; 1 for services with tasks; components with a GPU must state theirs
   */
  readonly scaling?: Scaling;
}

/** A runner pool. */
export interface RunnerPoolOptions extends ScaledComponentOptions {
  /**
   * What stands between its callers and its pods.
   *
   * @default - an Envoy in each pod of a caller, where replicas of the pool change or its traffic policy needs one; from
   * Kubernetes 1.29 on
   */
  readonly proxy?: RunnerProxy;
}

/** How long a replica may take to start. */
export interface StartupOptions {
  /**
   * From the start of the container until it is ready: after that it is restarted. Loading a model counts, pulling the
   * image does not. Whole seconds, 10 seconds to 6 hours.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;

  /**
   * What a node takes to arrive, for reports of cold starts: at most 1 hour, 0 where one is always there.
   *
   * @default - assumed to be 3 minutes with a GPU, 90 seconds without
   */
  readonly nodeStart?: Duration;

  /**
   * What a node pulls before a container starts, for reports of cold starts: the compressed size of the image.
   *
   * @default - assumed to be 6 GiB with a GPU, 1 GiB without
   */
  readonly imageSize?: Size;

  /**
   * The weights that a replica loads, for reports of cold starts.
   *
   * @default - assumed to be none
   */
  readonly modelSize?: Size;
}

/** When a replica gets requests. */
export interface ReadinessOptions {
  /**
   * Whether it is ready only while its dependencies answer. BentoML's check hangs for the request timeout when one is
   * down, so every replica of the caller goes with it: for callers that are useless without.
   *
   * @default false
   */
  readonly includeDependencies?: boolean;
}

/** How a replica ends. */
export interface DrainOptions {
  /**
   * How long it goes on as if nothing were, while load balancers and callers stop sending. Whole seconds, 1 second to
   * 10 minutes.
   *
   * @default - 10 seconds; 30 behind load balancers of clouds, 130 behind a Network Load Balancer of AWS; behind proxies
   * that learn of pods by DNS 7 seconds more than `dnsTtl` of the ClusterProfile
   */
  readonly endpointRemoval?: Duration;

  /**
   * How long requests that have begun may then take. Whole seconds, 1 second to 24 hours.
   *
   * @default - the longest answer: the timeout of its requests, or `streaming.maxDuration`
   */
  readonly gracefulShutdown?: Duration;
}

/**
 * Objects that run already and are to be taken over: stated names keep them one object, not two. The network policy
 * applies to the old pods at once: state `exposure` and `allowFrom` for whoever calls them.
 */
export interface AdoptOptions {
  /**
   * The name of the Deployment.
   *
   * @default - that of the component
   */
  readonly workloadName?: string;

  /**
   * The name of the Service.
   *
   * @default - that of the component
   */
  readonly serviceName?: string;

  /**
   * The name of the HorizontalPodAutoscaler.
   *
   * @default - that of the component
   */
  readonly scalerName?: string;

  /**
   * The name of the PodDisruptionBudget: a second one of the same pods would block every drain.
   *
   * @default - that of the component
   */
  readonly disruptionBudgetName?: string;

  /**
   * The name of the NetworkPolicy.
   *
   * @default - that of the component
   */
  readonly networkPolicyName?: string;

  /**
   * The labels of the Deployment's selector, which Kubernetes lets nobody change. They replace the library's own in
   * every selector of the component.
   *
   * @default - instance, component and track
   */
  readonly selector?: { [key: string]: string };
}

/** Whether a deployment runs. */
export enum RunState {
  /** It runs. */
  RUNNING = 'running',
  /** It is stopped: no replicas, all else is kept, so that it can be restored by an edit. */
  TERMINATED = 'terminated',
}
