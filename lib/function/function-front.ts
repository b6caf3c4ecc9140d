import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireCarriedByKnative } from '../checks/knative-function';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel, OnDemandModel } from '../component/component-model';
import { answerSeconds } from '../component/drain';
import type { Path } from '../component/hops';
import type { ComponentOptions } from '../component/options';
import type { Claim } from '../component/plan';
import { ENGINE_NAMES } from '../component/resolve-scaling';
import { serviceUrl } from '../component/resolve-version';
import { doors, emitRoute, gatewayOf, hostClaims } from '../deployment/front';
import { referenceGrantSpec } from '../engines/gateway-api';
import { doorHosts, functionRequestSeconds, interceptorDoorSpec, interceptorRouteSpec } from '../engines/keda-http';
import { knativeUrl } from '../engines/knative';
import type { ExposureModel } from '../exposure/exposure';
import { emitObject } from '../internal/emit';
import { errors } from '../internal/errors';
import { placed } from '../internal/names';
import { warn } from '../internal/warnings';
import type { PeerModel } from '../traffic/network-peer';

/** What stands between callers and the pods of a function. */
export interface FunctionFront {
  readonly url: string;
  readonly paths: readonly Path[];
  readonly interceptorRoute?: ApiObject;
  readonly door?: ApiObject;
  readonly route?: ApiObject;
}

/** What a front is made from. */
export interface FrontInput {
  readonly root: ComponentModel;
  readonly options: ComponentOptions;
  readonly exposure: ExposureModel;
  readonly profile: ClusterProfile;
}

/** Makes what leads to a function and holds its requests. */
export function functionFront(scope: Construct, input: FrontInput): FunctionFront {
  const { scaling } = input.root;
  if (scaling.kind !== 'on-demand') return hpaFront(scope, input);
  return scaling.engine === 'knative' ? knativeFront(input) : interceptorFront(scope, input);
}

/** Requests go straight to the pods, if there are any. */
function hpaFront(scope: Construct, { root, exposure, profile }: FrontInput): FunctionFront {
  const gateway = gatewayOf(exposure, profile);
  const { identity, servicePort } = root;
  if (root.scaling.kind === 'auto' && root.scaling.minReplicas === 0) {
    warn(
      scope,
      'NoQueue',
      `requests fail while no replica of ${identity.name} runs: the HorizontalPodAutoscaler holds none; use the KEDA HTTP add-on or Knative`,
    );
  }
  return {
    url: serviceUrl(identity, servicePort, undefined),
    paths: doors(root, exposure, profile),
    ...(gateway !== undefined && {
      route: emitRoute(scope, root, {
        gateway,
        hosts: exposure.route!.hosts,
        backend: { name: identity.serviceName, port: servicePort },
        behindSeconds: answerSeconds(root),
      }),
    }),
  };
}

/** Requests pass the ingress and the activator of Knative, or the ingress alone where replicas have room. */
function knativeFront({ root, options, exposure, profile }: FrontInput): FunctionFront {
  requireOpen(exposure, 'knative');
  if (exposure.route !== undefined) {
    throw errors.notByEngine(
      'exposure',
      ENGINE_NAMES.knative,
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
    paths: [held(root, { kind: 'activator', peers })],
  };
}

/** Requests pass the interceptor of the HTTP add-on, which knows functions by the host that is asked for. */
function interceptorFront(scope: Construct, { root, options, exposure, profile }: FrontInput): FunctionFront {
  requireOpen(exposure, 'keda-http');
  const gateway = gatewayOf(exposure, profile);
  const { identity, hold, terminated } = root;
  const { interceptor, namespace } = profile._model.kedaHttpAddOn!;
  const inside = doorHosts(identity.name, identity.namespace!, profile.clusterDomain);
  // The API server refuses a host that stands there twice.
  const hosts = [...new Set([...inside, ...(exposure.route?.hosts ?? [])])];
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
  const common = { namespace: identity.namespace, labels: identity.labels };
  if (gateway !== undefined) emitGrant(scope, root, namespace, interceptor.service);
  return {
    url: `http://${inside[0]}:${interceptor.port}`,
    paths: [held(root, { kind: 'interceptor', peers: [interceptor.peer] })],
    interceptorRoute: emitObject(scope, 'interceptor-route', {
      apiVersion: 'http.keda.sh/v1beta1',
      kind: 'InterceptorRoute',
      name: identity.name,
      ...common,
      content: { spec: () => interceptorRouteSpec(root, hosts) },
    }),
    door: emitObject(scope, 'door', {
      apiVersion: 'v1',
      kind: 'Service',
      name: identity.name,
      ...common,
      content: { spec: () => interceptorDoorSpec(root) },
    }),
    ...(gateway !== undefined && {
      route: emitRoute(scope, root, {
        gateway,
        hosts: exposure.route!.hosts,
        backend: { name: interceptor.service, namespace, port: interceptor.port },
        behindSeconds: functionRequestSeconds(root),
      }),
    }),
  };
}

/** Hosts of a function: those of its route, and of the interceptor's table, which all gateways share. */
export function functionHosts(
  { identity, scaling }: ComponentModel,
  exposure: ExposureModel,
  profile: ClusterProfile,
): Claim[] {
  if (scaling.kind === 'on-demand' && scaling.engine === 'knative') return [];
  const routed = hostClaims(identity.name, exposure, profile);
  if (scaling.kind !== 'on-demand') return routed;
  const held = (exposure.route?.hosts ?? []).map(
    (host): Claim => ({
      resource: 'host',
      target: placed(profile.name, 'interceptor', host),
      owner: `InterceptorRoute ${identity.name}`,
    }),
  );
  return [...routed, ...held];
}

function held(
  { identity }: ComponentModel,
  { kind, peers }: { kind: 'interceptor' | 'activator'; peers: readonly PeerModel[] },
): Path {
  return [
    { kind: 'client', name: 'client', peers: [] },
    { kind, name: kind, peers },
    { kind: 'api-server', name: identity.name, peers: [] },
  ];
}

/** Every request comes from the same pods, whoever sent it. */
function requireOpen({ restricted }: ExposureModel, engine: 'keda-http' | 'knative'): void {
  if (!restricted) return;
  throw errors.notByEngine(
    'exposure.allowFrom',
    ENGINE_NAMES[engine],
    'requests of everybody come from the same pods, so no policy can tell callers apart',
    'leave it out, or use a BentoDeployment',
  );
}

/** A route may lead into another namespace only where that one allows it. */
function emitGrant(scope: Construct, { identity }: ComponentModel, namespace: string, service: string): void {
  emitObject(scope, 'reference-grant', {
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    kind: 'ReferenceGrant',
    // With a dot, which neither of the two has.
    name: `${identity.namespace}.${identity.name}`,
    namespace,
    labels: identity.labels,
    content: {
      spec: () => referenceGrantSpec(identity.namespace!, service),
    },
  });
}
