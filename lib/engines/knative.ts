import type { Container, PodSpec, SecurityContext } from 'kubernetes-types/core/v1';
import type { ComponentModel, OnDemandModel } from '../component/component-model';
import { KNATIVE_PORT_NAME } from './container';
import { podAnnotations } from './deployment';
import { podSpec } from './pod';

/** A Service of Knative Serving, as far as it is used. */
export interface KnativeServiceSpec {
  readonly template: {
    readonly metadata: { readonly annotations: object; readonly labels: object; readonly name?: string };
    readonly spec: PodSpec & {
      readonly containerConcurrency?: number;
      readonly responseStartTimeoutSeconds: number;
      readonly timeoutSeconds: number;
    };
  };
  readonly traffic?: readonly {
    readonly latestRevision: boolean;
    readonly percent: number;
    readonly revisionName: string;
    readonly tag: string;
  }[];
}

/** The port of every Service of Knative. */
export const KNATIVE_SERVICE_PORT = 80;

/** Where Knative serves inside the cluster: it knows functions by the whole host. */
export function knativeUrl(name: string, namespace: string, clusterDomain: string): string {
  return `http://${name}.${namespace}.svc.${clusterDomain}`;
}

/** Ports of the queue beside each container: requests by three protocols, health, and metrics for the autoscaler. */
export const QUEUE_PROXY_PORTS = [8012, 8013, 8022, 8112, 9090];

/** Fields of pods that Knative hides unless a flag of its ConfigMap `config-features` shows them. */
const FLAGS: readonly (readonly [string, (pod: PodSpec) => boolean])[] = [
  ['kubernetes.podspec-affinity', ({ affinity }) => affinity !== undefined],
  [
    'kubernetes.podspec-fieldref',
    ({ containers, initContainers = [] }) => [...containers, ...initContainers].some(readsFields),
  ],
  ['kubernetes.podspec-hostaliases', ({ hostAliases }) => hostAliases !== undefined],
  ['kubernetes.podspec-init-containers', ({ initContainers }) => initContainers !== undefined],
  ['kubernetes.podspec-nodeselector', ({ nodeSelector }) => nodeSelector !== undefined],
  ['kubernetes.podspec-persistent-volume-claim', (pod) => hasVolume(pod, 'persistentVolumeClaim')],
  ['kubernetes.podspec-priorityclassname', ({ priorityClassName }) => priorityClassName !== undefined],
  ['kubernetes.podspec-runtimeclassname', ({ runtimeClassName }) => runtimeClassName !== undefined],
  ['kubernetes.podspec-tolerations', ({ tolerations }) => tolerations !== undefined],
  ['kubernetes.podspec-volumes-csi', (pod) => hasVolume(pod, 'csi')],
  ['kubernetes.podspec-volumes-ephemeral', (pod) => hasVolume(pod, 'ephemeral')],
  ['kubernetes.podspec-volumes-image', (pod) => hasVolume(pod, 'image')],
];

/** What Knative allows beyond the timeout of requests, so that BentoML's own 504 arrives. */
const MARGIN_SECONDS = 5;

/** A preference for spread nodes is worth no flag: it is kept where the flag is there. */
const SPREAD_FLAG = 'kubernetes.podspec-topologyspreadconstraints';

/** Flags that Knative must have for the pods of a function. */
export function requiredFeatures(model: ComponentModel): string[] {
  const pod = knativePod(model);
  return FLAGS.filter(([, uses]) => uses(pod)).map(([flag]) => flag);
}

/** The `spec` of a `serving.knative.dev/v1` Service. */
export function knativeServiceSpec(model: ComponentModel): KnativeServiceSpec {
  const scaling = model.scaling as OnDemandModel;
  const seconds = knativeTimeoutSeconds(model);
  const { revision } = model;
  return {
    template: {
      metadata: {
        annotations: { ...podAnnotations(model), ...scalingAnnotations(scaling), ...progressAnnotation(model) },
        labels: { ...model.identity.podLabels },
        ...(revision !== undefined && { name: revision.name }),
      },
      spec: {
        ...knativePod(model),
        containerConcurrency: containerConcurrency(model),
        // Both count the wait of a cold start.
        responseStartTimeoutSeconds: seconds,
        timeoutSeconds: seconds,
      },
    },
    ...(revision?.traffic !== undefined && {
      traffic: revision.traffic.map(({ revision: named, percent, tag }) => ({
        // Written out, or Knative does it, and what is in Git is another object than what is in the cluster.
        latestRevision: false,
        percent,
        revisionName: named,
        tag,
      })),
    }),
  };
}

/** How long Knative lets a request take: the wait, and the longest answer that a pod is given time for. */
export function knativeTimeoutSeconds(model: ComponentModel): number {
  return model.hold!.timeoutSeconds + Math.ceil(model.answer.total) + MARGIN_SECONDS;
}

/** Requests at a time in a replica; the others wait in its queue. */
function containerConcurrency({ scaling, wiring }: ComponentModel): number | undefined {
  return wiring!.config[wiring!.bentoService]!.maxConcurrency ?? (scaling as OnDemandModel).target.concurrency;
}

function scalingAnnotations({ minReplicas, maxReplicas, target, idleSeconds }: OnDemandModel): {
  [key: string]: string;
} {
  const { concurrency, requestRate } = target;
  return annotations({
    'max-scale': maxReplicas,
    metric: concurrency === undefined ? 'rps' : 'concurrency',
    'min-scale': minReplicas,
    ...idleAnnotations(idleSeconds),
    target: concurrency ?? requestRate!,
    // Requests wait before the replicas, all together, and not in one of them while another is free.
    'target-burst-capacity': -1,
    // Else Knative aims at 70 percent of the target.
    'target-utilization-percentage': 100,
  });
}

/** The time over which Knative looks at requests before it finds that there are none. */
const STABLE_WINDOW_SECONDS = 60;

/** The window passes first, then the retention. */
function idleAnnotations(idleSeconds: number): { [key: string]: string } {
  const retention = Math.max(0, idleSeconds - STABLE_WINDOW_SECONDS);
  return {
    'scale-to-zero-pod-retention-period': `${retention}s`,
    window: `${Math.min(idleSeconds, STABLE_WINDOW_SECONDS)}s`,
  };
}

function annotations(values: { [key: string]: string | number }): { [key: string]: string } {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`autoscaling.knative.dev/${key}`, String(value)]),
  );
}

function progressAnnotation({ progressDeadlineSeconds }: ComponentModel): { [key: string]: string } {
  return { 'serving.knative.dev/progress-deadline': `${progressDeadlineSeconds}s` };
}

/**
 * The pod within Knative's mask: the queue beside each container waits for requests that have begun, and Knative sets the
 * grace period. Security goes to the containers, for which it needs no flag.
 */
function knativePod(model: ComponentModel): PodSpec {
  const {
    securityContext,
    terminationGracePeriodSeconds,
    topologySpreadConstraints,
    automountServiceAccountToken,
    ...pod
  } = podSpec(model);
  const { runAsGroup, runAsNonRoot, runAsUser, seccompProfile } = securityContext!;
  const secure = (container: Container): Container => ({
    ...container,
    securityContext: {
      ...container.securityContext,
      runAsGroup,
      runAsNonRoot,
      runAsUser,
      seccompProfile,
    } as SecurityContext,
  });
  const features = model.cluster.knative!.enabledFeatures;
  return {
    ...pod,
    // Knative takes `false` alone, and leaves the cluster's default otherwise.
    ...(automountServiceAccountToken === false && { automountServiceAccountToken }),
    containers: pod.containers.map((container, index) => secure(index === 0 ? server(container) : container)),
    initContainers: pod.initContainers?.map(secure),
    ...(features.has(SPREAD_FLAG) && { topologySpreadConstraints }),
    volumes: pod.volumes?.map((volume) =>
      volume.persistentVolumeClaim === undefined
        ? volume
        : { ...volume, persistentVolumeClaim: { ...volume.persistentVolumeClaim, readOnly: true } },
    ),
  };
}

function server({ lifecycle, ports, ...container }: Container): Container {
  const port = (probe: Container['livenessProbe']): Container['livenessProbe'] =>
    probe && { ...probe, httpGet: { ...probe.httpGet!, port: KNATIVE_PORT_NAME } };
  return {
    ...container,
    livenessProbe: port(container.livenessProbe),
    ports: [{ containerPort: ports![0]!.containerPort, name: KNATIVE_PORT_NAME }],
    readinessProbe: port(container.readinessProbe),
    startupProbe: port(container.startupProbe),
  };
}

function readsFields({ env }: Container): boolean {
  return (env ?? []).some(({ valueFrom }) => valueFrom?.fieldRef !== undefined);
}

function hasVolume({ volumes }: PodSpec, kind: string): boolean {
  return (volumes ?? []).some((volume) => kind in volume);
}
