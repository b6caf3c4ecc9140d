import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { groupBy } from '../../lib/internal/group-by';
import { identity, type Manifest, readManifests, yamlFiles } from './manifests';

/** What an example has for one cluster. */
export interface Example {
  /** `shared-runners`, or `environments/staging` where it has several clusters. */
  readonly name: string;
  readonly files: string[];
  readonly manifests: Manifest[];
}

export interface Examples {
  readonly examples: Example[];
  remove(): void;
}

const repository = join(__dirname, '../..');

/**
 * What the examples synthesize now. Synchronous, so that a suite can make one group of tests per example while it is
 * being collected.
 */
export function synthesizedExamples(): Examples {
  const root = mkdtempSync(join(tmpdir(), 'bento-examples-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/synth.ts'], {
    cwd: repository,
    env: { ...process.env, CDK8S_OUTDIR: root },
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status !== 0) throw new Error(`the examples do not synthesize:\n${stdout}\n${stderr}`);
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const examples = folders.flatMap(({ name }) => byCluster(name, yamlFiles(join(root, name))));
  if (examples.length === 0) throw new Error('the examples synthesize nothing');
  return { examples, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Charts that have an object in common are for different clusters; all others go to the same one. */
function byCluster(name: string, files: string[]): Example[] {
  const clusters: { charts: string[]; files: string[]; objects: Set<string> }[] = [];
  for (const [chart, own] of groupBy(files, (file) => chartOf(name, file))) {
    const objects = readManifests(own).map(({ object }) => identity(object));
    const free = clusters.find((cluster) => !objects.some((object) => cluster.objects.has(object)));
    if (free === undefined) {
      clusters.push({ charts: [chart], files: own, objects: new Set(objects) });
    } else {
      free.charts.push(chart);
      free.files.push(...own);
      for (const object of objects) free.objects.add(object);
    }
  }
  return clusters.map(({ charts, files: own }) => ({
    name: clusters.length === 1 ? name : [name, ...charts].join('/'),
    files: own,
    manifests: readManifests(own),
  }));
}

/** What a file holds, or a folder where each object has a file. */
function chartOf(example: string, file: string): string {
  const folder = basename(dirname(file));
  return folder === example ? basename(file, '.k8s.yaml') : folder;
}
