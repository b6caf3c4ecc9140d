import { inspect } from 'node:util';

/** An error of the library, which the construct that meets it first gives its path. */
export class BentoError extends Error {
  #located = false;

  public at(path: string): this {
    if (!this.#located) this.message += ` (at ${path})`;
    this.#located = true;
    return this;
  }
}

/** Runs `body`; what the library throws in it says at which construct. */
export function located<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof BentoError ? error.at(path) : error;
  }
}

/** The value as its author wrote it; JSON has no word for NaN and Infinity. */
export function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A map that holds itself, as an alias of YAML can make.
    return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  }
}

/** What all catalogues are made with. */
export function fail(code: string, text: string, remedy?: string): BentoError {
  return new BentoError(`[${code}] ${text}${remedy === undefined ? '' : `; ${remedy}`}`);
}
