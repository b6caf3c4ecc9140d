import type {
  Container,
  Lifecycle,
  LocalObjectReference,
  PodSecurityContext,
  Probe,
  SecurityContext,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1';
import { WRITABLE_PATH } from '../bento/container-contract';
import type { ImageModel } from '../bento/image';
import type { PodModel } from '../component/component-model';
import { bytesQuantity, milliQuantity } from '../internal/quantity';
import type { SizeModel } from '../sizing/instance-size';
import { unlessEmpty } from './unless-empty';

/** The only name of a port that Knative takes for HTTP/1. */
export const KNATIVE_PORT_NAME = 'http1';

/** What a container takes that only waits. */
export const WAITER_SIZE: SizeModel = { cpuCores: 0.01, memoryBytes: 32 * 2 ** 20 };

/** What all containers of a pod may write to, for their roots are read-only. */
export const WRITABLE_VOLUME: Volume = { name: 'tmp', emptyDir: {} };
export const WRITABLE_MOUNT: VolumeMount = { name: WRITABLE_VOLUME.name, mountPath: WRITABLE_PATH };

/** With a tag that moves, the node must ask the registry each time; else a start should not depend on it. */
export function image({ reference, mutable }: ImageModel): Pick<Container, 'image' | 'imagePullPolicy'> {
  return { image: reference, imagePullPolicy: mutable ? 'Always' : 'IfNotPresent' };
}

/** Memory and devices are limited to what is requested; CPU only where asked, for throttling costs latency. */
export function resources(size: SizeModel): Container['resources'] {
  const shared: { [resource: string]: string } = {
    ...(size.ephemeralStorageBytes !== undefined && { 'ephemeral-storage': bytesQuantity(size.ephemeralStorageBytes) }),
    ...(size.memoryBytes !== undefined && { memory: bytesQuantity(size.memoryBytes) }),
    ...(size.gpu !== undefined && { [size.gpu.resourceName]: String(size.gpu.count) }),
  };
  const cpu = (cores: number | undefined) => cores !== undefined && { cpu: milliQuantity('cpuCores', cores) };
  return { limits: { ...cpu(size.cpuLimitCores), ...shared }, requests: { ...cpu(size.cpuCores), ...shared } };
}

/** Credentials of the image registry, for all containers of a pod. */
export function pullSecrets({
  imagePullSecrets,
}: Pick<PodModel, 'imagePullSecrets'>): LocalObjectReference[] | undefined {
  return unlessEmpty(imagePullSecrets.map((name) => ({ name })));
}

/** How long a container goes on as if nothing were before it is told to end; below Kubernetes 1.30 its own shell waits. */
export function pause(seconds: number, kubeletSleeps: boolean): Lifecycle {
  return { preStop: kubeletSleeps ? { sleep: { seconds } } : { exec: { command: ['sleep', String(seconds)] } } };
}

/** A question to a port, by its name. */
export function probe(
  path: string,
  port: string,
  timing: Pick<Probe, 'failureThreshold' | 'periodSeconds' | 'timeoutSeconds'>,
): Probe {
  return { httpGet: { path, port }, ...timing };
}

/** What Pod Security calls restricted, and a read-only root. */
export function restrictedContainer(readOnlyRoot: boolean): SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: readOnlyRoot,
  };
}

/** What Pod Security calls restricted, and volumes that the user may write. */
export function restrictedPod({ user, group }: Pick<PodModel, 'user' | 'group'>): PodSecurityContext {
  return {
    fsGroup: group,
    fsGroupChangePolicy: 'OnRootMismatch',
    runAsGroup: group,
    runAsNonRoot: true,
    runAsUser: user,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
