import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cached } from '../tools/cache';
import { run } from '../tools/run';

const repository = join(__dirname, '../..');
const peers = ['constructs', 'cdk8s', 'cdk8s-plus-27'];
const optional = ['cdktf', '@cdktf/provider-aws'];
const PNPM = 'pnpm@10.28.2';

function installedVersion(name: string): string {
  return JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8')).version;
}

const pinned = (names: readonly string[]) => names.map((name) => `${name}@${installedVersion(name)}`);

/** The path of pnpm's program, installed once per machine. */
async function pnpm(): Promise<string> {
  const folder = await cached('pnpm', [PNPM], async (target) => {
    await run('npm', ['install', '--prefix', target, '--no-audit', '--no-fund', '--ignore-scripts', PNPM]);
  });
  return join(folder, 'node_modules/pnpm/bin/pnpm.cjs');
}

const MANAGERS = {
  npm: (folder: string, packages: string[]) =>
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], { cwd: folder }),
  pnpm: async (folder: string, packages: string[]) =>
    run(
      process.execPath,
      [await pnpm(), 'add', '--ignore-scripts', '--config.strict-peer-dependencies=false', ...packages],
      {
        cwd: folder,
      },
    ),
};

const USE = `
const { App, TerraformStack } = require('cdktf');
const { AwsProvider } = require('@cdktf/provider-aws/lib/provider');
const { aws, Region } = require('cdk8s-bento');
const region = Region.aws('us-east-1');
const app = new App({ outdir: 'out' });
const stack = new TerraformStack(app, 'prod');
new AwsProvider(stack, 'aws', { region: region.name });
aws.StateBackend.local(stack, { path: 'terraform.tfstate' });
new aws.ServingCluster(stack, 'Prod', {
  region,
  kubernetesVersion: '1.34',
  network: aws.ClusterNetwork.create({ zones: ['us-east-1a', 'us-east-1b'] }),
  access: [aws.ClusterAccess.administrator('arn:aws:iam::111122223333:role/deploy')],
});
app.synth();
`;

/** The same without any import of cdktf: the first construct looks for it. */
const WITHOUT = `
const { App, Chart } = require('cdk8s');
const { aws, Region } = require('cdk8s-bento');
const loaded = Object.keys(require.cache).filter((file) => /node_modules\\/(cdktf|@cdktf)\\//.test(file));
if (loaded.length > 0) throw new Error('loaded ' + loaded[0]);
new aws.ImageRepository(new Chart(new App(), 'a'), 'Images', { region: Region.aws('us-east-1'), accountId: '111122223333' });
`;

describe.each(['npm', 'pnpm'] as const)('the packed package, installed by %s', (manager) => {
  let folder: string;
  let tarball: string;
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), `bento-${manager}-`)));
    await run('npx', ['projen', 'compile'], { cwd: repository });
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: repository });
    tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
    for (const home of ['without', 'with']) {
      mkdirSync(join(folder, home));
      writeFileSync(join(folder, home, 'package.json'), JSON.stringify({ private: true, name: home }));
      writeFileSync(join(folder, home, 'use.cjs'), USE);
      writeFileSync(join(folder, home, 'without.cjs'), WITHOUT);
      const packages = [tarball, ...pinned(peers), ...(home === 'with' ? pinned(optional) : [])];
      await MANAGERS[manager](join(folder, home), packages);
    }
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('loads without cdktf, and says what to install where aws is used', async () => {
    const { stderr } = await run(process.execPath, ['without.cjs'], { cwd: join(folder, 'without'), expect: [1] });
    expect(stderr).toContain(
      "[MissingPackage] 'aws' must find the package cdktf 0.21.0, got none; npm install --save-exact cdktf@0.21.0 @cdktf/provider-aws@21.22.1",
    );
  });

  it.each([
    ['in the folder of the program', 'with', 'use.cjs'],
    ['in another folder', '.', 'with/use.cjs'],
  ])('synthesizes a cluster with cdktf, run %s', async (_, cwd, program) => {
    await run(process.execPath, [program], { cwd: join(folder, cwd) });
    const json = readFileSync(join(folder, cwd, 'out/stacks/prod/cdk.tf.json'), 'utf8');
    expect(Object.keys(JSON.parse(json).resource)).toContain('aws_eks_cluster');
    expect(json).not.toContain(folder);
  });

  it('declares types that compile without cdktf', async () => {
    const home = join(folder, 'without');
    writeFileSync(
      join(home, 'types.ts'),
      "import { aws } from 'cdk8s-bento';\nexport const kind: typeof aws.ServingCluster = aws.ServingCluster;\n",
    );
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const types = ['--typeRoots', join(repository, 'node_modules/@types'), '--types', 'node'];
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'node16', '--target', 'es2022'];
    await run(process.execPath, [compiler, ...options, ...types, 'types.ts'], { cwd: home });
  });
});
