import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { Gateway } from '../cluster/gateway';
import type { ComponentModel } from '../component/component-model';
import type { Hop, Path } from '../component/hops';
import type { Claim } from '../component/plan';
import { type HttpRouteModel, httpRouteSpec } from '../engines/gateway-api';
import { Exposure, type ExposureModel } from '../exposure/exposure';
import { emitObject } from '../internal/emit';
import { errors } from '../internal/errors';
import { placed } from '../internal/names';

/** The door that a user states, or the one inside the cluster. */
export function exposureOf(exposure: Exposure | undefined): ExposureModel {
  return (exposure ?? Exposure.inCluster())._model;
}

/** The gateway of a route: its own, or the cluster's. */
export function gatewayOf({ route }: ExposureModel, profile: ClusterProfile): Gateway | undefined {
  if (route === undefined) return undefined;
  const gateway = route.gateway ?? profile.gateway;
  if (gateway === undefined) {
    throw errors.clusterLacks('exposure.gateway', 'gateway', 'state it there, or in Exposure.gateway()');
  }
  return gateway;
}

/** Each host of a gateway leads to one thing: of two routes with the same host one would never be asked. */
export function hostClaims(name: string, exposure: ExposureModel, profile: ClusterProfile): Claim[] {
  const gateway = gatewayOf(exposure, profile);
  if (gateway === undefined) return [];
  const door = `${gateway.namespace}/${gateway.name}`;
  return exposure.route!.hosts.map((host) => ({
    resource: 'host',
    target: placed(profile.name, door, host),
    owner: `HTTPRoute ${name}`,
  }));
}

/** The ways of requests to the API server, without what stands between. */
export function doors({ identity }: ComponentModel, exposure: ExposureModel, profile: ClusterProfile): Path[] {
  const self: Hop = { kind: 'api-server', name: identity.name, peers: [] };
  const client: Hop = { kind: 'client', name: 'client', peers: exposure.peers };
  const gateway = exposure.restricted ? undefined : (exposure.route?.gateway ?? profile.gateway);
  const through: Path[] =
    gateway === undefined ? [] : [[client, { kind: 'gateway', name: gateway.name, peers: [gateway._dataPlane] }, self]];
  return [[client, self], ...through];
}

/** How much longer than what is behind it a gateway waits, so that the other's answer arrives. */
const GATEWAY_MARGIN_SECONDS = 5;

/** A route, and how long what is behind it may take. */
export interface RouteInput extends Pick<HttpRouteModel, 'hosts' | 'backend'> {
  readonly gateway: Gateway;
  readonly behindSeconds: number;
}

/** The route from a gateway to what takes its requests. */
export function emitRoute(scope: Construct, { identity }: ComponentModel, input: RouteInput): ApiObject {
  const { gateway, hosts, backend, behindSeconds } = input;
  const { name, namespace } = gateway;
  const timeoutSeconds = behindSeconds + GATEWAY_MARGIN_SECONDS;
  return emitObject(scope, 'route', {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    name: identity.name,
    namespace: identity.namespace,
    labels: identity.labels,
    content: {
      spec: () => httpRouteSpec({ hosts, backend, timeoutSeconds, gateway: { name, namespace } }),
    },
  });
}
