import type { BentoModel, BentoServiceModel } from '../bento/bento-model';
import {
  clientSeconds,
  PORT,
  PORT_NAME,
  serverEnv,
  type WiringModel,
  WRITABLE_PATH,
} from '../bento/container-contract';
import { EXPORTER_PACKAGES } from '../bento/tracing';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { requireInteger, requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { nodePoolModel } from '../placement/node-pool-model';
import type { SizeModel } from '../sizing/instance-size';
import { FilledBy } from '../storage/model-volume';
import type { TrafficIntent } from '../traffic/traffic-policy';
import type { AnswerModel } from './answer';
import { coldStartTerms } from './cold-start';
import type { ComponentModel, ContractModel, IdentityModel, PoolHop, SidecarModel } from './component-model';
import { drainModel, removalWarnings } from './drain';
import type { FunctionModel } from './function-model';
import { type MergedOptions, mergeOptions } from './merge-options';
import type { PodOptions, ScaledComponentOptions } from './options';
import { PROXY_CONTAINER } from './pod-container';
import { proxyPorts } from './pool-hop';
import type { MetricContext } from './resolve-metrics';
import { resolvePod } from './resolve-pod';
import { type DeploymentRolling, resolveRolling } from './resolve-rolling';
import { resolveScaling } from './resolve-scaling';
import { breakerWarnings, directWarnings, headerWarnings } from './resolve-traffic';
import { seriesOf } from './series';
import { sizeOn } from './size-on-pool';
import type { Warning } from './warning';

const DEFAULT_SIZE: SizeModel = { cpuCores: 1, memoryBytes: 2 * 2 ** 30 };
const DEFAULT_STARTUP_SECONDS = 600;
/** What a new node and the pull of a large image take before a container even starts. */
const NODE_AND_PULL_SECONDS = 900;
/** What a download of large weights takes. */
const DOWNLOAD_SECONDS = 1800;

/** A service that a component calls: where it is, and how long it takes. */
export interface ResolvedDependency {
  readonly name: string;
  /** Undefined where the Bento's code states the address itself. */
  readonly url?: string;
  readonly timeoutSeconds: number;
  /** Until the first byte of its answer. */
  readonly firstByteSeconds: number;
  /** How long its answer may be silent, where that is known. */
  readonly silenceSeconds?: number;
}

/** All that is known of a component before its defaults are filled in. */
export interface ComponentInput {
  /** What stands before the user's properties in messages: `apiServer.`, or nothing. */
  readonly prefix: string;
  readonly identity: IdentityModel;
  /** What its claims and its service account are named after. */
  readonly owner: string;
  readonly bento: BentoModel;
  readonly service: BentoServiceModel;
  readonly all: PodOptions;
  readonly own: ScaledComponentOptions;
  readonly timeoutSeconds: number;
  readonly answer: AnswerModel;
  readonly traffic: TrafficIntent;
  /** What the hop before it asks of its pods. */
  readonly keepAliveSeconds: number;
  readonly removalSeconds: number;
  readonly hop?: PoolHop;
  readonly proxied: boolean;
  readonly sidecar?: SidecarModel;
  readonly dependencies: readonly ResolvedDependency[];
  readonly profile: ClusterProfile;
  readonly terminated: boolean;
  /** How components are rolled out that state nothing themselves. */
  readonly rolling?: DeploymentRolling;
  readonly function?: FunctionModel;
  /** Whether it is what the version is about. */
  readonly isRoot: boolean;
  readonly apiServer?: MetricContext['apiServer'];
}

/** One component with every default filled in, and the doubts met on the way. */
export function resolveComponent(input: ComponentInput): { model: ComponentModel; warnings: Warning[] } {
  const { prefix, identity, bento, service, own, timeoutSeconds } = input;
  const cluster = input.profile._model;
  const warnings: Warning[] = [];
  const options = mergeOptions(prefix, input.all, own);
  requireEnv(bento, options, identity.name);
  requireFields(input, options);
  const pool = own.nodePool && nodePoolModel(`${prefix}nodePool`, own.nodePool);
  const size = sizeOn(pool, `${prefix}nodePool`, resolveSize(input, warnings), warnings);
  const drain = drainModel(`${prefix}drain`, own.drain, { answer: input.answer, removalSeconds: input.removalSeconds });
  if (drain.gracefulShutdownSeconds < input.answer.total) {
    warnings.push({
      id: 'DrainShorterThanTimeout',
      text: `'${prefix}drain.gracefulShutdown' (${drain.gracefulShutdownSeconds} s) is below what an answer takes (${input.answer.total} s): a pod that ends cuts those that take longer`,
    });
  }
  warnings.push(...removalWarnings(`${prefix}drain`, drain, input.removalSeconds));
  const startupSeconds =
    own.startup?.timeout === undefined
      ? DEFAULT_STARTUP_SECONDS
      : requireSeconds(`${prefix}startup.timeout`, own.startup.timeout, 10, 21_600);
  requirePorts(input, options);
  requireContainerNames(input, options);
  const downloads = options.models.some(({ _model }) => _model.kind === 'download');
  // What a Job fills lies there already when a replica starts.
  const downloadsFirst = options.models.some(
    ({ _model }) => _model.kind === 'download' && _model.filledBy === FilledBy.INIT_CONTAINER,
  );
  const coldStart = coldStartTerms(`${prefix}startup`, own.startup, size, downloadsFirst);
  const wiring = resolveWiring(input, options, size);
  const scaling = resolveScaling(own.scaling, {
    property: `${prefix}scaling`,
    identity,
    service,
    size,
    cluster,
    apiServer: input.apiServer,
    terminated: input.terminated,
    function: input.function,
    isRoot: input.isRoot,
    nodeSeconds: coldStart.node,
    warnings,
  });
  warnings.push(...breakerWarnings(`${prefix}traffic`, input.traffic, scaling));
  if (input.hop !== undefined) {
    warnings.push(...headerWarnings(`${prefix}traffic`, input.traffic));
    // Pods of functions by Knative come and go, and their connections with them.
    if (input.function?.engine !== 'knative') warnings.push(...directWarnings(`${prefix}proxy`, input.hop, scaling));
  }
  warnOfImages(bento, options, warnings);
  if (input.terminated && scaling.kind === 'unmanaged') {
    warnings.push({
      id: 'UnmanagedTerminated',
      text: 'it is terminated, but a scaler of someone else may start it again',
    });
  }
  const model: ComponentModel = {
    identity,
    owner: input.owner,
    contract: contract(input, options, wiring),
    wiring,
    size,
    scaling,
    terminated: input.terminated,
    exclusive: service.hasTasks,
    timeoutSeconds,
    answer: input.answer,
    traffic: input.traffic,
    keepAliveSeconds: input.keepAliveSeconds,
    hop: input.hop,
    ...(input.proxied && { proxied: true }),
    sidecar: input.sidecar,
    startupSeconds,
    ...resolveRolling(own.rolling, input.rolling, {
      property: `${prefix}rolling`,
      bentoService: service.name,
      scaling,
      exclusive: service.hasTasks,
      startupSeconds,
      readySeconds: startupSeconds + NODE_AND_PULL_SECONDS + (downloads ? DOWNLOAD_SECONDS : 0),
      warnings,
    }),
    drain,
    pod: resolvePod(input, options, size, pool),
    servicePort: own.servicePort ?? PORT,
    series: seriesOf(identity, service, cluster),
    routes: service.routes,
    apiServer: input.apiServer,
    waitFor: [],
    coldStart,
    cluster,
  };
  return { model, warnings };
}

/** Containers of a pod share its ports, and a Service has each of its ports once. */
function requirePorts({ prefix, own, service, sidecar: proxy }: ComponentInput, { sidecars }: MergedOptions): void {
  const { servicePort = PORT } = own;
  requireInteger(`${prefix}servicePort`, servicePort, 1, 65_535);
  const taken = new Set([PORT, ...service.extraPorts]);
  if (servicePort !== PORT && taken.has(servicePort)) {
    throw errors.duplicateKey(`${prefix}servicePort`, String(servicePort), 'the Bento listens there itself');
  }
  for (const port of proxy === undefined ? [] : proxyPorts(proxy)) {
    if (taken.has(port)) {
      throw errors.duplicateKey(
        `extra_ports of ${service.name}`,
        String(port),
        'the proxy to its dependencies listens there: change the port, or use RunnerProxy.tier() for them',
      );
    }
    taken.add(port);
  }
  for (const port of sidecars.flatMap(({ _model }) => _model.ports)) {
    if (taken.has(port)) {
      throw errors.duplicateKey(`${prefix}sidecars`, String(port), 'containers of a pod share its ports');
    }
    taken.add(port);
  }
}

/** The proxy is a container of the pod like any other. */
function requireContainerNames({ prefix, sidecar }: ComponentInput, { sidecars, initContainers }: MergedOptions): void {
  if (sidecar === undefined) return;
  for (const [property, containers] of Object.entries({ sidecars, initContainers })) {
    if (containers.some(({ _model }) => _model.name === PROXY_CONTAINER)) {
      throw errors.reservedName(`${prefix}${property}`, PROXY_CONTAINER);
    }
  }
}

function requireEnv(bento: BentoModel, options: MergedOptions, component: string): void {
  // What a Secret or ConfigMap holds is not known here: it may well be in there.
  if (options.envFrom.length > 0) return;
  const set = new Set(options.env.map(({ name }) => name));
  const missing = bento.requiredEnv.filter((name) => !set.has(name));
  if (missing.length > 0) throw errors.requiredEnv(missing, component);
}

function requireFields({ prefix, profile }: ComponentInput, { env }: MergedOptions): void {
  for (const { _model } of env) {
    if (_model.valueFrom?.fieldRef?.fieldPath === 'status.hostIPs') {
      profile._model.kubernetes.require(`${prefix}env.${_model.name}`, 'hostIPs', 'use status.hostIP');
    }
  }
}

function resolveSize({ own, service, identity }: ComponentInput, warnings: Warning[]): SizeModel {
  const stated = own.size?._model;
  if (stated === undefined && service.sizeProblem !== undefined) throw service.sizeProblem;
  if (stated === undefined && service.size === undefined) {
    warnings.push({
      id: 'DefaultSize',
      text: `neither the Bento nor the definition states a size for ${identity.name}: it gets 1 CPU and 2 GiB; state \`size\``,
    });
    return DEFAULT_SIZE;
  }
  // A Bento that states its memory alone could not scale on CPU, which it does unless told otherwise.
  const size = stated ?? { ...service.size, cpuCores: service.size?.cpuCores ?? DEFAULT_SIZE.cpuCores };
  if (stated === undefined && service.size?.cpuCores === undefined) {
    warnings.push({
      id: 'DefaultSize',
      text: `the Bento states no CPU for ${identity.name}: it gets 1; state \`size\``,
    });
  }
  const missing = [
    ...(size.cpuCores === undefined ? ['CPU'] : []),
    ...(size.memoryBytes === undefined ? ['memory'] : []),
  ];
  if (missing.length > 0) {
    warnings.push({
      id: 'IncompleteSize',
      text: `${identity.name} requests no ${missing.join(' and no ')}: it takes what its node has left; state \`size\` with both`,
    });
  }
  return size;
}

function resolveWiring(input: ComponentInput, options: MergedOptions, size: SizeModel): WiringModel {
  const { prefix, service, own, dependencies, timeoutSeconds } = input;
  if (own.workers !== undefined) requireInteger(`${prefix}workers`, own.workers, 1, 1024);
  // BentoML would count the cores of the node, for we set no CPU limit.
  const counted =
    service.workers === 'cpu_count' ? Math.max(1, Math.floor(size.cpuLimitCores ?? size.cpuCores ?? 1)) : undefined;
  const called = dependencies.map((dependency) => [
    dependency.name,
    {
      timeoutSeconds: dependency.timeoutSeconds,
      firstByteSeconds: dependency.firstByteSeconds,
      silenceSeconds: dependency.silenceSeconds,
      clientSeconds: clientSeconds(dependency.timeoutSeconds, input.answer.total),
    },
  ]);
  return {
    bentoService: service.name,
    dependencies: dependencies.flatMap(({ name, url }) => (url === undefined ? [] : [{ name, url }])),
    gpu: size.gpu !== undefined,
    config: {
      ...Object.fromEntries(called),
      [service.name]: {
        timeoutSeconds,
        maxConcurrency: own.traffic?.maxConcurrency,
        workers: own.workers ?? counted,
        probeDependencies: callsOthers(service) ? (own.readiness?.includeDependencies ?? false) : undefined,
        monitoringPath: service.monitorsToFiles ? `${WRITABLE_PATH}/monitoring` : undefined,
        accessLog: options.logging.accessLog,
        tracing: options.tracing?._model,
      },
    },
  };
}

/** BentoML's probe asks dependencies by address too. */
function callsOthers({ dependencies, urls }: BentoServiceModel): boolean {
  return dependencies.length > 0 || urls.length > 0;
}

function contract({ bento, service, own }: ComponentInput, options: MergedOptions, wiring: WiringModel): ContractModel {
  const userEnv = options.env.map((variable) => variable._model);
  const userNames = new Set(userEnv.map(({ name }) => name));
  const { flag } = options.logging;
  return {
    image: bento.image,
    args: flag === undefined ? [] : [flag],
    env: [...serverEnv(wiring).filter(({ name }) => !userNames.has(name)), ...userEnv],
    envFrom: options.envFrom.map((source) => source._model),
    ports: [
      { name: PORT_NAME, port: PORT },
      ...service.extraPorts.filter((port) => port !== PORT).map((port) => ({ name: `extra-${port}`, port })),
    ],
    // A dependency that is down must not restart callers that are just starting.
    startupPath: `${service.pathPrefix}${own.readiness?.includeDependencies === true ? '/livez' : '/readyz'}`,
    readyPath: `${service.pathPrefix}/readyz`,
    livePath: `${service.pathPrefix}/livez`,
    metricsPath: `${service.pathPrefix}/metrics`,
    metricsEnabled: service.metricsEnabled,
  };
}

function warnOfImages(bento: BentoModel, options: MergedOptions, warnings: Warning[]): void {
  const containers = [...options.initContainers, ...options.sidecars];
  for (const image of [bento.image, ...containers.map(({ _model }) => _model.image)]) {
    if (!image.mutable) continue;
    warnings.push({
      id: 'MutableImageTag',
      text: `the image ${image.reference} may mean another one tomorrow: replicas would differ; state a tag of its own or a digest`,
    });
  }
  const exporter = options.tracing && EXPORTER_PACKAGES[options.tracing._model.exporter];
  if (
    exporter !== undefined &&
    bento.requirements !== undefined &&
    !/bentoml\[[^\]]*tracing/.test(bento.requirements) &&
    !bento.requirements.includes(exporter)
  ) {
    warnings.push({
      id: 'TracingExporterMissing',
      text: `the Bento's requirements hold no ${exporter}: without it no replica gets ready; build it with bentoml[tracing-${options.tracing!._model.exporter}]`,
    });
  }
}
