import { PORT, PORT_NAME } from '../bento/container-contract';
import type { ImageModel } from '../bento/image';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { digest } from '../internal/digest';
import { isLabelValue, LABELS } from '../internal/labels';
import { sortedMap } from '../internal/names';
import { DEFAULT_ROLLING } from '../release/rolling';
import type { SizeModel } from '../sizing/instance-size';
import { TIER_SIZE } from '../traffic/runner-proxy';
import type { AnswerModel } from './answer';
import {
  type ComponentModel,
  type ComponentRole,
  type DrainModel,
  type IdentityModel,
  MAIN_VERSION,
  type ProgramModel,
} from './component-model';
import { removalBehind } from './doors';
import { drainOf } from './drain';
import { trackOf } from './identity';
import { mergeOptions } from './merge-options';
import type { PodOptions } from './options';
import { PROXY_KEEP_ALIVE_SECONDS, tierLingerSeconds, tierName } from './pool-hop';
import { resolvePod } from './resolve-pod';
import type { ResolvedComponent } from './version-input';

/** Proxies start in a second; what takes longer is the image. */
const STARTUP_SECONDS = 60;
const PULL_SECONDS = 300;

/** No shell, no root: 65532 is the user of the image, and any other will do. */
const ENVOY_USER = 65_532;

/** What a tier is made of, beside what it takes over from the component behind it. */
export interface TierInput {
  /** The component behind it. */
  readonly behind: ComponentModel;
  readonly role: ComponentRole;
  readonly name: string;
  /** Of the Service that leads to it. */
  readonly serviceName: string;
  /** What a tier before it knows it by; undefined: its Service. */
  readonly headlessOf?: string;
  readonly servicePort: number;
  readonly all: PodOptions;
  readonly profile: ClusterProfile;
  readonly program: ProgramModel;
  readonly image: ImageModel;
  /** Where doors ask whether it is well. */
  readonly healthPath: string;
  /** Answers of the component, as they come through it. */
  readonly answer: AnswerModel;
  readonly replicas: number;
  readonly size: SizeModel;
  readonly user: number;
  readonly drain: DrainModel;
  readonly keepAliveSeconds: number;
  /** Whether it is before all versions of a deployment, and of none. */
  readonly ofAllVersions?: true;
  /** Whether something before it must find its pods, each by itself. */
  readonly proxied?: true;
}

/** The proxies before a runner pool. */
export function proxyTier(pool: ComponentModel, all: PodOptions, profile: ClusterProfile): ResolvedComponent {
  const { replicas, size, upstream } = pool.hop!;
  const name = tierName(pool.identity);
  return tier({
    behind: pool,
    role: 'proxy',
    name,
    serviceName: name,
    servicePort: PORT,
    all,
    profile,
    program: { kind: 'envoy', upstream: upstream! },
    image: profile._model.envoyImage,
    healthPath: '',
    answer: pool.answer,
    replicas: replicas!,
    size: size ?? TIER_SIZE,
    user: ENVOY_USER,
    drain: tierDrain(pool),
    keepAliveSeconds: PROXY_KEEP_ALIVE_SECONDS,
  });
}

/** How the proxies before a pool end. Told to, Envoy ends at once: so it is told when nothing can be in flight. */
export function tierDrain({ answer }: ComponentModel): DrainModel {
  return drainOf(tierLingerSeconds(removalBehind([]), answer), 0);
}

/** Names and labels of the proxies before a pool. */
export function tierIdentity(pool: IdentityModel): IdentityModel {
  return identify(pool, 'proxy', tierName(pool));
}

/** A program of the library's own before a component. */
export function tier(input: TierInput): ResolvedComponent {
  const { behind, role, name, all, profile, drain, size, answer } = input;
  const of = input.ofAllVersions ? common(behind.identity) : behind.identity;
  const { serviceName, headlessOf = serviceName } = input;
  const identity = { ...identify(of, role, name), serviceName, headlessOf };
  // What is of the Bento, or of the machines that it needs, is not of a proxy.
  const { env, envFrom, files, models, initContainers, sidecars, security, logging, tracing, affinity, ...kept } = all;
  const { runtimeClassName, nodeSelector, hostAliases, automountServiceAccountToken, ...options } = kept;
  const merged = mergeOptions('', { ...options, security: { runAsUser: input.user, runAsGroup: input.user } }, {});
  const model: ComponentModel = {
    identity,
    owner: behind.owner,
    contract: {
      image: input.image,
      args: [],
      env: [],
      envFrom: [],
      ports: [{ name: PORT_NAME, port: PORT }],
      startupPath: '',
      readyPath: input.healthPath,
      livePath: '',
      metricsPath: '',
      metricsEnabled: false,
    },
    program: input.program,
    size,
    scaling: { kind: 'fixed', replicas: input.replicas },
    terminated: behind.terminated,
    exclusive: false,
    timeoutSeconds: answer.firstByte,
    answer,
    traffic: {},
    keepAliveSeconds: input.keepAliveSeconds,
    startupSeconds: STARTUP_SECONDS,
    rolling: DEFAULT_ROLLING,
    progressDeadlineSeconds: STARTUP_SECONDS + PULL_SECONDS,
    drain,
    pod: resolvePod({ identity, owner: behind.owner, prefix: '', profile }, merged, size),
    servicePort: input.servicePort,
    series: behind.series,
    ...(input.proxied && { proxied: true }),
    waitFor: [],
    coldStart: { ...behind.coldStart, model: 0 },
    cluster: behind.cluster,
  };
  return { bentoService: name, model, warnings: [], calls: [], sharedPools: [] };
}

/** What is the same of all versions of a deployment. */
function common(identity: IdentityModel): IdentityModel {
  const { [LABELS.name]: _, [LABELS.version]: __, ...labels } = identity.labels;
  const podLabels = { ...identity.podLabels, [LABELS.component]: 'versions' };
  const track = trackOf(MAIN_VERSION, identity.region);
  return { ...identity, version: MAIN_VERSION, labels: { ...labels, [LABELS.track]: track }, podLabels };
}

function identify(behind: IdentityModel, role: ComponentRole, name: string): IdentityModel {
  const component = `${role}-${behind.podLabels[LABELS.component]}`;
  const own = { [LABELS.component]: isLabelValue(component) ? component : `${role}-${digest(component, 16)}` };
  const selector = sortedMap({
    [LABELS.instance]: behind.labels[LABELS.instance]!,
    [LABELS.track]: trackOf(behind.version, behind.region),
    ...own,
  });
  const labels = sortedMap({ ...behind.labels, ...own });
  return {
    role,
    version: behind.version,
    namespace: behind.namespace,
    ...(behind.region !== undefined && { region: behind.region }),
    name,
    workloadName: name,
    serviceName: name,
    scalerName: name,
    disruptionBudgetName: name,
    networkPolicyName: name,
    headlessOf: name,
    configName: name,
    selector,
    labels,
    podLabels: sortedMap({ ...labels, ...selector }),
  };
}
