import { Chart, Names } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { FleetComponent, FleetMember } from '../checks/fleet-member';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel } from '../component/component-model';
import type { ResolvedDoor } from '../component/doors';
import { targetGroupNameOf } from '../component/target-group';
import type { ResolvedComponent } from '../component/version-input';
import type { Region } from '../placement/region';

const members = new WeakMap<IConstruct, FleetMember[]>();

/** What serves, and how clients come to it. */
export interface MemberInput {
  /** What it is called in every region. */
  readonly name: string;
  /** Where its pods are bound to. */
  readonly region?: Region;
  readonly profile: ClusterProfile;
  readonly doors: readonly ResolvedDoor[];
  /** Of its own version; none of what runs nothing itself. */
  readonly components: readonly ResolvedComponent[];
}

/** Lets what serves take part in the rules of fleets. */
export function registerMember(construct: Construct, input: MemberInput): void {
  const { profile, region = profile.region, components } = input;
  const { root, path } = construct.node;
  const known = members.get(root) ?? [];
  members.set(root, known);
  known.push({
    path,
    name: input.name,
    cluster: profile.name,
    ...(region !== undefined && { region }),
    bound: input.region !== undefined,
    doors: input.doors.flatMap(namesOf),
    ...(components.length > 0 && { image: components[0]!.model.contract.image.reference }),
    components: components.map(({ bentoService, model }) => componentOf(bentoService, model)),
    chart: chartOf(construct),
  });
}

/** All that serves in an app, in the order in which it was made. */
export function membersOf({ node: { root } }: IConstruct): readonly FleetMember[] {
  return members.get(root) ?? [];
}

/** What clients know a door by. */
function namesOf(resolved: ResolvedDoor): readonly string[] {
  if (targetGroupNameOf(resolved) !== undefined) return ['a target group'];
  return 'hosts' in resolved.door ? resolved.door.hosts : [];
}

function componentOf(name: string, { size, pod }: ComponentModel): FleetComponent {
  return { name, gpu: size.gpu !== undefined, onChosenNodes: Object.keys(pod.nodeSelector).length > 0 };
}

function chartOf(construct: Construct): FleetMember['chart'] {
  const chart = Chart.of(construct);
  return {
    path: chart.node.path,
    // Only waves ask for it.
    get file() {
      return Names.toDnsLabel(chart);
    },
    ordered: () => chart.node.dependencies.some((other) => Chart.isChart(other)),
  };
}
