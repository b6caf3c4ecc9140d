import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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

/** Files that have an object in common are for different clusters; all others go to the same one. */
function byCluster(name: string, files: string[]): Example[] {
  const clusters: { files: string[]; objects: Set<string> }[] = [];
  for (const file of files) {
    const objects = readManifests([file]).map(({ object }) => identity(object));
    const free = clusters.find((cluster) => !objects.some((object) => cluster.objects.has(object)));
    if (free === undefined) {
      clusters.push({ files: [file], objects: new Set(objects) });
    } else {
      free.files.push(file);
      for (const object of objects) free.objects.add(object);
    }
  }
  return clusters.map((cluster) => ({
    name: clusters.length === 1 ? name : [name, ...cluster.files.map((file) => basename(file, '.k8s.yaml'))].join('/'),
    files: cluster.files,
    manifests: readManifests(cluster.files),
  }));
}
