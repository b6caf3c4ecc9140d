// Measures the built library beside its peers: whole processes, interleaved, medians and ratios.
//
//   npm run benchmark                what docs/speed.md shows, with the peers that can be installed; writes it
//   npm run benchmark -- --all       with kustomize at 5,001 objects, too, which takes minutes by itself
//   npm run benchmark -- --only=import,pipeline   these groups alone; writes their tables
//   npm run benchmark -- --quick     whether it works: small sizes, once, without peers; writes nothing
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fill } from '../test/guides';
import { comparisons } from './identity';
import { installedPeers, type Peer } from './peers';
import { waysToRun } from './pipeline';
import { plotOf } from './plot';
import { allTables, targetTable } from './report';
import { Results, targetsOf } from './targets';
import { casesOf, runInterleaved } from './workload';

const repository = join(__dirname, '..');
const GIBIBYTE = 2 ** 30;

function versions(peers: readonly Peer[]): string {
  const packages = ['cdk8s', 'cdk8s-plus-27', 'constructs'].map((name) => {
    const { version } = JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8'));
    return `${name} ${version}`;
  });
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / GIBIBYTE)} GiB`;
  return [`Node ${process.version}`, ...packages, ...peers.map(({ version }) => version), machine].join(', ');
}

async function main(options: readonly string[]): Promise<void> {
  const quick = options.includes('--quick');
  const folder = mkdtempSync(join(tmpdir(), 'bento-benchmark-'));
  const log = (text: string): void => console.error(text);
  try {
    const groups = options
      .find((option) => option.startsWith('--only='))
      ?.slice('--only='.length)
      .split(',');
    const peers = quick || groups?.includes('objects') === false ? [] : await installedPeers(log);
    const ways = await waysToRun(folder, log);
    const every = casesOf({ quick, all: options.includes('--all'), folder, peers, ways });
    const cases = every.filter(({ group }) => groups?.includes(group) ?? true);
    const results = new Results(await runInterleaved(cases, log));
    const compared = comparisons(cases);
    const tables = allTables(results);
    const parts = {
      versions: versions(peers),
      targets: targetTable(targetsOf(results, compared)),
      ...tables,
    };
    for (const [name, text] of Object.entries(parts)) console.log(`\n## ${name}\n\n${text}`);
    for (const { what, identical, files } of compared)
      console.log(`${what}: ${files} files, ${identical ? 'identical' : 'DIFFERENT'}`);
    if (compared.some(({ identical }) => !identical)) process.exitCode = 1;
    if (quick) return;
    if (groups === undefined) writeReport(parts, plotOf(results));
    // Some groups alone say nothing of targets and peers.
    else writeReport(tables);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tables have their places in two pages. */
function writeReport(parts: { readonly [name: string]: string }, plot?: string): void {
  for (const page of ['docs/speed.md', 'docs/guides/pipelines.md']) {
    const file = join(repository, page);
    const text = readFileSync(file, 'utf8');
    const own = Object.entries(parts).filter(([name]) => text.includes(`<!-- ${name} -->`));
    writeFileSync(
      file,
      own.reduce((filled, [name, part]) => fill(filled, name, part), text),
    );
  }
  if (plot !== undefined) writeFileSync(join(repository, 'docs/speed.svg'), plot);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
