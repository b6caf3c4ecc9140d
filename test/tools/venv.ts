import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache';
import { run } from './run';

export interface VenvOptions {
  /** Of the folder in the cache. */
  readonly name: string;
  /** Pinned: `bentoml==1.4.39`. */
  readonly packages: string[];
  /** A pip constraints file that pins what the packages depend on. */
  readonly constraints?: string;
}

export interface Venv {
  readonly dir: string;
  readonly python: string;
  /** The path of a program that a package installed. */
  program(name: string): string;
}

/** A Python environment with exactly these packages: made once per machine, reused afterwards. */
export async function venv({ name, packages, constraints }: VenvOptions): Promise<Venv> {
  const loose = packages.filter((p) => !p.includes('=='));
  if (loose.length > 0) throw new Error(`pin ${loose.join(', ')}: a judge that changes by itself judges nothing`);
  const version = (await run('python3', ['--version'])).stdout;
  const pins = constraints === undefined ? '' : readFileSync(constraints, 'utf8');
  const dir = await cached(name, [version, pins, ...packages], async (target) => {
    await run('python3', ['-m', 'venv', target]);
    const limits = constraints === undefined ? [] : ['--constraint', constraints];
    await run(join(target, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...limits, ...packages]);
  });
  const program = (binary: string) => join(dir, 'bin', binary);
  return { dir, python: program('python'), program };
}
