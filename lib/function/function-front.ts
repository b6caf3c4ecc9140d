import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireCarriedByKnative } from '../checks/knative-function';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel, OnDemandModel } from '../component/component-model';
import type { DoorBackend } from '../component/door';
import { doorProperty, doorTimes, type ResolvedDoor } from '../component/doors';
import { HOLDER_IDLE_SECONDS, longestAnswer } from '../component/entrance';
import type { Path } from '../component/hops';
import type { ComponentOptions } from '../component/options';
import type { Claim } from '../component/plan';
import { serviceUrl } from '../component/resolve-hops';
import { ENGINE_NAMES } from '../component/resolve-scaling';
import { upstreamDemands } from '../component/resolve-traffic';
import { emitFront, type FrontInput, hostClaims } from '../deployment/front';
import {
  doorHosts,
  functionRequestSeconds,
  interceptorDoorSpec,
  interceptorRouteSpec,
  type RoutingRule,
  VERSION_HEADER,
  versionRules,
} from '../engines/keda-http';
import { knativeUrl } from '../engines/knative';
import { PROXY_NAMES } from '../exposure/proxy-support';
import { requireDnsLabel } from '../internal/checks';
import { emitObject, type ObjectSpec } from '../internal/emit';
import { errors } from '../internal/errors';
import { placed } from '../internal/names';
import { warn } from '../internal/warnings';
import type { SplitModel } from '../release/split-model';
import type { TrafficIntent } from '../traffic/traffic-policy';

/** What stands between callers and the pods of a function. */
export interface FunctionFront {
  readonly url: string;
  /** Ways to any version of the function, without it. */
  readonly ways: readonly Path[];
  readonly interceptorRoute?: ApiObject;
  readonly doorService?: ApiObject;
  /** Objects of its doors: routes and their policies. */
  readonly doorObjects: readonly ApiObject[];
}

/** What a front is made from. */
export interface FunctionFrontInput {
  /** The component of the function's own version that takes requests. */
  readonly root: ComponentModel;
  readonly options: ComponentOptions;
  readonly doors: readonly ResolvedDoor[];
  readonly profile: ClusterProfile;
  /** How versions share the requests, and those beside the own one that the interceptor leads to. */
  readonly split?: { readonly model: SplitModel; readonly others: readonly ComponentModel[] };
}

/** Makes what leads to a function and holds its requests. */
export function functionFront(scope: Construct, input: FunctionFrontInput): FunctionFront {
  const { scaling } = input.root;
  if (scaling.kind !== 'on-demand') return hpaFront(scope, input);
  requireHeld(input, scaling.engine);
  return scaling.engine === 'knative' ? knativeFront(input) : interceptorFront(scope, input);
}

/** What leads to a version beside the function's own: the interceptor, where a door says so, and under a name of its own. */
export function versionFront(scope: Construct, model: ComponentModel, doors: readonly ResolvedDoor[]): void {
  const { identity, owner, cluster } = model;
  const { key } = identity.version;
  const name = `${owner}-${key}`;
  requireDnsLabel('name', name);
  const inside = doorHosts(name, identity.namespace!, cluster.clusterDomain);
  emitHolder(scope, model, name, versionRules(key, inside, routedHosts(doors)));
}

/** Requests go straight to the pods, if there are any. */
function hpaFront(scope: Construct, input: FunctionFrontInput): FunctionFront {
  const { identity, servicePort, scaling } = input.root;
  if (scaling.kind === 'auto' && scaling.minReplicas === 0) {
    warn(
      scope,
      'NoQueue',
      `requests fail while no replica of ${identity.name} runs: the HorizontalPodAutoscaler holds none; use the KEDA HTTP add-on or Knative`,
    );
  }
  const { root, doors, profile } = input;
  const { paths, objects } = emitFront(scope, { name: root.owner, root, doors, profile });
  return { url: serviceUrl(identity, servicePort, undefined), ways: paths, doorObjects: objects };
}

/** What a policy would do to requests is done to what holds them, and every request comes from the same pods. */
function requireHeld({ root, doors }: FunctionFrontInput, engine: 'keda-http' | 'knative'): void {
  const carrier = `a function by ${ENGINE_NAMES[engine]}`;
  if (doors.some(({ door }) => door.kind === 'in-cluster' && door.restricted)) {
    throw errors.notByEngine(
      'exposure.allowFrom',
      carrier,
      'requests of everybody come from the same pods, so no policy can tell callers apart',
      'leave it out, or use a BentoDeployment',
    );
  }
  for (const [property] of upstreamDemands(root.traffic)) {
    throw errors.notByEngine(
      `apiServer.traffic.${property}`,
      carrier,
      'it would act on what holds its requests, not on its pods',
      'leave it out, or use a BentoDeployment',
    );
  }
}

/** Requests pass the ingress and the activator of Knative, or the ingress alone where replicas have room. */
function knativeFront({ root, options, doors, profile }: FunctionFrontInput): FunctionFront {
  if (doors.some(({ kind }) => kind !== 'in-cluster') || root.traffic.rateLimit !== undefined) {
    throw errors.notByEngine(
      root.traffic.rateLimit === undefined ? 'exposure' : 'apiServer.traffic.rateLimit',
      `a function by ${ENGINE_NAMES.knative}`,
      'requests must pass its own ingress, which tells functions apart by their hosts',
      'map a host with a DomainMapping of Knative, or use the KEDA HTTP add-on or the HorizontalPodAutoscaler',
    );
  }
  requireCarriedByKnative(root, options);
  const { namespace, ingressNamespaces } = profile._model.knative!;
  const { identity } = root;
  const peers = [namespace, ...ingressNamespaces].map((name) => ({ namespace: name }));
  return {
    url: knativeUrl(identity.workloadName, identity.namespace!, profile.clusterDomain),
    ways: [
      [
        { kind: 'client', name: 'client', peers: [] },
        { kind: 'activator', name: 'Knative', peers, idleSeconds: HOLDER_IDLE_SECONDS },
      ],
    ],
    doorObjects: [],
  };
}

/** Requests pass the interceptor of the HTTP add-on, which knows functions by the host that is asked for. */
function interceptorFront(scope: Construct, input: FunctionFrontInput): FunctionFront {
  const { root, options, doors, profile, split } = input;
  requireRoutes(doors, root.traffic);
  const { identity, owner, hold, terminated } = root;
  const { interceptor } = profile._model.kedaHttpAddOn!;
  const inside = doorHosts(owner, identity.namespace!, profile.clusterDomain);
  const routed = routedHosts(doors);
  // The API server refuses a host that stands there twice.
  const hosts = [...new Set([...inside, ...routed])];
  const sleeps = (root.scaling as OnDemandModel).minReplicas === 0 && !terminated;
  if (sleeps && hold!.maxPending === undefined && hold!.overflow.kind !== 'placeholder') {
    warn(
      scope,
      'UnboundedQueue',
      `any number of requests may wait for ${identity.name} in the interceptor, which all functions share; state coldStart.maxPending, which the KEDA HTTP add-on has from 0.16 on`,
    );
  }
  if (options.allowFrom !== undefined && options.allowFrom.length > 0) {
    warn(
      scope,
      'CallersBesideInterceptor',
      `'apiServer.allowFrom' lets callers reach the pods of ${identity.name} without its interceptor: their requests neither wake it nor are counted`,
    );
  }
  const models = [root, ...(split?.others ?? [])];
  const answer = longestAnswer(models);
  const total = Math.max(...models.map(functionRequestSeconds));
  const { objects, paths } = emitFront(scope, {
    name: owner,
    root,
    doors: doors.filter(({ kind }) => kind !== 'in-cluster'),
    profile,
    ...interceptorBackends(profile, split?.model),
    times: (door) => doorTimes(door, { ...answer, total, silence: total - answer.total + answer.silence }),
    via: [
      {
        kind: 'interceptor',
        name: 'interceptor',
        peers: [interceptor.peer],
        timeoutSeconds: total,
        idleSeconds: HOLDER_IDLE_SECONDS,
      },
    ],
  });
  const rules = split === undefined ? [{ hosts }] : versionRules(identity.version.key, hosts, routed);
  return {
    url: `http://${inside[0]}:${interceptor.port}`,
    ways: paths,
    doorObjects: objects,
    ...emitHolder(scope, root, owner, rules),
  };
}

/** What holds the requests of a version, and the name under which callers of the cluster find it. */
function emitHolder(
  scope: Construct,
  model: ComponentModel,
  name: string,
  rules: readonly RoutingRule[],
): { interceptorRoute: ApiObject; doorService: ApiObject } {
  const { namespace, labels, name: route } = model.identity;
  const emit = (id: string, object: Pick<ObjectSpec, 'apiVersion' | 'kind' | 'name'>, spec: () => unknown): ApiObject =>
    emitObject(scope, id, { ...object, namespace, labels, content: { spec } });
  return {
    interceptorRoute: emit(
      'interceptor-route',
      { apiVersion: 'http.keda.sh/v1beta1', kind: 'InterceptorRoute', name: route },
      () => interceptorRouteSpec(model, rules),
    ),
    doorService: emit('door-service', { apiVersion: 'v1', kind: 'Service', name }, () => interceptorDoorSpec(model)),
  };
}

/** All versions are behind the interceptor: what differs is what it is told. */
function interceptorBackends(
  { _model: { kedaHttpAddOn } }: ClusterProfile,
  split: SplitModel | undefined,
): Pick<FrontInput, 'backends' | 'versions'> {
  const { interceptor, namespace } = kedaHttpAddOn!;
  const backend: DoorBackend = { service: interceptor.service, namespace, port: interceptor.port };
  if (split === undefined) return { backends: [backend] };
  const of = (key: string): DoorBackend => ({ key, ...backend, setHeaders: { [VERSION_HEADER]: key } });
  const weighted = split.others.flatMap(({ key, share }) =>
    share.kind === 'weight' ? [{ ...of(key), weight: share.percent }] : [],
  );
  const matched = split.others.flatMap(({ key, share }) =>
    share.kind === 'match' ? [{ key, match: share.match, backend: of(key) }] : [],
  );
  const rest = 100 - weighted.reduce((sum, { weight }) => sum + weight, 0);
  return {
    backends: weighted.length === 0 ? [of(split.own)] : [{ ...of(split.own), weight: rest }, ...weighted],
    versions: matched.length === 0 ? {} : { matched },
  };
}

/** Only a Gateway leads into another namespace, where the interceptor is, and only a door counts requests. */
function requireRoutes(doors: readonly ResolvedDoor[], { rateLimit }: TrafficIntent): void {
  if (rateLimit !== undefined && doors.every(({ kind }) => kind === 'in-cluster')) {
    throw errors.notByEngine(
      'apiServer.traffic.rateLimit',
      `a function by ${ENGINE_NAMES['keda-http']}`,
      'the interceptor has none',
      'leave it out, or use Exposure.gateway() with Gateway.envoyGateway()',
    );
  }
  const other = doors.find(({ kind, gateway }) => kind !== 'in-cluster' && gateway === undefined);
  if (other === undefined) return;
  throw errors.notByEngine(
    doorProperty(other),
    `a function by ${ENGINE_NAMES['keda-http']}`,
    `requests must pass the interceptor, which ${PROXY_NAMES[other.kind]} cannot lead to`,
    'use Exposure.gateway(), or a BentoDeployment',
  );
}

function routedHosts(doors: readonly ResolvedDoor[]): string[] {
  return doors.flatMap(({ door }) => (door.kind === 'gateway' ? door.hosts : []));
}

/** Hosts of a function: those of its routes, and of the interceptor's table, which all gateways share. */
export function functionHosts(
  { identity, owner, scaling }: ComponentModel,
  doors: readonly ResolvedDoor[],
  profile: ClusterProfile,
): Claim[] {
  if (scaling.kind === 'on-demand' && scaling.engine === 'knative') return [];
  const routed = hostClaims({ name: owner, namespace: identity.namespace }, doors, profile);
  if (scaling.kind !== 'on-demand') return routed;
  const kept = [...new Set(routedHosts(doors))].map(
    (host): Claim => ({
      resource: 'host',
      target: placed(profile.name, 'interceptor', host),
      owner: `InterceptorRoute ${identity.name}`,
    }),
  );
  return [...routed, ...kept];
}
