import { Duration } from 'cdk8s';

/** What ends a stage of a release. */
export enum StageEnd {
  /** Time: it lasts as long as it says. */
  TIME = 'time',
  /** Pods: new ones are ready, or old ones are gone. */
  PODS = 'pods',
  /** Gates: all have passed for long enough. */
  GATES = 'gates',
  /** A human, who tells Argo Rollouts to go on. */
  HUMAN = 'human',
  /** An edit of the definition. */
  EDIT = 'edit',
}

/** What a version has at a stage of a release. */
export class VersionShare {
  /** @internal */
  public static _of({ version, percent, besides, replicas }: ShareModel): VersionShare {
    return new VersionShare(version, percent, besides, replicas?.fewest, replicas?.most);
  }

  private constructor(
    /** `old` and `new` where one takes the place of the other, else its key. */
    public readonly version: string,
    /** Of a hundred requests, those that it answers; undefined where that is not known. */
    public readonly percent?: number,
    /** Requests that it gets besides: `x-version: 2`, or `copies of 5 %`. */
    public readonly besides?: string,
    /** The fewest replicas of its API server, or of the component that is replaced; undefined where nobody knows. */
    public readonly fewestReplicas?: number,
    /** The most replicas of the same. */
    public readonly mostReplicas?: number,
  ) {}
}

/** One stage of a release. */
export class ReleaseStage {
  /** @internal */
  public static _of(model: StageModel): ReleaseStage {
    return new ReleaseStage(model);
  }

  /** The workloads that it is about: `rag`, or several of them. */
  public readonly component: string;

  /** A short name: `10 %`. */
  public readonly name: string;

  /** What happens. */
  public readonly action: string;

  /** How long it lasts; at the least, where gates must pass all that time. Undefined: until something happens. */
  public readonly duration?: Duration;

  /** What each version has of requests and replicas. */
  public readonly versions: VersionShare[];

  /** Gates that are asked meanwhile, by the names of their metrics. */
  public readonly gates: string[];

  /** What ends it. */
  public readonly endsBy: StageEnd;

  /** The same in words. */
  public readonly end: string;

  /** What happens when it fails, or how to go back from here; empty where nothing does. */
  public readonly onFailure: string;

  /** Whether the definition stands at this stage. Releases that run by themselves are at none: the cluster knows. */
  public readonly current: boolean;

  private constructor(model: StageModel) {
    this.component = model.component;
    this.name = model.name;
    this.action = model.action;
    if (model.seconds !== undefined) this.duration = Duration.seconds(model.seconds);
    this.versions = model.shares.map((share) => VersionShare._of(share));
    this.gates = [...model.gates];
    this.endsBy = model.endsBy;
    this.end = model.end;
    this.onFailure = model.failure;
    this.current = model.current ?? false;
  }
}

/** What a version has of requests and replicas at a stage. */
export interface ShareModel {
  readonly version: string;
  readonly percent?: number;
  readonly besides?: string;
  readonly replicas?: ReplicaRange;
}

/** Replicas of a component: an autoscaler decides between the two. */
export interface ReplicaRange {
  readonly fewest: number;
  readonly most: number;
}

/** A stage of a release, before it is shown. */
export interface StageModel {
  readonly component: string;
  readonly name: string;
  readonly action: string;
  readonly seconds?: number;
  readonly shares: readonly ShareModel[];
  readonly gates: readonly string[];
  readonly endsBy: StageEnd;
  readonly end: string;
  readonly failure: string;
  readonly current?: boolean;
  /** Whether it begins together with the first stage of all, and not after the one before it. */
  readonly atOnce?: true;
}

/** A time as people say it: `25 min 30 s`. */
export function spanned(seconds: number): string {
  const parts = UNITS.map(([unit, size, above]) => [Math.floor((seconds % above) / size), unit] as const);
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.length === 0 ? '0 s' : said.join(' ');
}

const UNITS: readonly (readonly [unit: string, size: number, above: number])[] = [
  ['h', 3600, Number.POSITIVE_INFINITY],
  ['min', 60, 3600],
  ['s', 1, 60],
];
