import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../test/tools/run';

const repository = join(__dirname, '..');

/** Of jsii's notice about Node 20. */
export const ENV = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
export const PEERS = ['constructs', 'cdk8s', 'cdk8s-plus-27'] as const;

/** What packages are made of; `rosetta` holds what the examples are compiled with. */
export const SOURCES = ['.jsii', 'build', 'docs', 'README.md', 'LICENSE', 'rosetta', 'package.json'];
// Of the repository, not of the package.
const PRIVATE_FIELDS = ['devDependencies', 'devEngines', 'scripts', '//'];

export const toolPath = (name: string): string => join(repository, 'node_modules', name, 'bin', name);

export const installedVersion = (name: string): string =>
  JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8')).version;

/**
 * Copies what is published, and its peers, to a folder without projen above it: projen is a jsii module itself, which
 * pacmak finds anywhere up the tree and cannot bring into an order.
 */
export async function stage(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  for (const name of SOURCES) cpSync(join(repository, name), join(dir, name), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  for (const field of PRIVATE_FIELDS) delete manifest[field];
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest, null, 2));
  stageModules(dir, [...PEERS, ...manifest.bundledDependencies]);
}

export function stageModules(dir: string, names: readonly string[]): void {
  for (const name of names) {
    const modules = join('node_modules', name);
    cpSync(join(repository, modules), join(dir, modules), { recursive: true });
  }
}

/** Every example of the README and the API in every language: the path of a tablet for pacmak. */
export async function translateExamples(dir: string): Promise<string> {
  const tablet = join(dir, '.rosetta.tabl.json');
  await run(process.execPath, [toolPath('jsii-rosetta'), 'extract', '--strict', '--output', tablet], {
    cwd: dir,
    env: ENV,
  });
  return tablet;
}
