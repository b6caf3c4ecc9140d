import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled } from '../tools/compiled';
import { run } from '../tools/run';

const repository = join(__dirname, '../..');
const peers = ['constructs', 'cdk8s', 'cdk8s-plus-27'];

describe('the packed package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bento-package-'));
    await compiled();
    await run('npm', ['pack', '--pack-destination', folder], { cwd: repository });
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const versions = peers.map((name) => `${name}@${installedVersion(name)}`);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`, ...versions], {
      cwd: folder,
    });
    mkdirSync(join(folder, 'examples/bentos/text-search'), { recursive: true });
    const bento = 'examples/bentos/text-search/bento.yaml';
    copyFileSync(join(repository, bento), join(folder, bento));
    const quickstart = readFileSync(join(repository, 'examples/quickstart.ts'), 'utf8').replace(
      "'../lib'",
      "'cdk8s-bento'",
    );
    writeFileSync(join(folder, 'quickstart.ts'), quickstart);
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const tsc = (...options: string[]) => {
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    const types = ['--typeRoots', join(repository, 'node_modules/@types'), '--types', 'node'];
    const target = ['--module', 'node16', '--target', 'es2022'];
    return run(process.execPath, [compiler, ...options, ...target, ...types, 'quickstart.ts'], { cwd: folder });
  };

  it('holds what users need and nothing else', () => {
    const top = readdirSync(join(folder, 'node_modules/cdk8s-bento')).sort();
    expect(top).toEqual(['.jsii', 'LICENSE', 'README.md', 'build', 'docs', 'node_modules', 'package.json']);
  });

  it('needs its peers, and brings the rest', () => {
    const home = join(folder, 'node_modules/cdk8s-bento');
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    expect(Object.keys(peerDependencies).sort()).toEqual([...peers].sort());
    const brought = readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(brought).toEqual(Object.keys(dependencies));
  });

  /** Modules of the package that a program of its user loads. */
  const loadedBy = async (program: string): Promise<string[]> => {
    const tell = "console.log(JSON.stringify(Object.keys(require.cache).filter((file) => file.includes('/build/'))))";
    const { stdout } = await run(process.execPath, ['-e', `${program}; ${tell}`], { cwd: folder });
    return JSON.parse(stdout.trim().split('\n').at(-1)!).map((file: string) => file.split('/build/')[1]);
  };

  it('loads one module when it is imported', async () => {
    expect(await loadedBy("require('cdk8s-bento')")).toEqual(['index.js']);
  });

  it('loads what a definition uses, and no other engine', async () => {
    const loaded = await loadedBy(`
      const { Chart } = require('cdk8s');
      const { Bento, BentoDeployment, ServingApp } = require('cdk8s-bento');
      const app = new ServingApp();
      const bento = Bento.fromImage('rag:v1', { bentoService: 'A' });
      new BentoDeployment(new Chart(app, 'c'), 'Rag', { bento });
      app.synthYaml();`);
    expect(loaded).toEqual(expect.arrayContaining(['engines/deployment.js', 'engines/hpa.js', 'synth/synthesize.js']));
    const engines = ['keda', 'knative', 'gateway-api', 'envoy', 'nginx', 'analysis-template'];
    for (const engine of engines) expect(loaded).not.toContain(`engines/${engine}.js`);
  });

  it('has every export when it is asked for', async () => {
    const program =
      "console.log(JSON.stringify(Object.entries(require('cdk8s-bento')).map(([n, v]) => [n, typeof v])))";
    const { stdout } = await run(process.execPath, ['-e', program], { cwd: folder });
    const exported: [string, string][] = JSON.parse(stdout);
    expect(exported.length).toBeGreaterThan(90);
    expect(exported.filter(([, type]) => type !== 'function' && type !== 'object')).toEqual([]);
  });

  it('has its names in ECMAScript modules, too', async () => {
    const program = "import { Bento, ServingApp } from 'cdk8s-bento'; console.log(Bento.name, ServingApp.name)";
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
    expect(stdout).toBe('Bento ServingApp\n');
  });

  it('compiles under strict settings that also look into declarations', async () => {
    await tsc('--noEmit', '--strict', '--skipLibCheck', 'false');
  }, 120_000);

  it('synthesizes the quickstart', async () => {
    await tsc('--skipLibCheck');
    await run(process.execPath, ['quickstart.js'], { cwd: folder, env: { CDK8S_OUTDIR: join(folder, 'out') } });
    const written = readFileSync(join(folder, 'out/text-search.k8s.yaml'), 'utf8');
    expect(written).toBe(readFileSync(join(repository, 'test/golden/quickstart/text-search.k8s.yaml'), 'utf8'));
  }, 120_000);
});

function installedVersion(name: string): string {
  return JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8')).version;
}
