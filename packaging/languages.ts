// Packs the compiled library for every language to dist/: what is missing on this machine is said, and left out.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pack, type Target } from './pack';

const NEEDS: { readonly [target in Target]: readonly string[][] } = {
  js: [],
  python: [['python3', '-c', 'import ensurepip, venv']],
  java: [
    ['java', '-version'],
    ['mvn', '--version'],
  ],
  go: [['go', 'version']],
  dotnet: [['dotnet', '--version']],
};

const isHere = ([command, ...args]: string[]): boolean => spawnSync(command!, args, { stdio: 'ignore' }).status === 0;

async function main(): Promise<void> {
  const targets = Object.keys(NEEDS) as Target[];
  const lacking = targets.filter((target) => !NEEDS[target].every(isHere));
  for (const target of lacking)
    console.warn(`${target}: code only: needs ${NEEDS[target].map(([command]) => command).join(' and ')}`);
  await pack({ outdir: join(__dirname, '../dist'), targets, codeOnly: lacking, javadoc: true });
  for (const target of targets) console.log(`dist/${target}`);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
