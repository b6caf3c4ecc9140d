import { PORT } from '../bento/container-contract';
import type { ClusterModel, ClusterProfile } from '../cluster/cluster-profile';
import type { GatewayModel } from '../cluster/gateway';
import { type Feature, versionOf } from '../cluster/kubernetes-version';
import type { ApplicationLoadBalancerDoor, DoorModel, NetworkLoadBalancerDoor } from '../exposure/door-model';
import { type GateModel, gateName } from '../release/gate-model';
import type { SplitModel } from '../release/split-model';
import { metricIdentity } from '../scaling/metric-model';
import { FilledBy } from '../storage/model-volume';
import type { ComponentModel } from './component-model';
import { READINESS_GATE_LABEL, type ResolvedDoor } from './doors';
import { needsKeda } from './resolve-metrics';
import { targetGroupTerms } from './target-group';

/** Something that a cluster must have for a definition to work. */
export class Requirement {
  /** @internal */
  public static _of(name: string, reason: string, version?: string): Requirement {
    return new Requirement(name, reason, version);
  }

  private constructor(
    /** What it is: `Kubernetes`, `metrics-server`, `Secret rag-keys`. */
    public readonly name: string,
    /** What needs it. */
    public readonly reason: string,
    /** The lowest version that will do; undefined where any will. */
    public readonly version?: string,
  ) {}

  /** As a line of text: `Kubernetes >= 1.30: a pause before pods stop`. */
  public toString(): string {
    return `${this.name}${this.version === undefined ? '' : ` >= ${this.version}`}: ${this.reason}`;
  }
}

const FEATURE_REASONS: { [feature in Feature]: string } = {
  preStopSleep: 'a pause before pods stop (lifecycle.preStop.sleep)',
  hostIPs: 'all addresses of the node in a variable (status.hostIPs)',
  nativeSidecars: 'sidecars that outlive the server (restartPolicy of init containers)',
  hpaTolerance: "an autoscaler's tolerance",
  imageVolume: 'weights from an OCI image (image volumes)',
  hpaScaleToZero: 'an autoscaler that goes to zero',
};

/** What a release asks of the cluster beside its components. */
export interface ReleaseNeeds {
  readonly gates?: readonly GateModel[];
  /** Of doors that share requests out themselves. */
  readonly split?: SplitModel;
}

/** What the cluster must have for these components, most basic first, each once; `split` is what doors share out. */
export function requirementsOf(
  components: readonly ComponentModel[],
  profile: ClusterProfile,
  doors: readonly ResolvedDoor[] = [],
  behindDoors = components[0],
  { gates = [], split }: ReleaseNeeds = {},
): Requirement[] {
  const found = new Map<string, Requirement>();
  const add = (name: string, reason: string, version?: string): void => {
    const known = found.get(name);
    if (known === undefined || below(known.version, version)) found.set(name, Requirement._of(name, reason, version));
  };
  const [feature] = usedFeatures(components, profile).sort((a, b) =>
    versionOf(b).localeCompare(versionOf(a), 'en', { numeric: true }),
  );
  if (feature === undefined) add('Kubernetes', 'container metrics in autoscalers, eviction of unready pods', '1.27');
  else add('Kubernetes', FEATURE_REASONS[feature], versionOf(feature));
  add(
    'a network plug-in that enforces NetworkPolicy',
    `runner pools unpickle what anyone who can connect to port ${PORT} sends them`,
  );
  // The first to ask for something says from which version on.
  const newest = [...doors].sort((a, b) => Number(bringsListeners(b.door)) - Number(bringsListeners(a.door)));
  for (const door of newest) addDoor(door, behindDoors!, add);
  if (split !== undefined) for (const { gateway } of newest) if (gateway !== undefined) addSplit(split, gateway, add);
  for (const component of components) addComponent(component, add);
  for (const gate of gates) addGate(gate, profile._model, add);
  return [...found.values()];
}

function below(version: string | undefined, other: string | undefined): boolean {
  return other !== undefined && (version ?? '').localeCompare(other, 'en', { numeric: true }) < 0;
}

function usedFeatures(
  components: readonly ComponentModel[],
  { _model: { kubernetes: version } }: ClusterProfile,
): Feature[] {
  const used = new Set<Feature>();
  for (const { scaling, pod, contract, sidecar } of components) {
    if (version.has('preStopSleep')) used.add('preStopSleep');
    if (contract.env.some(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath === 'status.hostIPs')) used.add('hostIPs');
    if ((pod.sidecars.length > 0 || sidecar !== undefined) && version.has('nativeSidecars')) used.add('nativeSidecars');
    if (pod.volumes.some(({ volume }) => volume.kind === 'image')) used.add('imageVolume');
    const behavior = scaling.kind === 'auto' || scaling.kind === 'on-demand' ? scaling.behavior : undefined;
    if (scaling.kind === 'auto' && scaling.minReplicas === 0) used.add('hpaScaleToZero');
    if ((behavior?.scaleUp?.tolerance ?? behavior?.scaleDown?.tolerance) !== undefined) used.add('hpaTolerance');
  }
  return [...used];
}

type Add = (name: string, reason: string, version?: string) => void;

function addComponent(component: ComponentModel, add: Add): void {
  const { identity, scaling, size, pod, contract } = component;
  addScaling(component, add);
  addRollout(component, add);
  addRevisions(component, add);
  if (scaling.kind === 'unmanaged')
    add(
      `a scaler of ${component.rollout === undefined ? 'Deployment' : 'Rollout'} ${identity.workloadName}`,
      'its replicas are left to someone else',
    );
  if (size.gpu !== undefined)
    add(
      `nodes with ${size.gpu.resourceName} (${size.gpu.name}) and its device plugin`,
      `${identity.name} asks for ${size.gpu.count} a replica`,
    );
  for (const { volume, claimName } of pod.volumes) {
    if (volume.kind === 'claim') add(`PersistentVolumeClaim ${claimName}`, `weights of ${identity.name}`);
    if (volume.kind === 's3') add('the CSI driver s3.csi.aws.com', `weights of ${identity.name}`);
    if (volume.kind === 'csi') add(`the CSI driver ${volume.driver}`, `weights of ${identity.name}`);
    if (volume.kind === 'download') {
      const mode = volume.filledBy === FilledBy.JOB ? 'ReadWriteMany' : 'ReadWriteOnce';
      add(`StorageClass ${volume.storageClassName} with ${mode}`, `weights of ${identity.name}`);
      for (const { _model } of volume.source.env) addSource(_model.valueFrom, `the download of ${volume.name}`, add);
    }
  }
  for (const name of pod.imagePullSecrets) add(`Secret ${name}`, 'credentials of the image registry');
  if (pod.priorityClassName !== undefined) add(`PriorityClass ${pod.priorityClassName}`, `pods of ${identity.name}`);
  if (pod.runtimeClassName !== undefined) add(`RuntimeClass ${pod.runtimeClassName}`, `pods of ${identity.name}`);
  const tracing = component.wiring?.config[component.wiring.bentoService]?.tracing;
  if (tracing !== undefined) add(`a collector of traces at ${tracing.endpoint}`, `spans of ${identity.name}`);
  if (pod.serviceAccountExists) add(`ServiceAccount ${pod.serviceAccountName}`, `pods of ${identity.name}`);
  for (const container of [contract, ...pod.sidecars, ...pod.initContainers]) {
    addEnvironment(container, `the environment of ${identity.name}`, add);
  }
}

/** Knative makes none for a name that it does not know. */
function addRevisions({ identity, revision }: ComponentModel, add: Add): void {
  for (const { revision: name } of revision?.traffic ?? []) {
    if (name === revision!.name) continue;
    add(`Revision ${name} of Knative`, `without it requests to ${identity.name} are led as before, if at all`);
  }
}

function addDoor(resolved: ResolvedDoor, root: ComponentModel, add: Add): void {
  const { door, gateway } = resolved;
  if (gateway !== undefined) addGateway(door, gateway, root, add);
  if (door.kind === 'network-load-balancer' || door.kind === 'application-load-balancer') {
    addAws(resolved, door, root, add);
  }
  if (door.kind === 'ingress-nginx') {
    add(`IngressClass ${door.className} of ingress-nginx`, 'the ingress of its hosts');
    add(
      `upstream-keepalive-timeout below ${root.keepAliveSeconds} in the ConfigMap of ingress-nginx (60 is its own)`,
      LOST,
    );
    if (root.traffic.rateLimit !== undefined)
      add(
        'limit-req-status-code "429" in the ConfigMap of ingress-nginx',
        'it answers 503 above a rate limit otherwise',
      );
  }
  if ('tls' in door && door.tls?.kind === 'secret') add(`Secret ${door.tls.secret} of type kubernetes.io/tls`, 'https');
  if (!('authentication' in door) || door.authentication === undefined) return;
  const { authentication } = door;
  if (authentication.kind === 'jwt') add(authentication.jwksUrl, 'keys of who issues tokens, fetched by the proxies');
  else add(`Secret ${authentication.secret} with a key for each client`, 'who may send requests');
}

/** Kinds and fields have been in the standard channel since. */
const ROUTE_TIMEOUTS_SINCE = '1.2';
const LISTENER_SETS_SINCE = '1.5';

function addGateway(
  door: DoorModel,
  { name, namespace, kind, version }: GatewayModel,
  { keepAliveSeconds }: ComponentModel,
  add: Add,
): void {
  const where = `Gateway ${name} of namespace ${namespace}`;
  add(where, 'the route to its hosts');
  if (bringsListeners(door)) {
    add('Gateway API', 'listeners with certificates of doors (ListenerSet)', LISTENER_SETS_SINCE);
    add(`allowedListeners of ${where}`, 'listeners with certificates of doors (ListenerSet)');
  } else {
    add('Gateway API', 'timeouts of routes', ROUTE_TIMEOUTS_SINCE);
  }
  if (kind === 'envoy-gateway') add('Envoy Gateway (gateway.envoyproxy.io)', 'policies of the route', version!.text);
  else add(`an idle timeout of connections to pods below ${keepAliveSeconds} s at ${where}`, LOST);
}

const MIRROR_PERCENT_SINCE = '1.3';

/**
 * What Gateway API leaves to implementations is asked of those that are not known.
 *
 * @see https://gateway-api.sigs.k8s.io/concepts/conformance/#2-support-levels
 */
function addSplit({ others }: SplitModel, { name, namespace, kind }: GatewayModel, add: Add): void {
  const where = `Gateway ${name} of namespace ${namespace}`;
  const needs = (feature: string, reason: string): void => {
    if (kind === 'gateway-api') add(`${feature} among the supported features of ${where}`, reason);
  };
  const matched = others.filter(({ share }) => share.kind === 'match');
  const mirrors = others.filter(({ share }) => share.kind === 'mirror');
  if (matched.some(({ share }) => share.kind === 'match' && share.match.kind === 'query')) {
    needs('HTTPRouteQueryParamMatching', 'versions by a parameter of the query');
  }
  if (matched.length > 0 && kind === 'envoy-gateway') {
    add(`no preserveRouteOrder in the EnvoyProxy of ${where}`, 'requests with a match go before all others');
  }
  if (mirrors.length === 0) return;
  add('Gateway API', 'copies of a part of the requests (requestMirror.percent)', MIRROR_PERCENT_SINCE);
  needs('HTTPRouteRequestMirror', 'copies of requests');
  needs('HTTPRouteRequestPercentageMirror', 'copies of a part of the requests');
  if (mirrors.length > 1) needs('HTTPRouteRequestMultipleMirrors', 'copies for several versions');
}

/** What happens where pods close an idle connection before those that use it do. */
const LOST = 'pods close theirs after that, and a request on its way would be lost';

function bringsListeners(door: DoorModel): boolean {
  return door.kind === 'gateway' && door.tls?.kind === 'secret';
}

/** Versions of the controller that first knew what a door makes of it, by its releases. */
const AWS_CONTROLLER = { listenerAttributes: '2.9', targetGroupName: '2.11', jwtValidation: '2.15' } as const;

function addAws(
  resolved: ResolvedDoor,
  door: NetworkLoadBalancerDoor | ApplicationLoadBalancerDoor,
  component: ComponentModel,
  add: Add,
): void {
  const { identity, answer } = component;
  const controller = (reason: string, version: string): void => add('AWS Load Balancer Controller', reason, version);
  if (door.targetGroupName !== undefined) {
    const terms = targetGroupTerms(resolved, component);
    controller(`targets of ${door.targetGroupName}`, AWS_CONTROLLER.targetGroupName);
    add(
      `target group ${door.targetGroupName} of IP addresses that deregisters in ${terms.deregistrationSeconds} s, and keeps no addresses of clients`,
      `pods of ${identity.name} as they leave, and who may connect to them`,
    );
    add(
      `an idle timeout of ${terms.idleSeconds} s at the load balancer of ${door.targetGroupName}`,
      `answers of ${identity.name} may be silent for ${answer.silence} s`,
    );
  } else if (door.kind === 'application-load-balancer' && door.authentication !== undefined) {
    controller('tokens of clients (jwt-validation)', AWS_CONTROLLER.jwtValidation);
  } else controller('load balancers and their targets', AWS_CONTROLLER.listenerAttributes);
  add(
    `the label ${Object.entries(READINESS_GATE_LABEL)[0]!.join('=')} on the namespace${identity.namespace === undefined ? '' : ` ${identity.namespace}`}`,
    'a roll-out waits until load balancers take new pods for healthy',
  );
}

function addRollout({ identity, rollout, cluster }: ComponentModel, add: Add): void {
  if (rollout === undefined) return;
  const { version, gatewayApiPlugin } = cluster.argoRollouts!;
  add('Argo Rollouts', `releases of ${identity.name}`, version.text);
  if (rollout.kind === 'canary' && rollout.router?.kind === 'gateway-api-plugin') {
    add(
      'the plugin argoproj-labs/gatewayAPI of Argo Rollouts',
      `weights of canaries of ${identity.name}`,
      gatewayApiPlugin!.version.text,
    );
  }
}

/** What gates of a release ask. */
function addGate(gate: GateModel, { prometheus }: ClusterModel, add: Add): void {
  const reason = `the gate ${gateName(gate)} of a release`;
  if (gate.kind === 'template') add(`${gate.clusterScope ? 'Cluster' : ''}AnalysisTemplate ${gate.name}`, reason);
  if (gate.kind === 'webhook') {
    add(`a server at ${gate.url} that Argo Rollouts reaches`, reason);
    for (const header of gate.headers)
      if ('secret' in header) add(`Secret ${header.secret} with the key ${header.key}`, reason);
  }
  if (gate.kind === 'job') {
    for (const { valueFrom } of gate.env) addSource(valueFrom, reason, add);
    for (const name of gate.imagePullSecrets) add(`Secret ${name}`, 'credentials of the image registry');
  }
  if (gate.kind === 'prometheus' || gate.kind === 'measured') {
    add(`Prometheus at ${prometheus!.address}`, reason);
    if (prometheus!.authentication?.kind === 'secrets') {
      for (const [, secret, key] of prometheus!.authentication.parameters)
        add(`Secret ${secret} with the key ${key}`, reason);
    }
  }
  if (gate.kind === 'measured') add(scrapingOf({ prometheus }), reason);
}

function addScaling({ identity, scaling, cluster }: ComponentModel, add: Add): void {
  const { keda, kedaHttpAddOn, knative, prometheus } = cluster;
  if (scaling.kind === 'on-demand') {
    if (scaling.engine === 'knative') add('Knative Serving', `${identity.name} scales to zero`, knative!.version.text);
    else add("KEDA's HTTP add-on", `${identity.name} scales to zero`, kedaHttpAddOn!.version.text);
  }
  const metrics = scaling.kind === 'auto' || scaling.kind === 'on-demand' ? scaling.metrics : [];
  if (metrics.some(needsKeda) || (scaling.kind === 'on-demand' && scaling.engine === 'keda-http')) {
    add('KEDA', `the autoscaler of ${identity.name} (external.metrics.k8s.io)`, keda!.version.text);
  }
  const reads = (what: string): string => `the autoscaler of ${identity.name} reads ${what}`;
  for (const metric of metrics) {
    if (metric.kind === 'resource') add('metrics-server', reads(`${metric.resource} (metrics.k8s.io)`));
    if (metric.kind === 'external') add('an adapter for external.metrics.k8s.io', reads(metric.metric.name));
    if (metric.kind === 'pods' || metric.kind === 'object')
      add('an adapter for custom.metrics.k8s.io', reads(metric.metric.name));
    if (metric.kind === 'measured' || metric.kind === 'prometheus')
      add(`Prometheus at ${prometheus!.address}`, reads(metricIdentity(metric)));
    if (metric.kind === 'measured') add(scrapingOf(cluster), reads(metricIdentity(metric)));
    if (metric.kind === 'measured' && metric.measure.kind === 'gpu-utilization')
      add('the DCGM exporter, scraped by Prometheus', reads(metricIdentity(metric)));
    if (metric.kind === 'keda' && metric.authentication !== undefined)
      add(`${metric.authentication.kind} ${metric.authentication.name}`, reads(metric.scaler));
  }
  if (metrics.some(({ kind }) => kind === 'measured' || kind === 'prometheus')) addSignIn(prometheus!, reads, add);
}

function scrapingOf({ prometheus }: Pick<ClusterModel, 'prometheus'>): string {
  return prometheus!.operatorLabels === undefined
    ? 'a scrape job of Prometheus for pods annotated with prometheus.io/scrape that keeps their labels'
    : 'Prometheus Operator (monitoring.coreos.com/v1 PodMonitor)';
}

function addSignIn(
  { authentication }: NonNullable<ComponentModel['cluster']['prometheus']>,
  reads: (what: string) => string,
  add: Add,
): void {
  if (authentication?.kind === 'secrets') {
    for (const [, secret, key] of authentication.parameters)
      add(`Secret ${secret} with the key ${key}`, reads('Prometheus'));
  }
  if (authentication?.kind === 'reference')
    add(`${authentication.ref.kind} ${authentication.ref.name}`, reads('Prometheus'));
  if (authentication?.kind === 'aws')
    add("an AWS role of KEDA's operator that may query Prometheus", reads('Prometheus'));
}

function addEnvironment(
  { env, envFrom }: Pick<ComponentModel['contract'], 'env' | 'envFrom'>,
  reason: string,
  add: (name: string, reason: string) => void,
): void {
  for (const { valueFrom } of env) addSource(valueFrom, reason, add);
  for (const { secretRef, configMapRef } of envFrom) {
    if (secretRef !== undefined && secretRef.optional !== true) add(`Secret ${secretRef.name}`, reason);
    if (configMapRef !== undefined && configMapRef.optional !== true) add(`ConfigMap ${configMapRef.name}`, reason);
  }
}

function addSource(
  source: ComponentModel['contract']['env'][number]['valueFrom'],
  reason: string,
  add: (name: string, reason: string) => void,
): void {
  const { secretKeyRef: secret, configMapKeyRef: configMap } = source ?? {};
  if (secret !== undefined && secret.optional !== true) add(`Secret ${secret.name} with the key ${secret.key}`, reason);
  if (configMap !== undefined && configMap.optional !== true)
    add(`ConfigMap ${configMap.name} with the key ${configMap.key}`, reason);
}
