// Ways to run one and the same definition in TypeScript, as pipelines do.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cached } from '../test/tools/cache';
import { run } from '../test/tools/run';
import type { Command } from './measure';

const TS_NODE = '10.9.2';
const repository = join(__dirname, '..');

const MAIN = `import { App, Chart } from 'cdk8s';
import { Bento, BentoDeployment, InstanceSize } from 'cdk8s-bento';

const app = new App();
new BentoDeployment(new Chart(app, 'summarizer', { namespace: 'ml' }), 'Summarizer', {
  bento: Bento.fromImage('registry.example.com/summarizer:1-0-0', { bentoService: 'Summarizer' }),
  apiServer: { size: InstanceSize.named('cpu.2') },
});
app.synth();
`;

/** Commands by what a user would type; ts-node only where it can be installed. */
export async function waysToRun(
  folder: string,
  log: (text: string) => void,
): Promise<{ readonly [typed: string]: Command }> {
  const project = join(folder, 'project');
  makeProject(project);
  const node = (...args: string[]): Command => ({ program: process.execPath, args, cwd: project });
  const npx = (...args: string[]): Command => ({ program: 'npx', args, cwd: project });
  const synth = (app: string): Command => npx('cdk8s', 'synth', '--check-upgrade=false', '--app', app);
  const tsNode = await tsNodeProgram().catch((error) => {
    log(`ts-node is left out: ${String(error).split('\n')[0]}`);
    return undefined;
  });
  return {
    ...(tsNode !== undefined && { 'npx cdk8s synth, app: npx ts-node main.ts': synth(`node ${tsNode} main.ts`) }),
    'npx cdk8s synth, app: node --import tsx main.ts': synth('node --import tsx main.ts'),
    'npx cdk8s synth, app: node bundle.js': synth('node bundle.js'),
    'npx tsx main.ts': npx('tsx', 'main.ts'),
    'node --import tsx main.ts': node('--import', 'tsx', 'main.ts'),
    'node main.js, compiled before': node('main.js'),
    'node bundle.js': node('bundle.js'),
    'node, nothing': node('-e', '0'),
  };
}

function makeProject(project: string): void {
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const name of ['cdk8s', 'cdk8s-cli', 'cdk8s-plus-27', 'constructs', 'tsx', 'typescript', '@types'])
    symlinkSync(join(repository, 'node_modules', name), join(modules, name));
  for (const name of ['cdk8s', 'tsx'])
    symlinkSync(join(repository, 'node_modules/.bin', name), join(modules, '.bin', name));
  symlinkSync(repository, join(modules, 'cdk8s-bento'));
  writeFileSync(join(project, 'main.ts'), MAIN);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true }));
  writeFileSync(join(project, 'cdk8s.yaml'), 'language: typescript\n');
  const compilerOptions = {
    target: 'es2022',
    module: 'commonjs',
    esModuleInterop: true,
    skipLibCheck: true,
    types: [],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  // The one that tsx brings.
  const { buildSync } = createRequire(require.resolve('tsx/package.json'))('esbuild');
  const options = { absWorkingDir: project, entryPoints: ['main.ts'], platform: 'node', format: 'cjs' };
  buildSync({ ...options, outfile: 'main.js' });
  buildSync({ ...options, outfile: 'bundle.js', bundle: true, minify: true, external: ['cdk8s-plus-27'] });
}

async function tsNodeProgram(): Promise<string> {
  const home = await cached('ts-node', [TS_NODE], async (folder) => {
    const packages = [`ts-node@${TS_NODE}`, 'typescript@5'];
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...packages]);
  });
  return join(home, 'node_modules/ts-node/dist/bin.js');
}
