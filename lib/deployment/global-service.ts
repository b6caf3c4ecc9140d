import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { PORT } from '../bento/container-contract';
import { ClusterProfile } from '../cluster/cluster-profile';
import { widenCache } from '../component/cache-tier';
import type { ComponentModel, IdentityModel } from '../component/component-model';
import type { DoorBackend } from '../component/door';
import { type ResolvedDoor, resolveDoors } from '../component/doors';
import { deregistrationSeconds, removalWarnings } from '../component/drain';
import { entranceBehind, longestAnswer, widen } from '../component/entrance';
import { type Requirement, requirementsOf } from '../component/requirement';
import { requireSplitDoors } from '../component/split-tier';
import { serviceSpec } from '../engines/service';
import type { Exposure } from '../exposure/exposure';
import type { ServingEndpoint } from '../exposure/serving-endpoint';
import { requireDnsLabel, requireInteger, requireUnique } from '../internal/checks';
import { emitObject } from '../internal/emit';
import { errors, located } from '../internal/errors';
import { LABELS, MANAGED_BY } from '../internal/labels';
import { dnsLabel, sortedEntries, sortedMap } from '../internal/names';
import { warn } from '../internal/warnings';
import { trafficIntent, type UpstreamPolicy } from '../traffic/traffic-policy';
import type { BentoDeployment } from './bento-deployment';
import { registerMember } from './fleet-members';
import { emitFront, exposureOf, hostClaims } from './front';
import { endpointsOf, onlyEndpoint } from './serving-endpoints';
import { namespaceOf } from './serving-tree';
import { registerFront } from './tree-checks';

/** One door to several deployments. */
export interface GlobalServiceProps {
  /**
   * The deployments behind it, each once, of its own cluster and namespace. Pods of all of them get a label that the Service
   * selects: joining or leaving replaces their pods. A deployment is behind one GlobalService at the most.
   */
  readonly members: BentoDeployment[];

  /**
   * The part of the requests that each member gets, by the names of all deployments: whole numbers from 0 to 100, not all of
   * them 0. Only exposures that know requests can: see the support table.
   *
   * @default - requests go to any pod, so that a member with twice the replicas gets twice the requests
   */
  readonly weights?: { [deployment: string]: number };

  /**
   * The door through which requests come.
   *
   * @default - Exposure.inCluster()
   */
  readonly exposure?: Exposure;

  /**
   * How the exposure passes requests on to the pods of all members; what these say of their own does not hold here.
   *
   * @default - the defaults of each part
   */
  readonly traffic?: UpstreamPolicy;

  /**
   * The port of the Service: 1 to 65535.
   *
   * @default 3000
   */
  readonly servicePort?: number;

  /**
   * The name of its objects.
   *
   * @default - the construct id as a DNS label
   */
  readonly name?: string;
}

/**
 * One Service, and one exposure, over several deployments of a cluster, as those of several regions that one cluster
 * spans. Each member keeps its own Service; pods of all of them outlast the connections of the common door, too.
 *
 * @example
 * new GlobalService(chart, 'Api', {
 *   members: [east, west],
 *   exposure: Exposure.networkLoadBalancer({ internetFacing: true }),
 * });
 */
export class GlobalService extends Construct {
  /** Its name. */
  public readonly name: string;

  /** The `v1` Service that selects the pods of all members. */
  public readonly service: ApiObject;

  /** All objects of its doors: routes, policies, Services of load balancers. */
  public readonly doorObjects: ApiObject[];

  /** What the cluster must have for its doors. */
  public readonly requirements: Requirement[];

  private readonly doors: readonly ResolvedDoor[];
  private readonly targets: () => ServingEndpoint[];
  private readonly port: number;
  private readonly namespace?: string;

  /**
   * @throws EmptyList, DuplicateKey, ClusterMismatch, MembersDiffer, ConflictingOptions, NotAMember, MissingOption,
   * OutOfRange, NotByEngine, InvalidName, and all that options throw
   */
  public constructor(scope: Construct, id: string, props: GlobalServiceProps) {
    super(scope, id);
    const { members, weights, exposure, traffic, servicePort = PORT, name = dnsLabel(id) } = props;
    const profile = ClusterProfile.of(this);
    this.name = name;
    this.port = servicePort;
    this.namespace = located(this.node.path, () => {
      requireDnsLabel('name', name);
      requireInteger('servicePort', servicePort, 1, 65_535);
      return namespaceOf(this, profile);
    });
    const { namespace } = this;
    located(this.node.path, () => requireAlike(this, members, namespace));
    const root = frontOf(name, namespace, members, servicePort);
    const doors = located(this.node.path, () => doorsOf(exposure, profile));
    const backends = located(this.node.path, () => weights && weighted(weights, members));
    const entrance = located(this.node.path, () => entranceBehind(doors, root.answer));
    for (const { _entry: entry, cache, versions } of members) {
      widen(entry._component, entrance, { [LABELS.globalService]: name });
      located(this.node.path, () => {
        requireSplitDoors(entry._component, doors);
        const caches = [cache, ...versions.map((version) => version.cache)];
        for (const tier of caches) if (tier !== undefined) widenCache(tier._component, doors);
      });
      const doubts = removalWarnings('apiServer.drain', entry._component.drain, entrance.removalSeconds);
      for (const { id: doubt, text } of doubts) warn(entry, doubt, text);
    }
    this.service = emitObject(this, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      name,
      namespace,
      labels: root.identity.labels,
      content: { spec: () => serviceSpec(root) },
    });
    const front: ComponentModel = {
      ...root,
      ...endsOf(members),
      traffic: located(this.node.path, () => trafficIntent('traffic', traffic)),
    };
    const { objects, paths } = located(this.node.path, () =>
      emitFront(this, {
        root: front,
        doors,
        profile,
        traffic: front.traffic,
        property: 'traffic',
        // Who reaches them without it, members say themselves.
        doorsAlone: true,
        ...(backends !== undefined && { backends }),
      }),
    );
    for (const member of members) member._join(paths);
    this.doorObjects = [...objects];
    this.requirements = requirementsOf([], profile, doors, front);
    registerMember(this, { name, profile, doors, components: [] });
    this.doors = doors;
    this.targets = () => endpointsOf({ name, doors, profile, component: front });
    registerFront(this, hostClaims(root.identity, doors, profile));
  }

  /**
   * Where pods of all members take requests from the one target group of an exposure with `targetGroupName`.
   *
   * @throws NoEndpoint
   */
  public get endpoint(): ServingEndpoint {
    return located(this.node.path, () => onlyEndpoint(this.targets(), this.doors));
  }

  /** All of them, in the order of the exposures' keys: empty without `targetGroupName`. */
  public get endpoints(): ServingEndpoint[] {
    return this.targets();
  }

  /** Where it is reached inside the cluster: `http://api.ml:3000`. */
  public get url(): string {
    return `http://${this.namespace === undefined ? this.name : `${this.name}.${this.namespace}`}:${this.port}`;
  }
}

/** Its doors; callers inside the cluster are those that each member lets in. */
function doorsOf(exposure: Exposure | undefined, profile: ClusterProfile): ResolvedDoor[] {
  const doors = resolveDoors(exposureOf(exposure), profile);
  if (doors.some(({ door }) => door.kind === 'in-cluster' && door.restricted)) {
    throw errors.notByEngine(
      'exposure.allowFrom',
      'a GlobalService',
      'who reaches the pods of a member without its door, the member says',
      'state it in the exposure of each member',
    );
  }
  return doors;
}

/** What doors see: the pods of all members as those of one component, with the longest of their times. */
function frontOf(
  name: string,
  namespace: string | undefined,
  members: readonly BentoDeployment[],
  servicePort: number,
): ComponentModel {
  const models = members.map(({ _entry }) => _entry._component);
  const first = models[0]!;
  const labels = sortedMap({ [LABELS.instance]: name, [LABELS.managedBy]: MANAGED_BY });
  const selector = { [LABELS.globalService]: name };
  const identity: IdentityModel = {
    ...first.identity,
    namespace,
    name,
    serviceName: name,
    selector,
    labels,
    podLabels: selector,
  };
  return {
    ...first,
    identity,
    servicePort,
    traffic: {},
    answer: longestAnswer(models),
  };
}

/** What all members hold: the shortest keep-alive and pause, and the longest end. */
function endsOf(members: readonly BentoDeployment[]): Pick<ComponentModel, 'keepAliveSeconds' | 'drain'> {
  const models = members.map(({ _entry }) => _entry._component);
  const preStopSeconds = Math.min(...models.map(({ drain }) => drain.preStopSeconds));
  const longest = Math.max(...models.map(({ drain }) => deregistrationSeconds(drain)));
  return {
    keepAliveSeconds: Math.min(...models.map((model) => model.keepAliveSeconds)),
    drain: {
      preStopSeconds,
      gracefulShutdownSeconds: longest - preStopSeconds,
      gracePeriodSeconds: Math.max(...models.map(({ drain }) => drain.gracePeriodSeconds)),
    },
  };
}

/** Throws unless one Service can lead to all of them. */
function requireAlike(scope: GlobalService, members: readonly BentoDeployment[], namespace: string | undefined): void {
  const [first] = members.map(({ _entry }) => _entry._component);
  if (first === undefined) throw errors.emptyList('members', 'name the deployments behind it');
  requireUnique(
    'members',
    members.map(({ node }) => node.path),
  );
  const own = ClusterProfile.of(scope).name;
  for (const { _entry: entry, apiServer, name, splitter, versions } of members) {
    const { contract, identity } = entry._component;
    const apart = splitter === undefined && versions.some((version) => version.apiServer !== undefined);
    if (apart || apiServer._component.rollout !== undefined) {
      throw errors.notByEngine(
        `members (${name})`,
        'a GlobalService',
        'its Service would lead to pods of all versions alike',
        'let the release end first, or share requests out by Release.split() with SplitRouter.nginx()',
      );
    }
    if (apiServer._component.exclusive && members.length > 1) {
      throw errors.notByEngine(
        `members (${name})`,
        'a GlobalService',
        'it has tasks, which the pods of other members know nothing of',
        'give it an exposure of its own',
      );
    }
    const [ports, others] = [first, entry._component].map((model) =>
      model.contract.ports.map(({ port }) => port).join(),
    );
    if (ports !== others) throw errors.membersDiffer('members', 'ports', ports!, others!, 'a Service has those of all');
    const cluster = ClusterProfile.of(entry).name;
    if (cluster !== own) throw errors.clusterMismatch('members', own, cluster);
    if (identity.namespace !== namespace) {
      const [ours, other] = [namespace, identity.namespace].map((value) => value ?? 'none');
      throw errors.membersDiffer('members', 'namespace', ours!, other!, 'a Service selects pods of its own');
    }
    if (contract.readyPath !== first.contract.readyPath) {
      throw errors.membersDiffer('members', 'readiness path', first.contract.readyPath, contract.readyPath, HEALTH);
    }
    const taken = identity.podLabels[LABELS.globalService];
    if (taken !== undefined) {
      throw errors.conflictingOptions(
        `members (${name})`,
        `GlobalService ${taken}`,
        'its pods can have one such label',
      );
    }
  }
}

const HEALTH = 'doors ask all of their pods in the same way';

/** What a rule of a route takes. */
const MAX_WEIGHTED = 16;

/** The Service of each member, with its share. */
function weighted(
  weights: { readonly [deployment: string]: number },
  members: readonly BentoDeployment[],
): DoorBackend[] {
  const names = members.map(({ name }) => name);
  for (const [name, weight] of sortedEntries(weights)) {
    if (!names.includes(name)) throw errors.notAMember('weights', name, names);
    requireInteger(`weights.${name}`, weight, 0, 100);
  }
  if (members.length > MAX_WEIGHTED) {
    throw errors.outOfRange('weights', `of at most ${MAX_WEIGHTED} members`, members.length, 'use fewer members');
  }
  const unsaid = names.find((name) => !Object.hasOwn(weights, name));
  if (unsaid !== undefined) {
    throw errors.missingOption(`weights.${unsaid}`, 'with other weights', 'state 0 for a member that gets none');
  }
  if (names.every((name) => weights[name] === 0)) {
    throw errors.outOfRange('weights', 'above 0 for one member at least', 0);
  }
  return members.map(({ name, _entry: entry }) => ({
    service: entry._component.identity.serviceName,
    port: entry._component.servicePort,
    weight: weights[name]!,
  }));
}
