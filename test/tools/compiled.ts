import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { alone, digest } from './cache';
import { run } from './run';

const repository = join(__dirname, '../..');

/** Compiles the library, unless that was done since its sources changed. */
export async function compiled(): Promise<void> {
  await alone(`compile-${digest(repository)}`, async () => {
    if (!isFresh()) await run('npx', ['projen', 'compile'], { cwd: repository });
  });
}

function isFresh(): boolean {
  const assembly = statSync(join(repository, '.jsii'), { throwIfNoEntry: false });
  const sources = readdirSync(join(repository, 'lib'), { recursive: true, encoding: 'utf8' });
  const files = [...sources.map((name) => join('lib', name)), 'package.json', 'README.md', 'tsconfig.json'];
  return assembly !== undefined && files.every((name) => statSync(join(repository, name)).mtimeMs <= assembly.mtimeMs);
}
