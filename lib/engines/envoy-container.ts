import type { Container, Volume } from 'kubernetes-types/core/v1';
import type { ImageModel } from '../bento/image';
import { PROXY_CONTAINER } from '../component/pod-container';
import type { SizeModel } from '../sizing/instance-size';
import { image, probe, resources, restrictedContainer } from './container';
import { ENVOY_LIVE_PATH, ENVOY_READY_PATH } from './envoy';

export const ENVOY_CONTAINER = PROXY_CONTAINER;

/** The port of probes and metrics, for monitors to name. */
export const ENVOY_STATUS_PORT_NAME = 'proxy-status';

/** Where the configuration lies in its ConfigMap. */
export const ENVOY_CONFIG_FILE = 'envoy.yaml';

const CONFIG_FOLDER = '/etc/envoy';
const CONFIG_VOLUME = 'envoy';

/** A container with Envoy. */
export interface EnvoyContainerModel {
  readonly image: ImageModel;
  readonly size: SizeModel;
  /** Ports that other pods call, by name; those of a sidecar are its pod's alone. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly statusPort: number;
  /** How long it goes on once its pod ends. Undefined: a native sidecar, which is ended after all others anyway. */
  readonly lingerSeconds?: number;
}

/** The container; its configuration comes from `envoyVolume`. */
export function envoyContainer(model: EnvoyContainerModel): Container {
  const { ports, statusPort, size, lingerSeconds } = model;
  return {
    name: ENVOY_CONTAINER,
    ...image(model.image),
    // The images differ in their entry points.
    command: ['/usr/local/bin/envoy'],
    args: [
      ...['--config-path', `${CONFIG_FOLDER}/${ENVOY_CONFIG_FILE}`],
      // Each thread would have connections, turns and a right to one connection per pod of its own.
      ...['--concurrency', '1'],
      // It wants shared memory and a name in the pod's network, and nobody restarts it in place.
      '--disable-hot-restart',
      ...['--log-level', 'warn'],
    ],
    // The image has nothing that could wait: the kubelet does.
    ...(lingerSeconds !== undefined && { lifecycle: { preStop: { sleep: { seconds: lingerSeconds } } } }),
    livenessProbe: probe(ENVOY_LIVE_PATH, ENVOY_STATUS_PORT_NAME, {
      failureThreshold: 6,
      periodSeconds: 10,
      timeoutSeconds: 10,
    }),
    ports: [...ports, { name: ENVOY_STATUS_PORT_NAME, port: statusPort }].map(({ name, port }) => ({
      name,
      containerPort: port,
      protocol: 'TCP',
    })),
    readinessProbe: probe(ENVOY_READY_PATH, ENVOY_STATUS_PORT_NAME, {
      failureThreshold: 3,
      periodSeconds: 5,
      timeoutSeconds: 5,
    }),
    resources: resources(size),
    securityContext: restrictedContainer(true),
    // Its pod's other containers wait for a native sidecar: it is ready in less than a second.
    startupProbe: probe(ENVOY_READY_PATH, ENVOY_STATUS_PORT_NAME, {
      failureThreshold: 60,
      periodSeconds: 1,
      timeoutSeconds: 5,
    }),
    volumeMounts: [{ name: CONFIG_VOLUME, mountPath: CONFIG_FOLDER, readOnly: true }],
  };
}

/** What `envoyContainer` mounts. */
export function envoyVolume(configMapName: string): Volume {
  return { name: CONFIG_VOLUME, configMap: { name: configMapName } };
}
