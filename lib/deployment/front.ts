import type { ApiObject } from 'cdk8s';
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { PORT, PORT_NAME } from '../bento/container-contract';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel, IdentityModel } from '../component/component-model';
import type { DoorBackend, DoorContext } from '../component/door';
import { requireDoorRules } from '../component/door-rules';
import { type DoorTimes, doorProperty, doorTimes, type ResolvedDoor } from '../component/doors';
import { deregistrationSeconds } from '../component/drain';
import type { Hop, Path } from '../component/hops';
import type { Claim } from '../component/plan';
import { doorHop } from '../component/request-path';
import {
  CONNECT_SECONDS,
  doorDemands,
  rateDemands,
  requireDemands,
  upstreamDemands,
  upstreamOf,
} from '../component/resolve-traffic';
import { doorObjects } from '../engines/choose-door';
import { routeKind } from '../engines/gateway-api';
import type { ExposureBinding } from '../exposure/custom-exposure';
import type { CustomDoor, ExposureModel } from '../exposure/door-model';
import { Exposure } from '../exposure/exposure';
import { requireSupport } from '../exposure/proxy-support';
import { requireDnsLabel, requireHostname } from '../internal/checks';
import { emitObject } from '../internal/emit';
import { errors } from '../internal/errors';
import { LABELS } from '../internal/labels';
import { placed } from '../internal/names';
import { warn } from '../internal/warnings';
import type { TrafficIntent } from '../traffic/traffic-policy';
import { registerFront } from './tree-checks';

/** The door that a user states, or the one inside the cluster. */
export function exposureOf(exposure: Exposure | undefined): ExposureModel {
  return (exposure ?? Exposure.inCluster())._model;
}

/** What stands before the pods that take requests. */
export interface FrontInput {
  /** What is called: objects of doors have its name. Undefined: that of the root. */
  readonly name?: string;
  readonly root: ComponentModel;
  readonly doors: readonly ResolvedDoor[];
  readonly profile: ClusterProfile;
  /** What takes requests in the place of the root: a tier before it. */
  readonly entry?: ComponentModel;
  /** Where doors lead to; the Service of the entry where it takes requests itself. */
  readonly backends?: readonly DoorBackend[];
  /** Versions that doors tell apart themselves. */
  readonly versions?: Pick<DoorContext, 'matched' | 'mirrors'>;
  /** What doors are to do with requests; what the user said of the root, where it takes them itself. */
  readonly traffic?: TrafficIntent;
  /** What stands before the properties of `traffic` in messages. */
  readonly property?: string;
  /** The times of a door. */
  readonly times?: (door: ResolvedDoor) => DoorTimes;
  /** What stands between the doors and the root. */
  readonly via?: readonly Hop[];
  /** Whether callers without a door are somebody else's to say. */
  readonly doorsAlone?: true;
}

/** All doors of a deployment. */
export interface Front {
  readonly objects: readonly ApiObject[];
  /** Ways to the entry, without it. */
  readonly paths: readonly Path[];
}

/** A door with its times. */
interface TimedDoor {
  readonly door: ResolvedDoor;
  readonly own: DoorTimes;
}

const POLICY = 'apiServer.traffic';

/** Makes the doors, once what they lead to is there. */
export function emitFront(scope: Construct, input: FrontInput): Front {
  const { root, doors, traffic = root.traffic, times = (door) => doorTimes(door, entryOf(input).answer) } = input;
  const timed = doors.map((door) => ({ door, own: times(door) }));
  requireCarried(input, timed, traffic);
  const objects: ApiObject[] = [];
  const paths: Path[] = [];
  for (const { door, own } of timed) {
    const { door: model, key } = door;
    const inside = new Construct(scope, key === undefined ? 'door' : `door-${key}`);
    const context = doorContext(input, door, own, traffic);
    const binding = model.kind === 'custom' ? bind(inside, model, context, entryOf(input)) : undefined;
    for (const { id, namespace = root.identity.namespace, labels, content, ...object } of doorObjects(door, context)) {
      objects.push(
        emitObject(inside, id, {
          ...object,
          namespace,
          labels: { ...frontLabels(root), ...labels },
          content: Object.fromEntries(Object.entries(content).map(([field, value]) => [field, () => value])),
        }),
      );
    }
    if (model.kind !== 'in-cluster' || input.doorsAlone !== true) paths.push(doorPath(input, door, own, binding));
    const hosts = binding?.hosts ?? [];
    if (hosts.length > 0)
      registerFront(
        inside,
        hosts.map((host) => claimOf(input.profile, 'custom', host, inside)),
      );
    if (model.kind === 'ingress-nginx') {
      warn(
        inside,
        'IngressNginxRetired',
        'the maintainers of ingress-nginx have retired it: no release and no security fix comes any more; use Exposure.gateway()',
      );
    }
  }
  return { objects, paths: [...paths, ...(input.doorsAlone === true ? [] : insidePaths(input))] };
}

/** The component that doors lead to. */
function entryOf({ entry, root }: FrontInput): ComponentModel {
  return entry ?? root;
}

/** What leads to a deployment is of none of its versions. */
export function frontLabels({ identity: { labels } }: ComponentModel): { readonly [key: string]: string } {
  const { [LABELS.name]: bento, [LABELS.version]: tag, [LABELS.track]: track, ...kept } = labels;
  return kept;
}

/** Throws where a door cannot do what the user asks of it, or of the hop to the pods. */
function requireCarried(input: FrontInput, doors: readonly TimedDoor[], traffic: TrafficIntent): void {
  const { root, backends, via, property = POLICY } = input;
  const demands = [...upstreamDemands(traffic), ...rateDemands(traffic)];
  const proper = doors.filter(({ door }) => door.kind !== 'in-cluster');
  const weighted = backends?.some(({ weight }) => weight !== undefined) ?? false;
  for (const { door } of proper.length > 0 ? proper : doors) {
    requireDemands(property, door.kind, demands);
    if (weighted) requireSupport('weights', door.kind, 'weights');
  }
  const foreign = proper.some(({ door: { door } }) => 'targetGroupName' in door && door.targetGroupName !== undefined);
  if (foreign && demands.length > 0) {
    throw errors.notByEngine(
      `${property}.${demands[0]![0]}`,
      "an exposure with 'targetGroupName'",
      'it belongs to whoever made the target group',
      'leave it out, and set it there',
    );
  }
  const { namespace } = root.identity;
  const ports = root.contract.ports.map(({ port }) => port).filter((port) => port !== PORT);
  for (const { door, own } of proper) {
    const of = doorProperty(door);
    requireDemands(of, door.kind, doorDemands(door));
    const target = { property, traffic, namespace, requestSeconds: own.request };
    requireDoorRules(of, door, { ...target, ...(via === undefined && { ports }) });
  }
}

function doorContext(input: FrontInput, door: ResolvedDoor, times: DoorTimes, traffic: TrafficIntent): DoorContext {
  const { root, backends, property = POLICY } = input;
  const { identity } = root;
  const { servicePort, answer, drain, contract, keepAliveSeconds, ...entry } = entryOf(input);
  const front = input.name ?? identity.name;
  const name = door.key === undefined ? front : `${front}-${door.key}`;
  requireDnsLabel('name', name);
  const request = times.backendRequest ?? times.request ?? Math.ceil(answer.total);
  return {
    name,
    namespace: identity.namespace,
    backends: backends ?? [{ service: entry.identity.serviceName, port: servicePort }],
    ...input.versions,
    selector: entry.identity.selector,
    containerPort: PORT,
    portName: PORT_NAME,
    healthPath: contract.readyPath,
    property,
    requestSeconds: times.request ?? request,
    silenceSeconds: times.silence ?? request,
    deregistrationSeconds: deregistrationSeconds(drain),
    cluster: root.cluster,
    upstream: upstreamOf({
      property,
      name: front,
      host: entry.identity.serviceName,
      port: servicePort,
      traffic,
      timeouts: {
        connect: CONNECT_SECONDS,
        request,
        streamIdle: times.silence ?? request,
        connectionIdle: times.idle ?? keepAliveSeconds,
      },
      healthPath: contract.readyPath,
      proxies: door.proxies,
      proxiesEntry: door.kind === 'ingress-nginx' ? '`controllers` of the exposure' : '`proxies` of the Gateway',
    }),
  };
}

function claimOf(profile: ClusterProfile, place: string, host: string, { node }: Construct): Claim {
  return { resource: 'host', target: placed(profile.name, place, host), owner: `the door ${node.path}` };
}

/** What each door has alone: of two routes with the same host one would never be asked. */
export function hostClaims(
  { name: front, namespace }: Pick<IdentityModel, 'name' | 'namespace'>,
  doors: readonly ResolvedDoor[],
  profile: ClusterProfile,
): Claim[] {
  return doors.flatMap((door) => {
    const name = door.key === undefined ? front : `${front}-${door.key}`;
    if ('targetGroupName' in door.door && door.door.targetGroupName !== undefined) {
      const target = placed(profile.name, 'targets', door.door.targetGroupName);
      return [{ resource: 'targets', target, owner: `TargetGroupBinding ${name}` }];
    }
    const place = placeOfHosts(door, placed(namespace ?? '', name));
    if (place === undefined || !('hosts' in door.door)) return [];
    const owner = `${kindOf(door)} ${name}`;
    return door.door.hosts.map(
      (host): Claim => ({ resource: 'host', target: placed(profile.name, place, host), owner }),
    );
  });
}

function kindOf({ door }: ResolvedDoor): string {
  return door.kind === 'gateway' ? routeKind(door) : 'Ingress';
}

/** Within what a host leads to one thing; an ALB without a group is that of its Ingress alone. */
function placeOfHosts({ door, gateway }: ResolvedDoor, ingress: string): string | undefined {
  switch (door.kind) {
    case 'gateway':
      return `${gateway!.namespace}/${gateway!.name}`;
    case 'ingress-nginx':
      return `ingress ${door.className}`;
    case 'application-load-balancer':
      return `load balancer ${door.groupName === undefined ? ingress : `group ${door.groupName}`}`;
    default:
      return undefined;
  }
}

/** The way of requests through a door. */
function doorPath(input: FrontInput, door: ResolvedDoor, times: DoorTimes, binding: ExposureBinding | undefined): Path {
  const hop = doorHop(door, times, entryOf(input));
  if (door.kind === 'in-cluster') return behind(input, [{ ...CLIENT, peers: hop.peers }]);
  return behind(input, [CLIENT, binding === undefined ? hop : { ...hop, ...boundHop(binding) }]);
}

const CLIENT: Hop = { kind: 'client', name: 'client', peers: [] };

/** From what stands before all to what stands before the entry. */
function behind({ via = [] }: FrontInput, before: readonly Hop[]): Path {
  return [...before, ...via];
}

function boundHop({ peers, requestTimeout, connectionIdleTimeout }: ExposureBinding): Partial<Hop> {
  return {
    peers: peers.map((peer) => peer._model),
    timeoutSeconds: requestTimeout.toSeconds({ integral: false }),
    idleSeconds: connectionIdleTimeout.toSeconds({ integral: false }),
  };
}

/** Callers inside the cluster, who need no door: pods of the same namespace, unless the user says who. */
function insidePaths(input: FrontInput): Path[] {
  const { doors, profile } = input;
  const inside = doors.flatMap(({ door }) => (door.kind === 'in-cluster' ? [door] : []));
  if (inside.some(({ restricted }) => restricted)) return [];
  const client: Hop = { ...CLIENT, peers: [{}] };
  const { gateway } = profile;
  // Routes of the user's own, where there is no other door.
  const routed = gateway !== undefined && inside.length === doors.length;
  return [
    ...(inside.length > 0 ? [] : [behind(input, [client])]),
    ...(!routed
      ? []
      : [behind(input, [CLIENT, { kind: 'gateway', name: gateway.name, peers: [gateway._model.dataPlane] }])]),
  ];
}

/** Lets a door of the user's own make its objects, and holds it to what it says. */
function bind(scope: Construct, { exposure }: CustomDoor, context: DoorContext, root: ComponentModel): ExposureBinding {
  const [backend] = context.backends;
  const binding = exposure.bind(scope, {
    name: context.name,
    serviceName: backend!.service,
    port: backend!.port,
    containerPort: context.containerPort,
    podSelector: { ...context.selector },
    healthPath: context.healthPath,
    requestTimeout: Duration.seconds(Math.ceil(root.answer.total)),
    keepAlive: Duration.seconds(root.keepAliveSeconds),
    endpointRemoval: Duration.seconds(root.drain.preStopSeconds),
    namespace: context.namespace,
  });
  requireBinding(binding);
  const request = binding.requestTimeout.toSeconds({ integral: false });
  const idle = binding.connectionIdleTimeout.toSeconds({ integral: false });
  if (!(request > root.answer.total)) {
    throw errors.hopOrder('the custom exposure', request, root.identity.name, root.answer.total, "'requestTimeout'");
  }
  if (!(idle < root.keepAliveSeconds)) {
    throw errors.keepAliveOrder('the custom exposure', idle, root.identity.name, root.keepAliveSeconds);
  }
  for (const host of binding.hosts ?? []) requireHostname('hosts', host);
  return binding;
}

/** Plain JavaScript may return nothing, or half of it. */
function requireBinding(binding: Partial<ExposureBinding> | null | undefined): void {
  const missing = (['peers', 'requestTimeout', 'connectionIdleTimeout'] as const).find(
    (field) => binding?.[field] === undefined || binding[field] === null,
  );
  if (missing === undefined) return;
  const remedy = 'return `peers`, `requestTimeout` and `connectionIdleTimeout`';
  throw errors.missingOption(missing, 'in what bind() of the custom exposure returns', remedy);
}
