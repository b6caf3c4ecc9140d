import type { Container, Volume } from 'kubernetes-types/core/v1';
import { PORT, PORT_NAME } from '../bento/container-contract';
import type { ImageModel } from '../bento/image';
import { bytesQuantity } from '../internal/quantity';
import type { SizeModel } from '../sizing/instance-size';
import { image, pause, probe, resources, restrictedContainer } from './container';
import { NGINX_RESOLVER_FILE, NGINX_STATUS_PORT, NGINX_WRITABLE_PATH, nginxResolverTemplate } from './nginx-frame';

/** A pod of a tier of nginx. */
export interface NginxPodModel {
  readonly image: ImageModel;
  readonly size: SizeModel;
  /** Where doors ask whether it is well; what is behind it has no say in that. */
  readonly healthPath: string;
  /** What it may write. */
  readonly diskBytes: number;
  /** Of the ConfigMap with `nginxFiles`. */
  readonly filesName: string;
  /** Until every door has heard that the pod goes. */
  readonly preStopSeconds: number;
  /** Whether the cluster has `preStop.sleep`. */
  readonly preStopSleep: boolean;
}

const CONFIG_KEY = 'nginx.conf';
const TEMPLATE_KEY = `${NGINX_RESOLVER_FILE}.template`;
const WRITABLE = 'tmp';
const FILES = 'files';
const STATUS_PORT_NAME = 'status';

/** Data of the ConfigMap of the tier. */
export function nginxFiles(config: string): { readonly [key: string]: string } {
  return { [CONFIG_KEY]: config, [TEMPLATE_KEY]: nginxResolverTemplate() };
}

/**
 * The container. Its command is the image's: the entrypoint writes the file with the resolvers before nginx starts, and the
 * kubelet stops it by the image's SIGQUIT, at which nginx finishes what it has begun.
 */
export function nginxContainer(model: NginxPodModel): Container {
  const { size, healthPath, preStopSeconds, preStopSleep } = model;
  return {
    name: 'nginx',
    ...image(model.image),
    env: [
      { name: 'NGINX_ENTRYPOINT_LOCAL_RESOLVERS', value: '1' },
      { name: 'NGINX_ENTRYPOINT_QUIET_LOGS', value: '1' },
      { name: 'NGINX_ENVSUBST_OUTPUT_DIR', value: NGINX_WRITABLE_PATH },
    ],
    lifecycle: pause(preStopSeconds, preStopSleep),
    livenessProbe: probe('/', STATUS_PORT_NAME, { failureThreshold: 6, periodSeconds: 10, timeoutSeconds: 5 }),
    ports: [
      { name: PORT_NAME, containerPort: PORT, protocol: 'TCP' },
      { name: STATUS_PORT_NAME, containerPort: NGINX_STATUS_PORT, protocol: 'TCP' },
    ],
    // Where requests are taken; the Bento behind it has probes of its own.
    readinessProbe: probe(healthPath, PORT_NAME, { failureThreshold: 3, periodSeconds: 5, timeoutSeconds: 5 }),
    resources: resources(size),
    securityContext: restrictedContainer(true),
    startupProbe: probe(healthPath, PORT_NAME, { failureThreshold: 30, periodSeconds: 1, timeoutSeconds: 5 }),
    volumeMounts: [
      { name: WRITABLE, mountPath: NGINX_WRITABLE_PATH },
      // By file: beside a folder's files lie links and copies, which the entrypoint would take for templates.
      { name: FILES, mountPath: '/etc/nginx/nginx.conf', readOnly: true, subPath: CONFIG_KEY },
      { name: FILES, mountPath: `/etc/nginx/templates/${TEMPLATE_KEY}`, readOnly: true, subPath: TEMPLATE_KEY },
    ],
  };
}

/** What the container mounts; what it has written goes with the pod. */
export function nginxVolumes({ diskBytes, filesName }: NginxPodModel): Volume[] {
  return [
    { name: WRITABLE, emptyDir: { sizeLimit: bytesQuantity(diskBytes) } },
    { name: FILES, configMap: { name: filesName } },
  ];
}
