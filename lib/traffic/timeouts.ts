import { CLIENT_TIMEOUT_FACTOR, DEFAULT_TIMEOUT_SECONDS } from '../bento/container-contract';

/** How much longer than its slowest dependency a caller has by default. */
const CALLER_FACTOR = 1.1;

/** What is left of a multiplication: 100 x 1.1 is not above 110. */
const DUST = 1e-9;

/** One service with what is stated of its timeout. */
export interface TimeoutNode {
  readonly name: string;
  /** Stated in code or by the Bento: never moved. */
  readonly stated?: number;
  readonly dependencies: readonly string[];
}

/**
 * The timeout of each service: stated ones as they are, the others 60 s, but below those of their callers and above
 * those of their dependencies. `nodes` come callers first.
 */
export function planTimeouts(nodes: readonly TimeoutNode[]): Map<string, number> {
  const ceilings = ceilingsOf(nodes, (own) => tidy(own / CALLER_FACTOR));
  const limits = ceilingsOf(nodes, (own) => own / CLIENT_TIMEOUT_FACTOR);
  const planned = new Map<string, number>();
  for (const { name, stated, dependencies } of [...nodes].reverse()) {
    const slowest = Math.max(0, ...dependencies.map((dependency) => planned.get(dependency)!));
    planned.set(name, stated ?? choose(slowest, ceilings.get(name), limits.get(name)));
  }
  return planned;
}

/** For each service beneath stated ones what those leave it, `share` by `share`. */
function ceilingsOf(nodes: readonly TimeoutNode[], share: (own: number) => number): Map<string, number> {
  const ceilings = new Map<string, number>();
  for (const { name, stated, dependencies } of nodes) {
    const own = stated ?? ceilings.get(name);
    if (own === undefined) continue;
    for (const dependency of dependencies) {
      ceilings.set(dependency, Math.min(ceilings.get(dependency) ?? Number.POSITIVE_INFINITY, share(own)));
    }
  }
  return ceilings;
}

/** With ease above the slowest dependency and below the callers; where stated ones leave no ease, in the middle. */
function choose(slowest: number, ceiling = DEFAULT_TIMEOUT_SECONDS, limit = Number.POSITIVE_INFINITY): number {
  const easy = Math.max(Math.min(DEFAULT_TIMEOUT_SECONDS, ceiling), Math.ceil(slowest * CALLER_FACTOR - DUST));
  const fits = (seconds: number): boolean => seconds < limit && outlasts(seconds, slowest);
  const middle = (slowest * CLIENT_TIMEOUT_FACTOR + limit) / 2;
  // None fits where stated ones contradict each other, which is reported elsewhere.
  return [easy, Math.round(middle * 1000) / 1000, middle].find(fits) ?? easy;
}

/** Whether a caller outlasts its dependency, so that the dependency's own answer reaches the user. */
export function outlasts(callerSeconds: number, dependencySeconds: number): boolean {
  return callerSeconds > dependencySeconds * CLIENT_TIMEOUT_FACTOR;
}

/** Whole seconds where that leaves any, else thousandths. */
function tidy(seconds: number): number {
  return seconds >= 1 ? Math.floor(seconds + DUST) : Math.floor(seconds * 1000 + DUST) / 1000;
}
