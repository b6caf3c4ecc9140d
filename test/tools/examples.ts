import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Manifest, readManifests } from './manifests';

export interface Example {
  readonly name: string;
  readonly dir: string;
  readonly manifests: Manifest[];
}

const repository = join(__dirname, '../..');

/**
 * What the examples synthesize now, in a temporary folder of each its own. Synchronous, so that a suite can make one
 * group of tests per example while it is being collected.
 */
export function synthesizedExamples(): Example[] {
  const root = mkdtempSync(join(tmpdir(), 'bento-examples-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/synth.ts'], {
    cwd: repository,
    env: { ...process.env, CDK8S_OUTDIR: root },
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status !== 0) throw new Error(`the examples do not synthesize:\n${stdout}\n${stderr}`);
  const examples = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, dir: join(root, name), manifests: readManifests(join(root, name)) }));
  if (examples.length === 0) throw new Error('the examples synthesize nothing');
  return examples;
}

export function removeExamples(examples: Example[]): void {
  for (const { dir } of examples) rmSync(dirname(dir), { recursive: true, force: true });
}
