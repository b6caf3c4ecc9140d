// The recipe of `aws` in Python: cdktf and its provider are packages of their own, which the program imports.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TESTED } from '../../lib/aws/terraform';
import { ENV } from '../../packaging/stage';
import { run } from '../tools/run';
import { pythonProgram } from './apps';
import { LANGUAGES, packages, repository } from './packages';

const PACKAGES = [`cdktf==${TESTED.cdktf}`, `cdktf-cdktf-provider-aws==${TESTED.provider}`];
const recipe = join(repository, 'examples/python/eks.py');
const golden = join(repository, 'test/golden/eks');

describe.skipIf(!LANGUAGES.python)('aws in Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bento-aws-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let python: string;
  beforeAll(async () => {
    ({ python } = await pythonProgram({ packages: await packages(), folder: join(folder, 'venv') }));
  });

  it('says what to install and import where the packages are absent', async () => {
    const program = [
      'from cdk8s import App, Chart',
      'from cdk8s_bento import Region, aws',
      'aws.ModelBucket(Chart(App(), "prod"), "Weights", name="weights", region=Region.aws("us-east-1"))',
    ];
    const failed = run(python, ['-c', program.join('\n')], { cwd: folder, env: ENV });
    await expect(failed).rejects.toThrow(/RuntimeError: .*\[MissingPackage] .*install and import the packages/);
  });

  it('writes what TypeScript does, with the packages that the recipe states', async () => {
    const install = `pip install cdk8s-bento ${PACKAGES.join(' ')}`;
    for (const text of [recipe, join(repository, 'docs/guides/aws.md')])
      expect(readFileSync(text, 'utf8')).toContain(install);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
    const out = join(folder, 'out');
    await run(python, [recipe], { cwd: folder, env: { ...ENV, CDK8S_OUTDIR: out } });
    const files = readdirSync(golden, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(yaml|json)$/.test(name),
    );
    expect(files).toHaveLength(2);
    for (const name of files)
      expect(readFileSync(join(out, name), 'utf8')).toBe(readFileSync(join(golden, name), 'utf8'));
  });
});
