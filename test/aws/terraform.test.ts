import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadFrom, TESTED } from '../../lib/aws/terraform';

const repository = join(__dirname, '../..');
const PACKAGE = { name: 'cdktf', version: '0.21.0' };

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'bento-loader-')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with a package of this version. */
function installed(version: string): string {
  const home = mkdtempSync(join(folder, 'home-'));
  const target = join(home, 'node_modules/cdktf');
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name: 'cdktf', version, main: 'index.js' }));
  writeFileSync(join(target, 'index.js'), `module.exports = { version: '${version}', from: __dirname };`);
  return home;
}

describe('cdktf and its provider', () => {
  it('are of the versions that are named to those who lack them', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    expect(devDependencies.cdktf).toBe(TESTED.cdktf);
    expect(devDependencies['@cdktf/provider-aws']).toBe(TESTED.provider);
  });

  it('are found in the first folder that has them', () => {
    const [first, second] = [installed('0.21.0'), installed('0.21.1')];
    expect(loadFrom([mkdtempSync(join(folder, 'empty-')), first, second], PACKAGE)).toMatchObject({
      version: '0.21.0',
    });
    expect(loadFrom([second, first], PACKAGE)).toMatchObject({ version: '0.21.1' });
  });

  it('are found where a strict package manager links them', () => {
    const store = installed('0.21.0');
    const home = mkdtempSync(join(folder, 'linked-'));
    mkdirSync(join(home, 'node_modules'));
    symlinkSync(join(store, 'node_modules/cdktf'), join(home, 'node_modules/cdktf'));
    expect(loadFrom([home], PACKAGE)).toMatchObject({ from: join(store, 'node_modules/cdktf') });
  });

  it('fails without them, and says what to install', () => {
    expect(() => loadFrom([mkdtempSync(join(folder, 'empty-'))], PACKAGE)).toThrow(
      "[MissingPackage] 'aws' must find the package cdktf 0.21.0, got none; npm install --save-exact cdktf@0.21.0 " +
        '@cdktf/provider-aws@21.22.1, or in other languages',
    );
  });

  it.each(['0.20.12', '0.22.0', '1.21.0'])('fails with %s, whose classes are others', (version) => {
    expect(() => loadFrom([installed(version)], PACKAGE)).toThrow(`must find the package cdktf 0.21.0, got ${version}`);
  });

  it.each([
    ['21.22.0', false],
    ['21.22.1', true],
    ['21.30.0', true],
    ['20.0.0', false],
    ['22.0.0', false],
  ])('of the provider %s will do: %s', (version, will) => {
    const load = () => loadFrom([installed(version)], { ...PACKAGE, version: '21.22.1' });
    if (will) expect(load).not.toThrow();
    else expect(load).toThrow(/MissingPackage/);
  });
});

/** Modules of the provider that a program has loaded. */
function loadedBy(program: string): string[] {
  const script = `
    const { App, TerraformStack } = require('cdktf');
    const { aws, Region } = require('./lib');
    const stack = new TerraformStack(new App({ outdir: '${folder}/out' }), 'stack');
    const region = Region.aws('us-east-1');
    ${program}
    console.log(JSON.stringify(Object.keys(require.cache)));`;
  const output = execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const loaded: string[] = JSON.parse(output.trim().split('\n').at(-1)!);
  const home = dirname(require.resolve('@cdktf/provider-aws/package.json', { paths: [repository] }));
  return loaded.filter((file) => file.startsWith(`${home}/`)).map((file) => file.slice(`${home}/lib/`.length));
}

describe('a construct', () => {
  it('loads what it makes and no more of the provider', () => {
    const loaded = loadedBy(`
      aws.StateBackend.local(stack, { path: 'terraform.tfstate' });
      new aws.ServingCluster(stack, 'C', { region, kubernetesVersion: '1.34',
        network: aws.ClusterNetwork.create({ zones: ['us-east-1a', 'us-east-1b'] }),
        access: [aws.ClusterAccess.administrator('arn:aws:iam::111122223333:role/deploy')] });`);
    expect(loaded).not.toContain('index.js');
    const made = new Set(loaded.filter((file) => file.endsWith('index.js')));
    expect(made).toContain('eks-cluster/index.js');
    expect([...made].filter((file) => /^(lb|s3|ecr|globalaccelerator|route53|acm)/.test(file))).toEqual([]);
    expect(made.size).toBeLessThan(40);
  }, 60_000);

  it('of values alone loads nothing of it', () => {
    expect(loadedBy("aws.StateBackend.local(stack, { path: 'terraform.tfstate' });")).toEqual([]);
  }, 60_000);
});
