import type { Container, Volume } from 'kubernetes-types/core/v1';
import { PORT, PORT_NAME } from '../bento/container-contract';
import type { CacheProgram, ComponentModel } from '../component/component-model';
import { PROXY_KEEP_ALIVE_SECONDS, PROXY_STATUS_PORT } from '../component/pool-hop';
import { SIDECAR_SIZE, TIER_SIZE } from '../traffic/runner-proxy';
import { type EnvoyModel, envoyConfig } from './envoy';
import { ENVOY_CONFIG_FILE, envoyContainer, envoyVolume } from './envoy-container';
import type { NginxModel } from './nginx';
import { type NginxPodModel, nginxContainer, nginxFiles, nginxVolumes } from './nginx-pod';

/** The name of the ConfigMap with the configuration of a proxy. */
export function proxyConfigName({ identity, program }: ComponentModel): string {
  return `${identity.name}-${program?.kind ?? 'envoy'}`;
}

/** The proxy beside a component. */
export function sidecarProxy({ cluster, sidecar }: ComponentModel): Container {
  return envoyContainer({
    image: cluster.envoyImage,
    size: sidecar!.size ?? SIDECAR_SIZE,
    ports: [],
    statusPort: PROXY_STATUS_PORT,
  });
}

/** A proxy that stands for itself. */
export function tierProxy(model: ComponentModel): Container {
  const { size, drain, contract, program } = model;
  if (program?.kind === 'nginx') return nginxContainer(nginxPod(model, program));
  return envoyContainer({
    image: contract.image,
    size,
    ports: [{ name: PORT_NAME, port: PORT }],
    statusPort: PROXY_STATUS_PORT,
    lingerSeconds: drain.preStopSeconds,
  });
}

/** What a pod with a proxy mounts for it. */
export function proxyVolumes(model: ComponentModel): Volume[] {
  const { program, sidecar } = model;
  if (program?.kind === 'nginx') return nginxVolumes(nginxPod(model, program));
  return program === undefined && sidecar === undefined ? [] : [envoyVolume(proxyConfigName(model))];
}

/** What is in the ConfigMap of a component with a proxy; undefined without. */
export function proxyConfig(model: ComponentModel): ProxyConfig | undefined {
  if (model.program?.kind === 'nginx') return { content: nginxFiles(nginxModel(model, model.program)) };
  const envoy = envoyModel(model);
  return envoy && { file: ENVOY_CONFIG_FILE, content: envoyConfig(envoy) };
}

/** What a proxy is told. */
export interface ProxyConfig {
  /** The file of YAML that says it; undefined where the content is files of text, by their names. */
  readonly file?: string;
  readonly content: object;
}

function nginxPod(model: ComponentModel, program: CacheProgram): NginxPodModel {
  return {
    nginx: nginxModel(model, program),
    filesName: proxyConfigName(model),
    preStopSeconds: model.drain.preStopSeconds,
    preStopSleep: model.cluster.kubernetes.has('preStopSleep'),
  };
}

function nginxModel({ contract, drain, keepAliveSeconds }: ComponentModel, program: CacheProgram): NginxModel {
  return {
    upstream: program.upstream(),
    cache: program.cache,
    generation: program.generation,
    lockSeconds: program.lockSeconds,
    drainSeconds: drain.gracefulShutdownSeconds,
    clientIdleSeconds: keepAliveSeconds,
    healthPath: contract.readyPath,
  };
}

function envoyModel({ sidecar, program, size }: ComponentModel): EnvoyModel | undefined {
  const common = { keepAliveSeconds: PROXY_KEEP_ALIVE_SECONDS, statusPort: PROXY_STATUS_PORT };
  if (program !== undefined) {
    const upstream = program.upstream();
    return {
      ...common,
      listeners: [{ port: PORT, upstream, readyPath: upstream.healthCheck?.path ?? '/readyz' }],
      loopback: false,
      memoryBytes: size.memoryBytes ?? TIER_SIZE.memoryBytes!,
    };
  }
  if (sidecar === undefined) return undefined;
  return {
    ...common,
    listeners: sidecar.listeners.map(({ port, upstream: ask }) => {
      const upstream = ask();
      return { port, upstream, readyPath: upstream.healthCheck?.path ?? '/readyz' };
    }),
    loopback: true,
    memoryBytes: sidecar.size?.memoryBytes ?? SIDECAR_SIZE.memoryBytes!,
  };
}
