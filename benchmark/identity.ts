// Whether two programs wrote the same bytes to the same files.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './workload';

const OUTDIR_ARGUMENT = 3;

export interface Comparison {
  readonly what: string;
  readonly files: number;
  readonly identical: boolean;
}

/** Of every pair of cases that differ in nothing but the App. */
export function comparisons(cases: readonly Case[]): Comparison[] {
  const ours = cases.filter(({ command }) => command.args.at(-1) === 'ours');
  return ours.flatMap(({ group, count, command: { args } }) => {
    const folder = args[OUTDIR_ARGUMENT]!;
    const stock = folder.replace(/-ours$/, '-stock');
    if (!cases.some((one) => one.command.args[OUTDIR_ARGUMENT] === stock)) return [];
    return [{ what: `${group} ${count}`, ...compare(folder, stock) }];
  });
}

function compare(one: string, other: string): Omit<Comparison, 'what'> {
  const files = filesOf(one);
  const same = (file: string): boolean => readFileSync(join(one, file)).equals(readFileSync(join(other, file)));
  return { files: files.length, identical: String(files) === String(filesOf(other)) && files.every(same) };
}

function filesOf(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => statSync(join(folder, path)).isFile()).sort();
}
