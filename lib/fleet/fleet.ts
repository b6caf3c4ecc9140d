import { Construct } from 'constructs';
import { checkFleet, versionsThatDiffer } from '../checks/fleet';
import type { FleetModel } from '../checks/fleet-member';
import { membersOf } from '../deployment/fleet-members';
import { requireMadeBy, requireUnique } from '../internal/checks';
import { errors, located } from '../internal/errors';
import { printWarnings, warn } from '../internal/warnings';
import { Region } from '../placement/region';
import { RegionTraffic } from '../placement/region-traffic';
import { servingRegions } from '../placement/serving-regions';
import { Wave } from '../placement/wave';

/** Regions that serve the same. */
export interface FleetProps {
  /** The regions, each once: at least one. */
  readonly regions: Region[];

  /**
   * How requests are shared out among the regions: what a global endpoint is made with. Weights and the order of a failover
   * name every region.
   *
   * @default - RegionTraffic.nearest(): each client is served by the nearest region that is healthy
   */
  readonly traffic?: RegionTraffic;

  /**
   * Regions that get no requests, as before work on one of them: the others get its part. Nothing changes in its cluster.
   *
   * @default - none
   */
  readonly drained?: Region[];

  /**
   * In what order regions are released, each region in one wave: `Fleet.chartId` puts it into the names of files, by
   * which a pipeline goes.
   *
   * @default - all regions at once
   */
  readonly waves?: Wave[];

  /**
   * What the regions serve together: names of deployments, functions and global services, without the region that ends
   * them. For apps in which not everything is in all regions, or that have several fleets.
   *
   * @default - all in the app whose region is known, by its own `region` or that of its ClusterProfile
   */
  readonly deployments?: string[];
}

/**
 * Regions that serve the same. Charts are made by a plain loop over `regions`; the fleet checks, when the app is synthesized,
 * what only the whole can know: that clients find in each region that takes requests what they find in the others, by the
 * same hosts; that each has its cluster, GPUs their nodes, and files the order of the waves. What belongs to it is found by
 * the region of its ClusterProfile, wherever it is in the app. The fleet itself emits nothing.
 *
 * @example
 * const fleet = new Fleet(app, 'Fleet', {
 *   regions: [Region.aws('eu-west-1'), Region.aws('us-east-1')],
 *   waves: [Wave.of([Region.aws('eu-west-1')]), Wave.of([Region.aws('us-east-1')])],
 * });
 * for (const region of fleet.regions) {
 *   const chart = new Chart(app, fleet.chartId(region), { namespace: 'ml' });
 *   ClusterProfile.set(chart, new ClusterProfile({ region, loadBalancerCidrs: ['10.0.0.0/16'] }));
 *   new BentoDeployment(chart, 'Rag', {
 *     bento,
 *     exposure: Exposure.networkLoadBalancer({ targetGroupName: `rag-${region.name}` }),
 *   });
 * }
 */
export class Fleet extends Construct {
  /** How requests are shared out, with the regions that are drained: what a global endpoint is made with. */
  public readonly traffic: RegionTraffic;

  private readonly all: readonly Region[];
  private readonly order: readonly Wave[];
  private readonly serving: readonly string[];

  /**
   * @param scope the app: charts of all regions lie in it
   * @throws EmptyList, DuplicateKey, UnknownRegion, MissingOption, NoRegionServes, OutOfRange
   */
  public constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const { regions, traffic = RegionTraffic.nearest(), drained = [], waves, deployments } = props;
    const { path } = this.node;
    this.all = located(path, () => listOf('regions', regions));
    this.traffic = located(path, () => traffic._without(drained));
    this.serving = located(path, () => servingRegions(this.traffic._model, namesOf(this.all)));
    this.order = located(path, () => (waves === undefined ? [Wave.of([...this.all])] : inWaves(waves, this.all)));
    located(path, () => requireNames(deployments));
    const model: FleetModel = {
      path,
      regions: this.all,
      serving: new Set(this.serving),
      waves: this.order.map((wave) => namesOf(wave.regions)),
      ...(deployments !== undefined && { deployments: [...deployments] }),
    };
    this.node.addValidation({ validate: () => this.check(model) });
  }

  /** Its regions, in the order in which they were given; a copy. */
  public get regions(): Region[] {
    return [...this.all];
  }

  /** Regions that take requests: neither drained nor without a part; a copy. */
  public get servingRegions(): Region[] {
    return this.all.filter(({ name }) => this.serving.includes(name));
  }

  /** Regions that are released together, wave after wave: one where none were given; a copy. */
  public get waves(): Wave[] {
    return [...this.order];
  }

  /**
   * The number of the wave in which a region is released, the first being 1: all are of wave 1 where none were given.
   *
   * @throws UnknownRegion
   */
  public waveOf(region: Region): number {
    const index = this.order.findIndex((wave) => namesOf(wave.regions).includes(region.name));
    if (index < 0) throw errors.unknownRegion('region', region.name, namesOf(this.all)).at(this.node.path);
    return index + 1;
  }

  /**
   * An id for the chart of a region, and so the name of its file or folder: `us-east-1`, and with waves `wave-2-us-east-1`.
   * By these names files are in the order of the waves.
   *
   * @throws UnknownRegion
   */
  public chartId(region: Region): string {
    const wave = this.waveOf(region);
    if (this.order.length === 1) return region.name;
    return `wave-${String(wave).padStart(String(this.order.length).length, '0')}-${region.name}`;
  }

  private check(fleet: FleetModel): string[] {
    const members = membersOf(this);
    const doubts = versionsThatDiffer(fleet, members);
    for (const text of doubts) warn(this, 'RegionsDiffer', text);
    // The root, which prints warnings, has been asked before.
    if (doubts.length > 0) printWarnings(this.node.root);
    return [...new Set(checkFleet(fleet, members).map(({ message }) => message))];
  }
}

function namesOf(regions: readonly Region[]): string[] {
  return regions.map(({ name }) => name);
}

function listOf(property: string, regions: readonly Region[]): Region[] {
  if (regions.length === 0) throw errors.emptyList(property, 'name the regions that serve');
  for (const region of regions) requireMadeBy(property, region, Region);
  requireUnique(property, namesOf(regions));
  return [...regions];
}

/** Throws unless each region is in one wave. */
function inWaves(waves: readonly Wave[], regions: readonly Region[]): Wave[] {
  const known = namesOf(regions);
  for (const wave of waves) requireMadeBy('waves', wave, Wave);
  const named = waves.flatMap((wave) => namesOf(wave.regions));
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) throw errors.unknownRegion('waves', unknown, known);
  requireUnique('waves', named, 'a region is released once');
  const forgotten = known.find((name) => !named.includes(name));
  if (forgotten !== undefined) {
    throw errors.missingOption('waves', `for every region, and ${forgotten} is in none`, 'put it into the last one');
  }
  return [...waves];
}

function requireNames(deployments: readonly string[] | undefined): void {
  if (deployments === undefined) return;
  if (deployments.length === 0) throw errors.emptyList('deployments', 'leave it out for all in the app');
  requireUnique('deployments', deployments);
}
