/** What serves in a cluster, as a fleet sees it. */
export interface FleetMember {
  /** The path of its construct, for messages. */
  readonly path: string;
  /** What it is called in every region. */
  readonly name: string;
  readonly cluster: string;
  /** Where it runs; undefined where that is not known. */
  readonly region?: FleetRegion;
  /** Whether it is bound to the region, in a cluster that spans several. */
  readonly bound: boolean;
  /** What clients reach it by: hosts, and that it has a target group of somebody else's. */
  readonly doors: readonly string[];
  /** What it runs; undefined for what runs nothing itself. */
  readonly image?: string;
  readonly components: readonly FleetComponent[];
  readonly chart: FleetChart;
}

/** A region by its names. */
export interface FleetRegion {
  readonly name: string;
  readonly shortName: string;
}

/** One component of what serves. */
export interface FleetComponent {
  /** Its service. */
  readonly name: string;
  readonly gpu: boolean;
  /** Whether its pods run on nodes that the user chose. */
  readonly onChosenNodes: boolean;
}

/** The chart that something lies in. */
export interface FleetChart {
  readonly path: string;
  /** What its file or folder is called, but for its number where charts depend on one another. */
  readonly file: string;
  /** Whether it depends on others: files are numbered in their order then. */
  readonly ordered: () => boolean;
}

/** A fleet, as its rules see it. */
export interface FleetModel {
  readonly path: string;
  readonly regions: readonly FleetRegion[];
  /** Regions that take requests. */
  readonly serving: ReadonlySet<string>;
  /** Names of regions, wave after wave. */
  readonly waves: readonly (readonly string[])[];
  /** Names of what it is about; undefined: all in clusters with a region. */
  readonly deployments?: readonly string[];
}
