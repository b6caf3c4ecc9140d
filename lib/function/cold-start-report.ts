import { Duration } from 'cdk8s';
import { coldStartSeconds, DETECTION_SECONDS, type Sleeper } from '../component/cold-start';

/** One thing that the first request to a sleeping function waits for. */
export class ColdStartTerm {
  /** @internal */
  public static _of(component: string, name: string, seconds: number, assumed: boolean): ColdStartTerm {
    return new ColdStartTerm(component, name, Duration.seconds(seconds), assumed);
  }

  private constructor(
    /** The component that takes it. */
    public readonly component: string,
    /** What it is: `node`, `image`, `model` or `server`. */
    public readonly name: string,
    /** How long it takes. */
    public readonly duration: Duration,
    /** Whether nobody stated it. */
    public readonly assumed: boolean,
  ) {}
}

/**
 * What the first request to a sleeping function waits for. The function and the pools that wake with it get their nodes
 * and images at the same time; the function's server starts when they are ready. Rates are those of usual hardware:
 * images at 60 MiB/s, weights from a disk at 300 MiB/s and from elsewhere at 100 MiB/s, 10 seconds for Python.
 *
 * @example
 * console.error(upscaler.coldStartReport.toString());
 */
export class ColdStartReport {
  /** @internal */
  public static _of(root: Sleeper, all: readonly Sleeper[]): ColdStartReport {
    const terms = all.flatMap(({ model: { identity, coldStart } }) =>
      (['node', 'image', 'model', 'server'] as const).map((name) =>
        ColdStartTerm._of(
          identity.name,
          name,
          coldStart[name],
          (coldStart.assumed as readonly string[]).includes(name),
        ),
      ),
    );
    return new ColdStartReport(terms, Duration.seconds(coldStartSeconds(root, all)));
  }

  private constructor(
    /** Each component's terms, in the order in which they follow one another. */
    public readonly terms: ColdStartTerm[],
    /** From the first request to the first replica that takes it. */
    public readonly total: Duration,
  ) {}

  /** As lines of text, a component each. */
  public toString(): string {
    const names = [...new Set(this.terms.map(({ component }) => component))];
    const lines = names.map((component) => {
      const own = this.terms.filter((term) => term.component === component);
      const parts = own.map(
        ({ name, duration, assumed }) => `${name} ${duration.toSeconds()} s${assumed ? ' (assumed)' : ''}`,
      );
      return `${component}: ${parts.join(', ')}`;
    });
    return [`${this.total.toSeconds()} s, ${DETECTION_SECONDS} s of them to notice`, ...lines].join('\n');
  }
}
