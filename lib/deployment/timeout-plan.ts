import { Duration } from 'cdk8s';
import type { Hop, Path } from '../component/hops';

/** One station of a request, with its times; those that are undefined are not the library's to say. */
export class RequestHop {
  /** @internal */
  public static _of(hop: Hop): RequestHop {
    return new RequestHop(hop);
  }

  /**
   * What it is: `client`, `load-balancer`, `gateway`, `interceptor`, `activator`, `split`, `cache`, `api-server`,
   * `proxy` or `runner-pool`.
   */
  public readonly kind: string;

  /** Its name, as that of its Deployment or Gateway. */
  public readonly name: string;

  /** How long it gives those before it for a whole answer. */
  public readonly requestTimeout?: Duration;

  /** The same until the first byte of the answer. */
  public readonly firstByteTimeout?: Duration;

  /** How long it waits for the next hop, once. */
  public readonly attemptTimeout?: Duration;

  /** How long a connection may be silent while an answer is awaited or flows. */
  public readonly silenceTimeout?: Duration;

  /** How long it keeps idle connections of those before it. */
  public readonly keepAlive?: Duration;

  /** After what time it closes idle connections to the next hop, which keeps them for longer. */
  public readonly idleTimeout?: Duration;

  /** How long it may go on sending to a pod of the next hop that is going. */
  public readonly endpointRemoval?: Duration;

  /** How long a load balancer lets requests end at a pod that it has taken out. */
  public readonly deregistrationDelay?: Duration;

  /** How long its pods go on as if nothing were before they end: at least what those before it take to remove them. */
  public readonly preStop?: Duration;

  /** How long its pods have from the start of that until they are killed. */
  public readonly gracePeriod?: Duration;

  private constructor(hop: Hop) {
    this.kind = hop.kind;
    this.name = hop.name;
    this.requestTimeout = duration(hop.timeoutSeconds);
    this.firstByteTimeout = duration(hop.firstByteSeconds);
    this.attemptTimeout = duration(hop.attemptSeconds);
    this.silenceTimeout = duration(hop.silenceSeconds);
    this.keepAlive = duration(hop.keepAliveSeconds);
    this.idleTimeout = duration(hop.idleSeconds);
    this.endpointRemoval = duration(hop.removalSeconds);
    this.deregistrationDelay = duration(hop.deregistrationSeconds);
    this.preStop = duration(hop.drain?.preStopSeconds);
    this.gracePeriod = duration(hop.drain?.gracePeriodSeconds);
  }
}

/** The way of a request: through a door to the API server, or from there to a service that it depends on. */
export class RequestPath {
  /** @internal */
  public static _of(path: Path): RequestPath {
    return new RequestPath(path.map((hop) => RequestHop._of(hop)));
  }

  private constructor(
    /** Its stations, outermost first. */
    public readonly hops: RequestHop[],
  ) {}
}

/**
 * What every station of a request waits, and how it ends: computed from the timeouts of the components. Each gives up
 * after the one behind it, so that the answer of that one arrives, and closes idle connections before it.
 *
 * @example
 * console.error(rag.timeoutPlan.toMarkdown());
 */
export class TimeoutPlan {
  /** @internal */
  public static _of(paths: readonly Path[]): TimeoutPlan {
    return new TimeoutPlan(paths.map((path) => RequestPath._of(path)));
  }

  private constructor(
    /** Ways through each door to the API server, then from each component to each service that it calls. */
    public readonly paths: RequestPath[],
  ) {}

  /** A table in Markdown, in seconds: a row for each station of each path. */
  public toMarkdown(): string {
    const rows = this.paths.flatMap(({ hops }) => hops.map((hop, index) => row(hop, index)));
    return [HEADER, HEADER.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  }

  /** A picture of all ways as a flow chart in Mermaid, which GitHub and many wikis draw. */
  public toMermaid(): string {
    const ids = new Map<string, string>();
    const edges = new Set<string>();
    for (const { hops } of this.paths) {
      hops.slice(1).forEach((hop, index) => {
        const outer = hops[index]!;
        const waits = outer.attemptTimeout ?? outer.requestTimeout;
        const label = waits === undefined ? '' : `|${text(waits)} s|`;
        edges.add(`  ${node(outer, ids)} -->${label} ${node(hop, ids)}`);
      });
    }
    const nodes = [...ids].map(([key, id]) => `  ${id}["${escaped(key)}"]`);
    return ['flowchart LR', ...nodes, ...edges].join('\n');
  }
}

const HEADER = [
  'station',
  'whole answer',
  'first byte',
  'one try',
  'silence',
  'keeps idle connections',
  'closes idle connections',
  'goes on sending',
  'deregistration',
  'preStop',
  'grace period',
];

function row(hop: RequestHop, index: number): string[] {
  const times = [
    hop.requestTimeout,
    hop.firstByteTimeout,
    hop.attemptTimeout,
    hop.silenceTimeout,
    hop.keepAlive,
    hop.idleTimeout,
    hop.endpointRemoval,
    hop.deregistrationDelay,
    hop.preStop,
    hop.gracePeriod,
  ];
  return [`${'→ '.repeat(index)}${label(hop)}`, ...times.map((time) => (time === undefined ? '' : text(time)))];
}

/** A name says enough where it is not that of somebody else. */
function label({ kind, name }: RequestHop): string {
  return ['load-balancer', 'gateway'].includes(kind) && name !== kind ? `${kind} ${name}` : name;
}

function node(hop: RequestHop, ids: Map<string, string>): string {
  const key = label(hop);
  if (!ids.has(key)) ids.set(key, `h${ids.size}`);
  return ids.get(key)!;
}

/** As Mermaid has it: quotes end a text, and # begins an entity. */
function escaped(name: string): string {
  return name.replace(/#/g, '#35;').replace(/"/g, '#quot;');
}

function text(time: Duration): string {
  return String(Math.round(time.toMilliseconds()) / 1000);
}

function duration(seconds: number | undefined): Duration | undefined {
  return seconds === undefined ? undefined : Duration.millis(Math.round(seconds * 1000));
}
