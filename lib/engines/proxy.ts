import type { Container, Volume } from 'kubernetes-types/core/v1';
import { PORT, PORT_NAME } from '../bento/container-contract';
import type { CacheProgram, ComponentModel, ProgramModel, SplitProgram } from '../component/component-model';
import { PROXY_KEEP_ALIVE_SECONDS, PROXY_STATUS_PORT } from '../component/pool-hop';
import { splitDiskBytes } from '../component/split-times';
import { diskBytes } from '../traffic/response-cache';
import { SIDECAR_SIZE, TIER_SIZE } from '../traffic/runner-proxy';
import { type EnvoyModel, envoyConfig } from './envoy';
import { ENVOY_CONFIG_FILE, envoyContainer, envoyVolume } from './envoy-container';
import { nginxConfig } from './nginx';
import { type NginxPodModel, nginxContainer, nginxFiles, nginxVolumes } from './nginx-pod';
import { nginxSplitConfig } from './nginx-split';

/** The name of the ConfigMap with the configuration of a proxy. */
export function proxyConfigName({ identity, program }: ComponentModel): string {
  return `${identity.configName}-${isNginx(program) ? 'nginx' : 'envoy'}`;
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
  if (isNginx(program)) return nginxContainer(nginxPod(model, program));
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
  if (isNginx(program)) return nginxVolumes(nginxPod(model, program));
  return program === undefined && sidecar === undefined ? [] : [envoyVolume(proxyConfigName(model))];
}

/** What is in the ConfigMap of a component with a proxy; undefined without. */
export function proxyConfig(model: ComponentModel): ProxyConfig | undefined {
  if (isNginx(model.program)) return { content: nginxFiles(nginxText(model, model.program)) };
  const envoy = envoyModel(model);
  return envoy && { file: ENVOY_CONFIG_FILE, content: envoyConfig(envoy) };
}

/** What a proxy is told. */
export interface ProxyConfig {
  /** The file of YAML that says it; undefined where the content is files of text, by their names. */
  readonly file?: string;
  readonly content: object;
}

type NginxProgram = CacheProgram | SplitProgram;

function isNginx(program: ProgramModel | undefined): program is NginxProgram {
  return program?.kind === 'nginx' || program?.kind === 'nginx-split';
}

function nginxPod(model: ComponentModel, program: NginxProgram): NginxPodModel {
  const { contract, size, drain, cluster } = model;
  return {
    image: contract.image,
    size,
    healthPath: contract.readyPath,
    diskBytes: program.kind === 'nginx' ? diskBytes(program.cache.maxBytes) : splitDiskBytes(program.split),
    filesName: proxyConfigName(model),
    preStopSeconds: drain.preStopSeconds,
    preStopSleep: cluster.kubernetes.has('preStopSleep'),
  };
}

function nginxText({ contract, size, drain, keepAliveSeconds }: ComponentModel, program: NginxProgram): string {
  const common = {
    drainSeconds: drain.gracefulShutdownSeconds,
    clientIdleSeconds: keepAliveSeconds,
    healthPath: contract.readyPath,
  };
  if (program.kind === 'nginx-split') {
    return nginxSplitConfig({ ...common, size, split: program.split, versions: program.upstreams() });
  }
  const { upstream, cache, generation, lockSeconds } = program;
  return nginxConfig({ ...common, upstream: upstream(), cache, generation, lockSeconds });
}

function envoyModel({ sidecar, program, size }: ComponentModel): EnvoyModel | undefined {
  const common = { keepAliveSeconds: PROXY_KEEP_ALIVE_SECONDS, statusPort: PROXY_STATUS_PORT };
  if (program?.kind === 'envoy') {
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
