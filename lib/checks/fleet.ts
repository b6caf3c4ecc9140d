import { errors } from '../internal/errors';
import { groupBy } from '../internal/group-by';
import type { FleetChart, FleetMember, FleetModel, FleetRegion } from './fleet-member';
import { type Problem, problemAt } from './tree-component';

/** A member whose region is known. */
type Placed = FleetMember & { readonly region: FleetRegion };

/** What only the whole of a fleet can know, each problem at the construct where it is to be solved. */
export function checkFleet(fleet: FleetModel, members: readonly FleetMember[]): Problem[] {
  const own = membersIn(fleet, members);
  const byName = [...groupBy(own, ({ name }) => name).values()];
  return [
    ...unknownDeployments(fleet, members),
    ...clusters(fleet, own),
    ...emptyRegions(fleet, own),
    ...byName.flatMap((namesakes) => [
      ...absences(fleet, namesakes),
      ...doorsThatDiffer(fleet, namesakes),
      ...regionsWithoutPool(namesakes),
    ]),
    ...waves(fleet, own),
  ];
}

/**
 * Regions of which one runs something else than another: between waves that is a release under way, as long as one version
 * follows the other. What takes no requests may be ahead, or behind.
 */
export function versionsThatDiffer(fleet: FleetModel, members: readonly FleetMember[]): string[] {
  const own = membersIn(fleet, members).filter(({ region }) => fleet.serving.has(region.name));
  return [...groupBy(own, ({ name }) => name)].flatMap(([name, namesakes]) => {
    const ofWaves = fleet.waves.map((wave) => [
      ...new Set(
        namesakes.flatMap(({ region, image }) => (image !== undefined && wave.includes(region.name) ? [image] : [])),
      ),
    ]);
    const mixed = ofWaves.findIndex((images) => images.length > 1);
    if (mixed >= 0) {
      const where = fleet.waves.length === 1 ? 'regions' : `regions of wave ${mixed + 1}`;
      return [
        `${name} is not the same in all ${where}: ${placesOf(namesakes, fleet.waves[mixed]!)}; let \`waves\` say which is released first`,
      ];
    }
    const images = ofWaves.flat();
    const changes = images.filter((image, index) => index > 0 && image !== images[index - 1]).length;
    if (changes < 2) return [];
    return [
      `${name} changes ${changes} times from wave to wave: ${placesOf(namesakes, fleet.waves.flat())}; end one release before the next`,
    ];
  });
}

function placesOf(members: readonly Placed[], regions: readonly string[]): string {
  return members
    .filter(({ region, image }) => image !== undefined && regions.includes(region.name))
    .map(({ region, image }) => `${region.name} has ${image}`)
    .join(', ');
}

function membersIn({ deployments }: FleetModel, members: readonly FleetMember[]): Placed[] {
  return members.filter(
    (member): member is Placed => member.region !== undefined && (deployments?.includes(member.name) ?? true),
  );
}

function unknownDeployments({ path, deployments = [] }: FleetModel, members: readonly FleetMember[]): Problem[] {
  const known = [...new Set(members.map(({ name }) => name))].sort();
  return deployments
    .filter((name) => !known.includes(name))
    .map((name) => problemAt(path, errors.unknownDeployment('deployments', name, known)));
}

/** Clusters of no region of the fleet, and clusters that nobody could tell apart. */
function clusters({ regions }: FleetModel, members: readonly Placed[]): Problem[] {
  const known = regions.map(({ name }) => name);
  const outside = uniqueBy(
    members.filter(({ region }) => !known.includes(region.name)),
    ({ cluster, region }) => `${cluster}\n${region.name}`,
  ).map(({ path, cluster, region }) => problemAt(path, errors.clusterOutsideFleet(cluster, region.name, known)));
  const shared = [
    ...groupBy(
      members.filter(({ bound }) => !bound),
      ({ cluster }) => cluster,
    ),
  ].flatMap(([cluster, list]) => {
    const of = [...new Set(list.map(({ region }) => region.name))];
    return of.length < 2 ? [] : [problemAt(list.at(-1)!.path, errors.clusterOfRegions(cluster, of))];
  });
  return [...outside, ...shared];
}

/** A region that takes no requests may be there before its cluster is, and for longer. */
function emptyRegions({ path, serving }: FleetModel, members: readonly Placed[]): Problem[] {
  return [...serving]
    .filter((name) => !members.some(({ region }) => region.name === name))
    .map((name) => problemAt(path, errors.regionWithoutCluster(name)));
}

/** What clients reach must be in every region to which they are led. */
function absences({ path, serving }: FleetModel, namesakes: readonly Placed[]): Problem[] {
  const there = new Set(namesakes.map(({ region }) => region.name));
  const others = [...there].filter((name) => serving.has(name));
  if (others.length === 0 || namesakes.every(({ doors }) => doors.length === 0)) return [];
  return [...serving]
    .filter((name) => !there.has(name))
    .map((name) => problemAt(path, errors.notInRegion(namesakes[0]!.name, name, others)));
}

/** A client that comes to another region asks for the same host. */
function doorsThatDiffer({ serving }: FleetModel, namesakes: readonly Placed[]): Problem[] {
  const taking = namesakes.filter(({ region }) => serving.has(region.name));
  const doorsOf = ({ region, doors }: Placed): Set<string> => new Set(doors.map((door) => withoutRegion(door, region)));
  const owners = new Map<string, string[]>();
  for (const member of taking) {
    for (const door of doorsOf(member)) owners.set(door, [...(owners.get(door) ?? []), member.region.name]);
  }
  return taking.flatMap((member) => {
    const own = doorsOf(member);
    return [...owners]
      .filter(([door]) => !own.has(door))
      .map(([door, regions]) =>
        problemAt(member.path, errors.doorsDiffer(member.name, door, member.region.name, [...new Set(regions)])),
      );
  });
}

/** A host that names its region, as `rag.eu-west-1.example.com`, has its like in the others. */
function withoutRegion(door: string, { name, shortName }: FleetRegion): string {
  return door
    .split('.')
    .map((label) => label.replace(new RegExp(`(^|-)(${name}|${shortName})$`), '$1<region>'))
    .join('.');
}

/** GPUs of which the user says nothing are wherever there happen to be some. */
function regionsWithoutPool(namesakes: readonly Placed[]): Problem[] {
  const gpus = namesakes.flatMap((member) =>
    member.components.filter(({ gpu }) => gpu).map((component) => ({ ...component, member })),
  );
  return [...groupBy(gpus, ({ name }) => name)].flatMap(([name, components]) => {
    const others = [
      ...new Set(components.filter(({ onChosenNodes }) => onChosenNodes).map(({ member }) => member.region.name)),
    ];
    if (others.length === 0) return [];
    return components
      .filter(({ onChosenNodes }) => !onChosenNodes)
      .map(({ member }) => problemAt(member.path, errors.regionWithoutPool(name, member.region.name, others)));
  });
}

/** Whoever applies one file after the other keeps to the waves. */
function waves({ waves: order }: FleetModel, members: readonly Placed[]): Problem[] {
  const charts = order.map((wave) =>
    uniqueBy(
      members.filter(({ region }) => wave.includes(region.name)).map(({ chart }) => chart),
      ({ path }) => path,
    ),
  );
  if (charts.flat().some(({ ordered }) => ordered())) return [];
  return charts.slice(1).flatMap((later, index) => {
    const last = extreme(charts[index]!, (a, b) => a > b);
    const first = extreme(later, (a, b) => a < b);
    if (last === undefined || first === undefined || last.file < first.file) return [];
    return [problemAt(first.path, errors.waveOrder(last.path, first.path))];
  });
}

function extreme(charts: readonly FleetChart[], beyond: (a: string, b: string) => boolean): FleetChart | undefined {
  return charts.reduce<FleetChart | undefined>(
    (found, chart) => (found === undefined || beyond(chart.file, found.file) ? chart : found),
    undefined,
  );
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...groupBy(values, key).values()].map(([first]) => first!);
}
