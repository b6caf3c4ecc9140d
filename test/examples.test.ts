import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill } from './guides';

// Golden files are reviewed by eye when they change: `vitest run -u test/examples.test.ts` rewrites them.
const golden = join(__dirname, 'golden');
const repository = join(__dirname, '..');

let out: string;
let log: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'examples-'));
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'examples/synth.ts'], {
    cwd: repository,
    env: { ...process.env, CDK8S_OUTDIR: out },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  log = stderr;
}, 60_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

const mermaid = (picture: string): string => `\`\`\`mermaid\n${picture.trimEnd()}\n\`\`\``;

const outputs = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(yaml|tf\.json)$/.test(name))
    .sort();

describe('examples', () => {
  it('write the manifests that were reviewed', async () => {
    for (const file of outputs(out)) {
      await expect(readFileSync(join(out, file), 'utf8')).toMatchFileSnapshot(join(golden, file));
    }
  });

  it('write no other files than the reviewed ones', () => {
    expect(outputs(golden)).toEqual(outputs(out));
  });

  it('print the plan and the picture that the guide of traffic shows', async () => {
    const guide = join(repository, 'docs/guides/traffic.md');
    const [plan] = /^\| station (?:.|\n)*? \|$(?!\n\|)/m.exec(log)!;
    const [picture] = /^flowchart LR\n( {2}.*\n)+/m.exec(log)!;
    const shown = fill(readFileSync(guide, 'utf8'), 'plan', plan);
    await expect(fill(shown, 'picture', mermaid(picture))).toMatchFileSnapshot(guide);
  });

  it('print the plans and the pictures that the guide of releases shows', async () => {
    const guide = join(repository, 'docs/guides/releases.md');
    const plans = [
      ...log.matchAll(/^(\| what (?:.*\n)+?)\n(gantt\n {2}title Release of ([-a-z0-9]+)(?:.*\n)(?: {2}.*\n)+)/gm),
    ];
    expect(plans.map(([, , , name]) => name)).toEqual([
      'classifier',
      'caption',
      'chat',
      'translate',
      'recommend',
      'search',
      'ranking',
      'rag',
    ]);
    const shown = plans.reduce(
      (text, [, table, picture, name]) =>
        fill(text, `release of ${name}`, `${mermaid(picture!)}\n\n${table!.trimEnd()}`),
      readFileSync(guide, 'utf8'),
    );
    await expect(shown).toMatchFileSnapshot(guide);
  });

  it('print what the cluster must have', () => {
    expect(log).toContain('- metrics-server: ');
  });
});
