import type { Container, EnvVar, PodSpec } from 'kubernetes-types/core/v1';
import { PORT_NAME, serverArgs } from '../bento/container-contract';
import type { ComponentModel } from '../component/component-model';
import { fileKey } from '../component/merge-options';
import { type PodContainerModel, SERVER_CONTAINER } from '../component/pod-container';
import { digest } from '../internal/digest';
import type { VolumeWithImage } from '../internal/kube';
import { bytesQuantity } from '../internal/quantity';
import type { SizeModel } from '../sizing/instance-size';
import { kubeAffinity } from './affinity';
import {
  image,
  pause,
  probe,
  pullSecrets,
  resources,
  restrictedContainer,
  restrictedPod,
  WAITER_SIZE,
  WRITABLE_MOUNT,
  WRITABLE_VOLUME,
} from './container';
import { modelContainers, modelMounts, modelVolumes } from './model-volumes';
import { proxyVolumes, sidecarProxy, tierProxy } from './proxy';
import { unlessEmpty } from './unless-empty';

const STARTUP_PERIOD_SECONDS = 5;
const SHM_VOLUME = 'shm';
const FILES_VOLUME = 'files';

/** The `spec` of a pod. */
export function podSpec(model: ComponentModel): PodSpec {
  const { pod } = model;
  const native = hasNativeSidecars(model);
  const sidecars = pod.sidecars.map((sidecar) => podContainer(model, sidecar));
  const initContainers = [
    ...modelContainers(model),
    ...waiters(model),
    ...(model.sidecar === undefined ? [] : [{ ...sidecarProxy(model), restartPolicy: 'Always' as const }]),
    ...(native ? sidecars.map((sidecar) => ({ ...sidecar, restartPolicy: 'Always' as const })) : []),
    ...pod.initContainers.map((container) => podContainer(model, container)),
  ];
  return {
    affinity: kubeAffinity(pod.affinity),
    automountServiceAccountToken: pod.automountServiceAccountToken,
    containers: [model.program === undefined ? serverContainer(model) : tierProxy(model), ...(native ? [] : sidecars)],
    // A Service called `bentoml` would set BENTOML_PORT to an address, and the server would not start.
    enableServiceLinks: false,
    hostAliases: unlessEmpty(pod.hostAliases.map(({ ip, hostnames }) => ({ ip, hostnames }))),
    imagePullSecrets: pullSecrets(pod),
    initContainers: unlessEmpty(initContainers),
    nodeSelector: unlessEmpty({ ...pod.nodeSelector }),
    priorityClassName: pod.priorityClassName,
    runtimeClassName: pod.runtimeClassName,
    securityContext: restrictedPod(pod),
    serviceAccountName: pod.serviceAccountName,
    terminationGracePeriodSeconds: model.drain.gracePeriodSeconds,
    tolerations: unlessEmpty([...pod.tolerations]),
    topologySpreadConstraints: unlessEmpty(
      pod.spreadOver.map((topologyKey) => ({
        labelSelector: { matchLabels: { ...model.identity.selector } },
        // Each ReplicaSet is spread by itself: a rollout's old pods do not push the new ones together.
        matchLabelKeys: ['pod-template-hash'],
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway' as const,
      })),
    ),
    volumes: volumes(model),
  };
}

/** Knative hides the field that makes a sidecar of an init container. */
function hasNativeSidecars({ cluster, scaling }: ComponentModel): boolean {
  const knative = scaling.kind === 'on-demand' && scaling.engine === 'knative';
  return !knative && cluster.kubernetes.has('nativeSidecars');
}

/** A connection tells that a replica is ready: before that its Service has no endpoint. */
const WAIT_FOR_PORT =
  'import socket, sys, time\nwhile True:\n    try: socket.create_connection((sys.argv[1], int(sys.argv[2])), 2).close(); break\n    except OSError: time.sleep(1)';

/** A headless Service has the addresses of the pods that are ready. */
const WAIT_FOR_REPLICAS = `import socket, sys, time
host, replicas, patience = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
began = time.monotonic()
while True:
    try: ready = len({answer[4][0] for answer in socket.getaddrinfo(host, None)})
    except OSError: ready = 0
    if ready >= replicas or ready > 0 and time.monotonic() - began > patience: break
    time.sleep(1)`;

/** Pools that start at the same time: a server that is ready before them would fail its first requests. */
function waiters({ waitFor, contract }: ComponentModel): Container[] {
  return waitFor.map((pool) => ({
    name: waiterName(pool.name),
    ...image(contract.image),
    command:
      'port' in pool
        ? ['python', '-c', WAIT_FOR_PORT, pool.host, String(pool.port)]
        : ['python', '-c', WAIT_FOR_REPLICAS, pool.host, String(pool.replicas), String(pool.patienceSeconds)],
    resources: resources(WAITER_SIZE),
    securityContext: restrictedContainer(true),
  }));
}

/** Names of containers are DNS labels, and those of pools nearly as long as these may be. */
function waiterName(pool: string): string {
  const name = `wait-for-${pool}`;
  return name.length <= 63 ? name : `wait-for-${digest(pool, 16)}`;
}

function serverContainer(model: ComponentModel): Container {
  const { contract, pod, size, drain, cluster } = model;
  return {
    name: SERVER_CONTAINER,
    ...image(contract.image),
    args: [...serverArgs(model.keepAliveSeconds, drain.gracefulShutdownSeconds), ...contract.args],
    env: [...contract.env] as EnvVar[],
    envFrom: unlessEmpty([...contract.envFrom]),
    lifecycle: pause(drain.preStopSeconds, cluster.kubernetes.has('preStopSleep')),
    livenessProbe: probe(contract.livePath, PORT_NAME, { failureThreshold: 6, periodSeconds: 10, timeoutSeconds: 10 }),
    ports: contract.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: 'TCP' })),
    readinessProbe: probe(contract.readyPath, PORT_NAME, { failureThreshold: 3, periodSeconds: 5, timeoutSeconds: 5 }),
    resources: resources(size),
    securityContext: restrictedContainer(pod.readOnlyRoot),
    startupProbe: probe(contract.startupPath, PORT_NAME, {
      failureThreshold: Math.ceil(model.startupSeconds / STARTUP_PERIOD_SECONDS),
      periodSeconds: STARTUP_PERIOD_SECONDS,
      timeoutSeconds: 5,
    }),
    volumeMounts: [
      WRITABLE_MOUNT,
      ...(hasSharedMemory(size) ? [{ name: SHM_VOLUME, mountPath: '/dev/shm' }] : []),
      ...modelMounts(model),
      ...pod.files.map(([path]) => ({ name: FILES_VOLUME, mountPath: path, readOnly: true, subPath: fileKey(path) })),
    ],
  };
}

function podContainer(model: ComponentModel, container: PodContainerModel): Container {
  return {
    name: container.name,
    ...image(container.image),
    command: container.command && [...container.command],
    args: container.args && [...container.args],
    env: unlessEmpty([...container.env] as EnvVar[]),
    envFrom: unlessEmpty([...container.envFrom]),
    ports: unlessEmpty(container.ports.map((port) => ({ containerPort: port, protocol: 'TCP' as const }))),
    resources: resources(container.size),
    securityContext: restrictedContainer(model.pod.readOnlyRoot),
    volumeMounts: [WRITABLE_MOUNT, ...modelMounts(model)],
  };
}

function volumes(model: ComponentModel): PodSpec['volumes'] {
  const { pod, size } = model;
  const all: VolumeWithImage[] = [
    ...(model.program === undefined ? [WRITABLE_VOLUME] : []),
    ...proxyVolumes(model),
    ...(hasSharedMemory(size) ? [{ name: SHM_VOLUME, emptyDir: sharedMemory(size) }] : []),
    ...modelVolumes(model),
    ...(pod.files.length === 0 ? [] : [{ name: FILES_VOLUME, configMap: { name: pod.filesName } }]),
  ];
  return all;
}

function hasSharedMemory({ gpu, sharedMemoryBytes }: SizeModel): boolean {
  return gpu !== undefined || sharedMemoryBytes !== undefined;
}

function sharedMemory({ sharedMemoryBytes }: SizeModel): { medium: string; sizeLimit?: string } {
  return { medium: 'Memory', ...(sharedMemoryBytes !== undefined && { sizeLimit: bytesQuantity(sharedMemoryBytes) }) };
}
