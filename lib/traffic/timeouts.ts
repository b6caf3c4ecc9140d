import { CLIENT_TIMEOUT_FACTOR, DEFAULT_TIMEOUT_SECONDS } from '../bento/container-contract';

/** How much longer than its slowest dependency a caller has by default. */
const CALLER_FACTOR = 1.1;

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
  const ceilings = new Map<string, number>();
  for (const { name, stated, dependencies } of nodes) {
    const own = stated ?? ceilings.get(name);
    if (own === undefined) continue;
    for (const dependency of dependencies) {
      ceilings.set(
        dependency,
        Math.min(ceilings.get(dependency) ?? Number.POSITIVE_INFINITY, tidy(own / CALLER_FACTOR)),
      );
    }
  }
  const planned = new Map<string, number>();
  for (const { name, stated, dependencies } of [...nodes].reverse()) {
    const floor = Math.max(0, ...dependencies.map((dependency) => Math.ceil(planned.get(dependency)! * CALLER_FACTOR)));
    const wish = Math.min(DEFAULT_TIMEOUT_SECONDS, ceilings.get(name) ?? DEFAULT_TIMEOUT_SECONDS);
    planned.set(name, stated ?? Math.max(wish, floor));
  }
  return planned;
}

/** Whether a caller outlasts its dependency, so that the dependency's own answer reaches the user. */
export function outlasts(callerSeconds: number, dependencySeconds: number): boolean {
  return callerSeconds > dependencySeconds * CLIENT_TIMEOUT_FACTOR;
}

/** Whole seconds where that leaves any, else thousandths. */
function tidy(seconds: number): number {
  return seconds >= 1 ? Math.floor(seconds) : Math.floor(seconds * 1000) / 1000;
}
